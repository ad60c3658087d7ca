//! What the house itself notes with an event. It is stored as a text, and known again by it: each reader is told in a
//! language of their own.

use crate::domain::message::Message;

/// Why the house sent somebody, or took a ticket back, by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemNote {
    /// It was urgent, and went to whoever is on duty.
    OnDuty,
    /// The assignee is away, and somebody stands in.
    StandsIn,
    /// The assignee is away; it waits in the queue.
    Away,
    /// The assignee has left the company; it waits in the queue.
    Left,
}

impl SystemNote {
    pub const ALL: [Self; 4] = [Self::OnDuty, Self::StandsIn, Self::Away, Self::Left];

    /// As it stands in the log. Never change one: the events of years are known by it.
    pub fn stored(self) -> &'static str {
        match self {
            Self::OnDuty => "急修派单：值班人员",
            Self::StandsIn => "处理人请假，由代班人员接手",
            Self::Away => "处理人请假",
            Self::Left => "处理人已离职",
        }
    }

    /// The note that was stored so, with an event of the system's; none of what people wrote.
    pub fn read(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|note| note.stored() == stored)
    }

    pub fn message(self) -> Message {
        match self {
            Self::OnDuty => Message::NoteOnDuty,
            Self::StandsIn => Message::NoteStandsIn,
            Self::Away => Message::NoteAway,
            Self::Left => Message::NoteLeft,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_is_known_again() {
        for note in SystemNote::ALL {
            assert_eq!(SystemNote::read(note.stored()), Some(note));
        }
        assert_eq!(SystemNote::read("处理人请假了"), None);
    }
}
