//! What staff do with a household besides its tickets: reveal a number, write down a contact, hand over an area.

use chrono::{DateTime, Utc};
use entity::{
    ambassador_assignment, interaction, owner,
    vocab::{Channel, Direction, Role},
};
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::{policy::may_reveal, viewer::Viewer},
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act},
};

const LONGEST_REASON: usize = 500;
const LONGEST_SUMMARY: usize = 2000;

/// The full number of an owner whom the viewer serves. Written to the audit log before it is shown.
pub async fn reveal_phone(
    services: &Services,
    viewer: &Viewer,
    owner_id: Uuid,
    reason: Option<&str>,
) -> Result<Option<String>> {
    if !may_reveal(viewer) {
        return Err(Error::Forbidden(Message::NeverSeesNumbers));
    }
    let reason = text::optional("reason", reason, LONGEST_REASON)?;
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let now = services.now();
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "REVEAL_PHONE",
        object_type: "Owner",
        object_id: Some(owner.id),
        details: reason.map(|reason| json!({ "reason": reason })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    full_phone(services, &owner)
}

/// An owner's number in full: for the owner, and for `reveal_phone`.
pub fn full_phone(services: &Services, owner: &owner::Model) -> Result<Option<String>> {
    owner.phone_sealed.as_deref().map(|sealed| services.vault.open_phone(owner.id, sealed)).transpose()
}

/// A contact to write down.
#[derive(Clone, Debug)]
pub struct Contact {
    pub owner_id: Uuid,
    pub unit_id: Option<Uuid>,
    /// For a customer who has no home yet.
    pub project_id: Option<Uuid>,
    pub channel: Channel,
    pub direction: Direction,
    pub summary: String,
    pub next_follow_up_at: Option<DateTime<Utc>>,
}

/// Writes down a contact with a customer.
pub async fn record_interaction(services: &Services, viewer: &Viewer, contact: Contact) -> Result<interaction::Model> {
    let Some(staff_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffRecordContacts)) };
    let summary = text::required("summary", &contact.summary, LONGEST_SUMMARY)?;
    let now = services.now();
    if contact.next_follow_up_at.is_some_and(|at| at <= now) {
        return Err(Error::fault(FaultCode::InThePast, "nextFollowUpAt", Message::NextFollowUpAhead));
    }
    let tx = services.db.begin().await?;
    let owner = store::owner::by_id(&tx, viewer, contact.owner_id).await?.ok_or_else(|| Error::unknown("ownerId"))?;
    let (unit_id, project_id) = place_of_contact(&tx, viewer, &contact).await?;
    let interaction = interaction::Model {
        id: services.new_id(now),
        owner_id: owner.id,
        unit_id,
        project_id,
        staff_id,
        channel: contact.channel,
        direction: contact.direction,
        summary,
        next_follow_up_at: contact.next_follow_up_at,
        occurred_at: now,
        created_at: now,
        followed_up_at: None,
    };
    store::interaction::add(&tx, interaction.clone()).await?;
    tx.commit().await?;
    Ok(interaction)
}

/// What a contact was about: a home of the customer, or else the project in which the customer looks at homes.
async fn place_of_contact(conn: &impl store::Conn, viewer: &Viewer, contact: &Contact) -> Result<(Option<Uuid>, Uuid)> {
    let at = |project_id: Uuid| contact.project_id.is_none_or(|named| named == project_id);
    let homes = store::owner::units_for_contact(conn, viewer, contact.owner_id).await?;
    let home = homes.iter().find(|unit| contact.unit_id.is_none_or(|id| id == unit.id) && at(unit.project_id));
    if let Some(unit) = home {
        return Ok((Some(unit.id), unit.project_id));
    }
    if contact.unit_id.is_some() {
        return Err(Error::unknown("unitId"));
    }
    let looks_at = store::prospect::of_owner(conn, viewer, contact.owner_id).await?;
    match looks_at.iter().find(|prospect| at(prospect.project_id)) {
        Some(prospect) => Ok((None, prospect.project_id)),
        None => Err(Error::unknown(if contact.project_id.is_some() { "projectId" } else { "unitId" })),
    }
}

/// Hands all households of one ambassador to another, from this moment on. Returns how many.
pub async fn transfer_households(services: &Services, viewer: &Viewer, from: Uuid, to: Uuid) -> Result<usize> {
    let now = services.now();
    let tx = services.db.begin().await?;
    store::staff::by_id(&tx, viewer, from).await?.ok_or_else(|| Error::unknown("fromStaffId"))?;
    let successor = store::staff::present(&tx, viewer, to).await?.ok_or_else(|| Error::unknown("toStaffId"))?;
    if from == to || successor.role != Role::Ambassador || !successor.is_active {
        return Err(Error::fault(FaultCode::NotAvailable, "toStaffId", Message::AnotherAmbassador));
    }
    if store::staff::is_absent(&tx, to, now).await? {
        return Err(Error::fault(FaultCode::NotAvailable, "toStaffId", Message::AmbassadorIsAway));
    }
    let units = store::ambassador::end_of_staff(&tx, from, now).await?;
    for project_id in store::unit::projects_of(&tx, &units).await? {
        check_project(&tx, viewer, to, project_id).await?;
    }
    let assignments = units
        .iter()
        .map(|unit_id| ambassador_assignment::Model {
            id: services.new_id(now),
            unit_id: *unit_id,
            staff_id: to,
            started_at: now,
            ended_at: None,
        })
        .collect();
    store::ambassador::add(&tx, assignments).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "TRANSFER_HOUSEHOLDS",
        object_type: "Staff",
        object_id: Some(from),
        details: Some(json!({ "to": to, "households": units.len() })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(units.len())
}

/// Households stay with people who work for their project, and managers dispose of their own projects only.
async fn check_project(conn: &impl store::Conn, viewer: &Viewer, successor: Uuid, project_id: Uuid) -> Result<()> {
    if let Some(manager) = viewer.staff_id().filter(|_| viewer.role() == Some(Role::Manager))
        && !store::staff::works_for(conn, manager, project_id).await?
    {
        let message = Message::HouseholdsNotManaged;
        return Err(Error::fault(FaultCode::NotAvailable, "fromStaffId", message));
    }
    if !store::staff::works_for(conn, successor, project_id).await? {
        let message = Message::NotOfAllHouseholds;
        return Err(Error::fault(FaultCode::NotAvailable, "toStaffId", message));
    }
    Ok(())
}
