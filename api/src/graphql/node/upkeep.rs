//! Look-up of what the property company learns and looks after.

use uuid::Uuid;

use super::{Kind, Node, RequestContext};
use crate::{
    error::Result,
    graphql::loaders::{InspectionOf, PlanOf, PointOf},
    store,
};

/// What stands behind an id of one of these kinds, as far as the viewer sees it.
pub async fn find(request: &RequestContext, kind: Kind, id: Uuid) -> Result<Option<Node>> {
    let (conn, viewer) = (request.services.db.reader(), &request.viewer);
    Ok(match kind {
        Kind::ComplaintAnalysis => {
            store::complaint::by_id(conn, viewer, id).await?.map(|row| Node::ComplaintAnalysis(row.into()))
        }
        Kind::InspectionPlan => request.load(PlanOf(id)).await?.map(|row| Node::InspectionPlan(row.into())),
        Kind::InspectionPoint => request.load(PointOf(id)).await?.map(|row| Node::InspectionPoint(row.into())),
        Kind::Inspection => request.load(InspectionOf(id)).await?.map(|row| Node::Inspection(row.into())),
        Kind::InspectionFinding => {
            store::inspection::finding(conn, viewer, id).await?.map(|row| Node::InspectionFinding(row.into()))
        }
        Kind::Incident => store::incident::by_id(conn, viewer, id).await?.map(|row| Node::Incident(row.into())),
        Kind::Training => store::training::by_id(conn, viewer, id).await?.map(|row| Node::Training(row.into())),
        _ => None,
    })
}
