//! Potential customers: registered by who receives them, and given from one sales agent to another (T1.3).

use chrono::{DateTime, Utc};
use entity::{
    owner, owner_stage_change,
    prospect::Model,
    vocab::{Channel, OwnerStage, Role},
};
use serde_json::json;
use uuid::Uuid;

use super::{Services, record, stage::Reason};
use crate::{
    auth::viewer::Viewer,
    domain::{message::Written, phone, text},
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn, db::Tx},
};

const LONGEST_NAME: usize = 100;

/// Somebody who looks at homes.
#[derive(Clone, Debug)]
pub struct NewProspect {
    pub project_id: Uuid,
    pub name: String,
    pub phone: String,
    pub source: Channel,
    /// For managers: who looks after the customer. Sales agents do so themselves.
    pub sales_agent_id: Option<Uuid>,
}

/// Writes a potential customer down. Who is known by the phone already is the same customer, and once in a project.
pub async fn register(services: &Services, viewer: &Viewer, new: NewProspect) -> Result<Model> {
    let name = text::required_line("name", &new.name, LONGEST_NAME)?;
    let phone = phone::normalize(&new.phone)
        .ok_or_else(|| Error::fault(FaultCode::Invalid, "phone", Message::NotAMobileNumber))?;
    let now = services.now();
    let tx = services.db.begin().await?;
    store::company::project(&tx, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let agent = agent_for(&tx, viewer, &new).await?;
    let customer = customer(services, &tx, viewer, (new.project_id, &name, &phone), now).await?;
    let row = Model {
        id: services.new_id(now),
        owner_id: customer.id,
        project_id: new.project_id,
        sales_agent_id: agent,
        source: new.source,
        created_at: now,
    };
    let (row, is_new) = store::prospect::add(&tx, row).await?;
    let row = if is_new { row } else { taken_over(&tx, viewer, row, agent).await? };
    if is_new {
        record(
            services,
            &tx,
            viewer,
            ("REGISTER_PROSPECT", "Owner", customer.id),
            json!({ "project": new.project_id }),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// Who will look after the customer.
async fn agent_for(conn: &impl Conn, viewer: &Viewer, new: &NewProspect) -> Result<Option<Uuid>> {
    if viewer.role() == Some(Role::SalesAgent) {
        let own = viewer.staff_id();
        if new.sales_agent_id.is_some() && new.sales_agent_id != own {
            let message = Message::SalesAgentsOwn;
            return Err(Error::fault(FaultCode::NotAvailable, "salesAgentId", message));
        }
        return Ok(own);
    }
    if let Some(agent) = new.sales_agent_id {
        check_agent(conn, viewer, agent, new.project_id).await?;
    }
    Ok(new.sales_agent_id)
}

/// An active sales agent of the project.
async fn check_agent(conn: &impl Conn, viewer: &Viewer, agent: Uuid, project_id: Uuid) -> Result<()> {
    let staff = store::staff::present(conn, viewer, agent).await?.ok_or_else(|| Error::unknown("salesAgentId"))?;
    let works_there = store::staff::works_for(conn, agent, project_id).await?;
    if staff.role != Role::SalesAgent || !staff.is_active || !works_there {
        let message = Message::SalesAgentOfProject;
        return Err(Error::fault(FaultCode::NotAvailable, "salesAgentId", message));
    }
    Ok(())
}

/// The customer with this phone. Somebody of another name whom the viewer doesn't know stays unknown: the number is then
/// kept for calling, as with families who share one, and nothing of the other is told.
async fn customer(
    services: &Services,
    tx: &Tx,
    viewer: &Viewer,
    (project_id, name, phone): (Uuid, &str, &str),
    now: DateTime<Utc>,
) -> Result<owner::Model> {
    let hash = services.vault.phone_hash(phone);
    let id = services.new_id(now);
    let new = owner::Model {
        id,
        name: name.to_owned(),
        phone_hash: Some(hash.clone()),
        phone_sealed: Some(services.vault.seal_phone(id, phone)),
        phone_masked: Some(phone::mask(phone)),
        identity_hash: None,
        identity_sealed: None,
        identity_masked: None,
        stage: OwnerStage::Prospect,
        created_at: now,
    };
    if !store::prospect::add_customer(tx, new.clone()).await? {
        let known = store::owner::by_phone_hash(tx, &hash).await?;
        let known = known.ok_or_else(|| Error::internal("a phone is taken by nobody"))?;
        if known.name == name || store::owner::by_id(tx, viewer, known.id).await?.is_some() {
            return Ok(known);
        }
        for shared in store::prospect::sharing_a_phone(tx, project_id, name, &phone::mask(phone)).await? {
            if shared.phone_sealed.as_deref().map(|it| services.vault.open_phone(shared.id, it)).transpose()?.as_deref()
                == Some(phone)
            {
                return Ok(shared);
            }
        }
        store::prospect::add_customer(tx, owner::Model { phone_hash: None, ..new.clone() }).await?;
    }
    let (reason, written) = Reason::from(Written::ReasonRegistered).kept()?;
    let first = owner_stage_change::Model {
        id: services.new_id(now),
        owner_id: id,
        from_stage: None,
        to_stage: OwnerStage::Prospect,
        reason,
        written,
        actor_kind: viewer.kind(),
        actor_id: viewer.id(),
        occurred_at: now,
    };
    store::stage::record(tx, first).await?;
    Ok(new)
}

/// A customer who was registered before: the viewer's own, or nobody's yet; a colleague's stays the colleague's.
async fn taken_over(tx: &Tx, viewer: &Viewer, row: Model, agent: Option<Uuid>) -> Result<Model> {
    let refused = || {
        let message = Message::ColleaguesCustomer;
        Error::fault(FaultCode::Conflict, "phone", message)
    };
    match (row.sales_agent_id, agent) {
        (None, Some(agent)) => {
            if !store::prospect::give(tx, &row, agent).await? {
                return Err(refused());
            }
            Ok(Model { sales_agent_id: Some(agent), ..row })
        }
        (Some(holder), Some(agent)) if holder != agent => Err(refused()),
        _ => store::prospect::by_id(tx, viewer, row.id).await?.ok_or_else(refused),
    }
}

/// Gives a potential customer to another sales agent.
pub async fn assign(services: &Services, viewer: &Viewer, prospect_id: Uuid, sales_agent_id: Uuid) -> Result<Model> {
    let tx = services.db.begin().await?;
    let row = store::prospect::by_id(&tx, viewer, prospect_id).await?.ok_or_else(|| Error::unknown("prospectId"))?;
    check_agent(&tx, viewer, sales_agent_id, row.project_id).await?;
    if !store::prospect::give(&tx, &row, sales_agent_id).await? {
        let message = Message::CustomerGivenAway;
        return Err(Error::fault(FaultCode::Conflict, "prospectId", message));
    }
    let details = json!({ "prospect": row.id, "from": row.sales_agent_id, "to": sales_agent_id });
    record(services, &tx, viewer, ("ASSIGN_PROSPECT", "Owner", row.owner_id), details).await?;
    tx.commit().await?;
    Ok(Model { sales_agent_id: Some(sales_agent_id), ..row })
}
