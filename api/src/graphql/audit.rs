//! The audit log as supervisors read it.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::audit_entry;
use uuid::Uuid;

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::PrincipalKind,
    id::{Kind, decode},
    loaders::{OwnerOf, StaffOf},
    scalar::optional_instant,
    ticket_event::Actor,
};
use crate::{
    domain::text,
    error::{Error, Result},
    store::audit,
};

const LONGEST_ACTION: usize = 60;

/// An entry of the audit log.
pub struct AuditEntry(pub audit_entry::Model);

impl From<audit_entry::Model> for AuditEntry {
    fn from(row: audit_entry::Model) -> Self {
        Self(row)
    }
}

/// Who did what, and to what. Entries are never changed or removed. Supervisors and auditors see all; the administrator sees what is about the company and not about customers.
#[Object]
impl AuditEntry {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::AuditEntry.id(self.0.id)
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// What was done, in capitals, such as `REVEAL_PHONE`. New words may be added.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// What kind of principal did it.
    async fn actor_kind(&self) -> PrincipalKind {
        self.0.actor_kind.into()
    }

    /// Who did it; null when a job did, a partner, or somebody who is not visible to you.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<Actor>> {
        use entity::vocab::PrincipalKind::{Owner, Partner, Staff, System};
        match self.0.actor_kind {
            Owner => ctx.ask().find(OwnerOf(self.0.actor_id?), Actor::owner).await,
            Staff => ctx.ask().find(StaffOf(self.0.actor_id?), Actor::staff).await,
            Partner | System => None,
        }
    }

    /// The type of what it was done to, such as `Owner`.
    async fn object_type(&self) -> &str {
        &self.0.object_type
    }

    /// The global id of what it was done to; null when it was no single thing.
    async fn object_id(&self) -> Option<ID> {
        let kind = Kind::ALL.iter().find(|kind| format!("{kind:?}") == self.0.object_type)?;
        self.0.object_id.map(|id| kind.id(id))
    }

    /// More about it, as the text of a JSON object, such as the reason given. It holds no personal number.
    async fn details(&self) -> Option<String> {
        self.0.details.as_ref().map(ToString::to_string)
    }
}

/// Which entries to list. Conditions add up.
#[derive(InputObject, Default)]
pub struct AuditFilter {
    /// Only what this member of staff or owner did.
    actor_id: Option<ID>,
    /// Only what was done to the thing with this global id.
    object_id: Option<ID>,
    /// Only this action, such as `REVEAL_PHONE`.
    action: Option<String>,
    /// Only what happened at or after this instant.
    from: Option<DateTime<Utc>>,
    /// Only what happened before this instant.
    to: Option<DateTime<Utc>>,
}

impl AuditFilter {
    fn read(self) -> Result<audit::AuditFilter> {
        Ok(audit::AuditFilter {
            actor_id: any("filter.actorId", self.actor_id.as_ref())?,
            object_id: any("filter.objectId", self.object_id.as_ref())?,
            action: text::optional_line("action", self.action.as_deref(), LONGEST_ACTION)?,
            from: optional_instant("filter.from", self.from)?,
            to: optional_instant("filter.to", self.to)?,
        })
    }
}

/// The id of a thing of whatever kind.
fn any(field: &str, id: Option<&ID>) -> Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    decode(id).map(|(_, id)| Some(id)).ok_or_else(|| Error::unknown(field))
}

/// The audit log.
#[derive(Default)]
pub struct AuditQueries;

#[Object]
impl AuditQueries {
    /// The audit log, the newest first.
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries; all that you may see when left out.")] filter: Option<AuditFilter>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<Counted<AuditEntry>> {
        let page = page(first, after, last, before)?;
        let filter = filter.unwrap_or_default().read()?;
        listed(ctx, audit::list(&ctx.ask().viewer, filter), page).await
    }
}
