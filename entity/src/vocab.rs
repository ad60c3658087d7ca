//! The closed lists: every value a column of ours may hold, stored as the same capitals that the API shows.
//! No rule lives here; what a value means for a ticket is said in the domain.

/// Declares closed lists that are stored as text in SCREAMING_SNAKE_CASE.
macro_rules! closed_lists {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[$value_doc])* $value),+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$value),+];
        }
    )+};
}

mod activity;
mod home;
mod measure;
mod notification;
mod people;
mod sales;
mod survey;
mod ticket;
mod webhook;

pub use activity::*;
pub use home::*;
pub use measure::*;
pub use notification::*;
pub use people::*;
pub use sales::*;
pub use survey::*;
pub use ticket::*;
pub use webhook::*;
