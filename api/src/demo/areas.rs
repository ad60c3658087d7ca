//! Who answers for which building, who is on call, and areas that change hands.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::vocab::Role;

use super::{
    company::{Company, buildings_of},
    days::{local_day, on},
    households::AMBASSADORS,
};
use crate::{
    clock::ManualClock,
    error::Result,
    service::{
        Services,
        area::{self, NewTransfer},
        assignment::{self, NewDuty},
        duty::{self, NewShift},
    },
    store::area::Area,
};

/// Who is on call at each project, day by day in turn.
const ON_CALL: [[&str; 2]; 2] = [["WX001", "JL001"], ["WX002", "GJ003"]];

/// How many days ahead the roster says.
const ROSTER: i64 = 7;

/// Buildings of the first project that go from one ambassador to another, at once or in so many days, and why.
const TRANSFERS: [(usize, Option<u64>, &str); 2] =
    [(2, None, "三号楼集中交付，由林晓梅统一对接新业主"), (1, Some(3), "周志远参加年度复训，二号楼暂由林晓梅负责")];
const FROM: &str = "GJ002";
const TO: &str = "GJ001";

/// Names who answers for each building, long ago.
pub(super) async fn assign(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    clock.set(now - TimeDelta::days(100));
    let manager = company.only(Role::Manager).viewer();
    for (site, people) in AMBASSADORS.iter().enumerate() {
        for (building, (number, _)) in buildings_of(services, company, site).await?.iter().zip(people) {
            let staff_id = company.by_number(number).id;
            let new = NewDuty { building_id: building.id, staff_id, takes_uncovered: false };
            assignment::assign_area(services, &manager, new).await?;
        }
    }
    Ok(())
}

/// Plans who is on call this week, and hands buildings over. The clock stands at `now`.
pub(super) async fn plan(services: &Services, company: &Company, now: DateTime<Utc>) -> Result<()> {
    let manager = company.only(Role::Manager).viewer();
    let yesterday = local_day(now) - Days::new(1);
    for (project, people) in company.projects.iter().zip(ON_CALL) {
        for (day, number) in (0..=ROSTER).zip(people.into_iter().cycle()) {
            let starts_at = on(yesterday, 8, 0) + TimeDelta::days(day);
            let ends_at = starts_at + TimeDelta::days(1);
            let new = NewShift { project_id: project.id, staff_id: company.by_number(number).id, starts_at, ends_at };
            if ends_at > now {
                duty::plan(services, &manager, new).await?;
            }
        }
    }
    let buildings = buildings_of(services, company, 0).await?;
    for (number, days, reason) in TRANSFERS {
        let new = NewTransfer {
            area: Area { project_id: company.projects[0].id, building_id: Some(buildings[number].id) },
            from: company.by_number(FROM).id,
            to: company.by_number(TO).id,
            effective_at: days.map(|days| on(local_day(now) + Days::new(days), 9, 0)),
            reason: reason.to_owned(),
        };
        area::transfer(services, &manager, new).await?;
    }
    Ok(())
}
