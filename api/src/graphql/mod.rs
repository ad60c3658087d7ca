//! The face: one file a noun, written by hand so that no column leaks, and the engine that executes documents.

pub mod backend;
mod connection;
mod context;
pub mod document;
pub mod engine;
mod enums;
mod error;
mod household;
pub mod id;
mod lecture;
mod loaders;
mod node;
mod owner;
mod scalar;
pub mod schema;
mod session;
mod staff;
mod subscription;
mod survey;
mod ticket;
mod ticket_event;
mod ticket_input;
mod ticket_mutation;
mod ticket_query;
mod unit;
mod user_error;
