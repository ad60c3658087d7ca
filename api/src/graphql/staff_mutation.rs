//! Keeping accounts of staff: making them, changing them, sending people to projects, ending accounts, passwords.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::{
    context::Ask,
    enums::{Department, Role},
    id::Kind,
    staff::Staff,
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::Result,
    service::{
        password::{self, Credentials},
        staff::{self as service, NewStaff, StaffChange},
    },
};

/// Makes an account.
#[derive(InputObject)]
pub struct CreateStaffInput {
    /// The staff number (工号): at most 60 characters, kept in capitals, nobody else's.
    number: String,
    /// The name by which they sign in: one word of at most 60 characters, kept in small letters, nobody else's.
    login: String,
    /// The name: at most 60 characters.
    name: String,
    /// What they are.
    role: Role,
    /// The department. It must be said of managers; of the others it goes without saying.
    department: Option<Department>,
    /// The work phone, which customers see.
    work_phone: Option<String>,
    /// The projects they work for: at least one, except for group supervisors, auditors and administrators.
    #[graphql(default)]
    project_ids: Vec<ID>,
    /// A password of 10 to 128 characters. Left out, one is made and shown in the answer.
    password: Option<String>,
}

/// Changes an account. What is left out stays.
#[derive(InputObject)]
pub struct UpdateStaffInput {
    /// Whose account.
    staff_id: ID,
    /// The staff number (工号): at most 60 characters, kept in capitals, nobody else's.
    number: Option<String>,
    /// The name: at most 60 characters.
    name: Option<String>,
    /// What they are. Nobody changes their own role, and one administrator must be left.
    role: Option<Role>,
    /// The department.
    department: Option<Department>,
    /// The work phone, which customers see; an empty text takes it away.
    work_phone: Option<String>,
}

/// Sends somebody to projects.
#[derive(InputObject)]
pub struct SetStaffProjectsInput {
    /// Whom.
    staff_id: ID,
    /// Exactly these projects, at most 500. Every other one is left.
    project_ids: Vec<ID>,
}

/// Ends a member of staff's account.
#[derive(InputObject)]
pub struct DisableStaffInput {
    /// Whose account.
    staff_id: ID,
}

/// Begins an account again.
#[derive(InputObject)]
pub struct EnableStaffInput {
    /// Whose account.
    staff_id: ID,
}

/// Gives somebody another password.
#[derive(InputObject)]
pub struct ResetStaffPasswordInput {
    /// Whom.
    staff_id: ID,
    /// A password of 10 to 128 characters. Left out, one is made and shown in the answer.
    password: Option<String>,
}

/// Changes one's own password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The present one.
    current_password: String,
    /// The new one: 10 to 128 characters.
    new_password: String,
}

payloads! {
    /// The account that was changed.
    UpdateStaffPayload {
        /// The member of staff; null when the call was refused.
        staff: Staff
    }
    /// Who was sent to projects.
    SetStaffProjectsPayload {
        /// The member of staff; null when the call was refused.
        staff: Staff
    }
    /// The member of staff whose account was ended.
    DisableStaffPayload {
        /// The member of staff; null when the call was refused.
        staff: Staff
    }
    /// The account that begins again.
    EnableStaffPayload {
        /// The member of staff; null when the call was refused.
        staff: Staff
    }
}

/// The account that was made, and its password.
#[derive(SimpleObject)]
pub struct CreateStaffPayload {
    /// The member of staff; null when the call was refused.
    staff: Option<Staff>,
    /// The password that was made. It is shown this once; null when you chose one, or the call was refused.
    password: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Whose password was reset, and the new one.
#[derive(SimpleObject)]
pub struct ResetStaffPasswordPayload {
    /// The member of staff; null when the call was refused.
    staff: Option<Staff>,
    /// The password that was made. It is shown this once; null when you chose one, or the call was refused.
    password: Option<String>,
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Whether the password was changed.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// What is wrong with the call; empty when it was carried out.
    user_errors: Vec<UserError>,
}

/// Keeping accounts.
#[derive(Default)]
pub struct StaffMutations;

#[Object]
impl StaffMutations {
    /// Makes an account. The password in the answer is shown this once: if the answer is lost, the number is taken by then; find the account and reset its password.
    async fn create_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateStaffInput,
    ) -> Result<CreateStaffPayload> {
        let request = ctx.ask();
        let outcome = async {
            let new = NewStaff {
                project_ids: projects(&input.project_ids)?,
                number: input.number,
                login: input.login,
                name: input.name,
                role: input.role.into(),
                department: input.department.map(Into::into),
                work_phone: input.work_phone,
                password: input.password,
            };
            service::create(&request.services, &request.viewer, new).await
        };
        let (made, user_errors) = settle(outcome.await)?;
        let (staff, password) = apart(made);
        Ok(CreateStaffPayload { staff, password, user_errors })
    }

    /// Changes an account. With another role or department every session ends, open subscriptions too, and what they may not hold any more goes back: tickets to the queue, households, buildings, shifts and visits to nobody until somebody is named.
    async fn update_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: UpdateStaffInput,
    ) -> Result<UpdateStaffPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Staff.read("staffId", &input.staff_id)?;
            let change = StaffChange {
                number: input.number,
                name: input.name,
                role: input.role.map(Into::into),
                department: input.department.map(Into::into),
                work_phone: input.work_phone,
            };
            service::update(&request.services, &request.viewer, id, change).await
        };
        UpdateStaffPayload::of(outcome.await)
    }

    /// Sends somebody to projects, and takes them out of all others. What they hold there goes back at once, as with another role; what they see there is gone, from open subscriptions too.
    async fn set_staff_projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: SetStaffProjectsInput,
    ) -> Result<SetStaffProjectsPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Staff.read("staffId", &input.staff_id)?;
            let projects = projects(&input.project_ids)?;
            service::set_projects(&request.services, &request.viewer, id, projects).await
        };
        SetStaffProjectsPayload::of(outcome.await)
    }

    /// Ends a member of staff's account: open sessions and subscriptions end, tickets in their hands go back to the queue, and households, buildings, shifts and visits to nobody until somebody is named. One administrator must be left.
    async fn disable_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: DisableStaffInput,
    ) -> Result<DisableStaffPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Staff.read("staffId", &input.staff_id)?;
            service::disable(&request.services, &request.viewer, id).await
        };
        DisableStaffPayload::of(outcome.await)
    }

    /// Begins an account again that was ended, with the role, the projects and the password that it had. What went back stays with others.
    async fn enable_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: EnableStaffInput,
    ) -> Result<EnableStaffPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Staff.read("staffId", &input.staff_id)?;
            service::enable(&request.services, &request.viewer, id).await
        };
        EnableStaffPayload::of(outcome.await)
    }

    /// Gives somebody another password. Every session of theirs ends, and whoever was locked out by wrong tries may try again.
    async fn reset_staff_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ResetStaffPasswordInput,
    ) -> Result<ResetStaffPasswordPayload> {
        let request = ctx.ask();
        let outcome = async {
            let id = Kind::Staff.read("staffId", &input.staff_id)?;
            password::reset(&request.services, &request.viewer, id, input.password).await
        };
        let (made, user_errors) = settle(outcome.await)?;
        let (staff, password) = apart(made);
        Ok(ResetStaffPasswordPayload { staff, password, user_errors })
    }

    /// Changes your own password, for which you give the present one. Every other session of yours ends.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let request = ctx.ask();
        let given = (input.current_password.as_str(), input.new_password);
        let changed = password::change(&request.services, &request.viewer, given, request.address).await;
        let (_, user_errors) = settle(changed)?;
        Ok(ChangePasswordPayload { user_errors })
    }
}

fn projects(ids: &[ID]) -> Result<Vec<Uuid>> {
    ids.iter().map(|id| Kind::Project.read("projectIds", id)).collect()
}

fn apart(made: Option<Credentials>) -> (Option<Staff>, Option<String>) {
    match made {
        Some(made) => (Some(made.staff.into()), made.password),
        None => (None, None),
    }
}
