//! Links under which a calendar program reads its owner's schedule. Whoever has the link reads it, so it can be ended; what
//! it shows is what its owner may see at that moment.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::{
    activity, activity_registration, calendar_feed,
    vocab::{ActivityStatus, PrincipalKind, RegistrationStatus},
};
use uuid::Uuid;

use super::{Services, oauth};
use crate::{
    auth::{
        secret::{opaque_token, token_hash},
        viewer::{Principal, Viewer},
    },
    domain::{
        activity::CLUB_NAME,
        icalendar::{self, Certainty, Entry},
        text,
    },
    error::{Error, FaultCode, Message, Result},
    store,
};

/// How many links of one principal may work at a time.
const MOST_LINKS: u64 = 10;

/// How far a schedule reaches back and ahead, and how long it is at most.
const BACK: TimeDelta = TimeDelta::days(90);
const AHEAD: TimeDelta = TimeDelta::days(366);
const LONGEST: u64 = 500;

const LONGEST_NAME: usize = 80;

/// A new link: its secret is told this once.
#[derive(Clone, Debug)]
pub struct Made {
    pub feed: calendar_feed::Model,
    pub token: String,
}

/// Makes a link to the viewer's own schedule.
pub async fn create(services: &Services, viewer: &Viewer, name: Option<&str>) -> Result<Made> {
    let name = text::optional_line("name", name, LONGEST_NAME)?;
    let principal_id = viewer.id().ok_or(Error::Unauthenticated(Message::SignInFirst))?;
    let now = services.now();
    let tx = services.db.begin().await?;
    if store::calendar_feed::working(&tx, viewer).await? >= MOST_LINKS {
        let message = Message::LinkCount { most: MOST_LINKS.into() };
        return Err(Error::Invalid(vec![crate::error::Fault { code: FaultCode::NotAvailable, field: None, message }]));
    }
    let secret = opaque_token();
    let feed = calendar_feed::Model {
        id: services.new_id(now),
        principal_kind: viewer.kind(),
        principal_id,
        token_hash: secret.hash,
        name,
        created_at: now,
        revoked_at: None,
    };
    store::calendar_feed::insert(&tx, feed.clone()).await?;
    tx.commit().await?;
    Ok(Made { feed, token: secret.plain })
}

/// Ends a link of the viewer's own, for ever.
pub async fn revoke(services: &Services, viewer: &Viewer, id: Uuid) -> Result<calendar_feed::Model> {
    let unknown = || Error::unknown("calendarFeedId");
    let tx = services.db.begin().await?;
    store::calendar_feed::by_id(&tx, viewer, id).await?.ok_or_else(unknown)?;
    store::calendar_feed::revoke(&tx, viewer, id, services.now()).await?;
    let feed = store::calendar_feed::by_id(&tx, viewer, id).await?.ok_or_else(unknown)?;
    tx.commit().await?;
    Ok(feed)
}

/// The schedule behind a link; none when the link is unknown or ended, or its owner may not sign in any more.
pub async fn read(services: &Services, token: &str) -> Result<Option<String>> {
    let conn = services.db.reader();
    let Some(feed) = store::calendar_feed::by_token_hash(conn, &token_hash(token)).await? else { return Ok(None) };
    let Some(principal) = principal(services, &feed).await? else { return Ok(None) };
    let viewer = Viewer::of(principal);
    let now = services.now();
    let period = (now - BACK, now + AHEAD);
    let rows = store::activity::calendar(conn, &viewer, period, LONGEST).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mine = store::registration::mine(conn, &viewer, &ids).await?;
    let entries: Vec<Entry> =
        rows.into_iter().filter(|row| is_shown(&viewer, row, &mine)).map(|row| entry(&viewer, row, &mine)).collect();
    Ok(Some(icalendar::write(CLUB_NAME, &entries)))
}

async fn principal(services: &Services, feed: &calendar_feed::Model) -> Result<Option<Principal>> {
    let (conn, id) = (services.db.reader(), feed.principal_id);
    Ok(match feed.principal_kind {
        PrincipalKind::Owner => store::calendar_feed::owner(conn, id).await?.map(|owner| Principal::Owner(owner.id)),
        PrincipalKind::Staff => {
            let staff = store::calendar_feed::staff(conn, id).await?.filter(|staff| staff.is_active);
            staff.map(|staff| Principal::Staff { id: staff.id, role: staff.role, department: staff.department })
        }
        PrincipalKind::Partner => oauth::living_partner(services, id).await?,
        PrincipalKind::System => None,
    })
}

type Mine = HashMap<Uuid, activity_registration::Model>;

/// What was called off stays in the calendars of those who meant to come, so that they see it.
fn is_shown(viewer: &Viewer, row: &activity::Model, mine: &Mine) -> bool {
    let comes = mine.get(&row.id).is_some_and(|own| own.status != RegistrationStatus::Cancelled);
    row.status != ActivityStatus::Cancelled || comes || viewer.staff_id().is_some()
}

fn entry(viewer: &Viewer, row: activity::Model, mine: &Mine) -> Entry {
    let holds_seat = mine.get(&row.id).is_some_and(|own| own.status == RegistrationStatus::Registered);
    let certainty = match row.status {
        ActivityStatus::Cancelled => Certainty::CalledOff,
        _ if viewer.owner_id().is_some() && !holds_seat => Certainty::Tentative,
        _ => Certainty::Confirmed,
    };
    let changed_at = mine.get(&row.id).map_or(row.updated_at, |own| own.updated_at.max(row.updated_at));
    Entry {
        uid: format!("{}@anju", row.id),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        changed_at,
        title: row.title,
        description: row.description,
        venue: row.venue,
        certainty,
    }
}
