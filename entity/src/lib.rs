//! Anju's tables as Rust types, one file a table, and nothing else: no rule, no query.

pub mod vocab;
