//! Activities and standard answers.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// What kind of event for customers.
    ActivityKind {
        /// 客户俱乐部活动
        ClubEvent,
        /// 工地开放日
        OpenDay,
        /// 装修讲座
        Lecture,
    }

    /// Where an activity stands.
    ActivityStatus { Draft, Published, Closed, Cancelled }

    /// Where a registration stands.
    RegistrationStatus { Registered, Waitlisted, Cancelled }

    /// Whom a standard answer is for.
    ArticleAudience { Staff, Everyone }

    /// Where a standard answer stands.
    ArticleStatus { Draft, Published, Retired }
}
