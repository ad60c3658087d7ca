//! What a sales site has on show, and where its show homes deviate from what is delivered (T1.2).

use entity::{disclosure::Model, show_home_deviation::Model as Deviation, vocab::DisclosureKind};
use serde_json::json;
use uuid::Uuid;

use super::{Services, record};
use crate::{
    auth::viewer::Viewer,
    domain::{
        disclosure::{is_certificate, is_shown_once},
        invalid::Invalid,
        text,
    },
    error::{Error, FaultCode, Message, Result},
    store::{self, Conn},
};

const LONGEST_TITLE: usize = 200;
const LONGEST_BODY: usize = 20_000;
const LONGEST_TEXT: usize = 500;

/// Something to put on show.
#[derive(Clone, Debug)]
pub struct NewDisclosure {
    pub project_id: Uuid,
    pub kind: DisclosureKind,
    pub title: String,
    pub body: String,
    pub document_number: Option<String>,
}

/// Puts something on show, in the place of what stood there before if there is one place.
pub async fn publish(services: &Services, viewer: &Viewer, new: NewDisclosure) -> Result<Model> {
    let Some(staff_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffPublishDisclosures)) };
    let title = text::required_line("title", &new.title, LONGEST_TITLE)?;
    let body = text::required("body", &new.body, LONGEST_BODY)?;
    let document_number = text::optional_line("documentNumber", new.document_number.as_deref(), LONGEST_TITLE)?;
    if is_certificate(new.kind) && document_number.is_none() {
        return Err(Invalid::required("documentNumber").into());
    }
    let now = services.now();
    let tx = services.db.begin().await?;
    own_project(&tx, viewer, new.project_id).await?;
    if is_shown_once(new.kind) {
        store::disclosure::replace(&tx, new.project_id, new.kind, now).await?;
    }
    let row = Model {
        id: services.new_id(now),
        project_id: new.project_id,
        kind: new.kind,
        title,
        body,
        document_number,
        published_at: Some(now),
        withdrawn_at: None,
        created_by: staff_id,
        created_at: now,
    };
    if !store::disclosure::insert(&tx, row.clone()).await? {
        return Err(Error::fault(FaultCode::Conflict, "kind", Message::PutUpMeanwhile));
    }
    let details = json!({ "kind": row.kind, "documentNumber": row.document_number });
    record(services, &tx, viewer, ("PUBLISH_DISCLOSURE", "Disclosure", row.id), details).await?;
    tx.commit().await?;
    Ok(row)
}

async fn own_project(conn: &impl Conn, viewer: &Viewer, id: Uuid) -> Result<()> {
    store::company::project(conn, viewer, id).await?.map(drop).ok_or_else(|| Error::unknown("projectId"))
}

/// Takes something down.
pub async fn withdraw(services: &Services, viewer: &Viewer, id: Uuid, reason: &str) -> Result<Model> {
    let reason = text::required("reason", reason, LONGEST_TEXT)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let row = store::disclosure::by_id(&tx, viewer, id).await?.ok_or_else(|| Error::unknown("disclosureId"))?;
    if !store::disclosure::withdraw(&tx, id, now).await? {
        return Err(Error::fault(FaultCode::IllegalTransition, "disclosureId", Message::NotOnShowAnyMore));
    }
    record(services, &tx, viewer, ("WITHDRAW_DISCLOSURE", "Disclosure", id), json!({ "reason": reason })).await?;
    tx.commit().await?;
    Ok(Model { withdrawn_at: Some(now), ..row })
}

/// Where a show home is not like what is delivered.
#[derive(Clone, Debug)]
pub struct NewDeviation {
    pub project_id: Uuid,
    pub place: String,
    pub drawing_says: String,
    pub show_home_shows: String,
    pub notice_id: Option<Uuid>,
}

/// Writes a deviation down, with the notice that tells customers of it when there is one already.
pub async fn record_deviation(services: &Services, viewer: &Viewer, new: NewDeviation) -> Result<Deviation> {
    let Some(staff_id) = viewer.staff_id() else { return Err(Error::Forbidden(Message::OnlyStaffRecordDeviations)) };
    let place = text::required_line("place", &new.place, LONGEST_TITLE)?;
    let drawing_says = text::required("drawingSays", &new.drawing_says, LONGEST_TEXT)?;
    let show_home_shows = text::required("showHomeShows", &new.show_home_shows, LONGEST_TEXT)?;
    let now = services.now();
    let tx = services.db.begin().await?;
    own_project(&tx, viewer, new.project_id).await?;
    if let Some(notice_id) = new.notice_id {
        check_notice(&tx, viewer, new.project_id, notice_id).await?;
    }
    let row = Deviation {
        id: services.new_id(now),
        project_id: new.project_id,
        place,
        drawing_says,
        show_home_shows,
        notice_id: new.notice_id,
        created_by: staff_id,
        created_at: now,
    };
    store::disclosure::insert_deviation(&tx, row.clone()).await?;
    tx.commit().await?;
    Ok(row)
}

/// Says which notice tells customers of a deviation.
pub async fn attach_notice(
    services: &Services,
    viewer: &Viewer,
    deviation_id: Uuid,
    notice_id: Uuid,
) -> Result<Deviation> {
    let tx = services.db.begin().await?;
    let row = store::disclosure::deviation(&tx, viewer, deviation_id).await?;
    let row = row.ok_or_else(|| Error::unknown("deviationId"))?;
    check_notice(&tx, viewer, row.project_id, notice_id).await?;
    store::disclosure::set_notice(&tx, deviation_id, notice_id).await?;
    record(services, &tx, viewer, ("ATTACH_NOTICE", "ShowHomeDeviation", row.id), json!({ "notice": notice_id }))
        .await?;
    tx.commit().await?;
    Ok(Deviation { notice_id: Some(notice_id), ..row })
}

/// A notice is on show in the same project, and is one of deviations.
async fn check_notice(conn: &impl Conn, viewer: &Viewer, project_id: Uuid, notice_id: Uuid) -> Result<()> {
    let notice = store::disclosure::by_id(conn, viewer, notice_id).await?;
    let notice = notice.filter(|notice| notice.project_id == project_id).ok_or_else(|| Error::unknown("noticeId"))?;
    if notice.kind != DisclosureKind::ShowHomeDeviation || notice.withdrawn_at.is_some() {
        let message = Message::DeviationNotice;
        return Err(Error::fault(FaultCode::Invalid, "noticeId", message));
    }
    Ok(())
}
