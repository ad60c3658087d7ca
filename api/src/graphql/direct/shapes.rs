//! What the objects consist of that are answered directly: each field, and the column or the rows it is made of. What is
//! not listed here is left to the resolvers. The descriptions and the types of the fields are said by the nouns' own files;
//! a test compares both ways of answering, for each principal.

use entity::{attachment, building, owner, project, staff, ticket, ticket_event, unit, warranty_item};

use super::super::id::Kind;
use crate::{
    auth::viewer::Viewer,
    store::direct::{Column, Field, Link, links},
};

/// An object of the schema.
pub struct Shape {
    pub name: &'static str,
    pub part: fn(&str) -> Option<Part>,
}

/// What a field is made of.
pub enum Part {
    /// A column of the row.
    Leaf(Field, Spelling),
    /// The same, of which other viewers are shown something else.
    LeafFor(fn(&Viewer) -> bool, Field, Spelling),
    /// Whether the instant in a column has passed.
    IsPast(Field),
    /// An object that is in the same row.
    Here(&'static Shape),
    /// The same, where a column holds something.
    HereIf(Field, &'static Shape),
    /// An object, or nothing.
    One(Link, &'static Shape),
    /// The first of these that is there.
    Either([(Link, &'static Shape); 2]),
    Many(Link, &'static Shape),
    /// A connection over a log, by its number.
    Page(Link, Field, &'static Shape),
    /// The last entry of a log.
    Last(Link, Field, &'static Shape),
    Count(Link),
    /// The connection of the homes that the viewer answers for.
    Households,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// A text, a number or a day, as the database says it.
    Plain,
    Truth,
    Instant,
    Id(Kind),
    /// What was said about an event; what the system said comes in the reader's language.
    Note,
    /// A place in the log.
    Seq,
    /// Where something is fetched: a path around its global id.
    Path(&'static str, Kind, &'static str),
    /// Hundredths, as a number with a fraction.
    Hundredths,
}

impl Spelling {
    /// Whether it is an id that is written.
    pub fn is_of_id(self) -> bool {
        matches!(self, Self::Id(_) | Self::Path(..))
    }
}

pub static TICKET: Shape = Shape { name: "Ticket", part: part_of_ticket };
pub static EVENT: Shape = Shape { name: "TicketEvent", part: part_of_event };
pub static PICTURE: Shape = Shape { name: "Attachment", part: part_of_picture };
pub static APPOINTMENT: Shape = Shape { name: "Appointment", part: part_of_appointment };
pub static UNIT: Shape = Shape { name: "Unit", part: part_of_unit };
pub static BUILDING: Shape = Shape { name: "Building", part: part_of_building };
pub static PROJECT: Shape = Shape { name: "Project", part: part_of_project };
pub static WARRANTY: Shape = Shape { name: "WarrantyItem", part: part_of_warranty };
pub static OWNER: Shape = Shape { name: "Owner", part: part_of_owner };
pub static STAFF: Shape = Shape { name: "Staff", part: part_of_staff };
pub static VIEWING_STAFF: Shape = Shape { name: "Staff", part: part_of_viewing_staff };

fn plain(column: impl Column) -> Part {
    Part::Leaf(Field::of(column), Spelling::Plain)
}

fn truth(column: impl Column) -> Part {
    Part::Leaf(Field::of(column), Spelling::Truth)
}

fn instant(column: impl Column) -> Part {
    Part::Leaf(Field::of(column), Spelling::Instant)
}

fn id(kind: Kind, column: impl Column) -> Part {
    Part::Leaf(Field::of(column), Spelling::Id(kind))
}

fn part_of_ticket(field: &str) -> Option<Part> {
    use ticket::Column as C;
    Some(match field {
        "id" => id(Kind::Ticket, C::Id),
        "number" => plain(C::Number),
        "kind" => plain(C::Kind),
        "category" => plain(C::Category),
        "urgency" => plain(C::Urgency),
        "status" => plain(C::Status),
        "title" => plain(C::Title),
        "description" => plain(C::Description),
        "version" => plain(C::Version),
        "channel" => plain(C::Channel),
        "responsibleDepartment" => plain(C::ResponsibleDepartment),
        "createdAt" => instant(C::CreatedAt),
        "updatedAt" => instant(C::UpdatedAt),
        "acceptedAt" => instant(C::AcceptedAt),
        "startedAt" => instant(C::StartedAt),
        "resolvedAt" => instant(C::ResolvedAt),
        "confirmedAt" => instant(C::ConfirmedAt),
        "closedAt" => instant(C::ClosedAt),
        "cancelledAt" => instant(C::CancelledAt),
        "respondDueAt" => instant(C::RespondDueAt),
        "arriveDueAt" => instant(C::ArriveDueAt),
        "resolveDueAt" => instant(C::ResolveDueAt),
        "isOverdue" => Part::IsPast(Field::of(C::QueueDeadlineAt)),
        "heldSeconds" => plain(C::HeldSeconds),
        "escalationLevel" => plain(C::EscalationLevel),
        "reworkCount" => plain(C::ReworkCount),
        "triage" => plain(C::Triage),
        "triageReason" => plain(C::TriageReason),
        "cause" => plain(C::Cause),
        "explanation" => plain(C::Explanation),
        "resolution" => plain(C::Resolution),
        "costCents" => plain(C::CostCents),
        "satisfied" => truth(C::Satisfied),
        "rating" => plain(C::Rating),
        "confirmedChannel" => plain(C::ConfirmedChannel),
        "appointment" => Part::HereIf(Field::of(C::AppointmentStartsAt), &APPOINTMENT),
        "unit" => Part::One(links::unit_of_ticket, &UNIT),
        "assignee" => Part::One(links::assignee_of_ticket, &STAFF),
        "attachments" => Part::Many(links::pictures_of_ticket, &PICTURE),
        "events" => Part::Page(links::events_of_ticket, Field::of(ticket_event::Column::Seq), &EVENT),
        "latestEvent" => Part::Last(links::events_of_ticket, Field::of(ticket_event::Column::Seq), &EVENT),
        _ => return None,
    })
}

fn part_of_appointment(field: &str) -> Option<Part> {
    Some(match field {
        "startsAt" => instant(ticket::Column::AppointmentStartsAt),
        "endsAt" => instant(ticket::Column::AppointmentEndsAt),
        _ => return None,
    })
}

fn part_of_event(field: &str) -> Option<Part> {
    use ticket_event::Column as C;
    Some(match field {
        "id" => id(Kind::TicketEvent, C::Id),
        "cursor" => Part::Leaf(Field::of(C::Seq), Spelling::Seq),
        "action" => plain(C::Action),
        "fromStatus" => plain(C::FromStatus),
        "toStatus" => plain(C::ToStatus),
        "note" => Part::Leaf(Field::of(C::Note), Spelling::Note),
        "occurredAt" => instant(C::OccurredAt),
        "madeAt" => instant(C::MadeAt),
        "actor" => Part::Either([(links::owner_of_event, &OWNER), (links::staff_of_event, &STAFF)]),
        _ => return None,
    })
}

fn part_of_picture(field: &str) -> Option<Part> {
    use attachment::Column as C;
    let path = |after| Part::Leaf(Field::of(C::Id), Spelling::Path("/attachments/", Kind::Attachment, after));
    Some(match field {
        "id" => id(Kind::Attachment, C::Id),
        "url" => path(""),
        "thumbnailUrl" => path("/thumbnail"),
        "contentType" => plain(C::ContentType),
        "byteSize" => plain(C::ByteSize),
        "width" => plain(C::Width),
        "height" => plain(C::Height),
        "createdAt" => instant(C::CreatedAt),
        _ => return None,
    })
}

fn part_of_unit(field: &str) -> Option<Part> {
    use unit::Column as C;
    Some(match field {
        "id" => id(Kind::Unit, C::Id),
        "code" => plain(C::Code),
        "section" => plain(C::Section),
        "room" => plain(C::Room),
        "floorArea" => Part::Leaf(Field::of(C::FloorAreaCenti), Spelling::Hundredths),
        "handedOverOn" => plain(C::HandedOverOn),
        "isPublicArea" => truth(C::IsPublicArea),
        "building" => Part::Here(&BUILDING),
        "owners" => Part::Many(links::owners_of_unit, &OWNER),
        "warrantyItems" => Part::Many(links::warranties_of_unit, &WARRANTY),
        "openTicketCount" => Part::Count(links::open_tickets_of_unit),
        _ => return None,
    })
}

/// Of a unit, beside whose row it stands.
fn part_of_building(field: &str) -> Option<Part> {
    use building::Column as C;
    Some(match field {
        "id" => id(Kind::Building, C::Id),
        "name" => plain(C::Name),
        "project" => Part::Here(&PROJECT),
        _ => return None,
    })
}

fn part_of_project(field: &str) -> Option<Part> {
    use project::Column as C;
    Some(match field {
        "id" => id(Kind::Project, C::Id),
        "code" => plain(C::Code),
        "name" => plain(C::Name),
        "timeZone" => plain(C::TimeZone),
        _ => return None,
    })
}

fn part_of_warranty(field: &str) -> Option<Part> {
    use warranty_item::Column as C;
    Some(match field {
        "id" => id(Kind::WarrantyItem, C::Id),
        "part" => plain(C::Part),
        "startsOn" => plain(C::StartsOn),
        "expiresOn" => plain(C::ExpiresOn),
        "noticedAt" => instant(C::NoticedAt),
        _ => return None,
    })
}

fn part_of_owner(field: &str) -> Option<Part> {
    use owner::Column as C;
    // Owners read their own number in full, which is kept sealed; who works for a project sees stages by project.
    Some(match field {
        "id" => id(Kind::Owner, C::Id),
        "name" => plain(C::Name),
        "phone" => Part::LeafFor(|viewer| viewer.owner_id().is_none(), Field::of(C::PhoneMasked), Spelling::Plain),
        "stage" => Part::LeafFor(|viewer| !viewer.sees_by_project(), Field::of(C::Stage), Spelling::Plain),
        _ => return None,
    })
}

fn part_of_staff(field: &str) -> Option<Part> {
    use staff::Column as C;
    Some(match field {
        "id" => id(Kind::Staff, C::Id),
        "name" => plain(C::Name),
        "role" => plain(C::Role),
        "department" => plain(C::Department),
        "workPhone" => Part::LeafFor(|viewer| viewer.owner_id().is_none(), Field::of(C::WorkPhone), Spelling::Plain),
        "isActive" => truth(C::IsActive),
        _ => return None,
    })
}

/// The member of staff who asks.
fn part_of_viewing_staff(field: &str) -> Option<Part> {
    match field {
        "households" => Some(Part::Households),
        _ => part_of_staff(field),
    }
}
