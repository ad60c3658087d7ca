//! Surveys: templates in versions, campaigns, invitations, answers, and the tasks that bad results open.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::prelude::Uuid};

use crate::{
    questionnaires,
    table::{create, drop_all, index, references, unique, unique_where},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        survey_templates(manager).await?;
        survey_questions(manager).await?;
        survey_campaigns(manager).await?;
        survey_cells(manager).await?;
        survey_invitations(manager).await?;
        survey_answers(manager).await?;
        improvement_tasks(manager).await?;
        questionnaires::seed(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Questions depend on each other, and SQLite empties a table row by row before it drops it.
        let mut unruled = Query::update();
        unruled.table("survey_questions").value("show_if_question_id", Option::<Uuid>::None);
        manager.execute(unruled).await?;
        drop_all(
            manager,
            &[
                "improvement_tasks",
                "survey_answers",
                "survey_invitations",
                "survey_cells",
                "survey_campaigns",
                "survey_questions",
                "survey_templates",
            ],
        )
        .await
    }
}

async fn survey_templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("survey_templates")
        .col(uuid("id").primary_key())
        .col(text("kind"))
        .col(integer("version"))
        .col(text("title"))
        .col(text("status"))
        .col(uuid_null("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("survey_templates", "created_by", "staff"));
    create(manager, table).await?;
    unique(manager, "survey_templates", &["kind", "version"]).await?;
    index(manager, "survey_templates", &["kind", "status"]).await?;
    unique_where(manager, "survey_templates", &["kind"], "status = 'ACTIVE'").await?;
    Ok(())
}

async fn survey_questions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("survey_questions")
        .col(uuid("id").primary_key())
        .col(uuid("template_id"))
        .col(integer("position"))
        .col(text("kind"))
        .col(text("dimension"))
        .col(text("prompt"))
        .col(boolean("is_required"))
        .col(json_binary_null("options"))
        .col(uuid_null("show_if_question_id"))
        .col(text_null("show_if_equals"))
        .foreign_key(&mut references("survey_questions", "template_id", "survey_templates"))
        .foreign_key(&mut references("survey_questions", "show_if_question_id", "survey_questions"));
    create(manager, table).await?;
    unique(manager, "survey_questions", &["template_id", "position"]).await?;
    Ok(())
}

async fn survey_campaigns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("survey_campaigns")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("kind"))
        .col(uuid("template_id"))
        .col(text("cohort"))
        .col(date_null("cohort_month"))
        .col(text("title"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(date_null("gathered_on"))
        .foreign_key(&mut references("survey_campaigns", "project_id", "projects"))
        .foreign_key(&mut references("survey_campaigns", "template_id", "survey_templates"));
    create(manager, table).await?;
    unique(manager, "survey_campaigns", &["project_id", "kind", "cohort"]).await?;
    index(manager, "survey_campaigns", &["closed_at", "expires_at"]).await?;
    index(manager, "survey_campaigns", &["cohort_month"]).await?;
    Ok(())
}

/// The smallest sets of responses that are ever shown.
async fn survey_cells(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("survey_cells")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("kind"))
        .col(date("first_month"))
        .col(date("last_month"))
        .col(uuid_null("ambassador_id"))
        .col(integer("response_count"))
        .col(timestamp_with_time_zone("sealed_at"))
        .foreign_key(&mut references("survey_cells", "project_id", "projects"))
        .foreign_key(&mut references("survey_cells", "ambassador_id", "staff"));
    create(manager, table).await?;
    index(manager, "survey_cells", &["project_id", "kind", "first_month"]).await?;
    Ok(())
}

async fn survey_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("survey_invitations")
        .col(uuid("id").primary_key())
        .col(uuid("campaign_id"))
        .col(uuid("project_id"))
        .col(text("kind"))
        .col(date_null("cohort_month"))
        .col(uuid_null("subject_id"))
        .col(uuid_null("owner_id"))
        .col(uuid_null("unit_id"))
        .col(uuid_null("ambassador_id"))
        .col(uuid_null("sales_agent_id"))
        .col(text("status"))
        .col(timestamp_with_time_zone("invited_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("reminded_at"))
        .col(timestamp_with_time_zone_null("saved_at"))
        .col(timestamp_with_time_zone_null("submitted_at"))
        .col(text_null("channel"))
        .col(uuid_null("interviewer_id"))
        .col(uuid_null("cell_id"))
        .foreign_key(&mut references("survey_invitations", "campaign_id", "survey_campaigns"))
        .foreign_key(&mut references("survey_invitations", "project_id", "projects"))
        .foreign_key(&mut references("survey_invitations", "owner_id", "owners"))
        .foreign_key(&mut references("survey_invitations", "unit_id", "units"))
        .foreign_key(&mut references("survey_invitations", "ambassador_id", "staff"))
        .foreign_key(&mut references("survey_invitations", "sales_agent_id", "staff"))
        .foreign_key(&mut references("survey_invitations", "interviewer_id", "staff"))
        .foreign_key(&mut references("survey_invitations", "cell_id", "survey_cells"));
    create(manager, table).await?;
    unique(manager, "survey_invitations", &["campaign_id", "subject_id"]).await?;
    index(manager, "survey_invitations", &["owner_id", "status", "id"]).await?;
    index(manager, "survey_invitations", &["project_id", "kind", "submitted_at"]).await?;
    index(manager, "survey_invitations", &["project_id", "status", "id"]).await?;
    index(manager, "survey_invitations", &["subject_id", "kind"]).await?;
    index(manager, "survey_invitations", &["cell_id"]).await?;
    index(manager, "survey_invitations", &["status", "expires_at"]).await?;
    Ok(())
}

async fn survey_answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("survey_answers")
        .col(uuid("id").primary_key())
        .col(uuid("invitation_id"))
        .col(uuid("question_id"))
        .col(text("value"))
        .col(integer_null("number"))
        .col(timestamp_with_time_zone("answered_at"))
        .foreign_key(&mut references("survey_answers", "invitation_id", "survey_invitations"))
        .foreign_key(&mut references("survey_answers", "question_id", "survey_questions"));
    create(manager, table).await?;
    unique(manager, "survey_answers", &["invitation_id", "question_id"]).await?;
    index(manager, "survey_answers", &["question_id"]).await?;
    Ok(())
}

async fn improvement_tasks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table("improvement_tasks")
        .col(uuid("id").primary_key())
        .col(uuid("project_id"))
        .col(text("department"))
        .col(uuid_null("campaign_id"))
        .col(text_null("dimension"))
        .col(text("source_key"))
        .col(text("title"))
        .col(integer_null("measured_basis_points"))
        .col(integer_null("target_basis_points"))
        .col(date("due_on"))
        .col(text("status"))
        .col(text_null("measure"))
        .col(uuid_null("completed_by"))
        .col(timestamp_with_time_zone_null("completed_at"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("improvement_tasks", "project_id", "projects"))
        .foreign_key(&mut references("improvement_tasks", "campaign_id", "survey_campaigns"))
        .foreign_key(&mut references("improvement_tasks", "completed_by", "staff"));
    create(manager, table).await?;
    unique(manager, "improvement_tasks", &["source_key"]).await?;
    index(manager, "improvement_tasks", &["project_id", "status", "id"]).await?;
    index(manager, "improvement_tasks", &["department", "status", "id"]).await?;
    Ok(())
}
