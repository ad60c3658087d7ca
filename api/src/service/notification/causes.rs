//! What people are told of beside tickets: bulletins, surveys, their handovers.

use entity::{
    bulletin, handover, survey_campaign, survey_invitation, unit,
    vocab::{BulletinKind, NotificationKind},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{Note, tell};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::{bulletin::Notice, message::Written, notification::Arguments},
    error::{Error, Result},
    service::{
        Services,
        ticket::{project_of, time_zone},
    },
    store::{self, db::Tx},
};

/// Tells customers of a bulletin that was delivered to them.
pub async fn bulletin_delivered(
    services: &Services,
    tx: &Tx,
    bulletin: &bulletin::Model,
    owners: &[Uuid],
) -> Result<()> {
    let kind = match bulletin.kind {
        BulletinKind::Milestone => NotificationKind::MilestoneReached,
        BulletinKind::Warranty => NotificationKind::WarrantyEnding,
        BulletinKind::General
        | BulletinKind::Fees
        | BulletinKind::Outage
        | BulletinKind::Works
        | BulletinKind::Emergency => NotificationKind::BulletinPublished,
    };
    let notice = bulletin.written.as_ref().and_then(|kept| Notice::deserialize(kept).ok());
    let written = notice.map(|notice| notice.title);
    let arguments = Arguments { title: Some(bulletin.title.clone()), written, ..Arguments::default() };
    let note = |owner: &Uuid| Note {
        recipient: Principal::Owner(*owner),
        kind,
        cause: format!("bulletin:{}", bulletin.id),
        project_id: bulletin.project_id,
        ticket_id: None,
        subject_id: bulletin.id,
        arguments: &arguments,
        is_emergency: bulletin.is_emergency,
    };
    tell(services, tx, owners.iter().map(note).collect(), services.now()).await
}

/// Tells customers that they are asked. Of those who were invited before nobody is told again.
pub async fn survey_opened(
    services: &Services,
    tx: &Tx,
    campaign: &survey_campaign::Model,
    invitations: &[survey_invitation::Model],
) -> Result<()> {
    let written = campaign.written.as_ref().and_then(|kept| Written::deserialize(kept).ok());
    let arguments = Arguments { title: Some(campaign.title.clone()), written, ..Arguments::default() };
    let note = |invitation: &survey_invitation::Model| {
        Some(Note {
            recipient: Principal::Owner(invitation.owner_id?),
            kind: NotificationKind::SurveyInvited,
            cause: format!("survey:{}:{}", campaign.id, invitation.subject_id?),
            project_id: campaign.project_id,
            ticket_id: None,
            subject_id: invitation.id,
            arguments: &arguments,
            is_emergency: false,
        })
    };
    tell(services, tx, invitations.iter().filter_map(note).collect(), services.now()).await
}

/// Tells the customer who comes to a handover that it was booked, moved or called off by somebody else.
pub async fn handover_moved(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    handover: &handover::Model,
    kind: NotificationKind,
) -> Result<()> {
    if viewer.owner_id() == Some(handover.owner_id) {
        return Ok(());
    }
    let system = Viewer::system();
    let unit = store::by_id::<unit::Entity>(tx, &system, unit::Column::Id, handover.unit_id).await?;
    let unit = unit.ok_or_else(|| Error::internal("a handover of no home"))?;
    let zone = time_zone(&project_of(tx, handover.project_id).await?)?;
    let slot = match handover.slot_id {
        Some(id) => store::handover::slot(tx, &system, id).await?,
        None => None,
    };
    let time = slot.map(|slot| slot.starts_at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string());
    let arguments = Arguments { place: Some(unit.code), time, ..Arguments::default() };
    let note = Note {
        recipient: Principal::Owner(handover.owner_id),
        kind,
        // Each change of a handover has a version of its own.
        cause: format!("handover:{}:{}", handover.id, handover.version),
        project_id: handover.project_id,
        ticket_id: None,
        subject_id: handover.id,
        arguments: &arguments,
        is_emergency: false,
    };
    tell(services, tx, vec![note], services.now()).await
}
