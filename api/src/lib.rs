//! Anju (安居): the customer-service backend for the whole life of a home. The rooms of the house and nothing else.

pub mod auth;
pub mod clock;
#[cfg(test)]
mod local_server;
pub mod media;
