//! Rounds over equipment, buildings, greenery, cleaning, roads and posts (S8): what a plan may hold, what a round must
//! say of each point, and when the next one is due. How many points were checked and sound is derived here and never sent.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::vocab::{InspectionSubject, TicketCategory, Urgency};
use uuid::Uuid;

use super::{
    invalid::{Invalid, Message, Problem},
    text,
};

/// The most points of one plan.
pub const MOST_POINTS: usize = 200;
/// The longest time between two rounds, in days.
pub const LONGEST_INTERVAL: i32 = 1830;
/// How long ago a round may have been made that reaches us now: phones are offline in basements, not for weeks.
pub const LATEST_REPORT: TimeDelta = TimeDelta::days(7);

const LONGEST_PLAN_NAME: usize = 50;
const LONGEST_POINT_NAME: usize = 50;
const LONGEST_FINDING: usize = 1000;

/// What a plan is called.
pub fn plan_name(name: &str) -> Result<String, Invalid> {
    text::required_line("name", name, LONGEST_PLAN_NAME)
}

/// How many days lie between two rounds.
pub fn interval(days: i32) -> Result<i32, Invalid> {
    if (1..=LONGEST_INTERVAL).contains(&days) {
        Ok(days)
    } else {
        Err(Invalid::new(
            "everyDays",
            Problem::OutOfRange,
            Message::MustBeFrom { least: 1.into(), most: LONGEST_INTERVAL.into() },
        ))
    }
}

/// The names of new points, beside those that a plan has already: each in its own words.
pub fn point_names(field: &'static str, known: &[&str], names: &[String]) -> Result<Vec<String>, Invalid> {
    if known.len() + names.len() > MOST_POINTS {
        return Err(Invalid::new(field, Problem::OutOfRange, Message::MustBeAtMostInAll { most: MOST_POINTS.into() }));
    }
    let mut seen: HashSet<String> = known.iter().map(|name| (*name).to_owned()).collect();
    let mut read = Vec::with_capacity(names.len());
    for name in names {
        let name = text::required_line(field, name, LONGEST_POINT_NAME)?;
        if !seen.insert(name.clone()) {
            return Err(Invalid::new(field, Problem::Invalid, Message::MustNotHoldTwice { name }));
        }
        read.push(name);
    }
    Ok(read)
}

/// What a round says of one point, as the client sent it.
#[derive(Clone, Debug, PartialEq)]
pub struct PointResult {
    pub point_id: Uuid,
    pub is_sound: bool,
    /// What is wrong with it.
    pub finding: Option<String>,
    /// Whether somebody must be sent.
    pub opens_ticket: bool,
    pub urgency: Urgency,
}

/// What is wrong with a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub point_id: Uuid,
    pub point_name: String,
    pub description: String,
    /// How soon somebody must be sent; none when nobody must.
    pub ticket: Option<Urgency>,
}

/// A round in numbers, and what it found in the order of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    pub checked: i32,
    pub sound: i32,
    pub findings: Vec<Finding>,
}

/// Reads a round: each point of the plan, given as id and name in its order, is said to be sound or has a finding.
pub fn round(points: &[(Uuid, &str)], results: &[PointResult]) -> Result<Round, Invalid> {
    let mut said: HashMap<Uuid, &PointResult> = HashMap::new();
    for result in results {
        if !points.iter().any(|(id, _)| *id == result.point_id) {
            return Err(Invalid::new("points.pointId", Problem::Invalid, Message::MustBeOfAPoint));
        }
        if said.insert(result.point_id, result).is_some() {
            return Err(Invalid::new("points.pointId", Problem::Invalid, Message::MustNotNameTwice));
        }
    }
    let silent: Vec<&str> = points.iter().filter(|(id, _)| !said.contains_key(id)).map(|(_, name)| *name).collect();
    if !silent.is_empty() {
        let message = Message::MustSayOfEachPoint { missing: silent.join(", ") };
        return Err(Invalid::new("points", Problem::Required, message));
    }
    let mut findings = Vec::new();
    for (id, name) in points {
        findings.extend(said.get(id).map(|result| finding(name, result)).transpose()?.flatten());
    }
    let checked = points.len();
    let sound = checked - findings.len();
    Ok(Round { checked: count(checked), sound: count(sound), findings })
}

fn count(points: usize) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}

fn finding(name: &str, result: &PointResult) -> Result<Option<Finding>, Invalid> {
    let description = text::optional("points.finding", result.finding.as_deref(), LONGEST_FINDING)?;
    match (result.is_sound, description) {
        (true, None) if result.opens_ticket => {
            Err(Invalid::new("points.opensTicket", Problem::Invalid, Message::MustBeFalseForSound))
        }
        (true, None) => Ok(None),
        (true, Some(_)) => Err(Invalid::new("points.finding", Problem::Invalid, Message::MustBeLeftOutForSound)),
        (false, None) => Err(Invalid::required("points.finding")),
        // Nobody agreed a window with the things of a house.
        (false, Some(_)) if result.urgency == Urgency::Appointment => {
            Err(Invalid::new("points.urgency", Problem::Invalid, Message::MustBeUrgentOrNormal))
        }
        (false, Some(description)) => Ok(Some(Finding {
            point_id: result.point_id,
            point_name: name.to_owned(),
            description,
            ticket: result.opens_ticket.then_some(result.urgency),
        })),
    }
}

/// When a round was made: the moment of the call, unless the phone was offline.
pub fn performed_at(said: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Invalid> {
    let at = said.unwrap_or(now);
    if at > now || now - at > LATEST_REPORT {
        let message = Message::MustLieWithinSevenDays;
        return Err(Invalid::new("performedAt", Problem::OutOfRange, message));
    }
    Ok(at)
}

/// When the next round is due after one was made: so many days after it, and never sooner than it was due already, so
/// that a round which reaches us late takes nothing back.
pub fn next_due(due_on: NaiveDate, every_days: i32, performed_on: NaiveDate) -> NaiveDate {
    let days = Days::new(u64::from(every_days.unsigned_abs()));
    due_on.max(performed_on.checked_add_days(days).unwrap_or(NaiveDate::MAX))
}

/// The subject of the ticket that a finding becomes.
pub fn category(subject: InspectionSubject) -> TicketCategory {
    match subject {
        InspectionSubject::Equipment | InspectionSubject::Building => TicketCategory::PublicArea,
        InspectionSubject::Greenery => TicketCategory::Greenery,
        InspectionSubject::Cleaning => TicketCategory::Cleaning,
        InspectionSubject::RoadsAndParking => TicketCategory::Parking,
        InspectionSubject::SecurityPost => TicketCategory::Security,
    }
}

/// The title of the ticket that a finding becomes.
pub fn ticket_title(plan: &str, point: &str) -> String {
    format!("巡检发现：{plan}·{point}")
}

#[cfg(test)]
#[path = "inspection_tests.rs"]
mod tests;
