//! Who sees surveys. Customers see their own; what one customer answered is read by the customer, by whoever asked on the
//! customer's behalf, and by the group, which runs the surveys. Everybody else sees results, and only of enough people.

use entity::{
    improvement_task, survey_answer, survey_campaign, survey_cell, survey_invitation, survey_question, survey_template,
    vocab::{Department, SurveyKind},
};
use sea_orm::{ColumnTrait, Condition, sea_query::SelectStatement};
use uuid::Uuid;

use super::{
    Reach, Scoped, everything,
    lists::{ids, projects_of_staff},
    nothing, reach, serves_customers,
};
use crate::{auth::viewer::Viewer, domain::survey::responsible::concerning};

impl Scoped for survey_invitation::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use survey_invitation::Column;
        match reach(viewer) {
            Reach::Everything => everything(),
            Reach::Owner(id) => Condition::all().add(Column::OwnerId.eq(id)),
            Reach::Projects(id, department) => concerns(id, department, Column::ProjectId, Column::Kind),
            // What one's own customers say about one is not for oneself to read.
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
        }
    }
}

/// The surveys of one's projects that concern one's department.
fn concerns(staff: Uuid, department: Department, project: impl ColumnTrait, kind: impl ColumnTrait) -> Condition {
    let kinds: Vec<SurveyKind> = concerning(department);
    if kinds.is_empty() {
        return nothing();
    }
    Condition::all().add(project.in_subquery(projects_of_staff(staff))).add(kind.is_in(kinds))
}

impl Scoped for survey_answer::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use survey_invitation::Column;
        let asked_by = match reach(viewer) {
            Reach::Everything => return everything(),
            Reach::Owner(id) => Condition::all().add(Column::OwnerId.eq(id)),
            Reach::Projects(id, _) => survey_invitation::Entity::scope(viewer).add(Column::InterviewerId.eq(id)),
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => return nothing(),
        };
        let invitations = ids::<survey_invitation::Entity>(Column::Id, asked_by);
        Condition::all().add(survey_answer::Column::InvitationId.in_subquery(invitations))
    }
}

impl Scoped for survey_campaign::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use survey_campaign::Column;
        match reach(viewer) {
            Reach::Everything => everything(),
            Reach::Owner(id) => Condition::all().add(Column::Id.in_subquery(campaigns_of(id))),
            Reach::Projects(id, department) => concerns(id, department, Column::ProjectId, Column::Kind),
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
        }
    }
}

fn campaigns_of(owner: Uuid) -> SelectStatement {
    use survey_invitation::Column;
    ids::<survey_invitation::Entity>(Column::CampaignId, Condition::all().add(Column::OwnerId.eq(owner)))
}

impl Scoped for survey_cell::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use survey_cell::Column;
        match reach(viewer) {
            Reach::Everything => everything(),
            Reach::Projects(id, department) => concerns(id, department, Column::ProjectId, Column::Kind),
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
        }
    }
}

/// The questionnaires that a viewer reads, by id. Owners read those that they were asked.
fn templates(viewer: &Viewer, column: impl ColumnTrait) -> Condition {
    match reach(viewer) {
        Reach::Everything | Reach::Configuration(_) | Reach::Projects(..) => everything(),
        Reach::Owner(_) => {
            let asked = ids::<survey_campaign::Entity>(
                survey_campaign::Column::TemplateId,
                survey_campaign::Entity::scope(viewer),
            );
            Condition::all().add(column.in_subquery(asked))
        }
        Reach::Nothing | Reach::Partner(_) | Reach::Households(_) | Reach::Assigned(_) => nothing(),
    }
}

impl Scoped for survey_template::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        templates(viewer, survey_template::Column::Id)
    }
}

impl Scoped for survey_question::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        templates(viewer, survey_question::Column::TemplateId)
    }
}

impl Scoped for improvement_task::Entity {
    fn scope(viewer: &Viewer) -> Condition {
        use improvement_task::Column;
        match reach(viewer) {
            Reach::Everything => everything(),
            Reach::Projects(id, department) => {
                let own = Condition::all().add(Column::ProjectId.in_subquery(projects_of_staff(id)));
                if serves_customers(department) { own } else { own.add(Column::Department.eq(department)) }
            }
            Reach::Nothing
            | Reach::Partner(_)
            | Reach::Configuration(_)
            | Reach::Owner(_)
            | Reach::Households(_)
            | Reach::Assigned(_) => nothing(),
        }
    }
}
