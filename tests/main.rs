//! Anju's behaviour, tested through the front door: a real server on a loopback port, a manual clock, a database per
//! test. Each test runs on SQLite, and on PostgreSQL when its programs are on the machine.

mod attachment;
mod front_door;
mod harness;
mod oauth;
mod session_owner;
mod session_refresh;
mod session_staff;
mod session_token;
mod smoke;
