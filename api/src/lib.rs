//! Anju's server as a library: each module is one floor of the house, and nothing is decided here.
//!
//! Imports run one way: main → app → http → graphql → service → {store, domain, events, auth}.

pub mod app;
pub mod auth;
pub mod authorities;
pub mod channel;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod domain;
pub mod error;
pub mod events;
pub mod export;
pub mod graphql;
pub mod http;
pub mod import;
pub mod jobs;
pub mod language;
#[cfg(test)]
mod local_server;
pub mod logging;
pub mod media;
pub mod metrics;
pub mod page;
pub mod recent;
pub mod service;
pub mod start;
pub mod store;
pub mod telemetry;
pub mod trace;
pub mod vitals;
