//! The customer-service backend for the whole life of a home, as one GraphQL API.

pub mod graphql;
pub mod http;
pub mod metrics;
