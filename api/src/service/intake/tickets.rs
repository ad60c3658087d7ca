//! Tickets of another system, some hundred at a time: found where they belong, numbered, and put into the books with their
//! log. The log's part that comes in lies before its beginning, so that nobody who follows it hears of what is long over.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    imported_ticket, ticket, ticket_event,
    vocab::{TicketKind, TicketStatus, Urgency},
};
use uuid::Uuid;

use super::{
    Good,
    company::Company,
    history::{self, Case, Instants},
};
use crate::{
    domain::{
        deadline::DeadlinePolicy,
        intake::{
            Fault, Problem,
            ticket::{Column, TicketRow},
        },
        ledger::place,
        message::ImportText,
        ticket_number::{day, ticket_number},
    },
    error::{Error, Result},
    import::intake::Report,
    service::{import_ledger::Tools, ticket_rows},
    store::{self, db::Tx},
};

type Row = Good<Column, TicketRow>;

pub(super) struct Writer<'a> {
    tools: &'a Tools,
    tx: &'a Tx,
    now: DateTime<Utc>,
    company: Company,
    policies: HashMap<(Uuid, TicketKind, Urgency), DeadlinePolicy>,
    /// The project and number of each row of this file so far.
    seen: HashSet<(Uuid, String)>,
    /// Below which the log is free.
    lowest: i64,
}

impl<'a> Writer<'a> {
    pub(super) async fn open(tools: &'a Tools, tx: &'a Tx, now: DateTime<Utc>) -> Result<Self> {
        let (company, lowest) = (Company::load(tx).await?, store::intake::lowest_place(tx).await?);
        Ok(Self { tools, tx, now, company, policies: HashMap::new(), seen: HashSet::new(), lowest })
    }

    pub(super) async fn write(&mut self, rows: Vec<Row>, report: &mut Report) -> Result<()> {
        let homes = Homes::load(self, &rows).await?;
        let mut cases = Vec::with_capacity(rows.len());
        for row in rows {
            match self.case(&homes, &row.value) {
                Ok(case) => {
                    report.good_rows += 1;
                    self.seen.insert((case.project.id, case.row.reference.clone()));
                    cases.push(case);
                }
                Err(fault) => report.refuse(row.bad(fault)),
            }
        }
        let total = cases.len() as u64;
        let new = self.unknown(cases).await?;
        report.created += new.len() as u64;
        report.unchanged += total - new.len() as u64;
        self.insert(new).await
    }

    /// What a row leads to, or what the company contradicts in it.
    fn case(&self, homes: &Homes, row: &TicketRow) -> Result<Case, Fault<Column>> {
        let unknown = ImportText::RowNoProject { name: row.project.clone() };
        let no_project = || Fault::new(Column::Project, Problem::UnknownProject, unknown);
        let project = self.company.project(&row.project).ok_or_else(no_project)?.clone();
        if self.seen.contains(&(project.id, row.reference.clone())) {
            return Err(Fault::new(Column::Reference, Problem::Duplicate, ImportText::RowNumberTwice));
        }
        let no_home = || {
            let (building, section, room) = (row.building.clone(), row.section.clone(), row.room.clone());
            let message = ImportText::RowNoHome { building, section, room };
            Fault::new(Column::Room, Problem::UnknownHome, message)
        };
        let building = self.company.building(&project, &row.building).ok_or_else(no_home)?;
        let key = (building, row.section.clone(), row.room.clone());
        let unit_id = *homes.units.get(&key).ok_or_else(no_home)?;
        let reporter_id = match &row.reporter_phone {
            None => None,
            Some(phone) => Some(homes.owner(&self.tools.vault.phone_hash(phone), unit_id).ok_or_else(|| {
                Fault::new(Column::ReporterPhone, Problem::UnknownReporter, ImportText::RowNotTheirs)
            })?),
        };
        let assignee_id = self.assignee(row)?;
        let times = Instants::read(row, &project, self.now)?;
        Ok(Case { row: row.clone(), project, unit_id, reporter_id, assignee_id, times })
    }

    /// Who goes on working must be there.
    fn assignee(&self, row: &TicketRow) -> Result<Option<Uuid>, Fault<Column>> {
        use TicketStatus as S;
        let Some(number) = &row.assignee_number else { return Ok(None) };
        let goes_on = matches!(row.status, S::Assigned | S::InProgress | S::OnHold);
        match self.company.staff.get(number) {
            Some(staff) if staff.is_active || !goes_on => Ok(Some(staff.id)),
            Some(_) => Err(Fault::new(
                Column::AssigneeNumber,
                Problem::HasLeft,
                ImportText::RowStaffLeft { number: number.clone() },
            )),
            None => {
                let message = ImportText::RowNoStaff { number: number.clone() };
                Err(Fault::new(Column::AssigneeNumber, Problem::UnknownStaff, message))
            }
        }
    }

    /// Those that did not come in before.
    async fn unknown(&self, cases: Vec<Case>) -> Result<Vec<Case>> {
        let mut references: HashMap<Uuid, Vec<String>> = HashMap::new();
        for case in &cases {
            references.entry(case.project.id).or_default().push(case.row.reference.clone());
        }
        let mut known = HashSet::new();
        for (project_id, references) in references {
            let found = store::intake::known(self.tx, project_id, &references).await?;
            known.extend(found.into_iter().map(|reference| (project_id, reference)));
        }
        Ok(cases.into_iter().filter(|case| !known.contains(&(case.project.id, case.row.reference.clone()))).collect())
    }

    async fn insert(&mut self, cases: Vec<Case>) -> Result<()> {
        let mut numbers = self.numbers(&cases).await?;
        let (mut tickets, mut events, mut known) = (Vec::new(), Vec::new(), Vec::new());
        for case in &cases {
            let policy = self.policy(case).await?;
            let day = day(case.times.created, case.project.time_zone);
            let running =
                numbers.get_mut(&(case.project.id, day)).ok_or_else(|| Error::internal("a day is unknown"))?;
            let number = ticket_number(&case.project.code, day, *running);
            *running += 1;
            let id = self.tools.ids.new_id(case.times.created);
            let ticket = history::ticket(case, &policy, (id, number), self.now);
            events.extend(history::events(case, &ticket, &self.tools.ids, self.now));
            known.push(imported_ticket::Model {
                project_id: case.project.id,
                reference: case.row.reference.clone(),
                ticket_id: id,
                imported_at: self.now,
            });
            tickets.push(ticket);
        }
        self.place(&mut events)?;
        store::ledger::insert::<ticket::Entity>(self.tx, &tickets).await?;
        store::ledger::insert::<ticket_event::Entity>(self.tx, &events).await?;
        store::ledger::insert::<imported_ticket::Entity>(self.tx, &known).await
    }

    /// Gives the events places below all others, in their order.
    fn place(&mut self, events: &mut [ticket_event::Model]) -> Result<()> {
        self.lowest -= i64::try_from(events.len()).map_err(Error::internal)?;
        for (seq, event) in (self.lowest..).zip(events) {
            event.seq = seq;
        }
        Ok(())
    }

    /// The first running number of each project's day that these tickets may take.
    async fn numbers(&self, cases: &[Case]) -> Result<BTreeMap<(Uuid, NaiveDate), u32>> {
        let mut counts: BTreeMap<(Uuid, NaiveDate), i32> = BTreeMap::new();
        for case in cases {
            *counts.entry((case.project.id, day(case.times.created, case.project.time_zone))).or_default() += 1;
        }
        let mut numbers = BTreeMap::new();
        for ((project_id, day), count) in counts {
            let last = store::ticket::next_numbers(self.tx, project_id, day, count).await?;
            numbers.insert((project_id, day), u32::try_from(last - count + 1).map_err(Error::internal)?);
        }
        Ok(numbers)
    }

    async fn policy(&mut self, case: &Case) -> Result<DeadlinePolicy> {
        let key = (case.project.id, case.row.kind, case.row.urgency);
        if let Some(policy) = self.policies.get(&key) {
            return Ok(policy.clone());
        }
        let policy = ticket_rows::policy(store::policy::deadline(self.tx, key.0, key.1, key.2).await?)?;
        self.policies.insert(key, policy.clone());
        Ok(policy)
    }
}

/// The homes that some rows name, and who owns and owned them.
struct Homes {
    /// By building, section and room.
    units: HashMap<(Uuid, String, String), Uuid>,
    /// By the phone's hash.
    owners: HashMap<String, Uuid>,
    ownerships: HashSet<(Uuid, Uuid)>,
}

impl Homes {
    async fn load(writer: &Writer<'_>, rows: &[Row]) -> Result<Self> {
        let (mut buildings, mut rooms, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows.iter().map(|row| &row.value) {
            let project = writer.company.project(&row.project);
            buildings.extend(project.and_then(|project| writer.company.building(project, &row.building)));
            rooms.push(row.room.as_str());
            hashes.extend(row.reporter_phone.as_ref().map(|phone| writer.tools.vault.phone_hash(phone)));
        }
        buildings.sort_unstable();
        buildings.dedup();
        rooms.sort_unstable();
        rooms.dedup();
        let units = store::ledger::units_at(writer.tx, &buildings, &rooms).await?;
        let ids: Vec<Uuid> = units.iter().map(|unit| unit.id).collect();
        let hashes: Vec<&str> = hashes.iter().map(String::as_str).collect();
        let owners = store::ledger::owners_by_phone(writer.tx, &hashes).await?;
        let ownerships =
            if hashes.is_empty() { Vec::new() } else { store::ledger::ownerships_of(writer.tx, &ids).await? };
        let key = |unit: entity::unit::Model| {
            ((unit.building_id, place::section(&unit.section), place::room(&unit.room)), unit.id)
        };
        Ok(Self {
            units: units.into_iter().map(key).collect(),
            owners: owners.into_iter().filter_map(|owner| Some((owner.phone_hash?, owner.id))).collect(),
            ownerships: ownerships.into_iter().map(|row| (row.unit_id, row.owner_id)).collect(),
        })
    }

    fn owner(&self, phone_hash: &str, unit_id: Uuid) -> Option<Uuid> {
        let owner = *self.owners.get(phone_hash)?;
        self.ownerships.contains(&(unit_id, owner)).then_some(owner)
    }
}
