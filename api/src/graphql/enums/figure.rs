//! The closed lists of figures and journeys.

use async_graphql::Enum;
use entity::vocab;

use crate::domain::{figure, journey};

/// The company's figures (指标).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::FigureKey")]
pub enum FigureKey {
    /// 满意度指数: of all answers that give 1 to 5 in surveys handed in in the month, the share of 4 and 5. At least 85 %.
    SatisfactionIndex,
    /// 重大安全责任事故: serious safety incidents of the month for which the company answers. None.
    SafetyIncidents,
    /// 重大火灾责任事故: serious fires of the month for which the company answers. None.
    FireIncidents,
    /// 重大设备管理责任事故: serious incidents with equipment in the month for which the company answers. None.
    EquipmentIncidents,
    /// 上岗培训率: of the active service staff (ambassadors, technicians, service agents), the share with a valid training at the end of the month. 100 %.
    TrainingRate,
    /// 档案归档率: of the owners past PROSPECT, the share with a file at the end of the month. 100 %.
    FilingRate,
    /// 档案完整率: of the documents that the owners' stages require, the share that is in their files at the end of the month. 100 %.
    FileCompleteness,
    /// 维修及时率: of the repairs due in the month, the share begun by the deadline for arrival and resolved by the deadline for resolution. Holds move deadlines; cancelled repairs don't count. At least 95 %.
    RepairTimeliness,
    /// 维修质量合格率: of the repairs confirmed in the month, the share whose result was never rejected. At least 95 %.
    RepairQuality,
    /// 回访率: of the repairs and complaints confirmed in the month, the share with a follow-up. 100 %.
    FollowUpRate,
    /// 有效投诉处理率: of the valid complaints due in the month, the share resolved by the deadline. 100 %.
    ComplaintHandling,
    /// 24 小时回复率: of the complaints made in the month, the share answered within 24 hours. One that may still be answered in time does not count yet. 100 %.
    #[graphql(name = "COMPLAINT_REPLY_24H")]
    ComplaintReply24h,
    /// 投诉人签字满意率: of the complaints that the complainant confirmed in the month, the share confirmed as satisfied. At least 95 %.
    ComplaintSignoff,
    /// 公共设备设施完好率: of what was looked at in each plan's last round of the month, the share that was sound. At least 98 %.
    EquipmentSound,
    /// 房屋建筑完好率: as EQUIPMENT_SOUND, for buildings. At least 98 %.
    BuildingSound,
    /// 绿化存活率: as EQUIPMENT_SOUND, for plants. At least 98 %.
    GreeneryAlive,
    /// 道路停车场完好率: as EQUIPMENT_SOUND, for roads and parking. At least 98 %.
    RoadsSound,
    /// 清洁无盲点: of the areas checked in all rounds of the month, the share that was clean. 100 %.
    CleaningCoverage,
    /// 24 小时立岗: of the guard posts checked in all rounds of the month, the share that was manned. 100 %.
    GuardCoverage,
    /// 紧急情况处理速度: of the urgent tickets on which somebody was due in the month, the share begun by then. At least 95 %.
    UrgentReaction,
    /// 工程节点通报覆盖率: of the customers with a contract in the scope of a milestone reached in the month, the share that was told. 100 %.
    MilestoneCoverage,
    /// 保修到期告知覆盖率: of the owners to be told in the month that a warranty ends, the share that was told. 100 %.
    WarrantyNoticeCoverage,
    /// 客户大使覆盖率: of the handed-over households, the share with an ambassador at the end of the month. 100 %.
    AmbassadorCoverage,
}

/// What a figure is counted from.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::FigureItemKind")]
pub enum FigureItemKind {
    /// A ticket.
    Ticket,
    /// A customer; `about` says of what they had to be told, where that is the point.
    Owner,
    /// A document that a customer's file must hold; `about` is its kind.
    RequiredDocument,
    /// A member of staff.
    Staff,
    /// A household.
    Home,
    /// An answer to a question of a survey. It can't be looked up, so that nobody is identified.
    SurveyAnswer,
    /// An incident.
    Incident,
    /// A round of inspection, which adds as much as was looked at.
    Inspection,
}

/// What a figure is a number of.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "figure::Measure")]
pub enum FigureUnit {
    /// 0 to 100.
    Percent,
    /// How many.
    Count,
}

/// How a figure is held against its target.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "figure::Comparison")]
pub enum FigureComparison {
    /// Met when the figure is the target or more.
    AtLeast,
    /// Met when the figure is the target.
    Exactly,
}

/// Where a customer stands with a touchpoint.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "journey::JourneyStatus")]
pub enum JourneyStatus {
    /// `dueOn` has passed.
    Overdue,
    /// To happen by `dueOn`, within 30 days.
    Due,
    /// Still to come; `dueOn` when it is known by when.
    Upcoming,
    /// It took place; see `completedAt`.
    Done,
    /// Not for this customer, or its time is over.
    NotApplicable,
}

/// The day from which it is counted when a touchpoint is due.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TouchpointAnchor")]
pub enum TouchpointAnchor {
    /// The first contact with the customer.
    FirstContact,
    /// The day on which the contract was signed.
    Signed,
    /// The day by which the contract promises the home.
    HandoverDue,
    /// The day on which the home was handed over.
    HandedOver,
    /// The day on which the owner must be told that a warranty ends: two calendar months before the end.
    WarrantyExpiry,
}
