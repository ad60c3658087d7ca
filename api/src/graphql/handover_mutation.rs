//! The mutations that book a handover and lead through it.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    context::Ask,
    enums::{HandoverStepKind, TicketCategory},
    handover::{Handover, HandoverSlot},
    id::Kind,
    scalar::instant,
    ticket::Ticket,
    user_error::{UserError, payloads, settle},
};
use crate::{
    error::Result,
    service::handover::{self, Booking, Defect, Mark, NewSlot, Target},
};

/// A time to be offered.
#[derive(InputObject)]
pub struct HandoverSlotInput {
    /// When it starts; in the future.
    starts_at: DateTime<Utc>,
    /// When it ends; within 12 hours.
    ends_at: DateTime<Utc>,
    /// How many homes can be handed over, 1 to 500.
    capacity: i32,
}

/// Offers times at which homes are handed over.
#[derive(InputObject)]
pub struct CreateHandoverSlotsInput {
    /// The project.
    project_id: ID,
    /// The building, when the times are for one only.
    building_id: Option<ID>,
    /// The times; 1 to 100. Either all of them are made or none.
    slots: Vec<HandoverSlotInput>,
}

/// The times that were made.
#[derive(SimpleObject)]
pub struct CreateHandoverSlotsPayload {
    /// The times, in the order given; null when the call was refused.
    slots: Option<Vec<HandoverSlot>>,
    /// What is wrong with the call; empty when it was carried out. A fault of one time names its place in the list, as in `slots.0.endsAt`.
    user_errors: Vec<UserError>,
}

/// Books the handover of a home.
#[derive(InputObject)]
pub struct BookHandoverInput {
    /// The home; a signed contract waits for it to be handed over.
    unit_id: ID,
    /// The time.
    slot_id: ID,
    /// For staff: which of the owners comes; the first of the contract when left out.
    owner_id: Option<ID>,
    /// Makes a repetition harmless: any text of at most 100 characters that you use for this call only.
    idempotency_key: Option<String>,
}

/// Moves a booked handover to another time.
#[derive(InputObject)]
pub struct RescheduleHandoverInput {
    /// The handover.
    handover_id: ID,
    /// The version you saw; if the handover changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
    expected_version: Option<i32>,
    /// The new time.
    slot_id: ID,
}

/// Calls a booked handover off.
#[derive(InputObject)]
pub struct CancelHandoverInput {
    /// The handover.
    handover_id: ID,
    /// The version you saw; if the handover changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
    expected_version: Option<i32>,
    /// Why; at most 500 characters.
    reason: String,
}

/// Names who accompanies the customer.
#[derive(InputObject)]
pub struct AssignHandoverStaffInput {
    /// The handover.
    handover_id: ID,
    /// The version you saw; if the handover changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
    expected_version: Option<i32>,
    /// The member of staff: an agent or manager of the project, or the household's ambassador.
    staff_id: ID,
}

/// Begins the visit.
#[derive(InputObject)]
pub struct StartHandoverInput {
    /// The handover.
    handover_id: ID,
    /// The version you saw; if the handover changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
    expected_version: Option<i32>,
}

/// Ticks a step of the checklist.
#[derive(InputObject)]
pub struct TickHandoverStepInput {
    /// The handover.
    handover_id: ID,
    /// The version you saw; if the handover changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
    expected_version: Option<i32>,
    /// Which step.
    kind: HandoverStepKind,
    /// False takes the tick away again.
    #[graphql(default = true)]
    is_ticked: bool,
    /// What to write down, at most 500 characters; for METERS_READ the readings, which must be given.
    note: Option<String>,
}

/// Writes down a defect.
#[derive(InputObject)]
pub struct RecordHandoverDefectInput {
    /// The handover, which is in progress.
    handover_id: ID,
    /// What is wrong, in one line of at most 120 characters.
    title: String,
    /// What is wrong, in full; at most 4000 characters.
    description: Option<String>,
    /// The trade, if known.
    category: Option<TicketCategory>,
    /// Pictures that you uploaded before with `POST /attachments`; at most 9.
    attachment_ids: Option<Vec<ID>>,
    /// Makes a repetition harmless: any text of at most 100 characters that you use for this call only.
    idempotency_key: Option<String>,
}

/// Completes a handover.
#[derive(InputObject)]
pub struct CompleteHandoverInput {
    /// The handover.
    handover_id: ID,
    /// The version you saw; if the handover changed since, the call answers CONFLICT. Leave it out to act on whatever is there.
    expected_version: Option<i32>,
}

/// Declares payloads that hold the changed handover.
macro_rules! handover_payloads {
    ($($name:ident),+) => {
        payloads! {$(
            /// The handover as it is after the call.
            $name {
                /// The handover; null when the call was refused.
                handover: Handover
            }
        )+}
    };
}

handover_payloads!(
    BookHandoverPayload,
    RescheduleHandoverPayload,
    CancelHandoverPayload,
    AssignHandoverStaffPayload,
    StartHandoverPayload,
    TickHandoverStepPayload,
    CompleteHandoverPayload
);

payloads! {
    /// The rectification that was made for a defect.
    RecordHandoverDefectPayload {
        /// The ticket; null when the call was refused.
        ticket: Ticket
    }
}

fn target(handover_id: &ID, expected_version: Option<i32>) -> Result<Target> {
    Ok(Target { handover_id: Kind::Handover.read("handoverId", handover_id)?, expected_version })
}

fn slots(input: &[HandoverSlotInput]) -> Result<Vec<NewSlot>> {
    let slot = |slot: &HandoverSlotInput| {
        Ok(NewSlot {
            starts_at: instant("slots.startsAt", slot.starts_at)?,
            ends_at: instant("slots.endsAt", slot.ends_at)?,
            capacity: slot.capacity,
        })
    };
    input.iter().map(slot).collect()
}

/// Handing homes over.
#[derive(Default)]
pub struct HandoverMutations;

#[Object]
impl HandoverMutations {
    /// Offers times at which homes of a project are handed over.
    async fn create_handover_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CreateHandoverSlotsInput,
    ) -> Result<CreateHandoverSlotsPayload> {
        let request = ctx.ask();
        let outcome = async {
            let project_id = Kind::Project.read("projectId", &input.project_id)?;
            let building_id = Kind::Building.read_optional("buildingId", input.building_id.as_ref())?;
            let slots = slots(&input.slots)?;
            handover::create_slots(&request.services, &request.viewer, (project_id, building_id), &slots).await
        };
        let (rows, user_errors) = settle(outcome.await)?;
        let slots = rows.map(|rows| rows.into_iter().map(HandoverSlot).collect());
        Ok(CreateHandoverSlotsPayload { slots, user_errors })
    }

    /// Books the handover of a home under contract: owners for their own, staff for the households they serve. A home has one booking at a time.
    async fn book_handover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: BookHandoverInput,
    ) -> Result<BookHandoverPayload> {
        let request = ctx.ask();
        let outcome = async {
            let booking = Booking {
                unit_id: Kind::Unit.read("unitId", &input.unit_id)?,
                slot_id: Kind::HandoverSlot.read("slotId", &input.slot_id)?,
                owner_id: Kind::Owner.read_optional("ownerId", input.owner_id.as_ref())?,
                idempotency_key: input.idempotency_key,
            };
            handover::book(&request.services, &request.viewer, booking).await
        };
        BookHandoverPayload::of(outcome.await)
    }

    /// Moves a booked handover to another time.
    async fn reschedule_handover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RescheduleHandoverInput,
    ) -> Result<RescheduleHandoverPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, input.expected_version)?;
            let slot_id = Kind::HandoverSlot.read("slotId", &input.slot_id)?;
            handover::reschedule(&request.services, &request.viewer, target, slot_id).await
        };
        RescheduleHandoverPayload::of(outcome.await)
    }

    /// Calls a booked handover off. Its place is free again, and the home can be booked anew.
    async fn cancel_handover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CancelHandoverInput,
    ) -> Result<CancelHandoverPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, input.expected_version)?;
            handover::cancel(&request.services, &request.viewer, target, &input.reason).await
        };
        CancelHandoverPayload::of(outcome.await)
    }

    /// Names who accompanies the customer through the visit.
    async fn assign_handover_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: AssignHandoverStaffInput,
    ) -> Result<AssignHandoverStaffPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, input.expected_version)?;
            let staff_id = Kind::Staff.read("staffId", &input.staff_id)?;
            handover::accompany(&request.services, &request.viewer, target, staff_id).await
        };
        AssignHandoverStaffPayload::of(outcome.await)
    }

    /// Begins the visit, once somebody accompanies the customer.
    async fn start_handover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: StartHandoverInput,
    ) -> Result<StartHandoverPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, input.expected_version)?;
            handover::start(&request.services, &request.viewer, target).await
        };
        StartHandoverPayload::of(outcome.await)
    }

    /// Ticks a step of the checklist, or takes the tick away. Ticking it again replaces the note, so a repetition does no harm.
    async fn tick_handover_step(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: TickHandoverStepInput,
    ) -> Result<TickHandoverStepPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, input.expected_version)?;
            let mark = Mark { kind: input.kind.into(), is_ticked: input.is_ticked, note: input.note };
            handover::mark(&request.services, &request.viewer, target, mark).await
        };
        TickHandoverStepPayload::of(outcome.await)
    }

    /// Writes down a defect found during the visit: a RECTIFICATION for the owner who came.
    async fn record_handover_defect(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: RecordHandoverDefectInput,
    ) -> Result<RecordHandoverDefectPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, None)?;
            let pictures = input.attachment_ids.unwrap_or_default();
            let defect = Defect {
                title: input.title,
                description: input.description.unwrap_or_default(),
                category: input.category.map(Into::into),
                attachment_ids: pictures
                    .iter()
                    .map(|id| Kind::Attachment.read("attachmentIds", id))
                    .collect::<Result<_>>()?,
                idempotency_key: input.idempotency_key,
            };
            handover::record_defect(&request.services, &request.viewer, target, defect).await
        };
        RecordHandoverDefectPayload::of(outcome.await.map(Ticket))
    }

    /// Completes a handover: the contract is fulfilled, the owners' stage becomes HANDED_OVER, and the warranties begin. Refused with one error for each mandatory step that is not ticked, its field being `steps.` and the step; and while nobody accompanies it, as after a companion has left.
    async fn complete_handover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The call's input.")] input: CompleteHandoverInput,
    ) -> Result<CompleteHandoverPayload> {
        let request = ctx.ask();
        let outcome = async {
            let target = target(&input.handover_id, input.expected_version)?;
            handover::complete(&request.services, &request.viewer, target).await
        };
        CompleteHandoverPayload::of(outcome.await)
    }
}
