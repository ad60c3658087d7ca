//! The tables of the house: which crate lives in which room, and which floor lies below which.

use super::Exceptions;

/// Signs of something that belongs into some rooms only.
pub struct Room {
    pub says: &'static str,
    pub signs: &'static [&'static str],
    pub rooms: &'static [&'static str],
    pub exceptions: Exceptions,
}

pub const ROOMS: &[Room] = &[
    Room {
        says: "GraphQL stays on the graphql floor and in the transports",
        signs: &["async_graphql"],
        rooms: &["api/src/graphql", "api/src/http"],
        exceptions: &[],
    },
    Room {
        says: "only the store, the events and the scopes know the database",
        signs: &["sea_orm"],
        rooms: &["api/src/store/", "api/src/auth/scope", "entity/src/", "migration/src/"],
        exceptions: &[
            ("api/src/demo/company.rs", "puts a made-up company into an empty database"),
            ("api/src/error.rs", "sorts the database's errors"),
            ("api/src/events/relay.rs", "reads for everybody, which no scope describes"),
        ],
    },
    Room {
        says: "only the transports know the web server",
        signs: &["actix_"],
        rooms: &["api/src/http", "api/src/main.rs"],
        exceptions: &[],
    },
    Room {
        says: "only the transports and the wiring know the collector of traces",
        signs: &["opentelemetry"],
        rooms: &["api/src/http/trace.rs", "api/src/telemetry.rs", "api/src/trace.rs"],
        exceptions: &[],
    },
    Room {
        says: "only the clock knows the time and makes random numbers",
        signs: &[
            "Utc::now",
            "Local::now",
            "SystemTime::now",
            "Uuid::now_v7",
            "Uuid::new_v4",
            "rand::",
            "getrandom",
            "OsRng",
            "SystemRandom",
        ],
        rooms: &["api/src/clock.rs"],
        exceptions: &[],
    },
    Room {
        says: "tables and migrations import nothing of ours",
        signs: &["anju::"],
        rooms: &["api/src/main.rs"],
        exceptions: &[],
    },
    Room {
        says: "migrations don't follow the entities, which change after them",
        signs: &["entity::"],
        rooms: &["api/src/", "entity/src/"],
        exceptions: &[],
    },
];

/// The floors of `api/src`, each with those it may import.
pub const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("authorities", &[]),
    ("metrics", &[]),
    ("trace", &[]),
    ("error", &["domain"]),
    ("language", &["domain"]),
    ("page", &["error"]),
    ("recent", &[]),
    ("auth", &["authorities", "clock", "domain", "error", "recent"]),
    ("channel", &["auth", "authorities", "clock"]),
    ("media", &[]),
    ("import", &["domain", "language"]),
    ("export", &["domain"]),
    ("store", &["auth", "clock", "domain", "error", "page", "trace"]),
    ("events", &["auth", "error", "page", "store"]),
    (
        "service",
        &[
            "auth", "channel", "clock", "domain", "error", "events", "import", "language", "media", "metrics", "page",
            "store",
        ],
    ),
    ("demo", &["auth", "clock", "domain", "error", "jobs", "page", "service", "store"]),
    ("jobs", &["domain", "error", "metrics", "service", "store"]),
    ("graphql", &["auth", "domain", "error", "events", "language", "page", "recent", "service", "store", "trace"]),
    ("http", &["auth", "domain", "error", "export", "graphql", "language", "metrics", "page", "service"]),
];

/// What puts the floors together.
pub const WIRING: &[&str] =
    &["app", "commands", "config", "import/command.rs", "lib", "logging", "main", "start", "telemetry", "vitals"];

/// Imports against the direction, as `file floor`.
pub const UPWARD: Exceptions = &[];

/// What a rule may stand on.
pub const DOMAIN_MAY_USE: &[&str] = &[
    "std::",
    "chrono::",
    "chrono_tz::",
    "serde::",
    "uuid::",
    "entity::vocab::",
    "crate::domain::",
    "super::",
    "self::",
];
