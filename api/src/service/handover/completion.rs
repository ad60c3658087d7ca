//! Completing a handover: the contract is fulfilled, the owners have their home, and its warranties begin.

use chrono::NaiveDate;
use entity::{handover, vocab::OwnerStage};

use super::{Services, Target, check_accompanied, load, save};
use crate::{
    auth::viewer::Viewer,
    domain::{
        handover::{Move, Step, missing},
        message::Written,
        stage::follows,
    },
    error::{Error, Fault, FaultCode, Message, Result},
    service::{stage, ticket, warranty, webhook},
    store::{self, db::Tx},
};

/// Completes a handover. It is refused with one fault for each mandatory step that is not ticked.
pub async fn complete(services: &Services, viewer: &Viewer, target: Target) -> Result<handover::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let handover = load(&tx, viewer, target, Move::Complete).await?;
    check_accompanied(&handover)?;
    let project = ticket::project_of(&tx, handover.project_id).await?;
    let today = ticket::local_day(&project, now)?;
    let completed = handover::Model { completed_at: Some(now), completed_on: Some(today), ..handover };
    // The handover's row comes first: whoever ticks a step in this moment waits, or has been before us.
    let handover = save(&tx, completed).await?;
    check_steps(&tx, viewer, &handover).await?;
    if !store::handover::fulfil(&tx, &handover, today).await? {
        let message = Message::ContractWaitsNoMore;
        return Err(Error::fault(FaultCode::Conflict, "handoverId", message));
    }
    for owner in store::handover::present_owners(&tx, handover.unit_id).await? {
        // Whoever lives in another home of the company already stays what they are.
        if follows(owner.stage, OwnerStage::HandedOver).is_ok() {
            stage::advance(services, &tx, viewer, &owner, OwnerStage::HandedOver, Written::ReasonTakenOver.into())
                .await?;
        }
    }
    start_warranties(services, &tx, &handover, today).await?;
    webhook::events::handover_completed(services, &tx, &handover).await?;
    tx.commit().await?;
    Ok(handover)
}

async fn check_steps(tx: &Tx, viewer: &Viewer, handover: &handover::Model) -> Result<()> {
    let mut steps = store::handover::steps(tx, viewer, &[handover.id]).await?;
    let steps: Vec<Step> = steps
        .remove(&handover.id)
        .unwrap_or_default()
        .into_iter()
        .map(|step| Step { kind: step.kind, is_mandatory: step.is_mandatory, is_ticked: step.ticked_at.is_some() })
        .collect();
    let lacking = missing(&steps);
    if lacking.is_empty() {
        return Ok(());
    }
    let faults = lacking.into_iter().map(|kind| {
        let name = serde_json::to_value(kind).map_err(Error::internal)?;
        let name = name.as_str().unwrap_or_default();
        let message = Message::StepMandatory { step: kind.into() };
        Ok(Fault::new(FaultCode::Required, &format!("steps.{name}"), message))
    });
    Err(Error::Invalid(faults.collect::<Result<_>>()?))
}

/// Every part is under warranty from the day of the handover on, for as long as the contract's terms say.
async fn start_warranties(services: &Services, tx: &Tx, handover: &handover::Model, on: NaiveDate) -> Result<()> {
    let missing = || Error::internal("a handover without its home or contract");
    let system = Viewer::system();
    let unit = store::unit::by_id(tx, &system, handover.unit_id).await?.ok_or_else(missing)?;
    let contract = store::contract::by_id(tx, &system, handover.contract_id).await?.ok_or_else(missing)?;
    warranty::start_items(services, tx, &unit, Some(&contract), on).await?;
    Ok(())
}
