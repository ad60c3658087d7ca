//! What a row changes about its unit: decided from what is known and what the row says, and written elsewhere. A blank
//! cell changes nothing; what the row repeats changes nothing either.

use chrono::NaiveDate;
use entity::{
    contract, ownership, unit,
    vocab::{ContractStatus, WarrantyPart},
    warranty_item,
};
use uuid::Uuid;

use crate::domain::{ledger::LedgerRow, warranty};

/// What is to be written in one table.
#[derive(Debug)]
pub(super) struct Edits<M> {
    pub new: Vec<M>,
    pub changed: Vec<M>,
}

impl<M> Default for Edits<M> {
    fn default() -> Self {
        Self { new: Vec::new(), changed: Vec::new() }
    }
}

impl<M: PartialEq> Edits<M> {
    fn change(&mut self, before: &M, after: M) {
        if *before != after {
            self.changed.push(after);
        }
    }
}

/// What people call a unit: building, section and room.
pub(super) fn code(row: &LedgerRow) -> String {
    let parts = [row.building.as_str(), row.section.as_str(), row.room.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// A unit that is known already, with what the row adds.
pub(super) fn unit(edits: &mut Edits<unit::Model>, before: &unit::Model, row: &LedgerRow) -> unit::Model {
    let after = unit::Model {
        floor_area_centi: row.floor_area_centi.or(before.floor_area_centi),
        handed_over_on: row.handed_over_on.or(before.handed_over_on),
        ..before.clone()
    };
    edits.change(before, after.clone());
    after
}

/// Makes these owners, in this order, the present ones of a unit, and tells who owns it no more.
///
/// The first owners begin on the day of signing, else of handover, else today. Whoever comes later begins on the day of
/// signing if that is after the present owners began (the home was sold), and otherwise today, which is also the last
/// day of who leaves. A corrected day of signing corrects the first owners' beginning.
pub(super) fn ownerships(
    edits: &mut Edits<ownership::Model>,
    held: &[ownership::Model],
    unit_id: Uuid,
    owners: &[Uuid],
    days: Days,
    new_id: impl Fn() -> Uuid,
) -> Vec<Uuid> {
    let current: Vec<_> = held.iter().filter(|ownership| ownership.ended_on.is_none()).collect();
    let newcomers_begin = days.for_newcomers(held.is_empty(), &current);
    let corrected = days.begin.filter(|_| are_first_owners(held, owners));
    for (position, owner_id) in (0..).zip(owners.iter().copied()) {
        if let Some(held) = current.iter().find(|held| held.owner_id == owner_id) {
            let started_on = corrected.unwrap_or(held.started_on);
            edits.change(held, ownership::Model { position, started_on, ..(*held).clone() });
            continue;
        }
        let (id, started_on, ended_on) = (new_id(), newcomers_begin, None);
        let new = ownership::Model { id, unit_id, owner_id, position, started_on, ended_on };
        // One who left and is back on the same day never left.
        match held.iter().find(|held| held.owner_id == owner_id && held.started_on == started_on) {
            Some(held) => edits.change(held, ownership::Model { id: held.id, ..new }),
            None => edits.new.push(new),
        }
    }
    let left: Vec<_> = current.into_iter().filter(|held| !owners.contains(&held.owner_id)).collect();
    for held in &left {
        let ended_on = Some(newcomers_begin.max(held.started_on));
        edits.change(held, ownership::Model { ended_on, ..(*held).clone() });
    }
    left.into_iter().map(|held| held.owner_id).collect()
}

/// The days by which ownership begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    /// Of signing, else of handover.
    pub begin: Option<NaiveDate>,
    pub today: NaiveDate,
}

impl Days {
    fn for_newcomers(self, are_first: bool, current: &[&ownership::Model]) -> NaiveDate {
        let latest = current.iter().map(|held| held.started_on).max();
        self.begin.filter(|begin| are_first || latest.is_some_and(|latest| *begin > latest)).unwrap_or(self.today)
    }
}

/// Whether these are the owners who began together and were never joined or followed by others.
fn are_first_owners(held: &[ownership::Model], owners: &[Uuid]) -> bool {
    held.len() == owners.len()
        && held.iter().all(|ownership| {
            ownership.ended_on.is_none()
                && ownership.started_on == held[0].started_on
                && owners.contains(&ownership.owner_id)
        })
}

/// The contract of a row over a unit, and an end to the ones before it. A row without a number speaks of the contract
/// in force. Returns the contract's id.
pub(super) fn contract(
    edits: &mut Edits<contract::Model>,
    held: &[contract::Model],
    row: &LedgerRow,
    new: impl FnOnce(String) -> contract::Model,
) -> Option<Uuid> {
    let in_force = |contract: &&contract::Model| contract.status != ContractStatus::Terminated;
    let signed = |contract: &&contract::Model| in_force(contract) && contract.status != ContractStatus::Draft;
    let before = match &row.contract_number {
        Some(number) => held.iter().find(|contract| contract.number == *number),
        None => held.iter().filter(signed).max_by_key(|contract| contract.id),
    };
    let id = match (before, &row.contract_number) {
        (Some(before), _) => {
            let after = with_dates(before.clone(), row);
            edits.change(before, after);
            before.id
        }
        (None, Some(number)) => {
            let contract = with_dates(new(number.clone()), row);
            let id = contract.id;
            edits.new.push(contract);
            id
        }
        (None, None) => return None,
    };
    if row.contract_number.is_some() {
        for other in held.iter().filter(in_force).filter(|other| other.id != id) {
            edits.change(other, contract::Model { status: ContractStatus::Terminated, ..other.clone() });
        }
    }
    Some(id)
}

fn with_dates(contract: contract::Model, row: &LedgerRow) -> contract::Model {
    let handed_over_on = row.handed_over_on.or(contract.handed_over_on);
    let status = if handed_over_on.is_some() { ContractStatus::HandedOver } else { ContractStatus::Signed };
    contract::Model {
        signed_on: row.signed_on.or(contract.signed_on),
        handover_due_on: row.handover_due_on.or(contract.handover_due_on),
        handed_over_on,
        status,
        ..contract
    }
}

/// The warranty of a home that was handed over. A corrected day of handover moves the items that counted from the old
/// one, and owners are told anew.
pub(super) fn warranties(
    edits: &mut Edits<warranty_item::Model>,
    held: &[warranty_item::Model],
    unit: &unit::Model,
    handed_over_before: Option<NaiveDate>,
    contract_id: Option<Uuid>,
    new_id: impl Fn() -> Uuid,
) {
    let Some(starts_on) = unit.handed_over_on else { return };
    for part in WarrantyPart::ALL.iter().copied() {
        let expires_on = warranty::expires_on(part, starts_on);
        let since = |day| held.iter().find(|item| item.part == part && Some(item.starts_on) == day);
        match since(Some(starts_on)).or_else(|| since(handed_over_before)) {
            Some(item) if item.starts_on == starts_on => {
                let contract_id = contract_id.or(item.contract_id);
                edits.change(item, warranty_item::Model { contract_id, ..item.clone() });
            }
            Some(item) => {
                let contract_id = contract_id.or(item.contract_id);
                let moved =
                    warranty_item::Model { contract_id, starts_on, expires_on, noticed_at: None, ..item.clone() };
                edits.change(item, moved);
            }
            None => {
                let (id, unit_id) = (new_id(), unit.id);
                let item =
                    warranty_item::Model { id, unit_id, contract_id, part, starts_on, expires_on, noticed_at: None };
                edits.new.push(item);
            }
        }
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
