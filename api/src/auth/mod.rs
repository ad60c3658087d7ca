//! Who asks, how they prove it, and what they may see and do. The table and the scopes are the only place for rights.

pub mod delivery;
mod known_tokens;
pub mod password;
pub mod policy;
pub mod scope;
pub mod secret;
pub mod signature;
pub mod token;
pub mod viewer;
