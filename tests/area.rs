//! Who answers for which household: areas that change hands, coverage and load, and substitutes of those who are away.

mod coverage;
mod substitute;
mod transfer;
