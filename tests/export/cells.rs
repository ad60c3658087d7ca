//! What a row of the table of tickets must hold, said a second time from the database's own rows.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, NaiveDateTime, SubsecRound, Utc};
use entity::{building, owner, project, staff, ticket, unit};
use sea_orm::{DatabaseConnection, EntityTrait};
use serde::Serialize;
use uuid::Uuid;

use super::file::Found;

/// A cell as it has to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    Empty,
    Text(String),
    Count(i64),
    Cents(i64),
    Moment(NaiveDateTime),
}

impl Want {
    fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    fn optional(text: Option<&String>) -> Self {
        text.map_or(Self::Empty, |text| Self::text(text))
    }

    fn word(value: impl Serialize) -> Self {
        match serde_json::to_value(value).unwrap() {
            serde_json::Value::Null => Self::Empty,
            value => Self::text(value.as_str().unwrap()),
        }
    }

    /// In Shanghai.
    fn at(instant: Option<DateTime<Utc>>) -> Self {
        let shanghai = FixedOffset::east_opt(8 * 3600).unwrap();
        instant.map_or(Self::Empty, |at| Self::Moment(at.with_timezone(&shanghai).naive_local().trunc_subsecs(0)))
    }

    /// As a table of text has it.
    pub fn in_text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Self::Text(text) => text.clone(),
            Self::Count(number) => number.to_string(),
            Self::Cents(number) => format!("{:.2}", *number as f64 / 100.0),
            Self::Moment(moment) => moment.format("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }

    /// As a workbook has it.
    pub fn in_workbook(&self) -> Found {
        match self {
            Self::Empty => Found::Empty,
            Self::Text(text) => Found::Text(text.clone()),
            Self::Count(number) => Found::Number(*number as f64),
            Self::Cents(number) => Found::Number(*number as f64 / 100.0),
            Self::Moment(moment) => Found::Moment(*moment),
        }
    }
}

/// What tickets name, all of it.
pub struct Names {
    units: HashMap<Uuid, [String; 4]>,
    owners: HashMap<Uuid, String>,
    staff: HashMap<Uuid, (String, String)>,
}

impl Names {
    pub async fn read(db: &DatabaseConnection) -> Self {
        let projects = project::Entity::find().all(db).await.unwrap().into_iter().map(|row| (row.id, row.name));
        let projects: HashMap<Uuid, String> = projects.collect();
        let buildings = building::Entity::find().all(db).await.unwrap().into_iter().map(|row| (row.id, row.name));
        let buildings: HashMap<Uuid, String> = buildings.collect();
        let units = unit::Entity::find().all(db).await.unwrap().into_iter().map(|row| {
            let names = [projects[&row.project_id].clone(), buildings[&row.building_id].clone(), row.section, row.room];
            (row.id, names)
        });
        let owners = owner::Entity::find().all(db).await.unwrap().into_iter().map(|row| (row.id, row.name));
        let staff =
            staff::Entity::find().all(db).await.unwrap().into_iter().map(|row| (row.id, (row.number, row.name)));
        Self { units: units.collect(), owners: owners.collect(), staff: staff.collect() }
    }

    /// The row of a ticket, in the order of the headings.
    pub fn row(&self, ticket: &ticket::Model) -> Vec<Want> {
        let place = &self.units[&ticket.unit_id];
        let assignee = ticket.assignee_id.map(|id| &self.staff[&id]);
        let reporter = match (ticket.reporter_owner_id, ticket.reporter_staff_id) {
            (Some(owner), _) => Some(&self.owners[&owner]),
            (None, staff) => staff.map(|id| &self.staff[&id].1),
        };
        let mut row = vec![Want::text(&ticket.number)];
        row.extend(place.iter().map(|text| Want::text(text)));
        row.extend([
            Want::word(ticket.kind),
            Want::word(ticket.category),
            Want::word(ticket.urgency),
            Want::word(ticket.status),
            Want::text(&ticket.title),
            Want::text(&ticket.description),
            Want::word(ticket.channel),
            Want::word(ticket.responsible_department),
            Want::optional(reporter),
            Want::optional(assignee.map(|(number, _)| number)),
            Want::optional(assignee.map(|(_, name)| name)),
            Want::text("Asia/Shanghai"),
        ]);
        row.extend(moments(ticket));
        row.extend([
            Want::Count(ticket.held_seconds),
            Want::Count(ticket.rework_count.into()),
            Want::Count(ticket.escalation_level.into()),
            Want::word(ticket.triage),
            Want::optional(ticket.triage_reason.as_ref()),
            Want::optional(ticket.cause.as_ref()),
            Want::optional(ticket.explanation.as_ref()),
            Want::optional(ticket.resolution.as_ref()),
            ticket.cost_cents.map_or(Want::Empty, Want::Cents),
            ticket.satisfied.map_or(Want::Empty, |is| Want::text(if is { "yes" } else { "no" })),
            ticket.rating.map_or(Want::Empty, |rating| Want::Count(rating.into())),
            Want::word(ticket.confirmed_channel),
            Want::at(Some(ticket.updated_at)),
        ]);
        row
    }
}

fn moments(ticket: &ticket::Model) -> [Want; 12] {
    [
        Some(ticket.created_at),
        ticket.appointment_starts_at,
        ticket.appointment_ends_at,
        ticket.accepted_at,
        ticket.started_at,
        ticket.resolved_at,
        ticket.confirmed_at,
        ticket.closed_at,
        ticket.cancelled_at,
        Some(ticket.respond_due_at),
        ticket.arrive_due_at,
        Some(ticket.resolve_due_at),
    ]
    .map(Want::at)
}
