//! The owner ledger (业主台账), one row a home, under the headings by which it can be loaded again. Numbers are masked as
//! everywhere: what was loaded from a ledger does not come out of one.

use entity::owner;
use uuid::Uuid;

use super::{Ask, PLACE, Page, Spot, keyset, place_cells};
use crate::{
    auth::policy::may_see_masked_identity,
    domain::export::{Cell, Heading, Word},
    error::Result,
    store::{self, unit::UnitFilter},
};

pub(super) const HEADINGS: &[Heading] = &[
    PLACE[0],
    PLACE[1],
    PLACE[2],
    PLACE[3],
    Heading::new("建筑面积", "Floor area (m2)", 10),
    Heading::new("业主姓名", "Owners", 20),
    Heading::new("证件号码", "Identity numbers", 24),
    Heading::new("联系电话", "Phones", 24),
    Heading::new("客户阶段", "Stages", 16),
    Heading::new("合同编号", "Contract number", 20),
    Heading::new("合同状态", "Contract status", 10),
    Heading::new("签约日期", "Signed on", 12),
    Heading::new("约定交付日期", "Handover due on", 14),
    Heading::new("实际交付日期", "Handed over on", 14),
    Heading::new("客户大使工号", "Ambassador number", 14),
    Heading::new("客户大使", "Ambassador", 12),
];

/// What stands between co-owners, as in ledgers that come in.
const BETWEEN: &str = "、";

pub(super) async fn page(ask: &Ask, after: Option<Uuid>) -> Result<Page> {
    let (conn, viewer) = (ask.services.db.reader(), &ask.viewer);
    let filter = UnitFilter { project_id: ask.narrowing.project_id, ..UnitFilter::default() };
    let slice = store::unit::list(conn, viewer, &filter, &keyset(after)).await?;
    let last = slice.rows.last().filter(|_| slice.has_next).map(|place| place.unit.id);
    let ids: Vec<Uuid> = slice.rows.iter().map(|place| place.unit.id).collect();
    let owners = store::owner::of_units(conn, viewer, &ids).await?;
    let contracts = store::unit::contracts(conn, viewer, &ids).await?;
    let ambassadors = store::ambassador::of_units(conn, viewer, &ids).await?;
    let mut rows = Vec::with_capacity(ids.len());
    for place in slice.rows.into_iter().filter(|place| place.unit.created_at <= ask.now) {
        let (unit, contract) = (place.unit.clone(), contracts.get(&place.unit.id));
        let ambassador = ambassadors.get(&unit.id);
        let mut row = place_cells(Some(&Spot::new(place)?)).to_vec();
        row.push(Cell::optional(unit.floor_area_centi, Cell::Hundredths));
        row.extend(people(ask, owners.get(&unit.id).map_or(&[], Vec::as_slice)));
        row.extend([
            Cell::optional(contract, |contract| Cell::text(&contract.number)),
            Cell::optional(contract, |contract| contract.status.cell(ask.language)),
            Cell::optional(contract.and_then(|contract| contract.signed_on), Cell::Day),
            Cell::optional(contract.and_then(|contract| contract.handover_due_on), Cell::Day),
            Cell::optional(unit.handed_over_on, Cell::Day),
            Cell::optional(ambassador, |staff| Cell::text(&staff.number)),
            Cell::optional(ambassador, |staff| Cell::text(&staff.name)),
        ]);
        rows.push(row);
    }
    Ok((rows, last))
}

/// The owners of a home, their numbers as the viewer sees them anywhere.
fn people(ask: &Ask, owners: &[owner::Model]) -> [Cell; 4] {
    let joined = |texts: Vec<String>| Cell::text(texts.join(BETWEEN));
    let shows_identity = may_see_masked_identity(&ask.viewer);
    let identity = |owner: &owner::Model| owner.identity_masked.clone().filter(|_| shows_identity).unwrap_or_default();
    let identities: Vec<String> = owners.iter().map(identity).collect();
    [
        joined(owners.iter().map(|owner| owner.name.clone()).collect()),
        if identities.iter().all(String::is_empty) { Cell::Empty } else { joined(identities) },
        joined(owners.iter().map(|owner| owner.phone_masked.clone().unwrap_or_default()).collect()),
        // Whoever owns a home of a project is no stranger to it, from whom the stage would be kept.
        joined(owners.iter().map(|owner| owner.stage.said(ask.language)).collect()),
    ]
}
