//! Customers' files: owners past PROSPECT, and the documents that their stage requires, at the end of the month.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    contract, contract_party, erasure,
    owner::{Column, Entity},
    owner_document, owner_stage_change, ownership, required_document,
    vocab::{ContractStatus, DocumentKind, FigureItemKind, FigureKey, OwnerStage},
};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{Items, Span};
use crate::{
    domain::{
        figure::Item,
        stage::{Change, stage_at},
    },
    error::Result,
};

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    let (filing, completeness) = (FigureKey::FilingRate, FigureKey::FileCompleteness);
    if !keys.contains(&filing) && !keys.contains(&completeness) {
        return Ok(Vec::new());
    }
    let owners = past_prospect(conn, span).await?;
    let documents = documents(conn, span).await?;
    let required = required(conn).await?;
    let mut items = Vec::new();
    for (owner, stage) in owners {
        let filed = documents.get(&owner);
        if keys.contains(&filing) {
            items.push((filing, Item::new(FigureItemKind::Owner, owner, filed.is_some())));
        }
        for kind in required.get(&stage).into_iter().flatten().filter(|_| keys.contains(&completeness)) {
            let is_there = filed.is_some_and(|filed| filed.contains(kind));
            let item = Item::new(FigureItemKind::RequiredDocument, owner, is_there);
            items.push((completeness, Item { about: Some(kind.to_value()), ..item }));
        }
    }
    Ok(items)
}

/// The owners past PROSPECT with their stages at the end of the month. Whoever was erased has no file any more.
async fn past_prospect(conn: &impl ConnectionTrait, span: &Span) -> Result<Vec<(Uuid, OwnerStage)>> {
    let end = span.period().to;
    let erased = erasure::Entity::find()
        .select_only()
        .column(erasure::Column::OwnerId)
        .filter(erasure::Column::ErasedAt.lt(end))
        .into_query();
    let owners: Vec<(Uuid, OwnerStage)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Stage])
        .filter(Column::Id.in_subquery(customers(span)))
        .filter(Column::Id.not_in_subquery(erased))
        .into_tuple()
        .all(conn)
        .await?;
    let changes = changes(conn, span).await?;
    let at_the_end = owners.into_iter().map(|(id, stage)| {
        let history = changes.get(&id).map_or(&[][..], Vec::as_slice);
        (id, stage_at(stage, history, end))
    });
    Ok(at_the_end.filter(|(_, stage)| *stage != OwnerStage::Prospect).collect())
}

async fn changes(conn: &impl ConnectionTrait, span: &Span) -> Result<HashMap<Uuid, Vec<Change>>> {
    use owner_stage_change::Column as C;
    let rows: Vec<(Uuid, Option<OwnerStage>, OwnerStage, DateTime<Utc>)> = owner_stage_change::Entity::find()
        .select_only()
        .columns([C::OwnerId, C::FromStage, C::ToStage, C::OccurredAt])
        .filter(C::OwnerId.in_subquery(customers(span)))
        .order_by_asc(C::Id)
        .into_tuple()
        .all(conn)
        .await?;
    let mut by_owner: HashMap<Uuid, Vec<Change>> = HashMap::new();
    for (owner, from, to, at) in rows {
        by_owner.entry(owner).or_default().push(Change { from, to, at });
    }
    Ok(by_owner)
}

/// Whoever owns or has owned a home of these projects, or has bought one.
fn customers(span: &Span) -> SelectStatement {
    let mut owners = ownership::Entity::find()
        .select_only()
        .column(ownership::Column::OwnerId)
        .filter(ownership::Column::UnitId.in_subquery(span.units()))
        .filter(ownership::Column::StartedOn.lte(span.day()))
        .into_query();
    let contracts = contract::Entity::find()
        .select_only()
        .column(contract::Column::Id)
        .filter(contract::Column::ProjectId.is_in(span.projects.clone()))
        .filter(contract::Column::Status.is_in([ContractStatus::Signed, ContractStatus::HandedOver]))
        .filter(contract::Column::SignedOn.lte(span.day()))
        .into_query();
    let buyers = contract_party::Entity::find()
        .select_only()
        .column(contract_party::Column::OwnerId)
        .filter(contract_party::Column::ContractId.in_subquery(contracts))
        .into_query();
    owners.union(UnionType::Distinct, buyers).to_owned()
}

/// The kinds of documents that each file holds.
async fn documents(conn: &impl ConnectionTrait, span: &Span) -> Result<HashMap<Uuid, HashSet<DocumentKind>>> {
    use owner_document::Column as C;
    let rows: Vec<(Uuid, DocumentKind)> = owner_document::Entity::find()
        .select_only()
        .columns([C::OwnerId, C::Kind])
        .filter(C::OwnerId.in_subquery(customers(span)))
        .filter(C::FiledOn.lte(span.day()))
        .filter(Condition::any().add(C::RemovedAt.is_null()).add(C::RemovedAt.gte(span.period().to)))
        .into_tuple()
        .all(conn)
        .await?;
    let mut by_owner: HashMap<Uuid, HashSet<DocumentKind>> = HashMap::new();
    for (owner, kind) in rows {
        by_owner.entry(owner).or_default().insert(kind);
    }
    Ok(by_owner)
}

async fn required(conn: &impl ConnectionTrait) -> Result<HashMap<OwnerStage, Vec<DocumentKind>>> {
    let mut by_stage: HashMap<OwnerStage, Vec<DocumentKind>> = HashMap::new();
    for row in required_document::Entity::find().all(conn).await? {
        by_stage.entry(row.stage).or_default().push(row.kind);
    }
    Ok(by_stage)
}
