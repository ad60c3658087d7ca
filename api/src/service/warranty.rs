//! Warranties: their terms, their start with the handover, and the notice two months before they end.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    contract, project, unit,
    vocab::{BulletinKind, Role, WarrantyPart},
    warranty_item, warranty_notice, warranty_term,
};
use serde_json::json;
use uuid::Uuid;

use super::{Services, bulletin, ticket::time_zone};
use crate::{
    auth::viewer::Viewer,
    domain::warranty::{self as rules, Term},
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, audit::Act, customer::Area, db::Tx},
};

/// The key of the terms that hold for the whole company.
const ALL: &str = "all";

/// How many homes are looked up in one statement.
const BATCH: u64 = 200;

/// For what a term holds: a contract before its project before the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TermScope {
    Company,
    Project,
    Contract,
}

/// The term of a part and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartTerm {
    pub part: WarrantyPart,
    pub term: Term,
    pub scope: TermScope,
}

/// What a term is set for: the whole company when neither is named.
#[derive(Clone, Copy, Debug, Default)]
pub struct TermTarget {
    pub project_id: Option<Uuid>,
    pub contract_id: Option<Uuid>,
}

/// The terms in force for a project, or for one of its contracts: one for each part.
pub async fn terms(conn: &impl Conn, project_id: Option<Uuid>, contract_id: Option<Uuid>) -> Result<Vec<PartTerm>> {
    let mut keys = vec![ALL.to_owned()];
    keys.extend([project_id, contract_id].into_iter().flatten().map(|id| id.to_string()));
    let rows = store::warranty::terms(conn, &keys).await?;
    let best = |part: WarrantyPart| {
        let own = rows.iter().filter(|row| row.part == part);
        let terms = own.filter_map(|row| Some(PartTerm { part, term: read(row)?, scope: scope_of(row) }));
        let national = PartTerm { part, term: rules::national(part), scope: TermScope::Company };
        terms.max_by_key(|term| term.scope).unwrap_or(national)
    };
    Ok(WarrantyPart::ALL.iter().copied().map(best).collect())
}

fn read(row: &warranty_term::Model) -> Option<Term> {
    let count = |count: Option<i32>| count.and_then(|count| u32::try_from(count).ok());
    count(row.years).map(Term::Years).or_else(|| count(row.seasons).map(Term::Seasons))
}

fn scope_of(row: &warranty_term::Model) -> TermScope {
    match (row.contract_id, row.project_id) {
        (Some(_), _) => TermScope::Contract,
        (None, Some(_)) => TermScope::Project,
        (None, None) => TermScope::Company,
    }
}

/// Sets the term of a part for homes handed over from now on. Administrators set the company's and a project's,
/// managers a contract's.
pub async fn set_term(
    services: &Services,
    viewer: &Viewer,
    target: TermTarget,
    part: WarrantyPart,
    (years, seasons): (Option<i32>, Option<i32>),
) -> Result<PartTerm> {
    let term = rules::term(part, years, seasons)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let scope = check_target(&tx, viewer, target).await?;
    let id = services.new_id(now);
    let row = warranty_term::Model {
        id,
        scope_key: target.contract_id.or(target.project_id).map_or_else(|| ALL.to_owned(), |id| id.to_string()),
        project_id: target.project_id,
        contract_id: target.contract_id,
        part,
        years,
        seasons,
        updated_at: now,
    };
    store::warranty::set_term(&tx, row).await?;
    let act = Act {
        id: services.new_id(now),
        at: now,
        action: "SET_WARRANTY_TERM",
        object_type: "WarrantyTerm",
        object_id: target.contract_id.or(target.project_id),
        details: Some(json!({ "part": part, "years": years, "seasons": seasons })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(PartTerm { part, term, scope })
}

async fn check_target(conn: &impl Conn, viewer: &Viewer, target: TermTarget) -> Result<TermScope> {
    let manages = viewer.role() == Some(Role::Manager);
    match (target.project_id, target.contract_id) {
        (Some(_), Some(_)) => Err(Error::fault(FaultCode::Invalid, "contractId", Message::ProjectOrContract)),
        (None, Some(id)) => {
            let contract = store::by_id::<contract::Entity>(conn, viewer, contract::Column::Id, id).await?;
            contract.ok_or_else(|| Error::unknown("contractId"))?;
            Ok(TermScope::Contract)
        }
        (_, None) if manages => {
            let message = Message::TermsOfContracts;
            Err(Error::fault(FaultCode::NotAvailable, "contractId", message))
        }
        (Some(id), None) => {
            store::company::project(conn, viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))?;
            Ok(TermScope::Project)
        }
        (None, None) => Ok(TermScope::Company),
    }
}

/// Starts the warranties of a home with its handover, by the terms of its contract. Inside the caller's transaction; what
/// was started before for the same day stays. Returns all that count from that day.
pub async fn start_items(
    services: &Services,
    tx: &Tx,
    unit: &unit::Model,
    contract: Option<&contract::Model>,
    handed_over_on: NaiveDate,
) -> Result<Vec<warranty_item::Model>> {
    let contract_id = contract.map(|contract| contract.id);
    let now = services.now();
    let item = |term: PartTerm| warranty_item::Model {
        id: services.new_id(now),
        unit_id: unit.id,
        contract_id,
        part: term.part,
        starts_on: handed_over_on,
        expires_on: term.term.expires_on(handed_over_on),
        noticed_at: None,
    };
    let terms = terms(tx, Some(unit.project_id), contract_id).await?;
    store::warranty::start(tx, terms.into_iter().map(item).collect()).await?;
    store::warranty::started(tx, unit.id, handed_over_on).await
}

/// Tells the owners of every home whose warranties end in two months or sooner, each warranty once. Returns how many
/// bulletins went out. A home that can't be served does not keep the others waiting.
pub async fn send_notices(services: &Services) -> Result<usize> {
    let now = services.now();
    let mut sent = 0;
    for project in store::company::every_project(services.db.reader()).await? {
        let today = now.with_timezone(&time_zone(&project)?).date_naive();
        let days = (today, rules::noticed_until(today));
        let mut place = None;
        loop {
            let conn = services.db.reader();
            let units = store::warranty::units_to_notify(conn, project.id, days, place, BATCH).await?;
            let Some(last) = units.last() else { break };
            place = Some(last.id);
            for unit in &units {
                match notify(services, &project, unit, days, now).await {
                    Ok(told) => sent += usize::from(told),
                    Err(error) => tracing::error!(unit = %unit.id, ?error, "the end of a warranty could not be told"),
                }
            }
        }
    }
    Ok(sent)
}

/// One bulletin for all warranties of a home that are due. Nothing, when another server was faster.
async fn notify(
    services: &Services,
    project: &project::Model,
    unit: &unit::Model,
    days: (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<bool> {
    let tx = services.db.begin().await?;
    let items = store::warranty::claim(&tx, unit.id, days, now).await?;
    if items.is_empty() {
        return Ok(false);
    }
    let ending: Vec<_> = items.iter().map(|item| (item.part, item.expires_on)).collect();
    let notice = rules::notice(&unit.code, &ending);
    let area = Area { project_id: project.id, building_id: None, unit_id: Some(unit.id) };
    let written = (area, BulletinKind::Warranty, notice);
    let bulletin = bulletin::publish_written(services, &tx, &Viewer::system(), written).await?;
    let notice = |item: &warranty_item::Model| warranty_notice::Model {
        id: services.new_id(now),
        item_id: item.id,
        project_id: project.id,
        unit_id: unit.id,
        bulletin_id: bulletin.id,
        due_on: rules::notice_on(item.expires_on),
        noticed_at: now,
    };
    store::warranty::add_notices(&tx, items.iter().map(notice).collect()).await?;
    tx.commit().await?;
    services.hub.committed();
    Ok(true)
}
