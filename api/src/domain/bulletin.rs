//! How long a bulletin is news, and of what one is made that the house writes by itself.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::domain::message::Written;

/// How long after its publication a bulletin is still delivered to those who come into its area.
pub const NEWS_FOR: TimeDelta = TimeDelta::days(30);

/// A bulletin that the house writes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub title: Written,
    pub body: Vec<Line>,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    Written(Written),
    /// As a person typed it.
    Typed(String),
}

impl From<Written> for Line {
    fn from(written: Written) -> Self {
        Self::Written(written)
    }
}
