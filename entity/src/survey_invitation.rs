//! One customer's survey. The customer is gone from it after an erasure; the answers stay.

use sea_orm::entity::prelude::*;

use crate::vocab::{Channel, InvitationStatus, SurveyKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub campaign_id: Uuid,
    pub project_id: Uuid,
    pub kind: SurveyKind,
    pub cohort_month: Option<Date>,
    /// The contract, or the unit where there is none: one invitation each.
    pub subject_id: Option<Uuid>,
    pub owner_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    /// Who answered for the household when the survey was sent.
    pub ambassador_id: Option<Uuid>,
    pub sales_agent_id: Option<Uuid>,
    pub status: InvitationStatus,
    pub invited_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub reminded_at: Option<DateTimeUtc>,
    /// When answers last came in.
    pub saved_at: Option<DateTimeUtc>,
    pub submitted_at: Option<DateTimeUtc>,
    pub channel: Option<Channel>,
    /// Who asked on the customer's behalf.
    pub interviewer_id: Option<Uuid>,
    /// With which other responses it is shown; none until there are enough.
    pub cell_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
