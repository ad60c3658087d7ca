//! Whom the company had to tell of something in the month, and whether it did: milestones reached, and warranties that end
//! two calendar months later.

use std::collections::{HashMap, HashSet};

use chrono::{Days, Months, NaiveDate};
use entity::{
    bulletin_delivery, contract, contract_party, milestone, ownership, unit,
    vocab::{ContractStatus, FigureItemKind, FigureKey},
    warranty_item, warranty_notice,
};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{Items, Span};
use crate::{
    domain::{figure::Item, warranty},
    error::Result,
};

pub(super) async fn items(conn: &impl ConnectionTrait, keys: &[FigureKey], span: &Span) -> Result<Items> {
    let mut items = Vec::new();
    if keys.contains(&FigureKey::MilestoneCoverage) {
        let found = milestones(conn, span).await?;
        items.extend(found.into_iter().map(|item| (FigureKey::MilestoneCoverage, item)));
    }
    if keys.contains(&FigureKey::WarrantyNoticeCoverage) {
        let found = warranties(conn, span).await?;
        items.extend(found.into_iter().map(|item| (FigureKey::WarrantyNoticeCoverage, item)));
    }
    Ok(items)
}

/// A contract with the building that its home is in.
struct Sale {
    contract_id: Uuid,
    unit_id: Uuid,
    project_id: Uuid,
    building_id: Uuid,
    signed_on: NaiveDate,
}

/// One item for each milestone reached and customer who had a contract in its scope by that day.
async fn milestones(conn: &impl ConnectionTrait, span: &Span) -> Result<Vec<Item>> {
    let reached = milestone::Entity::find()
        .filter(milestone::Column::ProjectId.is_in(span.projects.clone()))
        .filter(milestone::Column::ReachedOn.gte(span.month.first()))
        .filter(milestone::Column::ReachedOn.lte(span.month.last()))
        .all(conn)
        .await?;
    if reached.is_empty() {
        return Ok(Vec::new());
    }
    let sales = sales(conn, span).await?;
    let buyers = buyers(conn, span).await?;
    let bulletins: Vec<Uuid> = reached.iter().filter_map(|row| row.bulletin_id).collect();
    let delivered = delivered(conn, &bulletins).await?;
    let mut items = Vec::new();
    for row in reached {
        let Some(reached_on) = row.reached_on else { continue };
        let in_scope = sales.iter().filter(|sale| {
            let is_here = row.building_id.map_or(sale.project_id == row.project_id, |id| id == sale.building_id);
            is_here && sale.signed_on <= reached_on
        });
        let customers: HashSet<Uuid> = in_scope.flat_map(|sale| buyers.of(sale)).collect();
        items.extend(customers.into_iter().map(|owner| {
            let is_told = row.bulletin_id.is_some_and(|bulletin| delivered.contains(&(bulletin, owner)));
            let item = Item::new(FigureItemKind::Owner, owner, is_told).of(row.id, row.kind.to_value());
            Item { project_id: Some(row.project_id), ..item }
        }));
    }
    Ok(items)
}

async fn sales(conn: &impl ConnectionTrait, span: &Span) -> Result<Vec<Sale>> {
    use contract::Column as C;
    let rows: Vec<(Uuid, Uuid, Uuid, Uuid, NaiveDate)> = contract::Entity::find()
        .select_only()
        .columns([C::Id, C::UnitId, C::ProjectId])
        .column(unit::Column::BuildingId)
        .column(C::SignedOn)
        .join(
            sea_orm::JoinType::InnerJoin,
            contract::Entity::belongs_to(unit::Entity).from(C::UnitId).to(unit::Column::Id).into(),
        )
        .filter(C::ProjectId.is_in(span.projects.clone()))
        .filter(C::Status.is_in([ContractStatus::Signed, ContractStatus::HandedOver]))
        .filter(C::SignedOn.lte(span.month.last()))
        .into_tuple()
        .all(conn)
        .await?;
    let sale = |(contract_id, unit_id, project_id, building_id, signed_on)| Sale {
        contract_id,
        unit_id,
        project_id,
        building_id,
        signed_on,
    };
    Ok(rows.into_iter().map(sale).collect())
}

/// Who bought what: the parties of a contract, or where it came without them from a ledger the home's present owners.
struct Buyers {
    by_contract: HashMap<Uuid, Vec<Uuid>>,
    by_unit: HashMap<Uuid, Vec<Uuid>>,
}

impl Buyers {
    fn of(&self, sale: &Sale) -> Vec<Uuid> {
        let parties = self.by_contract.get(&sale.contract_id);
        parties.or_else(|| self.by_unit.get(&sale.unit_id)).cloned().unwrap_or_default()
    }
}

async fn buyers(conn: &impl ConnectionTrait, span: &Span) -> Result<Buyers> {
    let contracts = contract::Entity::find()
        .select_only()
        .column(contract::Column::Id)
        .filter(contract::Column::ProjectId.is_in(span.projects.clone()))
        .into_query();
    let parties: Vec<(Uuid, Uuid)> = contract_party::Entity::find()
        .select_only()
        .columns([contract_party::Column::ContractId, contract_party::Column::OwnerId])
        .filter(contract_party::Column::ContractId.in_subquery(contracts))
        .into_tuple()
        .all(conn)
        .await?;
    let owners: Vec<(Uuid, Uuid)> = ownership::Entity::find()
        .select_only()
        .columns([ownership::Column::UnitId, ownership::Column::OwnerId])
        .filter(ownership::Column::UnitId.in_subquery(span.units()))
        .filter(ownership::Column::EndedOn.is_null())
        .into_tuple()
        .all(conn)
        .await?;
    Ok(Buyers { by_contract: grouped(parties), by_unit: grouped(owners) })
}

fn grouped(pairs: Vec<(Uuid, Uuid)>) -> HashMap<Uuid, Vec<Uuid>> {
    let mut groups: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

/// Which bulletins reached whom.
async fn delivered(conn: &impl ConnectionTrait, bulletins: &[Uuid]) -> Result<HashSet<(Uuid, Uuid)>> {
    use bulletin_delivery::Column;
    let mut pairs = HashSet::new();
    for chunk in bulletins.chunks(500) {
        let rows: Vec<(Uuid, Uuid)> = bulletin_delivery::Entity::find()
            .select_only()
            .columns([Column::BulletinId, Column::OwnerId])
            .filter(Column::BulletinId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        pairs.extend(rows);
    }
    Ok(pairs)
}

/// One item for each part whose notice fell due on a day that is over, and owner of the home on that day.
async fn warranties(conn: &impl ConnectionTrait, span: &Span) -> Result<Vec<Item>> {
    let due = due(conn, span).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let owners = owners(conn, span).await?;
    let notices = notices(conn, span).await?;
    let bulletins: Vec<Uuid> = notices.values().copied().collect();
    let delivered = delivered(conn, &bulletins).await?;
    let mut items = Vec::new();
    for (part, due_on) in due {
        let bulletin = notices.get(&part.id);
        for (owner, from, to) in owners.get(&part.unit_id).into_iter().flatten() {
            if *from <= due_on && to.is_none_or(|to| due_on < to) {
                let is_told = bulletin.is_some_and(|bulletin| delivered.contains(&(*bulletin, *owner)));
                items.push(Item::new(FigureItemKind::Owner, *owner, is_told).of(part.id, part.part.to_value()));
            }
        }
    }
    Ok(items)
}

/// The parts whose notice was due in the month, each with the day.
async fn due(conn: &impl ConnectionTrait, span: &Span) -> Result<Vec<(warranty_item::Model, NaiveDate)>> {
    use warranty_item::Column;
    // Two months less a day or two, because short months cut the days at their end.
    let earliest = span.month.first().checked_add_months(Months::new(2)).unwrap_or(NaiveDate::MAX);
    let latest = span.month.next().first().checked_add_months(Months::new(2)).unwrap_or(NaiveDate::MAX);
    let latest = latest.checked_add_days(Days::new(3)).unwrap_or(NaiveDate::MAX);
    let rows = warranty_item::Entity::find()
        .filter(Column::UnitId.in_subquery(span.units()))
        .filter(Column::ExpiresOn.gte(earliest))
        .filter(Column::ExpiresOn.lte(latest))
        .all(conn)
        .await?;
    let today = span.now.with_timezone(&span.time_zone).date_naive();
    let with_days = rows.into_iter().map(|row| {
        let on = warranty::notice_on(row.expires_on);
        (row, on)
    });
    let is_due = |on: NaiveDate| (span.month.first()..=span.month.last()).contains(&on) && on < today;
    Ok(with_days.filter(|(_, on)| is_due(*on)).collect())
}

/// Who owned which home from when to when.
type Owners = HashMap<Uuid, Vec<(Uuid, NaiveDate, Option<NaiveDate>)>>;

async fn owners(conn: &impl ConnectionTrait, span: &Span) -> Result<Owners> {
    use ownership::Column;
    let rows: Vec<(Uuid, Uuid, NaiveDate, Option<NaiveDate>)> = ownership::Entity::find()
        .select_only()
        .columns([Column::UnitId, Column::OwnerId, Column::StartedOn, Column::EndedOn])
        .filter(Column::UnitId.in_subquery(span.units()))
        .filter(Condition::any().add(Column::EndedOn.is_null()).add(Column::EndedOn.gte(span.month.first())))
        .into_tuple()
        .all(conn)
        .await?;
    let mut by_unit = Owners::new();
    for (unit, owner, from, to) in rows {
        by_unit.entry(unit).or_default().push((owner, from, to));
    }
    Ok(by_unit)
}

/// The bulletin that told of each part. A notice may have gone out late.
async fn notices(conn: &impl ConnectionTrait, span: &Span) -> Result<HashMap<Uuid, Uuid>> {
    use warranty_notice::Column;
    let rows: Vec<(Uuid, Uuid)> = warranty_notice::Entity::find()
        .select_only()
        .columns([Column::ItemId, Column::BulletinId])
        .filter(Column::ProjectId.is_in(span.projects.clone()))
        .filter(Column::DueOn.gte(span.month.first()))
        .filter(Column::DueOn.lte(span.month.last()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}
