//! The list of projects, and keeping it.

use async_graphql::{Context, ID, InputObject, Object};

use super::{
    connection::{Counted, listed, page},
    context::Ask,
    id::Kind,
    unit::Project,
    user_error::payloads,
};
use crate::{
    domain::text,
    error::Result,
    service::project::{self as service, NewProject, ProjectChange},
    store,
};

const LONGEST_SEARCH: usize = 60;

/// Enters a project.
#[derive(InputObject)]
pub struct CreateProjectInput {
    /// The short code that ticket numbers start with: 2 to 8 letters and digits, with a letter among them, kept in capitals. It is never changed.
    code: String,
    /// The name: at most 60 characters, that of no other project. Ledgers and rosters name the project so.
    name: String,
    /// The IANA name of the time zone in which the project's days are counted.
    #[graphql(default_with = "\"Asia/Shanghai\".to_owned()")]
    time_zone: String,
}

/// Changes a project. What is left out stays.
#[derive(InputObject)]
pub struct UpdateProjectInput {
    /// The project.
    project_id: ID,
    /// The name: at most 60 characters, that of no other project. A ledger that is loaded later must name the project so: another name is another project's.
    name: Option<String>,
    /// The IANA name of the time zone in which the project's days are counted from now on; what was written down as a day stays. Refused once a month of the project is closed.
    time_zone: Option<String>,
}

payloads! {
    /// The project that was entered.
    CreateProjectPayload {
        /// The project; null when the call was refused.
        project: Project
    }
    /// The project that was changed.
    UpdateProjectPayload {
        /// The project; null when the call was refused.
        project: Project
    }
}

/// Reading the list of projects.
#[derive(Default)]
pub struct ProjectQueries;

#[Object]
impl ProjectQueries {
    /// The company's projects, the first entered first. Everybody else finds the own ones at `viewer`.
    #[allow(clippy::too_many_arguments)]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
        #[graphql(desc = "Part of the code or the name; at most 60 characters.")] search: Option<String>,
    ) -> Result<Counted<Project>> {
        let search = text::optional_line("search", search.as_deref(), LONGEST_SEARCH)?;
        let list = store::company::list(&ctx.ask().viewer, search.as_deref());
        listed(ctx, list, page(first, after, last, before)?).await
    }
}

/// Keeping the list of projects.
#[derive(Default)]
pub struct ProjectMutations;

#[Object]
impl ProjectMutations {
    /// Enters a project. Its buildings and homes come with the ledger; staff are sent to it by `setStaffProjects`.
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateProjectInput,
    ) -> Result<CreateProjectPayload> {
        let request = ctx.ask();
        let new = NewProject { code: input.code, name: input.name, time_zone: input.time_zone };
        CreateProjectPayload::of(service::create(&request.services, &request.viewer, new).await)
    }

    /// Changes a project's name or time zone.
    async fn update_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateProjectInput,
    ) -> Result<UpdateProjectPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Project.read("projectId", &input.project_id)?;
            let change = ProjectChange { name: input.name, time_zone: input.time_zone };
            service::update(&request.services, &request.viewer, id, change).await
        };
        UpdateProjectPayload::of(outcome.await)
    }
}
