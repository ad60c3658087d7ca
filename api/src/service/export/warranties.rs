//! The ledger of warranties (保修台账), one row a part of a home.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{Ask, PLACE, Page, distinct, keyset, place_cells};
use crate::{
    clock::ids_since,
    domain::export::{Cell, Heading, Word},
    error::Result,
    store::{self, warranty::WarrantyFilter},
};

pub(super) const HEADINGS: &[Heading] = &[
    PLACE[0],
    PLACE[1],
    PLACE[2],
    PLACE[3],
    Heading::new("合同编号", "Contract number", 20),
    Heading::new("保修部位", "Part", 14),
    Heading::new("保修开始日期", "Starts on", 14),
    Heading::new("保修到期日期", "Expires on", 14),
    Heading::new("时区", "Time zone", 16),
    Heading::new("告知时间", "Noticed at", 20),
];

pub(super) async fn page(ask: &Ask, after: Option<Uuid>) -> Result<Page> {
    let (conn, viewer) = (ask.services.db.reader(), &ask.viewer);
    let filter = WarrantyFilter { project_id: ask.narrowing.project_id, ..WarrantyFilter::default() };
    let slice = store::warranty::list(viewer, filter).page(conn, &keyset(after)).await?;
    let last = slice.rows.last().filter(|_| slice.has_next).map(|row| row.id);
    let places = ask.places(slice.rows.iter().map(|row| row.unit_id).collect()).await?;
    let contracts = distinct(slice.rows.iter().filter_map(|row| row.contract_id).collect());
    let contracts = store::contract::by_ids(conn, viewer, &contracts).await?;
    let row = |item: entity::warranty_item::Model| {
        let spot = places.get(&item.unit_id);
        let time_zone = spot.map_or(chrono_tz::Tz::UTC, |spot| spot.time_zone);
        let contract = item.contract_id.and_then(|id| contracts.get(&id));
        let mut row = place_cells(spot).to_vec();
        row.extend([
            Cell::optional(contract, |contract| Cell::text(&contract.number)),
            item.part.cell(ask.language),
            Cell::Day(item.starts_on),
            Cell::Day(item.expires_on),
            Cell::text(time_zone.name()),
            Cell::optional(item.noticed_at, |at| Cell::at(at, time_zone)),
        ]);
        row
    };
    // Its id is all that says when it was entered.
    let end = ids_since(ask.now + TimeDelta::milliseconds(1));
    Ok((slice.rows.into_iter().filter(|item| item.id < end).map(row).collect(), last))
}
