//! Whom a ticket's event concerns. Whoever did it is never told of it; that is seen to where the people are known.

use entity::vocab::{NotificationKind, TicketAction};

/// Somebody's part in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The owners of the home, and whoever reported it.
    Owner,
    /// Who answers for the household, and who stands in for them.
    Ambassador,
    Assignee,
    /// The managers of the project.
    Manager,
}

/// Who is told of an event, and what. Nobody is told of what only the books need.
pub fn told(action: TicketAction, by_system: bool) -> &'static [(Party, NotificationKind)] {
    use NotificationKind as K;
    use Party::{Ambassador, Assignee, Manager, Owner};
    match action {
        TicketAction::Create => &[(Ambassador, K::TicketReported)],
        TicketAction::Accept => &[(Owner, K::TicketAccepted)],
        TicketAction::Assign => &[(Assignee, K::TicketAssigned), (Owner, K::TicketDispatched)],
        TicketAction::Start => &[(Owner, K::TicketStarted)],
        TicketAction::Hold => &[(Owner, K::TicketOnHold)],
        TicketAction::Resolve => &[(Owner, K::TicketResolved)],
        // What was left unanswered is confirmed by the clock: the owners should know that it was.
        TicketAction::Confirm if by_system => {
            &[(Owner, K::TicketConfirmed), (Assignee, K::TicketConfirmed), (Ambassador, K::TicketConfirmed)]
        }
        TicketAction::Confirm => &[(Assignee, K::TicketConfirmed), (Ambassador, K::TicketConfirmed)],
        TicketAction::Reject => &[(Assignee, K::TicketRejected), (Ambassador, K::TicketRejected)],
        TicketAction::RecordFollowUp => &[(Owner, K::TicketClosed)],
        TicketAction::Escalate => {
            &[(Owner, K::TicketEscalated), (Manager, K::TicketEscalated), (Ambassador, K::TicketEscalated)]
        }
        TicketAction::Cancel => {
            &[(Owner, K::TicketCancelled), (Assignee, K::TicketCancelled), (Ambassador, K::TicketCancelled)]
        }
        TicketAction::Reopen => &[(Owner, K::TicketReopened), (Ambassador, K::TicketReopened)],
        TicketAction::Reschedule => {
            &[(Owner, K::TicketRescheduled), (Assignee, K::TicketRescheduled), (Ambassador, K::TicketRescheduled)]
        }
        TicketAction::ReturnToQueue => &[(Ambassador, K::TicketReturned)],
        TicketAction::RespondBreached | TicketAction::ArriveBreached | TicketAction::ResolveBreached => {
            &[(Assignee, K::TicketOverdue), (Ambassador, K::TicketOverdue), (Manager, K::TicketOverdue)]
        }
        TicketAction::Resume | TicketAction::Triage | TicketAction::Collect => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parties(action: TicketAction, by_system: bool) -> Vec<Party> {
        told(action, by_system).iter().map(|(party, _)| *party).collect()
    }

    #[test]
    fn each_event_is_told_to_those_who_have_to_act_on_it_or_wait_for_it() {
        use Party::{Ambassador, Assignee, Manager, Owner};
        for (action, expected) in [
            (TicketAction::Create, vec![Ambassador]),
            (TicketAction::Accept, vec![Owner]),
            (TicketAction::Assign, vec![Assignee, Owner]),
            (TicketAction::Resolve, vec![Owner]),
            (TicketAction::Reject, vec![Assignee, Ambassador]),
            (TicketAction::RecordFollowUp, vec![Owner]),
            (TicketAction::Escalate, vec![Owner, Manager, Ambassador]),
            (TicketAction::ResolveBreached, vec![Assignee, Ambassador, Manager]),
            (TicketAction::Triage, vec![]),
        ] {
            assert_eq!(parties(action, false), expected, "{action:?}");
        }
        assert!(!parties(TicketAction::Confirm, false).contains(&Owner));
        assert!(parties(TicketAction::Confirm, true).contains(&Owner), "the clock answered for them");
    }

    #[test]
    fn owners_hear_nothing_of_missed_deadlines_before_they_are_escalated() {
        for action in [TicketAction::RespondBreached, TicketAction::ArriveBreached, TicketAction::ResolveBreached] {
            assert!(!parties(action, true).contains(&Party::Owner));
        }
    }
}
