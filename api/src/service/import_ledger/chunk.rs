//! What the database knows about the units of a chunk of rows, read in a few statements.

use std::collections::{HashMap, HashSet};

use entity::{contract, owner, ownership, unit, warranty_item};
use uuid::Uuid;

use super::people::Person;
use crate::{
    error::Result,
    store::{self, db::Tx},
};

/// Building, section and room.
pub(super) type Address = (Uuid, String, String);

/// The units at these addresses that are known already.
pub(super) async fn units(tx: &Tx, addresses: &[Address]) -> Result<HashMap<Address, unit::Model>> {
    let buildings: HashSet<Uuid> = addresses.iter().map(|(building, ..)| *building).collect();
    let rooms: HashSet<&str> = addresses.iter().map(|(.., room)| room.as_str()).collect();
    let (buildings, rooms) = (Vec::from_iter(buildings), Vec::from_iter(rooms));
    let wanted: HashSet<&Address> = addresses.iter().collect();
    let found = store::ledger::units_at(tx, &buildings, &rooms).await?;
    let by_address = found.into_iter().map(|unit| ((unit.building_id, unit.section.clone(), unit.room.clone()), unit));
    Ok(by_address.filter(|(address, _)| wanted.contains(address)).collect())
}

/// What is known about some units, by unit.
#[derive(Default)]
pub(super) struct Known {
    contracts: HashMap<Uuid, Vec<contract::Model>>,
    ownerships: HashMap<Uuid, Vec<ownership::Model>>,
    warranties: HashMap<Uuid, Vec<warranty_item::Model>>,
    ambassadors: HashMap<Uuid, Uuid>,
}

impl Known {
    pub(super) async fn load(tx: &Tx, units: &[Uuid]) -> Result<Self> {
        if units.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self {
            contracts: by_unit(store::ledger::contracts_of(tx, units).await?, |row| row.unit_id),
            ownerships: by_unit(store::ledger::ownerships_of(tx, units).await?, |row| row.unit_id),
            warranties: by_unit(store::ledger::warranties_of(tx, units).await?, |row| row.unit_id),
            ambassadors: store::ledger::ambassadors_of(tx, units).await?.into_iter().collect(),
        })
    }

    pub(super) fn contracts(&self, unit: Uuid) -> &[contract::Model] {
        self.contracts.get(&unit).map_or(&[], Vec::as_slice)
    }

    pub(super) fn ownerships(&self, unit: Uuid) -> &[ownership::Model] {
        self.ownerships.get(&unit).map_or(&[], Vec::as_slice)
    }

    pub(super) fn warranties(&self, unit: Uuid) -> &[warranty_item::Model] {
        self.warranties.get(&unit).map_or(&[], Vec::as_slice)
    }

    pub(super) fn ambassador(&self, unit: Uuid) -> Option<Uuid> {
        self.ambassadors.get(&unit).copied()
    }

    /// Who owns a unit now, in the order of the contract.
    pub(super) fn present_owners(&self, unit: Uuid) -> Vec<Uuid> {
        let mut current: Vec<_> = self.ownerships(unit).iter().filter(|held| held.ended_on.is_none()).collect();
        current.sort_by_key(|held| (held.position, held.id));
        current.into_iter().map(|held| held.owner_id).collect()
    }

    fn all_present_owners(&self) -> Vec<Uuid> {
        self.ownerships.values().flatten().filter(|held| held.ended_on.is_none()).map(|held| held.owner_id).collect()
    }
}

fn by_unit<M>(rows: Vec<M>, unit_of: impl Fn(&M) -> Uuid) -> HashMap<Uuid, Vec<M>> {
    let mut by_unit: HashMap<Uuid, Vec<M>> = HashMap::new();
    for row in rows {
        by_unit.entry(unit_of(&row)).or_default().push(row);
    }
    by_unit
}

/// Every owner whom these persons could be, each once.
pub(super) async fn owners(tx: &Tx, persons: &[Vec<Person<'_>>], known: &Known) -> Result<Vec<owner::Model>> {
    let all = || persons.iter().flatten();
    let identities = distinct(all().filter_map(|person| person.identity_hash.as_deref()));
    let phones = distinct(all().map(|person| person.phone_hash.as_str()));
    let names = distinct(all().map(Person::name));
    let present = distinct(known.all_present_owners().into_iter());
    let mut found = store::ledger::owners_by_identity(tx, &identities).await?;
    found.extend(store::ledger::owners_by_phone(tx, &phones).await?);
    found.extend(store::ledger::owners_sharing_a_phone(tx, &names).await?);
    found.extend(store::ledger::owners(tx, &present).await?);
    found.sort_by_key(|owner| owner.id);
    found.dedup_by_key(|owner| owner.id);
    Ok(found)
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}
