//! What the house itself notes with an event. It is stored as a text, and known again by it: each reader is told in a
//! language of their own.

use std::borrow::Cow;

use crate::domain::message::Message;

/// Why the house sent somebody, took a ticket back or brought one in, by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemNote<'a> {
    /// It was urgent, and went to whoever is on duty.
    OnDuty,
    /// The assignee is away, and somebody stands in.
    StandsIn,
    /// The assignee is away; it waits in the queue.
    Away,
    /// The assignee has left the company; it waits in the queue.
    Left,
    /// The assignee does other work now, or works elsewhere; it waits in the queue.
    Moved,
    /// It comes from another system, which knew it by this number.
    Imported(&'a str),
}

/// Before the number in another system.
const IMPORTED: &str = "导入自其他系统,原工单号 ";

impl<'a> SystemNote<'a> {
    /// Those that are always the same.
    const FIXED: [Self; 5] = [Self::OnDuty, Self::StandsIn, Self::Away, Self::Left, Self::Moved];

    /// As it stands in the log. Never change one: the events of years are known by it.
    pub fn stored(self) -> Cow<'static, str> {
        let text = match self {
            Self::OnDuty => "急修派单：值班人员",
            Self::StandsIn => "处理人请假，由代班人员接手",
            Self::Away => "处理人请假",
            Self::Left => "处理人已离职",
            Self::Moved => "处理人已调离",
            Self::Imported(reference) => return format!("{IMPORTED}{reference}").into(),
        };
        text.into()
    }

    /// The note that was stored so, with an event of the system's; none of what people wrote.
    pub fn read(stored: &'a str) -> Option<Self> {
        let fixed = Self::FIXED.into_iter().find(|note| note.stored() == stored);
        fixed.or_else(|| stored.strip_prefix(IMPORTED).map(Self::Imported))
    }

    pub fn message(self) -> Message {
        match self {
            Self::OnDuty => Message::NoteOnDuty,
            Self::StandsIn => Message::NoteStandsIn,
            Self::Away => Message::NoteAway,
            Self::Left => Message::NoteLeft,
            Self::Moved => Message::NoteMoved,
            Self::Imported(reference) => Message::NoteImported { reference: reference.to_owned() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_is_known_again() {
        for note in SystemNote::FIXED.into_iter().chain([SystemNote::Imported("BX-7 {")]) {
            assert_eq!(SystemNote::read(&note.stored()), Some(note));
        }
        assert_eq!(SystemNote::read("处理人请假了"), None);
    }
}
