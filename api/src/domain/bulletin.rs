//! How long a bulletin is news.

use chrono::TimeDelta;

/// How long after its publication a bulletin is still delivered to those who come into its area.
pub const NEWS_FOR: TimeDelta = TimeDelta::days(30);
