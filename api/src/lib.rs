//! Anju's server as a library: each module is one floor of the house, and nothing is decided here.

pub mod domain;
pub mod import;
