//! Anju's behaviour, tested through the front door: a real server on a loopback port, a manual clock, a database per
//! test. Each test runs on SQLite, and on PostgreSQL when its programs are on the machine.

mod cost;
mod harness;
mod household;
mod lecture;
mod migrations;
mod schema;
mod smoke;
mod tidy;
