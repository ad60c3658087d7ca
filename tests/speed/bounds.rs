//! The lower bounds: for each query the one statement that somebody would write by hand who had nothing but that query to
//! answer. It says who sees what, as the policy does for this one viewer, and returns the whole answer as JSON; only the
//! ids and cursors are left as the database has them.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use uuid::Uuid;

use crate::harness::Engine;

/// A statement and its values.
#[derive(Clone)]
pub struct Bound {
    sql: String,
    values: Vec<Value>,
}

impl Bound {
    /// The answer.
    pub async fn ask(&self, conn: &impl ConnectionTrait) -> String {
        let statement = Statement::from_sql_and_values(conn.get_database_backend(), &self.sql, self.values.clone());
        let row = conn.query_one_raw(statement).await.unwrap().expect("it is one row");
        row.try_get_by_index(0).unwrap()
    }

    /// The same with other values.
    pub fn with<const N: usize>(&self, values: [Value; N]) -> Self {
        Self { sql: self.sql.clone(), values: values.to_vec() }
    }

    pub async fn answer(self, connection: DatabaseConnection) -> String {
        self.ask(&connection).await
    }
}

/// Writes JSON in the SQL of one of the databases.
#[derive(Clone, Copy)]
pub struct Bounds(pub Engine);

type Fields<'a> = &'a [(&'a str, &'a str)];

const CARD: Fields = &[
    ("number", "t.number"),
    ("kind", "t.kind"),
    ("category", "t.category"),
    ("urgency", "t.urgency"),
    ("status", "t.status"),
    ("title", "t.title"),
    ("version", "t.version"),
    ("createdAt", "t.created_at"),
    ("respondDueAt", "t.respond_due_at"),
    ("arriveDueAt", "t.arrive_due_at"),
    ("resolveDueAt", "t.resolve_due_at"),
    ("escalationLevel", "t.escalation_level"),
];

/// What is shown of every event.
const STEP: Fields = &[
    ("action", "e.action"),
    ("fromStatus", "e.from_status"),
    ("toStatus", "e.to_status"),
    ("occurredAt", "e.occurred_at"),
];

const PLACE: &str = "JOIN units u ON u.id = t.unit_id JOIN buildings b ON b.id = u.building_id \
    JOIN projects p ON p.id = u.project_id LEFT JOIN staff s ON s.id = t.assignee_id";

/// The homes that the ambassador $1 answers for, also in a colleague's place.
const HOMES: &str = "homes AS (SELECT unit_id FROM ambassador_assignments WHERE staff_id = $1 AND ended_at IS NULL \
    UNION SELECT unit_id FROM ambassador_assignments WHERE ended_at IS NULL AND staff_id IN \
    (SELECT staff_id FROM absences WHERE substitute_id = $1 AND stands_in))";

impl Bounds {
    fn is_postgres(self) -> bool {
        self.0 == Engine::Postgres
    }

    fn object(self, fields: Fields) -> String {
        let name = if self.is_postgres() { "json_build_object" } else { "json_object" };
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("'{name}', {value}")).collect();
        format!("{name}({})", fields.join(", "))
    }

    fn one(object: &str, from: &str) -> String {
        format!("(SELECT {object} FROM {from})")
    }

    fn many(self, object: &str, from: &str, order: &str) -> String {
        if self.is_postgres() {
            format!("(SELECT coalesce(json_agg({object} ORDER BY {order}), '[]'::json) FROM {from})")
        } else {
            format!("(SELECT json_group_array({object} ORDER BY {order}) FROM {from})")
        }
    }

    fn nothing(self) -> &'static str {
        if self.is_postgres() { "'[]'::json" } else { "json('[]')" }
    }

    fn id(self, column: &str) -> String {
        if self.is_postgres() { column.to_owned() } else { format!("hex({column})") }
    }

    fn boolean(self, condition: &str) -> String {
        if self.is_postgres() {
            condition.to_owned()
        } else {
            format!("json(CASE {condition} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)")
        }
    }

    fn bound(self, with: &str, answer: &str, values: Vec<Value>) -> Bound {
        let text = if self.is_postgres() { format!("({answer})::text") } else { answer.to_owned() };
        Bound { sql: format!("{with} SELECT {text}"), values }
    }

    fn named(self, row: &str) -> String {
        self.object(&[("id", &self.id(&format!("{row}.id"))), ("name", &format!("{row}.name"))])
    }

    fn assignee(self) -> String {
        format!("CASE WHEN s.id IS NOT NULL THEN {} END", self.named("s"))
    }

    /// What each list shows of a ticket, and where it is.
    fn card(self, unit: &str, more: Fields) -> String {
        let (id, is_overdue, assignee) = (self.id("t.id"), self.boolean("(t.queue_deadline_at < $2)"), self.assignee());
        let own = [("id", id.as_str()), ("isOverdue", &is_overdue), ("unit", unit), ("assignee", &assignee)];
        self.object(&[CARD, &own, more].concat())
    }

    fn unit_of_owner(self) -> String {
        let project = self.named("p");
        let building = self.object(&[("id", &self.id("b.id")), ("name", "b.name"), ("project", &project)]);
        self.object(&[("id", &self.id("u.id")), ("code", "u.code"), ("building", &building)])
    }

    /// An event as the owner $1 sees it.
    fn event(self) -> String {
        let owner = self.object(&[("__typename", "'Owner'"), ("id", &self.id("w.id")), ("name", "w.name")]);
        let staff =
            self.object(&[("__typename", "'Staff'"), ("id", &self.id("a.id")), ("name", "a.name"), ("role", "a.role")]);
        let actor = format!("CASE WHEN w.id IS NOT NULL THEN {owner} WHEN a.id IS NOT NULL THEN {staff} END");
        self.object(&[
            ("id", &self.id("e.id")),
            ("cursor", "e.seq"),
            ("action", "e.action"),
            ("fromStatus", "e.from_status"),
            ("toStatus", "e.to_status"),
            ("note", "e.note"),
            ("occurredAt", "e.occurred_at"),
            ("actor", &actor),
        ])
    }

    fn events(self, which: &str) -> String {
        let from = format!(
            "(SELECT * FROM ticket_events WHERE ticket_id = t.id {which}) e LEFT JOIN staff a ON a.id = e.actor_staff_id \
             LEFT JOIN owners w ON w.id = e.actor_owner_id AND w.id = $1"
        );
        self.many(&self.event(), &from, "e.seq")
    }

    /// The first twenty tickets of an owner.
    pub fn my_tickets(self, owner: Uuid, now: DateTime<Utc>) -> Bound {
        let with = "WITH mine AS (SELECT id FROM tickets WHERE unit_id IN \
            (SELECT unit_id FROM ownerships WHERE owner_id = $1 AND ended_on IS NULL) \
            UNION SELECT id FROM tickets WHERE reporter_owner_id = $1), \
            top AS (SELECT id FROM mine ORDER BY id DESC LIMIT 21), shown AS (SELECT id FROM top ORDER BY id DESC LIMIT 20)";
        let last = self.events("ORDER BY seq DESC LIMIT 3");
        let node = self.card(&self.unit_of_owner(), &[("events", &self.object(&[("nodes", &last)]))]);
        let edge = self.object(&[("cursor", &self.id("t.id")), ("node", &node)]);
        let edges = self.many(&edge, &format!("shown JOIN tickets t ON t.id = shown.id {PLACE}"), "t.id DESC");
        let end = |direction: &str| format!("(SELECT {} FROM shown ORDER BY id {direction} LIMIT 1)", self.id("id"));
        let info = self.object(&[
            ("hasNextPage", &self.boolean("((SELECT count(*) FROM top) > 20)")),
            ("hasPreviousPage", &self.boolean("(1 = 0)")),
            ("startCursor", &end("DESC")),
            ("endCursor", &end("ASC")),
        ]);
        let tickets =
            self.object(&[("totalCount", "(SELECT count(*) FROM mine)"), ("edges", &edges), ("pageInfo", &info)]);
        self.bound(with, &self.object(&[("tickets", &tickets)]), vec![owner.into(), now.into()])
    }

    /// A ticket's own page, as an owner sees it.
    pub fn ticket_by_id(self, owner: Uuid, ticket: Uuid, now: DateTime<Utc>) -> Bound {
        let node = self.detail(&[("__typename", "'Ticket'")]);
        self.bound("", &self.object(&[("node", &node)]), vec![owner.into(), now.into(), ticket.into()])
    }

    /// What the owner who made a ticket is answered.
    pub fn report(self, owner: Uuid, ticket: Uuid, now: DateTime<Utc>) -> Bound {
        let ticket_id = ticket.into();
        let payload = self.object(&[("ticket", &self.detail(&[])), ("userErrors", self.nothing())]);
        self.bound("", &self.object(&[("createTicket", &payload)]), vec![owner.into(), now.into(), ticket_id])
    }

    fn detail(self, more: Fields) -> String {
        let id = self.id("a.id");
        let link = |end: &str| format!("'/attachments/' || {id} || '{end}'");
        let picture = self.object(&[
            ("id", &id),
            ("url", &link("")),
            ("thumbnailUrl", &link("/thumbnail")),
            ("contentType", "a.content_type"),
            ("byteSize", "a.byte_size"),
        ]);
        let pictures = self.many(&picture, "attachments a WHERE a.ticket_id = t.id", "a.id");
        let window = self.object(&[("startsAt", "t.appointment_starts_at"), ("endsAt", "t.appointment_ends_at")]);
        let appointment = format!("CASE WHEN t.appointment_starts_at IS NOT NULL THEN {window} END");
        let log = "(SELECT seq FROM ticket_events WHERE ticket_id = t.id ORDER BY seq LIMIT 51) l";
        let info = self.object(&[
            ("hasNextPage", &self.boolean(&format!("((SELECT count(*) FROM {log}) > 50)"))),
            (
                "endCursor",
                "(SELECT max(seq) FROM (SELECT seq FROM ticket_events WHERE ticket_id = t.id ORDER BY seq LIMIT 50) l)",
            ),
        ]);
        let events = self.object(&[("nodes", &self.events("ORDER BY seq LIMIT 50")), ("pageInfo", &info)]);
        let satisfied = self.boolean("t.satisfied");
        let own: Fields = &[
            ("description", "t.description"),
            ("channel", "t.channel"),
            ("responsibleDepartment", "t.responsible_department"),
            ("resolution", "t.resolution"),
            ("reworkCount", "t.rework_count"),
            ("rating", "t.rating"),
            ("satisfied", &satisfied),
            ("appointment", &appointment),
            ("attachments", &pictures),
            ("events", &events),
        ];
        let node = self.card(&self.unit_of_owner(), &[own, more].concat());
        let from = format!(
            "tickets t {PLACE} WHERE t.id = $3 AND (t.reporter_owner_id = $1 OR t.unit_id IN \
             (SELECT unit_id FROM ownerships WHERE owner_id = $1 AND ended_on IS NULL))"
        );
        Self::one(&node, &from)
    }

    fn owners(self, more: Fields) -> String {
        let id = self.id("w.id");
        let owner =
            self.object(&[&[("id", id.as_str()), ("name", "w.name"), ("phone", "w.phone_masked")], more].concat());
        let from = "ownerships o JOIN owners w ON w.id = o.owner_id WHERE o.unit_id = u.id AND o.ended_on IS NULL";
        self.many(&owner, from, "o.position, o.id")
    }

    /// The fifty open tickets of an ambassador's queue that are due first.
    pub fn butler_queue(self, ambassador: Uuid, now: DateTime<Utc>) -> Bound {
        let with = format!(
            "WITH {HOMES}, mine AS (SELECT id, queue_deadline_at FROM tickets WHERE is_open AND unit_id IN \
             (SELECT unit_id FROM homes) UNION SELECT id, queue_deadline_at FROM tickets WHERE is_open AND assignee_id = $1), \
             top AS (SELECT * FROM mine ORDER BY queue_deadline_at, id LIMIT 51), \
             shown AS (SELECT * FROM top ORDER BY queue_deadline_at, id LIMIT 50)"
        );
        let unit = self.object(&[
            ("id", &self.id("u.id")),
            ("code", "u.code"),
            ("building", &self.named("b")),
            ("owners", &self.owners(&[])),
        ]);
        let event = self.object(&[&[("id", self.id("e.id").as_str()), ("cursor", "e.seq")], STEP].concat());
        let latest = Self::one(&event, "ticket_events e WHERE e.ticket_id = t.id ORDER BY e.seq DESC LIMIT 1");
        let node = self.card(&unit, &[("latestEvent", &latest)]);
        let from = format!("shown JOIN tickets t ON t.id = shown.id {PLACE}");
        let nodes = self.many(&node, &from, "shown.queue_deadline_at, shown.id");
        let end = format!("(SELECT {} FROM shown ORDER BY queue_deadline_at DESC, id DESC LIMIT 1)", self.id("id"));
        let info =
            self.object(&[("hasNextPage", &self.boolean("((SELECT count(*) FROM top) > 50)")), ("endCursor", &end)]);
        let tickets =
            self.object(&[("totalCount", "(SELECT count(*) FROM mine)"), ("nodes", &nodes), ("pageInfo", &info)]);
        self.bound(&with, &self.object(&[("tickets", &tickets)]), vec![ambassador.into(), now.into()])
    }

    /// The first fifty homes of an ambassador.
    pub fn households(self, ambassador: Uuid) -> Bound {
        let with = format!(
            "WITH {HOMES}, mine AS (SELECT u.id FROM units u WHERE u.id IN (SELECT unit_id FROM homes) \
             AND NOT u.is_public_area), top AS (SELECT id FROM mine ORDER BY id LIMIT 51), \
             shown AS (SELECT id FROM top ORDER BY id LIMIT 50)"
        );
        let item = self.object(&[("id", &self.id("i.id")), ("part", "i.part"), ("expiresOn", "i.expires_on")]);
        let warranties = self.many(&item, "warranty_items i WHERE i.unit_id = u.id", "i.expires_on, i.id");
        let node = self.object(&[
            ("id", &self.id("u.id")),
            ("code", "u.code"),
            ("handedOverOn", "u.handed_over_on"),
            ("building", &self.named("b")),
            ("owners", &self.owners(&[("stage", "w.stage")])),
            ("openTicketCount", "(SELECT count(*) FROM tickets t WHERE t.unit_id = u.id AND t.is_open)"),
            ("warrantyItems", &warranties),
        ]);
        let from = "shown JOIN units u ON u.id = shown.id JOIN buildings b ON b.id = u.building_id";
        let nodes = self.many(&node, from, "u.id");
        let info = self.object(&[
            ("hasNextPage", &self.boolean("((SELECT count(*) FROM top) > 50)")),
            ("endCursor", &format!("(SELECT {} FROM shown ORDER BY id DESC LIMIT 1)", self.id("id"))),
        ]);
        let homes =
            self.object(&[("totalCount", "(SELECT count(*) FROM mine)"), ("nodes", &nodes), ("pageInfo", &info)]);
        let viewer = self.object(&[("id", &self.id("$1")), ("households", &homes)]);
        self.bound(&with, &self.object(&[("viewer", &viewer)]), vec![ambassador.into()])
    }

    /// Whom a session speaks for, while it lives.
    pub fn session(self, session: Uuid, now: DateTime<Utc>) -> Bound {
        let from = "sessions s WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2";
        let answer = self.object(&[("id", &format!("(SELECT {} FROM {from})", self.id("s.principal_id")))]);
        self.bound("", &answer, vec![session.into(), now.into()])
    }

    /// What a subscriber is told of an event, with its ticket.
    pub fn change(self, seq: i64, now: DateTime<Utc>) -> Bound {
        let owners = self.owners(&[]);
        let unit = self.object(&[
            ("id", &self.id("u.id")),
            ("code", "u.code"),
            ("building", &self.named("b")),
            ("owners", &owners),
        ]);
        let id = self.id("e.id");
        let event = self.object(&[&[("id", id.as_str())], STEP].concat());
        let latest = self.object(&[&[("id", id.as_str()), ("cursor", "e.seq")], STEP].concat());
        let ticket = self.card(&unit, &[("latestEvent", &latest)]);
        let change = self.object(&[("cursor", "e.seq"), ("event", &event), ("ticket", &ticket)]);
        let from = format!("ticket_events e JOIN tickets t ON t.id = e.ticket_id {PLACE} WHERE e.seq = $1");
        let answer = self.object(&[("ticketStatusChanged", &Self::one(&change, &from))]);
        self.bound("", &answer, vec![seq.into(), now.into()])
    }
}
