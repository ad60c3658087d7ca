//! docs/guide.md against the code: no code of an error and no close code is missing there, and each number is the true one.
//! Its examples are run by the npm suites in clients/js.

use std::{collections::BTreeSet, fs, path::Path};

use anju::{
    auth::token,
    graphql::{
        document::{Limits, check},
        guard::{BURST, DOOR_BURST, DOOR_PER_SECOND, PER_SECOND},
        schema::sdl,
    },
    http::HttpConfig,
    media::picture,
    page,
};
use async_graphql::{
    Variables,
    parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    },
};

use crate::tidy::source;

const GUIDE: &str = include_str!("../docs/guide.md");

/// Words in capitals that the transports and GraphQL's floor hold beside codes of errors.
const NO_CODES: &[&str] = &["DELETE", "DENY", "ERROR", "GET", "HEAD", "NONE", "OPTIONS", "PATCH", "POST", "PUT"];

/// Numbers of the guide's text that no test can ask for: the line of the source, and what the guide says.
const FACTS: &[(&str, &str, &str)] = &[
    ("api/src/service/sign_in.rs", "const CODE_DIGITS: usize = 6;", "a one-time code of 6 digits"),
    ("api/src/service/sign_in.rs", "const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(5);", "is good for 5 minutes"),
    ("api/src/service/sign_in.rs", "const CODE_TRIES: i32 = 5;", "bears 5 tries"),
    (
        "api/src/service/sign_in.rs",
        "const CODES_OF_A_PHONE: (i32, TimeDelta) = (5, TimeDelta::hours(1));",
        "a phone gets 5 codes an hour",
    ),
    (
        "api/src/service/sign_in.rs",
        "const WRONG_CODES: Tries = Tries { most: 15, window: TimeDelta::hours(1),",
        "15 wrong codes for a phone within an hour",
    ),
    (
        "api/src/service/sign_in.rs",
        "const WRONG_PASSWORDS: Tries = Tries { most: 10, window: TimeDelta::minutes(15),",
        "10 wrong passwords for a login\nwithin 15 minutes",
    ),
    (
        "api/src/service/guess.rs",
        "const ONE_ADDRESS: (i32, TimeDelta) = (50, TimeDelta::minutes(15));",
        "50 of any kind from one address",
    ),
    ("api/src/domain/stale.rs", "const TOLD: TimeDelta = TimeDelta::days(365);", "has everything, for 365 days"),
    (
        "api/src/channel/push/mod.rs",
        "const KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);",
        "is kept for three days",
    ),
    ("api/src/service/session.rs", "const IDLE: TimeDelta = TimeDelta::days(30);", "not refreshed for 30 days is over"),
    ("api/src/service/idempotent.rs", "const LONGEST_KEY: usize = 100;", "(1 to 100 characters"),
    ("api/src/http/files.rs", "const PICTURE: u64 = 1;", "a picture is 1"),
    ("api/src/http/files.rs", "const UPLOAD: u64 = 10;", "an upload or a token 10"),
    ("api/src/http/exports.rs", "const COST: u64 = 30;", "an export 30"),
    ("api/src/http/oauth.rs", "const COST: u64 = 10;", "an upload or a token 10"),
    ("api/src/http/calendar.rs", "const COST: u64 = 5;", "a calendar 5"),
    ("api/src/service/ticket.rs", "const MOST_ATTACHMENTS: usize = 9;", "| pictures of a report | 9 |"),
    ("api/src/service/ticket_queue.rs", "const MOST_ACTIONS: usize = 50;", "| actions of a queue | 50 |"),
    ("api/src/service/ticket_queue.rs", "const MOST_ACTIONS: usize = 50;", "`applyTicketActions`: 1 to 50 of them"),
    (
        "api/src/domain/offline.rs",
        "const LONGEST_WAIT: TimeDelta = TimeDelta::days(6);",
        "After 6 days an action is TOO_LATE",
    ),
];

/// The first cells of the rows of the table that begins with this head.
fn column(head: &str) -> BTreeSet<String> {
    rows(head).into_iter().map(|row| row[0].clone()).collect()
}

fn rows(head: &str) -> Vec<Vec<String>> {
    let (_, table) =
        GUIDE.split_once(&format!("\n| {head} |")).unwrap_or_else(|| panic!("the guide has no table {head}"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn assert_same(said: &BTreeSet<String>, true_ones: &BTreeSet<String>) {
    let missing: Vec<_> = true_ones.difference(said).collect();
    let too_many: Vec<_> = said.difference(true_ones).collect();
    assert!(missing.is_empty() && too_many.is_empty(), "the guide lacks {missing:?}, and invents {too_many:?}");
}

#[test]
fn the_guide_has_every_code_of_user_errors() {
    let definitions = parse_schema(sdl()).unwrap().definitions.into_iter();
    let codes = definitions.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(it) if it.node.name.node == "UserErrorCode" => match it.node.kind {
            TypeKind::Enum(list) => Some(list.values),
            _ => None,
        },
        _ => None,
    });
    let codes = codes.flatten().map(|value| value.node.value.node.to_string()).collect();
    assert_same(&column("user error"), &codes);
}

/// What stands in quotes in a source, without regard to escapes: codes have none.
fn capitals(code: &str) -> impl Iterator<Item = &str> {
    let is_code = |text: &&str| {
        text.len() > 2
            && text.starts_with(char::is_alphabetic)
            && text.chars().all(|it| it.is_ascii_uppercase() || it == '_')
    };
    code.split('"').filter(is_code)
}

#[test]
fn the_guide_has_every_code_of_errors() {
    let sources = source::product();
    let floors =
        sources.iter().filter(|it| it.path.starts_with("api/src/http") || it.path.starts_with("api/src/graphql"));
    let found: BTreeSet<String> = floors.flat_map(|it| capitals(&it.code)).map(str::to_owned).collect();
    let unneeded: Vec<_> = NO_CODES.iter().filter(|word| !found.contains(**word)).collect();
    assert!(unneeded.is_empty(), "no words of the sources: {unneeded:?}");
    let codes = found.into_iter().filter(|word| !NO_CODES.contains(&word.as_str())).collect();
    assert_same(&column("code"), &codes);
}

#[test]
fn the_guide_has_every_close_code() {
    let sources = source::product();
    let transports = sources.iter().filter(|it| it.path.starts_with("api/src/http/ws"));
    let mut codes = BTreeSet::new();
    for transport in transports {
        for made in transport.code.split("new(").skip(1) {
            codes.extend(made.split(',').next().filter(|code| code.len() == 4 && code.parse::<u16>().is_ok()));
        }
    }
    assert!(codes.len() > 8, "{codes:?}");
    let said = column("close code").iter().flat_map(|cell| cell.split(", ").map(str::to_owned)).collect();
    assert_same(&said, &codes.into_iter().map(str::to_owned).collect());
}

#[test]
fn the_guide_says_the_true_limits() {
    let (limits, http) = (Limits::default(), HttpConfig::default());
    let kib = |bytes: usize| format!("{} KiB", bytes / 1024);
    let seconds = |duration: std::time::Duration| format!("{} s", duration.as_secs());
    let expected = [
        ("body", kib(http.body_limit)),
        ("document", kib(limits.bytes)),
        ("tokens of a document", limits.tokens.to_string()),
        ("depth", limits.depth.to_string()),
        ("fields at the root", limits.root_fields.to_string()),
        ("fields of one object", limits.fields.to_string()),
        ("aliases", limits.aliases.to_string()),
        ("directives", limits.directives.to_string()),
        ("cost", limits.complexity.to_string()),
        ("page", page::MAX_PAGE.to_string()),
        ("operations of a socket", http.streams_per_connection.to_string()),
        ("message on a socket", kib(http.frame_limit)),
        ("time for a body to arrive", seconds(http.body_timeout)),
        ("time for an answer", seconds(http.request_timeout)),
        ("picture", format!("{} MiB", picture::MAX_BYTES / 1024 / 1024)),
    ];
    let said = rows("what");
    for (what, limit) in expected {
        let row = said.iter().find(|row| row[0] == what).unwrap_or_else(|| panic!("the guide does not limit {what}"));
        assert_eq!(row[1], limit, "{what}");
    }
}

#[test]
fn the_guides_example_costs_what_it_says() {
    let (before, after) = GUIDE.split_once("`\ncosts ").unwrap();
    let document = before.rsplit('`').next().unwrap();
    let cost = check(document, None, &Variables::default(), &Limits::default()).unwrap().complexity;
    assert!(after.starts_with(&format!("{cost}.")), "{document} costs {cost}");
}

#[test]
fn the_guide_says_the_true_numbers() {
    let http = HttpConfig::default();
    let said = [
        format!("It is good for {} minutes.", token::LIFETIME.num_minutes()),
        format!("(1 to {}; {} when neither is given)", page::MAX_PAGE, page::DEFAULT_PAGE),
        format!("for {BURST} such fields at once, and {PER_SECOND} more each second"),
        format!("{DOOR_BURST} at once, {DOOR_PER_SECOND}\nmore each second"),
        format!("a socket carries {} operations at most", http.streams_per_connection),
        format!("pings a socket every {} s", http.ping_interval.as_secs()),
        format!("a comment every {} s", http.sse_heartbeat.as_secs()),
        format!("heard nothing for {} s", http.silence_timeout.as_secs()),
        format!("no `connection_init` within {} s", http.init_timeout.as_secs()),
        format!("({} when no `first` or `last` is given)", Limits::default().default_page),
    ];
    for sentence in said {
        assert!(GUIDE.contains(&sentence), "the guide does not say {sentence:?}");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (file, line, sentence) in FACTS {
        assert!(fs::read_to_string(root.join(file)).unwrap().contains(line), "{file} does not say {line:?} any more");
        assert!(GUIDE.contains(sentence), "the guide does not say {sentence:?}");
    }
}
