//! What goes well and what goes wrong with a ticket, drawn so often as it does in a decent company.

use entity::vocab::{DeadlineKind, TicketKind, TicketStatus, Urgency};

use super::random::Random;

/// How a ticket ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ending {
    /// The owner confirms the result.
    Owner,
    /// An agent asks the owner and confirms.
    Agent,
    /// Nobody answers, and the system confirms.
    Unanswered,
    /// It is withdrawn once it has this status.
    Withdrawn(TicketStatus),
}

/// What happens to a ticket beside the usual.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    /// The deadline that is missed.
    pub late: Option<DeadlineKind>,
    pub is_rescheduled: bool,
    pub is_reassigned: bool,
    pub is_escalated: bool,
    pub is_held: bool,
    pub rejections: usize,
    pub is_reopened: bool,
    pub ending: Ending,
}

impl Fate {
    /// Nothing out of the ordinary.
    pub const PLAIN: Self = Self {
        late: None,
        is_rescheduled: false,
        is_reassigned: false,
        is_escalated: false,
        is_held: false,
        rejections: 0,
        is_reopened: false,
        ending: Ending::Owner,
    };

    pub fn draw(kind: TicketKind, urgency: Urgency, random: &mut Random) -> Self {
        let on_site = matches!(kind, TicketKind::Repair | TicketKind::Rectification);
        let rejections = random.weighted(&[(0, 176), (1, 18), (2, 4), (3, 2)]);
        Self {
            late: Self::lateness(kind, random),
            is_rescheduled: urgency == Urgency::Appointment && random.chance(18),
            is_reassigned: random.chance(5),
            is_escalated: random.chance(4),
            is_held: urgency != Urgency::Urgent && random.chance(if on_site { 14 } else { 5 }),
            rejections: if kind == TicketKind::Inquiry { 0 } else { rejections },
            is_reopened: random.chance(3),
            ending: Self::ending(on_site, random),
        }
    }

    fn lateness(kind: TicketKind, random: &mut Random) -> Option<DeadlineKind> {
        use DeadlineKind::{Arrive, Resolve, Respond};
        if !random.chance(9) {
            return None;
        }
        Some(match kind {
            TicketKind::Repair => random.pick(&[Respond, Arrive, Arrive, Resolve]),
            TicketKind::Complaint | TicketKind::Inquiry | TicketKind::Suggestion => random.pick(&[Respond, Resolve]),
            // Thirty days are enough for everybody.
            TicketKind::Rectification => Respond,
        })
    }

    fn ending(on_site: bool, random: &mut Random) -> Ending {
        use TicketStatus::{Accepted, Assigned, Submitted};
        if random.chance(6) {
            return Ending::Withdrawn(random.pick(&[Submitted, Accepted, Assigned]));
        }
        // An agent confirms only what others worked on, and questions are answered by agents.
        let agent = if on_site { 14 } else { 0 };
        random.weighted(&[(Ending::Owner, 68), (Ending::Agent, agent), (Ending::Unanswered, 18)])
    }
}
