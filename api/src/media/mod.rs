//! Photos: taken in within bounds, cleaned of where they were made, kept in a store. Who may see one is not decided here.

pub mod blob;
pub mod picture;
mod strip;
pub mod upload;
