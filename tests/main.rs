//! Anju's behaviour, tested through the front door: a real server on a loopback port, a manual clock, a database per
//! test. Each test runs on SQLite, and on PostgreSQL when its programs are on the machine.

mod harness;
mod live;
mod live_order;
mod live_repair;
mod live_resume;
mod live_session;
mod live_slow;
mod live_sse;
mod process;
mod smoke;
