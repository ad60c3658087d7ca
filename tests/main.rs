//! Anju's behaviour, tested through the front door: a real server on a loopback port, a manual clock, a database per
//! test. Each test runs on SQLite, and on PostgreSQL when its programs are on the machine.

// A helper that does not find what it expects fails its test.
#![allow(clippy::unwrap_used)]

mod activity;
mod appointment;
mod area;
mod article;
mod attachment;
mod audit;
mod authz;
mod broken;
mod bulletin;
mod calendar_feed;
mod complaint;
mod contract;
mod cost;
mod customer_file;
mod disclosure;
mod duty;
mod figure;
mod follow_up;
mod front_door;
mod handover;
mod harness;
mod household;
mod incident;
mod inspection;
mod journey;
mod lecture;
mod live;
mod live_order;
mod live_repair;
mod live_resume;
mod live_session;
mod live_slow;
mod live_sse;
mod migrations;
mod milestone;
mod oauth;
mod privacy;
mod process;
mod prospect;
mod publication;
mod rows;
mod schema;
mod session_owner;
mod session_refresh;
mod session_staff;
mod session_token;
mod smoke;
mod stage;
mod survey;
mod ticket;
mod ticket_clock;
mod ticket_input;
mod ticket_people;
mod ticket_race;
mod ticket_repeat;
mod ticket_rules;
mod tidy;
mod training;
mod warranty;
mod year;
