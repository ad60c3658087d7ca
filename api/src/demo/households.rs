//! The three hundred homes: units, who owns them, contracts, warranties, and who answers for each household.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    ambassador_assignment, building, contract, owner, ownership, project, unit,
    vocab::{ContractStatus, OwnerStage, WarrantyPart},
    warranty_item,
};
use uuid::Uuid;

use super::{
    accounts::OWNERS,
    company::{BUILDINGS, Member, SITES, insert_all},
    days::{local_day, on},
    names,
    random::Random,
};
use crate::{
    domain::{phone, warranty},
    error::Result,
    service::Services,
    store::db::Tx,
};

/// A home, as the rest of the demo needs to know it.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub unit_id: Uuid,
    /// Which of the sites it stands on.
    pub site: usize,
    /// The present owners, in the order of the contract.
    pub owners: Vec<Uuid>,
    /// The staff number of who answers for it.
    pub ambassador: Option<&'static str>,
    pub handed_over_on: Option<NaiveDate>,
}

/// The home of the first account, and the other one that the same owner has.
pub(super) const FIRST_HOMES: [usize; 2] = [0, 187];

/// How many of each hundred homes have a second owner.
const CO_OWNED: u64 = 35;

/// How many handed-over homes nobody answers for yet, so that the gap shows in the coverage.
const UNCOVERED: usize = 3;

/// How long ago an area went from one ambassador to another.
const TRANSFERRED: TimeDelta = TimeDelta::days(100);

/// When a building's homes were handed over: from and to how many days ago, and how many of a hundred came to take them.
const HANDOVERS: [[Option<(i64, i64, u64)>; BUILDINGS]; 2] = [
    [Some((690, 900, 100)), Some((160, 420, 95)), Some((30, 58, 33))],
    [Some((380, 620, 100)), Some((70, 240, 88)), None],
];

/// Who answers for a building, and who did before.
pub(super) const AMBASSADORS: [[(&str, Option<&str>); BUILDINGS]; 2] =
    [[("GJ001", None), ("GJ002", Some("GJ001")), ("GJ002", None)], [("GJ003", None), ("GJ003", None), ("GJ003", None)]];

/// The rows of all homes, gathered before they are written.
#[derive(Default)]
struct Rows {
    units: Vec<unit::Model>,
    owners: Vec<owner::Model>,
    ownerships: Vec<ownership::Model>,
    contracts: Vec<contract::Model>,
    warranties: Vec<warranty_item::Model>,
    assignments: Vec<ambassador_assignment::Model>,
}

/// Makes the homes and everything that hangs on them.
pub(super) async fn settle(
    services: &Services,
    tx: &Tx,
    projects: &[project::Model],
    buildings: &[building::Model],
    staff: &[Member],
    random: &mut Random,
    now: DateTime<Utc>,
) -> Result<Vec<Household>> {
    let mut settling = Settling { services, staff, random, now, rows: Rows::default(), households: Vec::new() };
    for (site, project) in projects.iter().enumerate() {
        for number in 0..BUILDINGS {
            let building = &buildings[site * BUILDINGS + number];
            for (section, room) in rooms(site) {
                settling.home(project, building, (site, number), (&section, &room));
            }
        }
    }
    settling.leave_some_uncovered();
    let Settling { rows, households, .. } = settling;
    insert_all::<unit::Entity>(tx, rows.units).await?;
    insert_all::<owner::Entity>(tx, rows.owners).await?;
    insert_all::<ownership::Entity>(tx, rows.ownerships).await?;
    insert_all::<contract::Entity>(tx, rows.contracts).await?;
    insert_all::<warranty_item::Entity>(tx, rows.warranties).await?;
    insert_all::<ambassador_assignment::Entity>(tx, rows.assignments).await?;
    Ok(households)
}

/// Section and room of every home of a building.
fn rooms(site: usize) -> Vec<(String, String)> {
    let layout = SITES[site].layout;
    let sections: Vec<String> = match layout.sections {
        0 => vec![String::new()],
        several => (1..=several).map(|section| section.to_string()).collect(),
    };
    let mut rooms = Vec::new();
    for section in &sections {
        for floor in 1..=layout.floors {
            rooms.extend((1..=layout.rooms).map(|room| (section.clone(), format!("{floor}{room:02}"))));
        }
    }
    rooms
}

struct Settling<'a> {
    services: &'a Services,
    staff: &'a [Member],
    random: &'a mut Random,
    now: DateTime<Utc>,
    rows: Rows,
    households: Vec<Household>,
}

/// When a home was sold, and given to its owners or is to be.
#[derive(Clone, Copy)]
struct Dates {
    signed_on: NaiveDate,
    handover_due_on: NaiveDate,
    handed_over_on: Option<NaiveDate>,
}

impl Settling<'_> {
    fn home(
        &mut self,
        project: &project::Model,
        building: &building::Model,
        (site, number): (usize, usize),
        (section, room): (&str, &str),
    ) {
        let dates = self.dates(HANDOVERS[site][number]);
        let staircase = if section.is_empty() { String::new() } else { format!("{section}单元") };
        let created_at = on(dates.signed_on, 10, 0);
        let unit = unit::Model {
            id: self.services.new_id(created_at),
            project_id: project.id,
            building_id: building.id,
            section: section.to_owned(),
            room: room.to_owned(),
            code: format!("{}{staircase}{room}", building.name),
            floor_area_centi: Some(self.random.pick(&[8_912, 9_850, 11_536, 12_840, 14_308])),
            handed_over_on: dates.handed_over_on,
            created_at,
            is_public_area: false,
        };
        let owners = self.owners(dates);
        self.own(unit.id, &owners, dates.signed_on);
        self.contract(&unit, &project.code, dates);
        let ambassador = dates.handed_over_on.map(|day| self.assign(unit.id, AMBASSADORS[site][number], day));
        let handed_over_on = dates.handed_over_on;
        self.households.push(Household { unit_id: unit.id, site, owners, ambassador, handed_over_on });
        self.rows.units.push(unit);
    }

    fn dates(&mut self, handover: Option<(i64, i64, u64)>) -> Dates {
        let today = local_day(self.now);
        let ago = |days: i64| today - TimeDelta::days(days);
        let (from, to, came) = handover.unwrap_or((0, 0, 0));
        if self.random.chance(came) {
            let handed_over_on = ago(self.random.between(from..=to));
            let signed_on = handed_over_on - TimeDelta::days(self.random.between(400..=720));
            let handover_due_on = handed_over_on + TimeDelta::days(self.random.between(-20..=30));
            return Dates { signed_on, handover_due_on, handed_over_on: Some(handed_over_on) };
        }
        let signed_on = ago(self.random.between(90..=600));
        let due_in = if handover.is_some() { self.random.between(10..=45) } else { 270 };
        Dates { signed_on, handover_due_on: today + TimeDelta::days(due_in), handed_over_on: None }
    }

    /// The owners of the next home: new ones, or somebody who already has a home.
    fn owners(&mut self, dates: Dates) -> Vec<Uuid> {
        let index = self.households.len();
        let stage = self.stage(dates);
        if let Some(earlier) = first_home(index) {
            let owner = self.households[earlier].owners[0];
            if let Some(row) = self.rows.owners.iter_mut().find(|row| row.id == owner) {
                row.stage = row.stage.max(stage);
            }
            return vec![owner];
        }
        let co_owned = self.random.chance(CO_OWNED) || index == FIRST_HOMES[0];
        (0..=usize::from(co_owned)).map(|_| self.owner(stage, dates.signed_on)).collect()
    }

    fn stage(&mut self, dates: Dates) -> OwnerStage {
        let Some(day) = dates.handed_over_on else { return OwnerStage::Signed };
        match (local_day(self.now) - day).num_days() {
            ..60 => OwnerStage::HandedOver,
            60..200 => self.random.pick(&[OwnerStage::HandedOver, OwnerStage::Renovating]),
            200..400 => self.random.pick(&[OwnerStage::Renovating, OwnerStage::Resident, OwnerStage::Resident]),
            _ => OwnerStage::Resident,
        }
    }

    /// A person. Numbers 191-0000-… are given to nobody in the demo's country, so no stranger is called.
    fn owner(&mut self, stage: OwnerStage, signed_on: NaiveDate) -> Uuid {
        let count = self.rows.owners.len();
        let created_at = on(signed_on, 10, 0);
        let id = self.services.new_id(created_at);
        let drawn = names::name(self.random);
        let number = format!("191{:08}", count + 1);
        self.rows.owners.push(owner::Model {
            id,
            name: OWNERS.get(count).map_or(drawn, |account| account.name.to_owned()),
            phone_hash: Some(self.services.vault.phone_hash(&number)),
            phone_sealed: Some(self.services.vault.seal_phone(id, &number)),
            phone_masked: Some(phone::mask(&number)),
            identity_hash: None,
            identity_sealed: None,
            identity_masked: None,
            stage,
            created_at,
        });
        id
    }

    fn own(&mut self, unit_id: Uuid, owners: &[Uuid], started_on: NaiveDate) {
        for (position, owner_id) in (0..).zip(owners) {
            self.rows.ownerships.push(ownership::Model {
                id: self.services.new_id(on(started_on, 10, 0)),
                unit_id,
                owner_id: *owner_id,
                position,
                started_on,
                ended_on: None,
            });
        }
    }

    /// The contract, and from the handover on the warranty of every part.
    fn contract(&mut self, unit: &unit::Model, code: &str, dates: Dates) {
        let created_at = unit.created_at;
        let id = self.services.new_id(created_at);
        let is_over = dates.handed_over_on.is_some();
        self.rows.contracts.push(contract::Model {
            id,
            project_id: unit.project_id,
            unit_id: unit.id,
            number: format!("{code}-HT-{:04}", self.rows.contracts.len() + 1),
            signed_on: Some(dates.signed_on),
            handover_due_on: Some(dates.handover_due_on),
            handed_over_on: dates.handed_over_on,
            status: if is_over { ContractStatus::HandedOver } else { ContractStatus::Signed },
            created_at,
        });
        let Some(starts_on) = dates.handed_over_on else { return };
        self.rows.warranties.extend(WarrantyPart::ALL.iter().map(|part| warranty_item::Model {
            id: self.services.new_id(created_at),
            unit_id: unit.id,
            contract_id: Some(id),
            part: *part,
            starts_on,
            expires_on: warranty::expires_on(*part, starts_on),
            noticed_at: None,
        }));
    }

    /// Gives a household to its ambassador from the handover on, by way of the one before where there was one.
    fn assign(
        &mut self,
        unit_id: Uuid,
        (present, earlier): (&'static str, Option<&'static str>),
        handed_over_on: NaiveDate,
    ) -> &'static str {
        let handed_over_at = on(handed_over_on + Days::new(1), 9, 0);
        let transferred_at = self.now - TRANSFERRED;
        let mut started_at = handed_over_at;
        if let Some(earlier) = earlier.filter(|_| handed_over_at < transferred_at) {
            self.rows.assignments.push(self.assignment(unit_id, earlier, started_at, Some(transferred_at)));
            started_at = transferred_at;
        }
        self.rows.assignments.push(self.assignment(unit_id, present, started_at, None));
        present
    }

    fn assignment(
        &self,
        unit_id: Uuid,
        number: &str,
        started_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
    ) -> ambassador_assignment::Model {
        let member = self.staff.iter().find(|member| member.account.number == number);
        ambassador_assignment::Model {
            id: self.services.new_id(started_at),
            unit_id,
            staff_id: member.expect("the number is in the accounts").id,
            started_at,
            ended_at,
        }
    }

    /// Takes the ambassador from the homes that were handed over last.
    fn leave_some_uncovered(&mut self) {
        let mut newest: Vec<usize> = (0..self.households.len()).collect();
        newest.retain(|index| self.households[*index].handed_over_on.is_some());
        newest.sort_by_key(|index| std::cmp::Reverse(self.households[*index].handed_over_on));
        for index in newest.into_iter().take(UNCOVERED) {
            let household = &mut self.households[index];
            household.ambassador = None;
            self.rows.assignments.retain(|row| row.unit_id != household.unit_id);
        }
    }
}

/// For those who own two homes: where the other one is.
fn first_home(index: usize) -> Option<usize> {
    match index {
        second if second == FIRST_HOMES[1] => Some(FIRST_HOMES[0]),
        // Ten more owners: every sixteenth home from 130 on belongs to someone in the first building.
        second if second >= 130 && (second - 130) % 16 == 0 && second < 290 => Some(4 + (second - 130) / 16 * 5),
        _ => None,
    }
}
