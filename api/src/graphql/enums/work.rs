//! Closed lists about how the property company divides its work.

use async_graphql::Enum;
use entity::vocab;

/// Where the transfer of an area stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaTransferStatus {
    /// Its time has not come.
    Planned,
    /// The households changed hands.
    Applied,
    /// Called off before its time.
    Cancelled,
    /// Could not be carried out when its time came; `failedBecause` says why.
    Failed,
}

/// Whose public holidays a working calendar heeds.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::PublicHolidays")]
pub enum PublicHolidays {
    /// 中国大陆: those that the State Council publishes for each year, with the weekend days worked in exchange (调休).
    China,
}

/// A day of the week.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    /// 星期一.
    Monday,
    /// 星期二.
    Tuesday,
    /// 星期三.
    Wednesday,
    /// 星期四.
    Thursday,
    /// 星期五.
    Friday,
    /// 星期六.
    Saturday,
    /// 星期日.
    Sunday,
}

impl Weekday {
    /// In the order of a week.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];
}
