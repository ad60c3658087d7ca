//! Contacts, visits, events, surveys, news of the building site, and tickets.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    activity, activity_registration, appointment, bulletin_delivery, interaction, milestone, publication,
    survey_invitation, ticket, unit,
    vocab::{ActivityKind, AppointmentKind, AppointmentStatus, Channel, PublicationStatus, TicketStatus},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Gathering, visible_projects};
use crate::{
    domain::journey::{Milestone, Survey},
    error::Result,
    store::find,
};

pub(super) async fn gather<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    publications(gathering).await?;
    contacts(gathering).await?;
    visits(gathering).await?;
    events(gathering).await?;
    surveys(gathering).await?;
    milestones(gathering).await?;
    tickets(gathering).await
}

async fn publications<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use publication::Column;
    let rows: Vec<(Uuid, Option<DateTime<Utc>>)> = publication::Entity::find()
        .select_only()
        .column(Column::ProjectId)
        .column_as(Column::PublishedAt.min(), "first")
        .filter(Column::ProjectId.is_in(gathering.projects()))
        .filter(Column::Status.eq(PublicationStatus::Published))
        .group_by(Column::ProjectId)
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (project, published_at) in rows {
        for (_, home) in gathering.homes.iter_mut().filter(|(place, _)| place.project == project) {
            home.published_at = published_at;
        }
    }
    Ok(())
}

/// The first contact in each channel. Owners don't read the notes, but they know that they were there.
async fn contacts<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use interaction::Column;
    let rows: Vec<(Uuid, Uuid, Channel, DateTime<Utc>)> = interaction::Entity::find()
        .select_only()
        .columns([Column::OwnerId, Column::ProjectId, Column::Channel])
        .column_as(Column::OccurredAt.min(), "first")
        .filter(Column::OwnerId.is_in(gathering.owners.clone()))
        .filter(Column::ProjectId.in_subquery(visible_projects(gathering.viewer)))
        .group_by(Column::OwnerId)
        .group_by(Column::ProjectId)
        .group_by(Column::Channel)
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (owner, project, channel, at) in rows {
        for home in gathering.of_owner(owner, project) {
            earliest(&mut home.contacted_at, at);
            earliest(&mut home.first_contact_at, at);
            if channel == Channel::WalkIn {
                earliest(&mut home.visited_at, at);
            }
        }
    }
    Ok(())
}

async fn visits<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use appointment::Column;
    let rows: Vec<(Uuid, Uuid, AppointmentKind, Option<DateTime<Utc>>)> = appointment::Entity::find()
        .select_only()
        .columns([Column::OwnerId, Column::ProjectId, Column::Kind, Column::EndedAt])
        .filter(Column::OwnerId.is_in(gathering.owners.clone()))
        .filter(Column::ProjectId.in_subquery(visible_projects(gathering.viewer)))
        .filter(Column::Status.eq(AppointmentStatus::Done))
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (owner, project, kind, ended_at) in rows {
        let Some(ended_at) = ended_at else { continue };
        for home in gathering.of_owner(owner, project) {
            earliest(&mut home.visited_at, ended_at);
            if kind == AppointmentKind::Signing {
                earliest(&mut home.signing_visit_at, ended_at);
            }
        }
    }
    Ok(())
}

/// The events that they really came to.
async fn events<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use activity_registration::Column;
    let rows: Vec<(Uuid, Option<DateTime<Utc>>, Uuid, ActivityKind)> = activity_registration::Entity::find()
        .select_only()
        .columns([Column::OwnerId, Column::AttendedAt])
        .columns([activity::Column::ProjectId, activity::Column::Kind])
        .join(
            sea_orm::JoinType::InnerJoin,
            activity_registration::Entity::belongs_to(activity::Entity)
                .from(Column::ActivityId)
                .to(activity::Column::Id)
                .into(),
        )
        .filter(Column::OwnerId.is_in(gathering.owners.clone()))
        .filter(Column::AttendedAt.is_not_null())
        .filter(activity::Column::ProjectId.in_subquery(visible_projects(gathering.viewer)))
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (owner, attended_at, project, kind) in rows {
        let Some(attended_at) = attended_at else { continue };
        for home in gathering.of_owner(owner, project) {
            let first = match kind {
                ActivityKind::ClubEvent => &mut home.club_event_at,
                ActivityKind::OpenDay => &mut home.open_day_at,
                ActivityKind::Lecture => &mut home.lecture_at,
            };
            earliest(first, attended_at);
        }
    }
    Ok(())
}

async fn surveys<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use survey_invitation::Column;
    let rows = survey_invitation::Entity::find()
        .filter(Column::OwnerId.is_in(gathering.owners.clone()))
        .filter(Column::ProjectId.in_subquery(visible_projects(gathering.viewer)))
        .all(gathering.conn)
        .await?;
    for row in rows {
        let Some(owner) = row.owner_id else { continue };
        let survey =
            Survey { kind: row.kind, status: row.status, expires_at: row.expires_at, submitted_at: row.submitted_at };
        let about = |place: &super::Place| {
            place.owner == owner
                && place.project == row.project_id
                && (row.unit_id.is_none() || place.unit == row.unit_id)
        };
        for (_, home) in gathering.homes.iter_mut().filter(|(place, _)| about(place)) {
            home.surveys.push(survey);
        }
    }
    Ok(())
}

/// The steps of the building site, as far as they concern a home whose contract was signed by then.
async fn milestones<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    let rows = milestone::Entity::find()
        .filter(milestone::Column::ProjectId.is_in(gathering.projects()))
        .all(gathering.conn)
        .await?;
    let bulletins: Vec<Uuid> = rows.iter().filter_map(|row| row.bulletin_id).collect();
    let told: Vec<(Uuid, Uuid, DateTime<Utc>)> = bulletin_delivery::Entity::find()
        .select_only()
        .columns([
            bulletin_delivery::Column::BulletinId,
            bulletin_delivery::Column::OwnerId,
            bulletin_delivery::Column::DeliveredAt,
        ])
        .filter(bulletin_delivery::Column::BulletinId.is_in(bulletins))
        .filter(bulletin_delivery::Column::OwnerId.is_in(gathering.owners.clone()))
        .into_tuple()
        .all(gathering.conn)
        .await?;
    let told: HashMap<(Uuid, Uuid), DateTime<Utc>> =
        told.into_iter().map(|(bulletin, owner, at)| ((bulletin, owner), at)).collect();
    let buildings = buildings(gathering).await?;
    for row in rows {
        for (place, home) in &mut gathering.homes {
            let building = place.unit.and_then(|unit| buildings.get(&unit).copied());
            let is_here = row.building_id.map_or(place.project == row.project_id, |id| building == Some(id));
            let is_in_time = row.reached_on.is_none_or(|day| home.signed_on.is_some_and(|signed| signed <= day));
            if is_here && home.signed_on.is_some() && is_in_time {
                let told_at = row.bulletin_id.and_then(|bulletin| told.get(&(bulletin, place.owner)).copied());
                home.milestones.push(Milestone { planned_on: row.planned_on, reached_on: row.reached_on, told_at });
            }
        }
    }
    Ok(())
}

async fn buildings<C: ConnectionTrait>(gathering: &Gathering<'_, C>) -> Result<HashMap<Uuid, Uuid>> {
    let rows: Vec<(Uuid, Uuid)> = unit::Entity::find()
        .select_only()
        .columns([unit::Column::Id, unit::Column::BuildingId])
        .filter(unit::Column::Id.is_in(gathering.units()))
        .into_tuple()
        .all(gathering.conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A home, where tickets stand, their first deadline, and when the last of them was resolved.
type TicketRow = (Uuid, TicketStatus, DateTime<Utc>, Option<DateTime<Utc>>);

/// The first deadline of what is still to be done in a home, and the end of what was done last.
async fn tickets<C: ConnectionTrait>(gathering: &mut Gathering<'_, C>) -> Result<()> {
    use ticket::Column;
    let rows: Vec<TicketRow> = find::<ticket::Entity>(gathering.viewer)
        .select_only()
        .columns([Column::UnitId, Column::Status])
        .column_as(Column::ResolveDueAt.min(), "due")
        .column_as(Column::ResolvedAt.max(), "resolved")
        .filter(Column::UnitId.is_in(gathering.units()))
        .filter(Column::Status.ne(TicketStatus::Cancelled))
        .group_by(Column::UnitId)
        .group_by(Column::Status)
        .into_tuple()
        .all(gathering.conn)
        .await?;
    for (unit, status, due_at, resolved_at) in rows {
        let is_done = matches!(status, TicketStatus::Resolved | TicketStatus::Confirmed | TicketStatus::Closed);
        for home in gathering.of_unit(unit) {
            if status == TicketStatus::OnHold {
                home.has_held_ticket = true;
            } else if is_done {
                home.ticket_done_at = home.ticket_done_at.max(resolved_at);
            } else {
                home.ticket_due_at = Some(home.ticket_due_at.map_or(due_at, |known| known.min(due_at)));
            }
        }
    }
    Ok(())
}

fn earliest(known: &mut Option<DateTime<Utc>>, at: DateTime<Utc>) {
    *known = Some(known.map_or(at, |known| known.min(at)));
}
