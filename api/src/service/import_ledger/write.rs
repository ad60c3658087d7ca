//! Writing the good rows, a chunk at a time: what is known is read, what each row changes is planned, and the changes of
//! the chunk are written together.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    ambassador_assignment, contract, owner, owner_stage_change, ownership, unit,
    vocab::{ContractStatus, OwnerStage, PrincipalKind},
    warranty_item,
};
use uuid::Uuid;

use super::{
    Changes, Table, Tools,
    chunk::{self, Address, Known},
    company::{Ambassador, Company, Place},
    people::{Memory, Move, People, Person},
    plan::{self, Days, Edits},
};
use crate::{
    domain::{
        ledger::{LedgerRow, stage},
        message::Written,
    },
    error::Result,
    service::stage::Reason,
    store::{self, db::Tx},
};

pub(super) struct Writer<'a> {
    tools: &'a Tools,
    tx: &'a Tx,
    now: DateTime<Utc>,
    company: Company,
    memory: Memory,
    /// Who owns some home no more, and perhaps none at all.
    left: Vec<Uuid>,
    changes: Changes,
}

/// What a chunk changes about units.
#[derive(Default)]
struct Plan {
    units: Edits<unit::Model>,
    ownerships: Edits<ownership::Model>,
    contracts: Edits<contract::Model>,
    warranties: Edits<warranty_item::Model>,
    assignments: Vec<ambassador_assignment::Model>,
    /// Units whose ambassador changes.
    reassigned: Vec<Uuid>,
}

impl<'a> Writer<'a> {
    pub(super) async fn open(tools: &'a Tools, tx: &'a Tx, now: DateTime<Utc>) -> Result<Self> {
        let (memory, left, changes) = (Memory::default(), Vec::new(), Changes::default());
        Ok(Self { tools, tx, now, company: Company::load(tx).await?, memory, left, changes })
    }

    pub(super) fn company(&self) -> &Company {
        &self.company
    }

    pub(super) async fn write(&mut self, rows: &[LedgerRow]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.company.add_missing(self.tools, self.tx, self.now, rows, &mut self.changes).await?;
        let places = rows.iter().map(|row| self.company.place(row)).collect::<Result<Vec<_>>>()?;
        let addresses: Vec<Address> = rows
            .iter()
            .zip(&places)
            .map(|(row, place)| (place.building_id, row.section.clone(), row.room.clone()))
            .collect();
        let units = chunk::units(self.tx, &addresses).await?;
        let known = Known::load(self.tx, &units.values().map(|unit| unit.id).collect::<Vec<_>>()).await?;
        let persons: Vec<Vec<Person<'_>>> = rows
            .iter()
            .map(|row| row.owners.iter().map(|owner| Person::new(&self.tools.vault, owner)).collect())
            .collect();
        let owners = chunk::owners(self.tx, &persons, &known).await?;
        let mut people = People::new(self.tools, self.now, &mut self.memory, owners);
        let mut planner = Planner {
            tools: self.tools,
            now: self.now,
            company: &self.company,
            known: &known,
            left: &mut self.left,
            plan: Plan::default(),
        };
        for (((row, place), address), persons) in rows.iter().zip(&places).zip(&addresses).zip(&persons) {
            planner.row(row, *place, units.get(address), persons, &mut people)?;
        }
        let plan = planner.plan;
        let moved = people.moved();
        let people = people.edits();
        self.save_owners(&people).await?;
        self.record_stages(moved).await?;
        self.save(plan).await
    }

    /// Existing rows first: a phone or number that one gives up may be a new one's.
    async fn save_owners(&mut self, owners: &Edits<owner::Model>) -> Result<()> {
        store::ledger::update::<owner::Entity>(self.tx, &owners.changed).await?;
        store::ledger::insert::<owner::Entity>(self.tx, &owners.new).await?;
        self.changes.add(Table::Owners, owners.new.len(), owners.changed.len());
        Ok(())
    }

    /// Writes down how owners came to where the ledger says they stand.
    async fn record_stages(&self, moved: Vec<Move>) -> Result<()> {
        let (reason, written) = Reason::from(Written::ReasonLedger).kept()?;
        let change = |(owner_id, from_stage, to_stage): Move| owner_stage_change::Model {
            id: self.tools.ids.new_id(self.now),
            owner_id,
            from_stage,
            to_stage,
            reason: reason.clone(),
            written: written.clone(),
            actor_kind: PrincipalKind::System,
            actor_id: None,
            occurred_at: self.now,
        };
        let rows: Vec<_> = moved.into_iter().map(change).collect();
        store::ledger::insert::<owner_stage_change::Entity>(self.tx, &rows).await
    }

    async fn save(&mut self, plan: Plan) -> Result<()> {
        use store::ledger::{insert, update};
        let tx = self.tx;
        update::<unit::Entity>(tx, &plan.units.changed).await?;
        insert::<unit::Entity>(tx, &plan.units.new).await?;
        update::<ownership::Entity>(tx, &plan.ownerships.changed).await?;
        insert::<ownership::Entity>(tx, &plan.ownerships.new).await?;
        update::<contract::Entity>(tx, &plan.contracts.changed).await?;
        insert::<contract::Entity>(tx, &plan.contracts.new).await?;
        update::<warranty_item::Entity>(tx, &plan.warranties.changed).await?;
        insert::<warranty_item::Entity>(tx, &plan.warranties.new).await?;
        store::ambassador::end(tx, &plan.reassigned, self.now).await?;
        insert::<ambassador_assignment::Entity>(tx, &plan.assignments).await?;
        self.changes.add(Table::Units, plan.units.new.len(), plan.units.changed.len());
        self.changes.add(Table::Ownerships, plan.ownerships.new.len(), plan.ownerships.changed.len());
        self.changes.add(Table::Contracts, plan.contracts.new.len(), plan.contracts.changed.len());
        self.changes.add(Table::WarrantyItems, plan.warranties.new.len(), plan.warranties.changed.len());
        self.changes.add(Table::AmbassadorAssignments, plan.assignments.len(), plan.reassigned.len());
        Ok(())
    }

    /// What can be told only now that all of the file has been read: who owns no home any more, and who signs in with a
    /// phone that several gave or that changed hands.
    pub(super) async fn finish(mut self) -> Result<Changes> {
        let retired = store::ledger::retire_owners(self.tx, &self.left).await?;
        self.changes.add(Table::Owners, 0, retired.len());
        let moved = retired.into_iter().map(|(id, stage)| (id, Some(stage), OwnerStage::Former)).collect();
        self.record_stages(moved).await?;
        let waiting = std::mem::take(&mut self.memory).into_waiting();
        for chunk in waiting.chunks(super::reading::ROWS_A_CHUNK) {
            self.give_phones(chunk).await?;
        }
        Ok(self.changes)
    }

    /// A phone goes to who waits for it when nobody signs in with it, or only a former owner does.
    async fn give_phones(&mut self, waiting: &[(Uuid, String)]) -> Result<()> {
        let hashes: Vec<&str> = waiting.iter().map(|(_, hash)| hash.as_str()).collect();
        let holders = store::ledger::owners_by_phone(self.tx, &hashes).await?;
        let is_kept = |hash: &str| {
            let holder = holders.iter().find(|holder| holder.phone_hash.as_deref() == Some(hash));
            holder.is_some_and(|holder| holder.stage != OwnerStage::Former)
        };
        let given: HashMap<Uuid, &str> =
            waiting.iter().filter(|(_, hash)| !is_kept(hash)).map(|(id, hash)| (*id, hash.as_str())).collect();
        let mut released: Vec<_> = holders.into_iter().filter(|holder| holder.stage == OwnerStage::Former).collect();
        released.iter_mut().for_each(|holder| holder.phone_hash = None);
        store::ledger::update::<owner::Entity>(self.tx, &released).await?;
        let ids: Vec<Uuid> = given.keys().copied().collect();
        let mut receivers = store::ledger::owners(self.tx, &ids).await?;
        for receiver in &mut receivers {
            receiver.phone_hash = given.get(&receiver.id).map(|hash| (*hash).to_owned());
        }
        store::ledger::update::<owner::Entity>(self.tx, &receivers).await?;
        self.changes.add(Table::Owners, 0, released.len() + receivers.len());
        Ok(())
    }
}

/// Plans the changes of one chunk.
struct Planner<'p> {
    tools: &'p Tools,
    now: DateTime<Utc>,
    company: &'p Company,
    known: &'p Known,
    left: &'p mut Vec<Uuid>,
    plan: Plan,
}

impl Planner<'_> {
    fn row(
        &mut self,
        row: &LedgerRow,
        place: Place,
        known_unit: Option<&unit::Model>,
        persons: &[Person<'_>],
        people: &mut People<'_>,
    ) -> Result<()> {
        let handed_over_before = known_unit.and_then(|unit| unit.handed_over_on);
        let unit = match known_unit {
            Some(before) => plan::unit(&mut self.plan.units, before, row),
            None => self.new_unit(row, place),
        };
        let reached = stage::of(unit.handed_over_on.is_some(), row.remark.as_deref());
        let owners = people.owners_of(persons, &self.known.present_owners(unit.id), reached)?;
        let days = Days { begin: row.signed_on.or(row.handed_over_on), today: place.today(self.now) };
        let (tools, now) = (self.tools, self.now);
        let new_id = || tools.ids.new_id(now);
        let held = self.known.ownerships(unit.id);
        let left = plan::ownerships(&mut self.plan.ownerships, held, unit.id, &owners, days, new_id);
        self.left.extend(left);
        let contract_id = self.contract(row, &unit);
        let held = self.known.warranties(unit.id);
        plan::warranties(&mut self.plan.warranties, held, &unit, handed_over_before, contract_id, new_id);
        self.assign(row, unit.id);
        Ok(())
    }

    fn new_unit(&mut self, row: &LedgerRow, place: Place) -> unit::Model {
        let unit = unit::Model {
            id: self.tools.ids.new_id(self.now),
            project_id: place.project_id,
            building_id: place.building_id,
            section: row.section.clone(),
            room: row.room.clone(),
            code: plan::code(row),
            floor_area_centi: row.floor_area_centi,
            handed_over_on: row.handed_over_on,
            created_at: self.now,
            is_public_area: false,
        };
        self.plan.units.new.push(unit.clone());
        unit
    }

    fn contract(&mut self, row: &LedgerRow, unit: &unit::Model) -> Option<Uuid> {
        let new = |number| contract::Model {
            id: self.tools.ids.new_id(self.now),
            project_id: unit.project_id,
            unit_id: unit.id,
            number,
            signed_on: None,
            handover_due_on: None,
            handed_over_on: None,
            status: ContractStatus::Signed,
            created_at: self.now,
        };
        plan::contract(&mut self.plan.contracts, self.known.contracts(unit.id), row, new)
    }

    /// Ends the assignment of another ambassador and begins that of the one in the row.
    fn assign(&mut self, row: &LedgerRow, unit_id: Uuid) {
        let Some(number) = &row.ambassador_number else { return };
        let Ambassador::Active(staff_id) = self.company.ambassador(number) else { return };
        let current = self.known.ambassador(unit_id);
        if current == Some(staff_id) {
            return;
        }
        self.plan.reassigned.extend(current.map(|_| unit_id));
        let (id, started_at) = (self.tools.ids.new_id(self.now), self.now);
        self.plan.assignments.push(ambassador_assignment::Model { id, unit_id, staff_id, started_at, ended_at: None });
    }
}
