//! Who plays which part in a ticket's history: who serves, who is sent, and who is away.

use chrono::{DateTime, Utc};
use entity::vocab::{Role, TicketKind};
use uuid::Uuid;

use super::{
    company::{Company, Member},
    days::local_day,
    households::Household,
    random::Random,
};
use crate::{
    auth::viewer::{Principal, Viewer},
    error::{Error, Result},
};

/// The company's people, and when they are away.
pub(super) struct Cast<'a> {
    company: &'a Company,
    absences: Vec<(Uuid, DateTime<Utc>, DateTime<Utc>)>,
}

impl<'a> Cast<'a> {
    pub fn new(company: &'a Company) -> Self {
        Self { company, absences: Vec::new() }
    }

    pub fn is_away(&mut self, member: Uuid, (from, to): (DateTime<Utc>, DateTime<Utc>)) {
        self.absences.push((member, from, to));
    }

    pub fn owner(id: Uuid) -> Viewer {
        Viewer::of(Principal::Owner(id))
    }

    pub fn agent(&self) -> Viewer {
        self.company.only(Role::ServiceAgent).viewer()
    }

    fn ambassador_of(&self, household: &Household) -> Option<&'a Member> {
        household.ambassador.map(|number| self.company.by_number(number))
    }

    pub fn ambassador(&self, household: &Household) -> Option<Viewer> {
        self.ambassador_of(household).map(Member::viewer)
    }

    /// Who accepts, dispatches and calls back: mostly the household's ambassador, for complaints mostly the agent.
    pub fn servant(&self, household: &Household, kind: TicketKind, random: &mut Random) -> Viewer {
        let share = if kind == TicketKind::Complaint { 20 } else { 65 };
        match self.ambassador(household) {
            Some(ambassador) if random.chance(share) => ambassador,
            _ if random.chance(8) => self.company.only(Role::Manager).viewer(),
            _ => self.agent(),
        }
    }

    /// Who says whether a complaint holds.
    pub fn judge(&self, random: &mut Random) -> Viewer {
        if random.chance(35) { self.company.only(Role::Manager).viewer() } else { self.agent() }
    }

    pub fn assignee(&self, id: Option<Uuid>) -> Result<Viewer> {
        let member = self.company.staff.iter().find(|member| Some(member.id) == id);
        member.map(Member::viewer).ok_or_else(|| Error::internal("nobody is assigned"))
    }

    /// Who is sent: somebody who may be, and somebody else than before where there is one.
    pub fn hand(
        &self,
        household: &Household,
        kind: TicketKind,
        before: Option<Uuid>,
        now: DateTime<Utc>,
        random: &mut Random,
    ) -> Result<Uuid> {
        let mut hands: Vec<Uuid> = self
            .candidates(household, kind)
            .into_iter()
            .filter(|member| member.trained_until >= local_day(now) && self.is_here(member.id, now))
            .map(|member| member.id)
            .collect();
        if hands.len() > 1 {
            hands.retain(|id| Some(*id) != before);
        }
        if hands.is_empty() {
            return Err(Error::internal("there is nobody to send"));
        }
        Ok(random.pick(&hands))
    }

    fn candidates(&self, household: &Household, kind: TicketKind) -> Vec<&'a Member> {
        let technician = |member: &&Member| member.account.role == Role::Technician && member.works_for(household.site);
        let agent = self.company.only(Role::ServiceAgent);
        let manager = self.company.only(Role::Manager);
        let ambassador = self.ambassador_of(household);
        match kind {
            TicketKind::Repair | TicketKind::Rectification => self.company.staff.iter().filter(technician).collect(),
            TicketKind::Complaint => [manager, agent].into_iter().chain(ambassador).collect(),
            TicketKind::Inquiry | TicketKind::Suggestion => [agent].into_iter().chain(ambassador).collect(),
        }
    }

    fn is_here(&self, member: Uuid, now: DateTime<Utc>) -> bool {
        !self.absences.iter().any(|(id, from, to)| *id == member && *from <= now && now < *to)
    }
}
