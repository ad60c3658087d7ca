//! How soon a kind of ticket must be answered, reached and resolved.

use sea_orm::entity::prelude::*;

use crate::vocab::{PublicHolidays, TicketKind, Urgency};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deadline_policies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// None: the default for every project.
    pub project_id: Option<Uuid>,
    pub kind: TicketKind,
    pub urgency: Urgency,
    pub respond_minutes: i32,
    pub arrive_minutes: Option<i32>,
    pub resolve_minutes: i32,
    /// Arrival and resolution count from the end of the agreed window.
    pub from_window_end: bool,
    /// Working calendar; none counts wall-clock time.
    pub calendar: Option<Json>,
    /// The public holidays that the calendar heeds beside its own.
    pub public_holidays: Option<PublicHolidays>,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
