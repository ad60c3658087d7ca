//! Writing standard answers (常见问题): drafted, published, changed in versions, retired.

use entity::{
    knowledge_article,
    vocab::{ArticleAudience, ArticleStatus, Role, TicketCategory},
};
use serde_json::json;
use uuid::Uuid;

use super::Services;
use crate::{
    auth::viewer::Viewer,
    domain::text,
    error::{Error, FaultCode, Message, Result},
    store::{self, audit::Act, db::Tx},
};

const LONGEST_TITLE: usize = 120;
const LONGEST_BODY: usize = 10_000;

/// An article to write.
#[derive(Clone, Debug)]
pub struct NewArticle {
    /// None when it holds everywhere.
    pub project_id: Option<Uuid>,
    pub title: String,
    pub body: String,
    pub category: Option<TicketCategory>,
    pub audience: ArticleAudience,
}

/// What to change about an article; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct ArticleChanges {
    pub title: Option<String>,
    pub body: Option<String>,
    pub category: Option<TicketCategory>,
    pub audience: Option<ArticleAudience>,
    pub expected_version: Option<i32>,
}

/// Drafts an article.
pub async fn create(services: &Services, viewer: &Viewer, new: NewArticle) -> Result<knowledge_article::Model> {
    let Some(author_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffWriteAnswers)) };
    let now = services.now();
    let tx = services.db.begin().await?;
    match new.project_id {
        Some(id) => {
            store::company::project(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("projectId"))?;
        }
        None => may_write(viewer, None)?,
    }
    let row = knowledge_article::Model {
        id: services.new_id(now),
        project_id: new.project_id,
        title: text::required_line("title", &new.title, LONGEST_TITLE)?,
        body: text::required("body", &new.body, LONGEST_BODY)?,
        category: new.category,
        audience: new.audience,
        status: ArticleStatus::Draft,
        version: 1,
        author_id,
        created_at: now,
        updated_at: now,
    };
    store::article::insert(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// What holds everywhere is the administrator's to say.
fn may_write(viewer: &Viewer, project_id: Option<Uuid>) -> Result<()> {
    if project_id.is_some() || viewer.role() == Some(Role::Admin) {
        Ok(())
    } else {
        Err(Error::fault(FaultCode::Required, "projectId", Message::NameOneOfYourProjects))
    }
}

/// An article that the viewer may change.
async fn theirs(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<knowledge_article::Model> {
    let row = store::article::by_id(tx, viewer, id).await?.ok_or_else(|| Error::unknown("articleId"))?;
    if row.project_id.is_none() && viewer.role() != Some(Role::Admin) {
        return Err(Error::Forbidden(Message::ArticleOfAdministrator));
    }
    Ok(row)
}

/// Changes an article. A published one stays so, in its next version; to change it is a manager's or administrator's.
pub async fn update(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    changes: ArticleChanges,
) -> Result<knowledge_article::Model> {
    let tx = services.db.begin().await?;
    let before = theirs(&tx, viewer, id).await?;
    if changes.expected_version.is_some_and(|version| version != before.version) {
        return Err(Error::conflict());
    }
    if before.status == ArticleStatus::Published && viewer.role() == Some(Role::ServiceAgent) {
        return Err(Error::Forbidden(Message::PublishedByManager));
    }
    let mut row = before.clone();
    if let Some(title) = changes.title {
        row.title = text::required_line("title", &title, LONGEST_TITLE)?;
    }
    if let Some(body) = changes.body {
        row.body = text::required("body", &body, LONGEST_BODY)?;
    }
    row.category = changes.category.or(row.category);
    row.audience = changes.audience.unwrap_or(row.audience);
    save(services, tx, viewer, before, row, "UPDATE_ARTICLE").await
}

/// Publishes a draft, or brings a retired answer back.
pub async fn publish(services: &Services, viewer: &Viewer, id: Uuid) -> Result<knowledge_article::Model> {
    let published = ArticleStatus::Published;
    turn(services, viewer, id, (&[ArticleStatus::Draft, ArticleStatus::Retired], published), "PUBLISH_ARTICLE").await
}

/// Takes an answer back that does not hold any more.
pub async fn retire(services: &Services, viewer: &Viewer, id: Uuid) -> Result<knowledge_article::Model> {
    let retired = ArticleStatus::Retired;
    turn(services, viewer, id, (&[ArticleStatus::Draft, ArticleStatus::Published], retired), "RETIRE_ARTICLE").await
}

async fn turn(
    services: &Services,
    viewer: &Viewer,
    id: Uuid,
    (from, to): (&[ArticleStatus], ArticleStatus),
    action: &str,
) -> Result<knowledge_article::Model> {
    let tx = services.db.begin().await?;
    let before = theirs(&tx, viewer, id).await?;
    if !from.contains(&before.status) {
        let message = Message::ArticleStands { status: before.status.into() };
        return Err(Error::fault(FaultCode::IllegalTransition, "articleId", message));
    }
    let row = knowledge_article::Model { status: to, ..before.clone() };
    save(services, tx, viewer, before, row, action).await
}

async fn save(
    services: &Services,
    tx: Tx,
    viewer: &Viewer,
    before: knowledge_article::Model,
    mut row: knowledge_article::Model,
    action: &str,
) -> Result<knowledge_article::Model> {
    let now = services.now();
    row.version = before.version + 1;
    row.updated_at = now;
    if !store::article::update(&tx, row.clone(), before.version).await? {
        return Err(Error::conflict());
    }
    let act = Act {
        id: services.new_id(now),
        at: now,
        action,
        object_type: "Article",
        object_id: Some(row.id),
        details: Some(json!({ "version": row.version, "status": row.status })),
    };
    store::audit::record(&tx, viewer, act).await?;
    tx.commit().await?;
    Ok(row)
}
