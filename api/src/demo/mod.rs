//! A made-up company for trying the API out: written once into an empty database, the same every time. Its tickets are
//! not rows that somebody invented: a hand-driven clock goes through the last sixty days and the use cases do the work.
//! Nothing here serves requests, and nothing of the service may need it.

mod accounts;
mod areas;
mod bank;
mod cast;
mod company;
mod days;
mod fate;
mod gatherings;
mod guide;
mod history;
mod households;
mod lectures;
mod names;
mod notices;
mod papers;
mod phrases;
mod plan;
mod promotion;
mod random;
mod sales;
mod script;
mod upkeep;
mod voices;
mod words;

use chrono::{DateTime, Utc};

use crate::{clock::ManualClock, error::Result, service::Services};

pub use accounts::{Accounts, OwnerAccount, PASSWORD, PartnerAccount, StaffAccount, accounts};
pub use guide::{guide, role_name};

/// Everything that is drawn is drawn from here.
const SEED: u64 = 0x5eed_0a4e_4a55;

/// Fills an empty, migrated database. `clock` is the one that `services` hold; it is moved through the past and stands
/// at `now` in the end. `password_hash` is that of [`PASSWORD`].
pub async fn fill(
    services: &Services,
    clock: &ManualClock,
    now: DateTime<Utc>,
    password_hash: &str,
) -> Result<Accounts> {
    let mut random = random::Random::new(SEED);
    let company = company::found(services, &mut random, now, password_hash).await?;
    lectures::schedule(services, &company, &mut random, now).await?;
    gatherings::live_through(services, clock, &company, now).await?;
    notices::publish(services, clock, &company, now).await?;
    promotion::show(services, clock, &company, now).await?;
    sales::live_through(services, clock, &company, now).await?;
    areas::assign(services, clock, &company, now).await?;
    upkeep::make_rounds(services, clock, &company, now).await?;
    upkeep::have_incidents(services, clock, &company, now).await?;
    let cases = plan::cases(&company, &mut random, now);
    voices::hear(services, clock, &company, &mut random, now).await?;
    history::live_through(services, clock, &company, cases, now).await?;
    clock.set(now);
    close_the_books(services, &company, now).await?;
    Ok(accounts())
}

/// What is done at this moment, with all that was.
async fn close_the_books(services: &Services, company: &company::Company, now: DateTime<Utc>) -> Result<()> {
    notices::close(services, company, now).await?;
    papers::keep(services, company, now).await?;
    areas::plan(services, company, now).await?;
    upkeep::find_something(services, company, now).await?;
    upkeep::learn(services, company).await?;
    upkeep::close_months(services, company).await
}

#[cfg(test)]
mod tests;
