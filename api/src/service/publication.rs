//! What a project publishes: written, reviewed by two departments, shown, taken down (T1.1).

use entity::{
    publication::Model,
    publication_review,
    vocab::{PublicationKind, PublicationStatus, ReviewVerdict},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Services,
    idempotent::{Claim, Repeatable},
    record,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    domain::{
        invalid::Invalid,
        publication::{REVIEWERS, lacking},
        text,
    },
    error::{Error, Fault, FaultCode, Message, Result},
    store::{self, Conn},
};

const LONGEST_TITLE: usize = 200;
const LONGEST_BODY: usize = 20_000;
const LONGEST_COMMENT: usize = 2000;

/// Something to publish.
#[derive(Clone, Debug)]
pub struct NewPublication {
    pub project_id: Uuid,
    pub kind: PublicationKind,
    pub title: String,
    pub body: String,
    pub idempotency_key: Option<String>,
}

async fn reload(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<Model> {
    store::publication::by_id(conn, viewer, id).await?.ok_or_else(|| Error::unknown("publicationId"))
}

/// Begins a publication, as a draft.
pub async fn create(services: &Services, viewer: &Viewer, new: NewPublication) -> Result<Model> {
    let Some(staff_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffWritePublications)) };
    let title = text::required_line("title", &new.title, LONGEST_TITLE)?;
    let body = text::required("body", &new.body, LONGEST_BODY)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let call = Repeatable { key: new.idempotency_key.as_deref(), operation: "createPublication" };
    let request = format!("{} {:?} {title} {body}", new.project_id, new.kind);
    if let Claim::Done(id) = call.claim(&tx, viewer, &request, now).await? {
        return reload(&tx, viewer, id).await;
    }
    store::company::project(&tx, viewer, new.project_id).await?.ok_or_else(|| Error::unknown("projectId"))?;
    let row = Model {
        id: services.new_id(now),
        project_id: new.project_id,
        kind: new.kind,
        title,
        body,
        content_version: 1,
        status: PublicationStatus::Draft,
        published_version: None,
        published_at: None,
        created_by: staff_id,
        edited_by: staff_id,
        created_at: now,
        updated_at: now,
    };
    store::publication::insert(&tx, row.clone()).await?;
    call.complete(&tx, viewer, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

/// A new version of a text.
#[derive(Clone, Debug)]
pub struct Edit {
    pub publication_id: Uuid,
    pub title: Option<String>,
    pub body: Option<String>,
    pub expected_version: Option<i32>,
}

/// Changes what a publication says. What was approved was another text, so it is a draft again, and not on show.
pub async fn edit(services: &Services, viewer: &Viewer, edit: Edit) -> Result<Model> {
    let Some(staff_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffWritePublications)) };
    let title = edit.title.as_deref().map(|title| text::required_line("title", title, LONGEST_TITLE)).transpose()?;
    let body = edit.body.as_deref().map(|body| text::required("body", body, LONGEST_BODY)).transpose()?;
    let tx = services.db.begin().await?;
    let before = reload(&tx, viewer, edit.publication_id).await?;
    if edit.expected_version.is_some_and(|version| version != before.content_version) {
        return Err(Error::conflict());
    }
    let (title, body) = (title.unwrap_or_else(|| before.title.clone()), body.unwrap_or_else(|| before.body.clone()));
    if (&title, &body) == (&before.title, &before.body) {
        return Ok(before);
    }
    let after = Model {
        title,
        body,
        content_version: before.content_version + 1,
        status: PublicationStatus::Draft,
        edited_by: staff_id,
        updated_at: services.now(),
        ..before.clone()
    };
    if !store::publication::update(&tx, after.clone(), &before).await? {
        return Err(Error::conflict());
    }
    let details =
        json!({ "version": after.content_version, "wasPublished": before.status == PublicationStatus::Published });
    record(services, &tx, viewer, ("EDIT_PUBLICATION", "Publication", after.id), details).await?;
    tx.commit().await?;
    Ok(after)
}

/// What a department says about a version.
#[derive(Clone, Debug)]
pub struct Review {
    pub publication_id: Uuid,
    pub content_version: i32,
    pub verdict: ReviewVerdict,
    pub comment: Option<String>,
}

/// Writes down a department's verdict, over the one it gave on this version before.
pub async fn review(services: &Services, viewer: &Viewer, review: Review) -> Result<Model> {
    let Principal::Staff { id: reviewer_id, department, .. } = viewer.principal else {
        return Err(Error::Forbidden(Message::OnlyStaffReviewPublications));
    };
    let comment = text::optional("comment", review.comment.as_deref(), LONGEST_COMMENT)?;
    if review.verdict == ReviewVerdict::Rejected && comment.is_none() {
        return Err(Invalid::required("comment").into());
    }
    let tx = services.db.begin().await?;
    let publication = reload(&tx, viewer, review.publication_id).await?;
    check_reviewer(viewer, &publication)?;
    if review.content_version != publication.content_version {
        let message = Message::NotPresentVersion;
        return Err(Error::fault(FaultCode::Conflict, "contentVersion", message));
    }
    if publication.status == PublicationStatus::Published {
        return Err(stands_elsewhere(Message::WithdrawFirst));
    }
    let now = services.now();
    if !store::publication::hold(&tx, &publication, now).await? {
        return Err(Error::fault(FaultCode::Conflict, "contentVersion", Message::ChangedAtTheSameMoment));
    }
    let row = publication_review::Model {
        id: services.new_id(now),
        publication_id: publication.id,
        content_version: review.content_version,
        department,
        verdict: review.verdict,
        comment,
        reviewer_id,
        reviewed_at: now,
    };
    store::publication::say(&tx, row).await?;
    let details = json!({ "version": review.content_version, "department": department, "verdict": review.verdict });
    record(services, &tx, viewer, ("REVIEW_PUBLICATION", "Publication", publication.id), details).await?;
    tx.commit().await?;
    Ok(Model { updated_at: now, ..publication })
}

/// Two departments review, and nobody a text of their own.
fn check_reviewer(viewer: &Viewer, publication: &Model) -> Result<()> {
    let Principal::Staff { id, department, .. } = viewer.principal else {
        return Err(Error::Forbidden(Message::OnlyStaffReviewPublications));
    };
    if !REVIEWERS.contains(&department) {
        return Err(Error::Forbidden(Message::ReviewersOnly));
    }
    if [publication.created_by, publication.edited_by].contains(&id) {
        let message = Message::NotOnesOwnText;
        return Err(Error::fault(FaultCode::NotAvailable, "publicationId", message));
    }
    Ok(())
}

/// Puts a publication on show, once each reviewing department has approved its present version.
pub async fn publish(services: &Services, viewer: &Viewer, id: Uuid) -> Result<Model> {
    let tx = services.db.begin().await?;
    let before = reload(&tx, viewer, id).await?;
    if before.status == PublicationStatus::Published {
        return Err(stands_elsewhere(Message::OnShowAlready));
    }
    let now = services.now();
    let after = Model {
        status: PublicationStatus::Published,
        published_version: Some(before.content_version),
        published_at: Some(now),
        updated_at: now,
        ..before.clone()
    };
    // Taken first, so that no verdict can change between the look at them and the commit.
    if !store::publication::update(&tx, after.clone(), &before).await? {
        return Err(stands_elsewhere(Message::ChangedAtTheSameMoment));
    }
    let verdicts = store::publication::verdicts(&tx, &after).await?;
    let verdicts: Vec<_> = verdicts.iter().map(|review| (review.department, review.verdict)).collect();
    let lacking = lacking(&verdicts);
    if !lacking.is_empty() {
        let fault = |message| Fault::new(FaultCode::Incomplete, "publicationId", message);
        return Err(Error::Invalid(
            lacking.into_iter().map(|lack| fault(lack.message(after.content_version))).collect(),
        ));
    }
    let details = json!({ "version": after.content_version });
    record(services, &tx, viewer, ("PUBLISH_PUBLICATION", "Publication", id), details).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes a publication down.
pub async fn withdraw(services: &Services, viewer: &Viewer, id: Uuid, reason: &str) -> Result<Model> {
    let reason = text::required("reason", reason, LONGEST_COMMENT)?;
    let tx = services.db.begin().await?;
    let before = reload(&tx, viewer, id).await?;
    if before.status != PublicationStatus::Published {
        return Err(stands_elsewhere(Message::NotOnShow));
    }
    let after = Model { status: PublicationStatus::Withdrawn, updated_at: services.now(), ..before.clone() };
    if !store::publication::update(&tx, after.clone(), &before).await? {
        return Err(stands_elsewhere(Message::ChangedAtTheSameMoment));
    }
    record(services, &tx, viewer, ("WITHDRAW_PUBLICATION", "Publication", id), json!({ "reason": reason })).await?;
    tx.commit().await?;
    Ok(after)
}

fn stands_elsewhere(message: Message) -> Error {
    Error::fault(FaultCode::IllegalTransition, "publicationId", message)
}
