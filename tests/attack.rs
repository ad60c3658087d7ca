//! What attackers try, item by item, each with the test that shows what comes of it. The tests that stand nowhere else are
//! below; what production mode may change runs in production mode.

mod address;
mod doors;
mod http;
mod memory;
mod rate;
mod same_work;
mod sign_in;
mod trusted;

use anju::{clock::ManualClock, http::HttpConfig};

use crate::{
    harness::{Database, Engine, TestApp, TestOptions, start_of_test},
    rows,
};

/// An item of the attack lists, and the tests that show it.
const ITEMS: &[(&str, &[&str])] = &[
    ("depth", &[LIMITS, "attack::http::limits_hold_on_a_socket_as_over_http"]),
    ("aliases", &[LIMITS, "attack::http::limits_hold_on_a_socket_as_over_http"]),
    ("batches", &["front_door::limits::only_plain_json_of_one_request_is_read::on_sqlite"]),
    ("duplicated fields", &[LIMITS]),
    ("duplicated directives", &[LIMITS]),
    ("circular fragments", &[LIMITS]),
    ("exponential fragments", &[LIMITS]),
    ("limits before anyone is known", &["front_door::limits::limits_hold_before_anyone_is_known::on_sqlite"]),
    ("pages without end", &["front_door::limits::pages_have_one_to_a_hundred_entries::on_sqlite"]),
    (
        "10 MB bodies, also chunked",
        &["front_door::limits::ten_megabytes_are_refused_with_and_without_a_length::on_sqlite"],
    ),
    ("gzip bombs", &["attack::http::a_compressed_body_is_refused_before_it_is_unpacked"]),
    ("huge variables", &["attack::http::huge_variables_are_refused_or_cut_short"]),
    ("huge access tokens", &["session_token::forged_and_altered_tokens_are_refused::on_sqlite"]),
    ("huge headers", &["attack::http::huge_headers_end_the_connection"]),
    ("introspection", &[INTROSPECTION, "attack::http::limits_hold_on_a_socket_as_over_http"]),
    ("suggestions", &["front_door::production::production_suggests_no_names"]),
    ("the explorer page", &["front_door::production::the_explorer_page_is_there_only_where_it_was_asked_for"]),
    ("CSRF by simple content types", &["front_door::limits::only_plain_json_of_one_request_is_read::on_sqlite"]),
    ("pages of foreign sites", &["attack::http::a_foreign_site_may_read_nothing_and_open_no_socket"]),
    ("GET mutations", &["front_door::limits::a_get_changes_nothing::on_sqlite"]),
    ("alg=none", &["session_token::forged_and_altered_tokens_are_refused::on_sqlite"]),
    ("a wrong key", &["session_token::a_key_of_somebody_else_signs_nothing_here::on_sqlite"]),
    ("tampered tokens", &["session_token::forged_and_altered_tokens_are_refused::on_sqlite"]),
    (
        "tokens for another purpose",
        &["session_token::what_our_own_key_signed_for_another_purpose_is_refused::on_sqlite"],
    ),
    ("expired tokens", &["session_refresh::an_access_token_is_good_for_fifteen_minutes::on_sqlite"]),
    ("expired tokens on a socket", &["live_session::a_socket_ends_when_its_token_does::on_sqlite"]),
    (
        "refresh-token replay",
        &["session_refresh::a_refresh_token_used_again_ends_the_session_and_its_access_tokens::on_sqlite"],
    ),
    (
        "refresh tokens raced",
        &["session_refresh::of_two_refreshes_at_once_one_is_answered_and_the_session_ends::on_sqlite"],
    ),
    (
        "every root field",
        &[
            "authz::every_root_field_has_a_row_and_every_row_a_field",
            "authz::the_server_keeps_to_the_matrix::on_sqlite",
        ],
    ),
    ("ids by node and nodes", &["authz::sweep::every_principal_finds_exactly_what_exists_for_it::on_sqlite"]),
    ("ids in nested fields", &["authz::sweep::nothing_foreign_shows_through_what_is_visible::on_sqlite"]),
    (
        "ids in lists and totals",
        &["authz::sweep::lists_and_their_totals_hold_what_exists_for_the_principal::on_sqlite"],
    ),
    ("ids in mutations", &["authz::privacy::what_is_foreign_is_answered_like_what_never_was::on_sqlite"]),
    ("ids in subscriptions", &["live::a_ticket_of_others_can_not_be_subscribed_to::on_sqlite"]),
    ("forged and foreign kinds of ids", &["authz::sweep::ids_of_nothing_and_of_another_kind_lead_nowhere::on_sqlite"]),
    (
        "pictures of others",
        &["authz::privacy::a_picture_is_served_to_whoever_sees_its_ticket_and_to_nobody_else::on_sqlite"],
    ),
    ("injection", &["front_door::faults::a_failing_query_of_hostile_text_shows_nothing_of_the_database::on_sqlite"]),
    ("stack traces and SQL", &["front_door::faults::a_fault_below_everything_is_an_answer_without_data::on_sqlite"]),
    ("code guessing", &["session_owner::guessing_over_many_codes_is_stopped_for_the_hour::on_sqlite"]),
    (
        "code guessing all at once",
        &["session_owner::twenty_wrong_codes_at_once_get_no_more_tries_than_one_after_the_other::on_sqlite"],
    ),
    (
        "codes sent without end",
        &[
            "session_owner::a_phone_is_sent_five_codes_in_an_hour_and_another_phone_is_not_affected::on_sqlite",
            "attack::sign_in::one_address_asks_for_no_more_codes_than_its_share::on_sqlite",
        ],
    ),
    ("password guessing", &["session_staff::sixty_wrong_passwords_are_throttled_until_the_window_is_over::on_sqlite"]),
    (
        "password guessing that waits",
        &["attack::sign_in::each_further_window_of_wrong_passwords_doubles_the_wait::on_sqlite"],
    ),
    (
        "password spraying",
        &[
            "attack::sign_in::sixty_wrong_passwords_from_one_address_are_throttled_though_each_is_for_another_login::on_sqlite",
        ],
    ),
    ("guessing from many addresses", &["attack::sign_in::everybody_together_has_a_bound_too::on_sqlite"]),
    ("locking others out", &["attack::address::an_address_that_may_not_guess_locks_nobody_out::on_sqlite"]),
    ("client-secret guessing", &["oauth::guessing_a_secret_is_stopped_for_a_quarter_of_an_hour::on_sqlite"]),
    ("forged X-Forwarded-For", &["attack::address::a_forged_header_changes_nothing::on_sqlite"]),
    (
        "who has an account, by the answer",
        &["session_staff::a_wrong_password_an_unknown_login_and_a_disabled_account_are_answered_alike::on_sqlite"],
    ),
    ("who has an account, by the time", &["attack::same_work::the_unknown_cost_the_same_work_as_the_known_on_sqlite"]),
    (
        "requests without end",
        &[
            "attack::rate::whoever_asks_for_too_much_waits_and_others_do_not::on_sqlite",
            "attack::rate::a_socket_is_told_by_an_error_message::on_sqlite",
        ],
    ),
    (
        "pictures, calendars and tokens without end",
        &["attack::doors::one_address_may_not_ask_without_end_beside_graphql::on_sqlite"],
    ),
    ("foreign documents", &["attack::trusted::nothing_but_the_apps_documents_runs"]),
    ("slow headers and bodies", &["attack::http::unfinished_headers_and_bodies_are_ended"]),
    (
        "clients that do not read",
        &["live_slow::a_client_that_does_not_read_is_let_go_and_resumes_without_loss::on_sqlite"],
    ),
    ("memory", &["attack::memory::an_attack_leaves_the_server_no_larger_than_it_was"]),
];

const LIMITS: &str = "front_door::limits::documents_that_ask_for_too_much_are_refused_at_once_and_counted::on_sqlite";
const INTROSPECTION: &str = "front_door::production::introspection_is_refused_in_production_and_answered_elsewhere";

#[test]
fn every_item_of_the_attack_lists_has_a_test() {
    let names = rows::names();
    let shown = |test: &&&str| names.iter().any(|name| name == **test);
    for (item, tests) in ITEMS {
        let missing: Vec<_> = tests.iter().filter(|test| !shown(test)).collect();
        assert!(missing.is_empty() && !tests.is_empty(), "{item}: there is no test {missing:?}");
    }
}

/// A server in production mode, with a company.
async fn production(engine: Engine, http: HttpConfig) -> TestApp {
    let options = TestOptions { production: true, http: Some(http), ..TestOptions::default() };
    TestApp::with(engine, options).await
}

/// Another one over the same database.
async fn beside(app: &TestApp, http: HttpConfig) -> TestApp {
    let options = TestOptions { production: true, http: Some(http), ..TestOptions::default() };
    let mut other = TestApp::over(app.database.clone(), app.clock.clone(), options).await;
    other.world = app.world.clone();
    other
}

/// A server in production mode over an empty database.
async fn without_company(http: HttpConfig) -> TestApp {
    let options = TestOptions { production: true, http: Some(http), ..TestOptions::default() };
    let database = Database::create(Engine::Sqlite).await;
    TestApp::over(database, ManualClock::new(start_of_test()).into(), options).await
}

fn one_worker() -> HttpConfig {
    HttpConfig { workers: 1, ..HttpConfig::default() }
}
