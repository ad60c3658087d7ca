//! Surveys by global id.

use uuid::Uuid;

use super::{ImprovementTask, Survey, SurveyInvitation, SurveyQuestion, SurveyTemplate};
use crate::{
    error::Result,
    graphql::{context::RequestContext, id::Kind, node::Node},
    store::survey::{campaign, improvement, invitation, template},
};

/// What the viewer may see of this kind under this id.
pub async fn find(request: &RequestContext, kind: Kind, id: Uuid) -> Result<Option<Node>> {
    let (conn, viewer) = (request.services.db.reader(), &request.viewer);
    Ok(match kind {
        Kind::SurveyInvitation => {
            invitation::by_id(conn, viewer, id).await?.map(|row| Node::SurveyInvitation(SurveyInvitation(row)))
        }
        Kind::Survey => {
            let found = campaign::by_ids(conn, viewer, &[id]).await?.remove(&id);
            found.map(|row| Node::Survey(Survey(row)))
        }
        Kind::SurveyQuestion => {
            let found = template::questions_by_ids(conn, viewer, &[id]).await?.remove(&id);
            found.map(|row| Node::SurveyQuestion(SurveyQuestion(row)))
        }
        Kind::SurveyTemplate => {
            template::by_id(conn, viewer, id).await?.map(|row| Node::SurveyTemplate(SurveyTemplate(row)))
        }
        Kind::ImprovementTask => {
            improvement::by_id(conn, viewer, id).await?.map(|row| Node::ImprovementTask(ImprovementTask(row)))
        }
        _ => None,
    })
}
