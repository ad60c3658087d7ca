//! A member of staff as the API shows one.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::{staff, vocab};
use uuid::Uuid;

use super::{
    connection::{Counted, page},
    context::{Ask, RequestContext},
    enums::{Department, Role},
    id::Kind,
    loaders::{IsMyAmbassador, ProjectsOfStaff, TrainingsOfStaff},
    owner::units,
    training::Training,
    unit::{Project, Unit},
};
use crate::{
    auth::policy::may_administer,
    domain::{phone, text},
    error::Result,
    service::Services,
    store::{self, ticket::TicketFilter, unit::UnitFilter},
};

/// A member of staff.
pub struct Staff(pub staff::Model);

impl From<staff::Model> for Staff {
    fn from(row: staff::Model) -> Self {
        Self(row)
    }
}

/// A member of staff. Owners see their own ambassador and whoever worked on their tickets; staff see their colleagues.
#[Object]
impl Staff {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        Kind::Staff.id(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What they are.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The department they belong to.
    async fn department(&self) -> Department {
        self.0.department.into()
    }

    /// The work phone. Owners see that of their own ambassador.
    async fn work_phone(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        let is_shown = match ctx.ask().viewer.owner_id() {
            None => Ok(true),
            Some(_) => ctx.ask().load(IsMyAmbassador(self.0.id)).await.map(Option::unwrap_or_default),
        };
        is_shown.map(|is_shown| self.0.work_phone.as_deref().filter(|_| is_shown)).transpose()
    }

    /// Whether the account is in use.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// The staff number (工号). Null for owners.
    async fn number(&self, ctx: &Context<'_>) -> Option<&str> {
        ctx.ask().viewer.staff_id().map(|_| self.0.number.as_str())
    }

    /// The name by which they sign in. For administrators, and for oneself; null for everybody else.
    async fn login(&self, ctx: &Context<'_>) -> Option<&str> {
        let request = ctx.ask();
        (may_administer(&request.viewer) || self.is_viewer(request)).then_some(&self.0.login)
    }

    /// Whether they have a password; without one nobody signs in. For administrators; null for everybody else.
    async fn has_password(&self, ctx: &Context<'_>) -> Option<bool> {
        may_administer(&ctx.ask().viewer).then_some(self.0.password_hash.is_some())
    }

    /// When the account was ended; null while it is in use, and for owners.
    async fn disabled_at(&self, ctx: &Context<'_>) -> Option<DateTime<Utc>> {
        ctx.ask().viewer.staff_id().and(self.0.disabled_at)
    }

    /// The projects they work for, as far as you see them. Empty for owners.
    async fn projects(&self, ctx: &Context<'_>) -> Result<Vec<Project>> {
        let request = ctx.ask();
        if request.viewer.staff_id().is_none() {
            return Ok(Vec::new());
        }
        let rows = request.load(ProjectsOfStaff(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Project).collect())
    }

    /// The trainings they passed, the one that is valid longest first. Your own; those of your projects' staff as a manager; empty for owners and other colleagues.
    async fn trainings(&self, ctx: &Context<'_>) -> Result<Vec<Training>> {
        let rows = ctx.ask().load(TrainingsOfStaff(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Training::from).collect())
    }

    /// How many tickets in the queue are neither closed nor cancelled: one's own queue for oneself, the tickets assigned to them for a colleague. Null for owners.
    async fn open_ticket_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        self.count(ctx.ask(), TicketFilter { open: Some(true), ..TicketFilter::default() }).await
    }

    /// How many of those have a running deadline that has passed. Null for owners.
    async fn overdue_ticket_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        self.count(ctx.ask(), TicketFilter { overdue: Some(true), ..TicketFilter::default() }).await
    }

    /// How many households they answer for: the assigned ones of an ambassador, otherwise all that are visible to them. Null for owners, and for colleagues who are no ambassadors.
    async fn household_count(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        let request = ctx.ask();
        if request.viewer.staff_id().is_none() || !(self.is_viewer(request) || self.0.role == vocab::Role::Ambassador) {
            return None;
        }
        let count = store::unit::count(request.services.db.reader(), &request.viewer, &self.household_filter()).await;
        Some(count.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }

    /// The households they answer for, as far as you see them; those of a colleague who is no ambassador are none.
    async fn households(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Part of the unit's code or of an owner's name, or an owner's whole phone number.")]
        search: Option<String>,
    ) -> Result<Counted<Unit>> {
        let request = ctx.ask();
        let page = page(first, after, last, before)?;
        let filter = searched(&request.services, self.visible_households(request), search.as_deref())?;
        units(ctx, filter, page).await
    }
}

/// The homes that somebody answers for: an ambassador the assigned ones, and everybody else all that they see.
pub(super) fn households_of(staff_id: Uuid, role: vocab::Role) -> UnitFilter {
    let ambassador_id = (role == vocab::Role::Ambassador).then_some(staff_id);
    UnitFilter { ambassador_id, ..UnitFilter::default() }
}

/// Those of the homes in which a client's search finds something.
pub(super) fn searched(services: &Services, homes: UnitFilter, search: Option<&str>) -> Result<UnitFilter> {
    let search = text::optional_line("search", search, 60)?;
    let phone = search.as_deref().and_then(phone::normalize);
    let phone_hash = phone.map(|phone| services.vault.phone_hash(&phone));
    Ok(UnitFilter { search, phone_hash, ..homes })
}

impl Staff {
    fn is_viewer(&self, request: &RequestContext) -> bool {
        request.viewer.staff_id() == Some(self.0.id)
    }

    fn household_filter(&self) -> UnitFilter {
        households_of(self.0.id, self.0.role)
    }

    /// A colleague who is no ambassador has no households, which the assignment to them says.
    fn visible_households(&self, request: &RequestContext) -> UnitFilter {
        if self.is_viewer(request) {
            self.household_filter()
        } else {
            UnitFilter { ambassador_id: Some(self.0.id), ..UnitFilter::default() }
        }
    }

    async fn count(&self, request: &RequestContext, filter: TicketFilter) -> Option<Result<i32>> {
        request.viewer.staff_id()?;
        let assignee_id = (!self.is_viewer(request)).then_some(self.0.id);
        let filter = TicketFilter { assignee_id, ..filter };
        let count = store::ticket::count(request.services.db.reader(), &request.viewer, &filter, request.now()).await;
        Some(count.map(|count| i32::try_from(count).unwrap_or(i32::MAX)))
    }
}
