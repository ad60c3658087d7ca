//! Who asks, and how they prove it: secrets, passwords, access tokens, and the way a one-time code reaches a phone.
//! Nothing here reads the database or knows about tickets.

pub mod delivery;
pub mod password;
pub mod secret;
pub mod token;
