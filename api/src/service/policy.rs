//! What administrators set of deadlines: how soon each kind of ticket is served, and by which calendar that is counted.

use entity::{
    deadline_policy,
    vocab::{PublicHolidays, TicketKind, Urgency},
};
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::{
        calendar::{CalendarData, WorkingCalendar},
        deadline::{DeadlineMinutes, DeadlinePolicy, default_minutes},
        invalid::Invalid,
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act},
};

const MOST_PERIODS: usize = 50;
const MOST_DAYS: usize = 400;

/// How soon tickets of a kind are to be served.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    /// None: for all projects that have none of their own.
    pub project_id: Option<Uuid>,
    pub kind: TicketKind,
    pub urgency: Urgency,
    pub respond_minutes: i32,
    pub arrive_minutes: Option<i32>,
    pub resolve_minutes: i32,
    pub calendar: Option<CalendarData>,
    pub public_holidays: Option<PublicHolidays>,
}

/// Whether a calendar is no longer than anybody needs.
pub fn check_sizes(periods: usize, holidays: usize, make_up_days: usize) -> Result<()> {
    for (field, count, most) in [
        ("calendar.periods", periods, MOST_PERIODS),
        ("calendar.holidays", holidays, MOST_DAYS),
        ("calendar.makeUpDays", make_up_days, MOST_DAYS),
    ] {
        if count > most {
            return Err(Error::fault(FaultCode::OutOfRange, field, Message::AtMostValues { most: most.into() }));
        }
    }
    Ok(())
}

/// The same fault, of a field inside the call's input.
pub fn in_calendar(wrong: Invalid) -> Error {
    let field = match wrong.field {
        "timeZone" => "calendar.timeZone",
        "makeUpDays" => "calendar.makeUpDays",
        _ => "calendar.periods",
    };
    Invalid { field, ..wrong }.into()
}

/// Sets deadlines for tickets made from now on.
pub async fn set(services: &Services, viewer: &Viewer, new: NewPolicy) -> Result<deadline_policy::Model> {
    let calendar = new.calendar.clone().map(WorkingCalendar::try_from).transpose().map_err(in_calendar)?;
    let minutes = DeadlineMinutes {
        respond: new.respond_minutes,
        arrive: new.arrive_minutes,
        resolve: new.resolve_minutes,
        from_window_end: default_minutes(new.kind, new.urgency).from_window_end,
    };
    DeadlinePolicy::new(minutes, calendar)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    if let Some(id) = new.project_id {
        store::company::project(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    }
    let before = store::policy::own(&tx, new.project_id, new.kind, new.urgency).await?;
    let row = deadline_policy::Model {
        id: before.as_ref().map_or_else(|| services.new_id(now), |before| before.id),
        project_id: new.project_id,
        kind: new.kind,
        urgency: new.urgency,
        respond_minutes: minutes.respond,
        arrive_minutes: minutes.arrive,
        resolve_minutes: minutes.resolve,
        from_window_end: minutes.from_window_end,
        calendar: new.calendar.map(serde_json::to_value).transpose().map_err(Error::internal)?,
        public_holidays: new.public_holidays,
        updated_at: now,
    };
    if !store::policy::save(&tx, row.clone(), before.is_none()).await? {
        return Err(Error::fault(FaultCode::Conflict, "kind", Message::ChangedAtTheSameMoment));
    }
    let details = json!({
        "kind": row.kind, "urgency": row.urgency, "respondMinutes": row.respond_minutes,
        "arriveMinutes": row.arrive_minutes, "resolveMinutes": row.resolve_minutes,
        "countsWorkingTime": row.calendar.is_some(),
    });
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "SET_DEADLINE_POLICY",
        object_type: "DeadlinePolicy",
        object_id: row.project_id,
        details: Some(details),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(row)
}
