//! Who asks and what they may see and do: tokens and secrets, the viewer, the table, the scopes.

pub mod delivery;
pub mod password;
pub mod policy;
pub mod scope;
pub mod secret;
pub mod token;
pub mod viewer;
