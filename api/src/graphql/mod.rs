//! The GraphQL face.

pub mod document;
