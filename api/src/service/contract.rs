//! A contract from its draft to the signature (T2.1): clauses that each buyer must know of, the ownership that signing
//! makes, and the end of a contract.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    clause_acknowledgement,
    contract::Model,
    contract_clause, contract_party, owner, ownership, unit,
    vocab::{ContractStatus, OwnerStage, Role},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services, record, stage,
    ticket::{local_day, project_of},
};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::{contract::unacknowledged, invalid::Invalid, message::Written, stage::follows, text},
    error::{Error, Fault, FaultCode, Message, Result},
    store::{self, Conn, db::Tx},
};

const LONGEST_NUMBER: usize = 60;
const LONGEST_TITLE: usize = 200;
const LONGEST_BODY: usize = 20_000;
const LONGEST_REASON: usize = 500;
const MOST_BUYERS: usize = 10;
const MOST_CLAUSES: usize = 50;

/// A contract to draft.
#[derive(Clone, Debug)]
pub struct NewContract {
    pub unit_id: Uuid,
    pub number: String,
    pub buyer_ids: Vec<Uuid>,
    pub handover_due_on: Option<NaiveDate>,
    /// Title and text of each key clause.
    pub clauses: Vec<(String, String)>,
}

async fn reload(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<Model> {
    store::contract::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("contractId"))
}

/// Prepares a contract. It counts for nothing until it is signed.
pub async fn draft(services: &Services, viewer: &Viewer, new: NewContract) -> Result<Model> {
    let number = text::required_line("number", &new.number, LONGEST_NUMBER)?;
    let clauses = checked_clauses(&new.clauses)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let unit = unit_for_sale(&tx, viewer, new.unit_id).await?;
    let buyers = checked_buyers(&tx, viewer, &new.buyer_ids).await?;
    let contract = Model {
        id: services.new_id(now),
        project_id: unit.project_id,
        unit_id: unit.id,
        number,
        signed_on: None,
        handover_due_on: new.handover_due_on,
        handed_over_on: None,
        status: ContractStatus::Draft,
        created_at: now,
    };
    let party = |(position, owner_id): (i32, &Uuid)| {
        let id = services.new_id(now);
        contract_party::Model { id, contract_id: contract.id, owner_id: *owner_id, position }
    };
    let clause = |(position, (title, body)): (i32, (String, String))| {
        let id = services.new_id(now);
        contract_clause::Model { id, contract_id: contract.id, position, title, body }
    };
    let parties = (0..).zip(&buyers).map(party).collect();
    let clauses = (1..).zip(clauses).map(clause).collect();
    if !store::contract::add_draft(&tx, contract.clone(), parties, clauses).await? {
        return Err(not_added(&tx, &contract.number).await?);
    }
    // Asked after the draft has its place: from now on nobody else signs for this unit.
    if store::contract::is_sold(&tx, unit.id).await? {
        return Err(Error::fault(FaultCode::NotAvailable, "unitId", Message::HomeIsSold));
    }
    record(services, &tx, viewer, ("DRAFT_CONTRACT", "Contract", contract.id), json!({ "unit": unit.id })).await?;
    tx.commit().await?;
    Ok(contract)
}

fn checked_clauses(clauses: &[(String, String)]) -> Result<Vec<(String, String)>> {
    if clauses.is_empty() || clauses.len() > MOST_CLAUSES {
        let message = Message::ClauseCount { most: MOST_CLAUSES.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "clauses", message));
    }
    let checked = |(title, body): &(String, String)| {
        let title = text::required_line("clauses.title", title, LONGEST_TITLE)?;
        Ok((title, text::required("clauses.body", body, LONGEST_BODY)?))
    };
    clauses.iter().map(checked).collect::<Result<_, Invalid>>().map_err(Error::from)
}

/// A home that can be sold: not a hall or garden, and nobody's yet.
async fn unit_for_sale(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<unit::Model> {
    let unit = store::unit::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("unitId"))?;
    if unit.is_public_area {
        return Err(Error::fault(FaultCode::NotAvailable, "unitId", Message::NoHome));
    }
    if !store::owner::owner_ids_of_units(conn, &[id]).await?.is_empty() {
        return Err(Error::fault(FaultCode::NotAvailable, "unitId", Message::HomeHasOwners));
    }
    Ok(unit)
}

async fn checked_buyers(conn: &impl Conn, viewer: &Viewer, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut distinct = ids.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if ids.is_empty() || ids.len() > MOST_BUYERS || distinct.len() != ids.len() {
        let message = Message::BuyerCount { most: MOST_BUYERS.into() };
        return Err(Error::fault(FaultCode::OutOfRange, "buyerIds", message));
    }
    let known = store::owner::by_ids(conn, viewer, ids).await?;
    if known.len() == ids.len() { Ok(ids.to_vec()) } else { Err(Error::unknown("buyerIds")) }
}

async fn not_added(conn: &impl Conn, number: &str) -> Result<Error> {
    if store::contract::is_number_taken(conn, number).await? {
        return Ok(Error::fault(FaultCode::Conflict, "number", Message::ContractNumberTaken));
    }
    let message = Message::DraftOverHome;
    Ok(Error::fault(FaultCode::Conflict, "unitId", message))
}

/// Writes down that a buyer has read and understood a clause: said by the buyer, or taken down by staff on paper.
pub async fn acknowledge(
    services: &Services,
    viewer: &Viewer,
    clause_id: Uuid,
    owner_id: Option<Uuid>,
) -> Result<contract_clause::Model> {
    let now = services.now();
    let tx = services.db.begin().await?;
    let clause = store::contract::clause(&tx, viewer, clause_id).await?.ok_or_else(|| Error::unknown("clauseId"))?;
    let buyer = match viewer.principal {
        Principal::Owner(id) if owner_id.is_none_or(|named| named == id) => id,
        Principal::Owner(_) => return Err(Error::unknown("ownerId")),
        _ => owner_id.ok_or_else(|| Invalid::required("ownerId"))?,
    };
    let contract = reload(&tx, viewer, clause.contract_id).await?;
    let parties = store::contract::parties(&tx, contract.id).await?;
    if !parties.iter().any(|party| party.owner_id == buyer) {
        return Err(Error::unknown(if viewer.owner_id().is_some() { "clauseId" } else { "ownerId" }));
    }
    if contract.status != ContractStatus::Draft {
        let message = Message::ClausesBeforeSigning;
        return Err(Error::fault(FaultCode::IllegalTransition, "clauseId", message));
    }
    let row = clause_acknowledgement::Model {
        id: services.new_id(now),
        clause_id,
        owner_id: buyer,
        recorded_by: viewer.staff_id(),
        acknowledged_at: now,
    };
    store::contract::acknowledge(&tx, row).await?;
    record(
        services,
        &tx,
        viewer,
        ("ACKNOWLEDGE_CLAUSE", "Contract", contract.id),
        json!({ "clause": clause_id, "buyer": buyer }),
    )
    .await?;
    tx.commit().await?;
    Ok(clause)
}

/// Signs a contract: from that day on the buyers own the home.
pub async fn sign(services: &Services, viewer: &Viewer, id: Uuid, on: Option<NaiveDate>) -> Result<Model> {
    let tx = services.db.begin().await?;
    let draft = reload(&tx, viewer, id).await?;
    if draft.status != ContractStatus::Draft {
        return Err(stands_elsewhere(Message::OnlyADraftIsSigned));
    }
    let today = today_at(&tx, draft.project_id, services.now()).await?;
    let on = on.unwrap_or(today);
    if on > today {
        return Err(Error::fault(FaultCode::OutOfRange, "signedOn", Message::NotInTheFuture));
    }
    // Taken first, so that nobody else signs or ends it meanwhile.
    if !store::contract::change(&tx, &draft, ContractStatus::Signed, Some(on)).await? {
        return Err(stands_elsewhere(Message::SignedMeanwhile));
    }
    let buyers = store::contract::buyers_of(&tx, &draft).await?;
    check_acknowledged(&tx, &draft, &buyers).await?;
    if !store::owner::owner_ids_of_units(&tx, &[draft.unit_id]).await?.is_empty() {
        return Err(Error::fault(FaultCode::NotAvailable, "contractId", Message::HomeHasOwners));
    }
    hand_to(services, &tx, viewer, &draft, (&buyers, on)).await?;
    record(services, &tx, viewer, ("SIGN_CONTRACT", "Contract", id), json!({ "signedOn": on })).await?;
    tx.commit().await?;
    Ok(Model { status: ContractStatus::Signed, signed_on: Some(on), ..draft })
}

async fn today_at(conn: &impl Conn, project_id: Uuid, now: DateTime<Utc>) -> Result<NaiveDate> {
    local_day(&project_of(conn, project_id).await?, now)
}

/// Names each clause that a buyer has not acknowledged.
async fn check_acknowledged(conn: &impl Conn, contract: &Model, buyers: &[owner::Model]) -> Result<()> {
    let system = Viewer::system();
    let clauses =
        store::contract::clauses(conn, &system, &[contract.id]).await?.remove(&contract.id).unwrap_or_default();
    let clause_ids: Vec<Uuid> = clauses.iter().map(|clause| clause.id).collect();
    let known = store::contract::acknowledgements(conn, &system, &clause_ids).await?;
    let known: Vec<(Uuid, Uuid)> = known.into_values().flatten().map(|row| (row.clause_id, row.owner_id)).collect();
    let buyer_ids: Vec<Uuid> = buyers.iter().map(|buyer| buyer.id).collect();
    let open = unacknowledged(&clause_ids, &buyer_ids, &known);
    if open.is_empty() {
        return Ok(());
    }
    let fault = |(clause_id, buyer_id): (Uuid, Uuid)| {
        let title = clauses.iter().find(|clause| clause.id == clause_id).map_or("", |clause| &clause.title);
        let name = buyers.iter().find(|buyer| buyer.id == buyer_id).map_or("", |buyer| &buyer.name);
        Fault::new(
            FaultCode::Incomplete,
            "contractId",
            Message::ClauseNotAcknowledged { name: name.to_owned(), title: title.to_owned() },
        )
    };
    Err(Error::Invalid(open.into_iter().map(fault).collect()))
}

/// Makes the buyers owners, and brings to SIGNED who was not further already with another home.
async fn hand_to(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    contract: &Model,
    (buyers, on): (&[owner::Model], NaiveDate),
) -> Result<()> {
    let now = services.now();
    let ownership = |(position, buyer): (i32, &owner::Model)| ownership::Model {
        id: services.new_id(now),
        unit_id: contract.unit_id,
        owner_id: buyer.id,
        position,
        started_on: on,
        ended_on: None,
    };
    store::contract::begin_ownerships(tx, (0..).zip(buyers).map(ownership).collect()).await?;
    for buyer in buyers.iter().filter(|buyer| follows(buyer.stage, OwnerStage::Signed).is_ok()) {
        let reason = Written::ReasonSigned { number: contract.number.clone() };
        stage::advance(services, tx, viewer, buyer, OwnerStage::Signed, reason.into()).await?;
    }
    Ok(())
}

/// Ends a draft, or a signed contract before the handover; its buyers own the home no more.
pub async fn terminate(services: &Services, viewer: &Viewer, id: Uuid, reason: &str) -> Result<Model> {
    let reason = text::required("reason", reason, LONGEST_REASON)?;
    let tx = services.db.begin().await?;
    let contract = reload(&tx, viewer, id).await?;
    match contract.status {
        ContractStatus::Draft => {}
        ContractStatus::Signed if viewer.role() == Some(Role::Manager) => {}
        ContractStatus::Signed => return Err(Error::Forbidden(Message::OnlyAManagerEnds)),
        ContractStatus::HandedOver | ContractStatus::Terminated => {
            return Err(stands_elsewhere(Message::EndedBeforeHandover));
        }
    }
    if !store::contract::change(&tx, &contract, ContractStatus::Terminated, contract.signed_on).await? {
        return Err(stands_elsewhere(Message::SignedMeanwhile));
    }
    if contract.status == ContractStatus::Signed {
        give_back(services, &tx, viewer, &contract, &reason).await?;
    }
    record(services, &tx, viewer, ("TERMINATE_CONTRACT", "Contract", id), json!({ "reason": reason })).await?;
    tx.commit().await?;
    Ok(Model { status: ContractStatus::Terminated, ..contract })
}

/// The buyers own the home no more; who owns no other is a former customer.
async fn give_back(services: &Services, tx: &Tx, viewer: &Viewer, contract: &Model, reason: &str) -> Result<()> {
    let owned = store::owner::owner_ids_of_units(tx, &[contract.unit_id]).await?;
    let today = today_at(tx, contract.project_id, services.now()).await?;
    store::contract::end_ownerships(tx, contract.unit_id, today).await?;
    for (_, owner_id) in owned {
        if !store::contract::homes_of(tx, owner_id).await?.is_empty() {
            continue;
        }
        let owner = store::owner::by_id(tx, &Viewer::system(), owner_id).await?;
        if let Some(owner) = owner.filter(|owner| follows(owner.stage, OwnerStage::Former).is_ok()) {
            let reason = Written::ReasonEnded { reason: reason.to_owned() };
            stage::advance(services, tx, viewer, &owner, OwnerStage::Former, reason.into()).await?;
        }
    }
    Ok(())
}

fn stands_elsewhere(message: Message) -> Error {
    Error::fault(FaultCode::IllegalTransition, "contractId", message)
}
