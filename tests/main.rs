//! Anju's behaviour, tested through the front door: a real server on a loopback port, a manual clock, a database per
//! test. Each test runs on SQLite, and on PostgreSQL when its programs are on the machine.

// A helper that does not find what it expects fails its test.
#![allow(clippy::unwrap_used)]

mod area;
mod attachment;
mod authz;
mod cost;
mod duty;
mod follow_up;
mod front_door;
mod harness;
mod household;
mod lecture;
mod live;
mod live_order;
mod live_repair;
mod live_resume;
mod live_session;
mod live_slow;
mod live_sse;
mod migrations;
mod oauth;
mod process;
mod schema;
mod session_owner;
mod session_refresh;
mod session_staff;
mod session_token;
mod smoke;
mod ticket;
mod ticket_clock;
mod ticket_input;
mod ticket_people;
mod ticket_race;
mod ticket_repeat;
mod ticket_rules;
mod tidy;
