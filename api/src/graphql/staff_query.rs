//! The roster, whole.

use async_graphql::{Context, ID, InputObject, Object};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    enums::{Department, Role},
    id::Kind,
    staff::Staff,
};
use crate::{
    auth::{policy::may_administer, viewer::Viewer},
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, account::StaffFilter},
};

const LONGEST_SEARCH: usize = 60;

/// The most values in one list of a filter.
const MOST_VALUES: usize = 10;

/// Narrows the roster. What is left out does not narrow it; several conditions must all hold.
#[derive(InputObject, Default)]
#[graphql(name = "StaffFilter")]
pub struct StaffFilterInput {
    /// In one of these roles.
    roles: Option<Vec<Role>>,
    /// Of this department.
    department: Option<Department>,
    /// Working for this project.
    project_id: Option<ID>,
    /// True: only accounts in use; false: only those that were ended.
    is_active: Option<bool>,
    /// Part of the number or the name, and for administrators of the login; at most 60 characters.
    search: Option<String>,
}

impl StaffFilterInput {
    fn read(self, viewer: &Viewer) -> Result<StaffFilter> {
        let roles = self.roles.unwrap_or_default();
        if roles.len() > MOST_VALUES {
            let message = Message::AtMostValues { most: MOST_VALUES.into() };
            return Err(Error::fault(FaultCode::OutOfRange, "filter.roles", message));
        }
        Ok(StaffFilter {
            roles: roles.into_iter().map(Into::into).collect(),
            department: self.department.map(Into::into),
            project_id: Kind::Project.read_optional("filter.projectId", self.project_id.as_ref())?,
            is_active: self.is_active,
            search: text::optional_line("filter.search", self.search.as_deref(), LONGEST_SEARCH)?,
            knows_logins: may_administer(viewer),
        })
    }
}

/// Reading the roster.
#[derive(Default)]
pub struct StaffQueries;

#[Object]
impl StaffQueries {
    /// The roster as far as you may see it, the first engaged first: managers see the colleagues of their projects. Accounts that were ended are in it too.
    #[allow(clippy::too_many_arguments)]
    async fn staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Narrows the list.")] filter: Option<StaffFilterInput>,
    ) -> Result<Counted<Staff>> {
        let viewer = &ctx.ask().viewer;
        let filter = filter.unwrap_or_default().read(viewer)?;
        listed(ctx, store::account::list(viewer, &filter), page(first, after, last, before)?).await
    }
}
