//! Opaque global ids: the kind of the thing and its id in one word, so that an id of another kind is never mistaken.

use async_graphql::ID;
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::{
    error::{Error, FaultCode, Message, Result},
    service::webhook::events::Subject,
};

/// What an id leads to. The byte is part of every id that was ever given out: never change one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    Ticket = 1,
    TicketEvent = 2,
    Attachment = 3,
    Unit = 4,
    Building = 5,
    Project = 6,
    Owner = 7,
    Staff = 8,
    Contract = 9,
    WarrantyItem = 10,
    Lecture = 11,
    Partner = 12,
    Device = 13,
    Interaction = 14,
    Bulletin = 50,
    BulletinDelivery = 51,
    Milestone = 52,
    Contractor = 53,
    RectificationBatch = 54,
    // 60–69: handovers, customers' files, the audit log.
    Handover = 60,
    HandoverSlot = 61,
    OwnerDocument = 62,
    AuditEntry = 63,
    Activity = 30,
    ActivityRegistration = 31,
    ActivityOpinion = 32,
    CalendarFeed = 33,
    Article = 34,
    SurveyInvitation = 40,
    Survey = 41,
    SurveyQuestion = 42,
    SurveyTemplate = 43,
    ImprovementTask = 44,
    Touchpoint = 80,
    Publication = 20,
    Disclosure = 21,
    ShowHomeDeviation = 22,
    Prospect = 23,
    ContractClause = 24,
    SalesAppointment = 25,
    ComplaintAnalysis = 100,
    InspectionPlan = 101,
    InspectionPoint = 102,
    Inspection = 103,
    InspectionFinding = 104,
    Incident = 105,
    Training = 106,
    // 70–79: areas, duty, absences.
    AreaDuty = 70,
    AreaTransfer = 71,
    DutyShift = 72,
    Absence = 73,
    Notification = 110,
    NotificationDelivery = 111,
    WebhookEndpoint = 112,
    WebhookDelivery = 113,
}

impl Kind {
    pub const ALL: &'static [Kind] = &[
        Kind::Ticket,
        Kind::TicketEvent,
        Kind::Attachment,
        Kind::Unit,
        Kind::Building,
        Kind::Project,
        Kind::Owner,
        Kind::Staff,
        Kind::Contract,
        Kind::WarrantyItem,
        Kind::Lecture,
        Kind::Partner,
        Kind::Device,
        Kind::Interaction,
        Kind::Bulletin,
        Kind::BulletinDelivery,
        Kind::Milestone,
        Kind::Contractor,
        Kind::RectificationBatch,
        Kind::Handover,
        Kind::HandoverSlot,
        Kind::OwnerDocument,
        Kind::AuditEntry,
        Kind::Activity,
        Kind::ActivityRegistration,
        Kind::ActivityOpinion,
        Kind::CalendarFeed,
        Kind::Article,
        Kind::SurveyInvitation,
        Kind::Survey,
        Kind::SurveyQuestion,
        Kind::SurveyTemplate,
        Kind::ImprovementTask,
        Kind::Touchpoint,
        Kind::Publication,
        Kind::Disclosure,
        Kind::ShowHomeDeviation,
        Kind::Prospect,
        Kind::ContractClause,
        Kind::SalesAppointment,
        Kind::ComplaintAnalysis,
        Kind::InspectionPlan,
        Kind::InspectionPoint,
        Kind::Inspection,
        Kind::InspectionFinding,
        Kind::Incident,
        Kind::Training,
        Kind::AreaDuty,
        Kind::AreaTransfer,
        Kind::DutyShift,
        Kind::Absence,
        Kind::Notification,
        Kind::NotificationDelivery,
        Kind::WebhookEndpoint,
        Kind::WebhookDelivery,
    ];

    /// The global id of one of these.
    pub fn id(self, id: Uuid) -> ID {
        ID(self.encode(id))
    }

    /// The global id as text, for links.
    pub fn encode(self, id: Uuid) -> String {
        let mut bytes = [0; 17];
        bytes[0] = self as u8;
        bytes[1..].copy_from_slice(id.as_bytes());
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads an id that an input names; the fault names the field.
    pub fn read(self, field: &str, id: &ID) -> Result<Uuid> {
        match decode(id) {
            Some((kind, id)) if kind == self => Ok(id),
            Some((other, _)) => {
                let message = Message::IdOfAnotherKind { given: format!("{other:?}"), wanted: format!("{self:?}") };
                Err(Error::fault(FaultCode::Invalid, field, message))
            }
            None => Err(Error::unknown(field)),
        }
    }

    /// Reads an optional id.
    pub fn read_optional(self, field: &str, id: Option<&ID>) -> Result<Option<Uuid>> {
        id.map(|id| self.read(field, id)).transpose()
    }
}

/// The global id of what a message to an operator's system is about.
pub fn of_subject(subject: Subject, id: Uuid) -> String {
    let kind = match subject {
        Subject::Ticket => Kind::Ticket,
        Subject::TicketEvent => Kind::TicketEvent,
        Subject::Project => Kind::Project,
        Subject::Unit => Kind::Unit,
        Subject::Contract => Kind::Contract,
        Subject::Survey => Kind::Survey,
        Subject::SurveyInvitation => Kind::SurveyInvitation,
        Subject::Handover => Kind::Handover,
    };
    kind.encode(id)
}

/// What a global id says; `None` for anything that we did not give out.
pub fn decode(id: &str) -> Option<(Kind, Uuid)> {
    if id.len() != 23 {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(id.as_bytes()).ok()?;
    let (tag, rest) = bytes.split_first()?;
    let kind = Kind::ALL.iter().copied().find(|kind| *kind as u8 == *tag)?;
    Some((kind, Uuid::from_slice(rest).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_kind_has_a_byte_of_its_own() {
        let bytes: std::collections::BTreeSet<u8> = Kind::ALL.iter().map(|kind| *kind as u8).collect();
        assert_eq!(bytes.len(), Kind::ALL.len());
    }

    proptest! {
        #[test]
        fn an_id_reads_back_as_its_kind_only(id: u128, kind in 0..Kind::ALL.len(), other in 0..Kind::ALL.len()) {
            let (kind, other, id) = (Kind::ALL[kind], Kind::ALL[other], Uuid::from_u128(id));
            let global = kind.id(id);
            prop_assert_eq!(decode(&global), Some((kind, id)));
            prop_assert_eq!(other.read("x", &global).is_ok(), kind == other);
        }

        /// An id with one character or bit off is refused, or is another id in its only spelling.
        #[test]
        fn what_is_nearly_an_id_is_one_or_nothing(
            tag: u8, id: u128, at in 0usize..23, letter in "[A-Za-z0-9_+/= \u{e9}-]", kind in 0..4,
        ) {
            let mut text = BASE64URL_NOPAD.encode(&[&[tag], &id.to_be_bytes()[..]].concat());
            match kind {
                0 => text.replace_range(at..=at, &letter),
                1 => text.truncate(at),
                2 => text += &letter,
                _ => {}
            }
            if let Some((kind, id)) = decode(&text) {
                prop_assert_eq!(kind.encode(id), text);
            } else {
                let is_known = Kind::ALL.iter().any(|kind| *kind as u8 == tag);
                prop_assert!(kind < 3 || !is_known);
            }
        }

        #[test]
        fn any_text_is_an_id_or_nothing(text in ".{0,40}") {
            if let Some((kind, id)) = decode(&text) {
                prop_assert_eq!(kind.encode(id), text);
            }
        }
    }
}
