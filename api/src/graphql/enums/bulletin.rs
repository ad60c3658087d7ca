//! The closed lists around bulletins and the progress of construction.

use async_graphql::Enum;
use entity::vocab;

/// What a bulletin is about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::BulletinKind")]
pub enum BulletinKind {
    /// 一般通知: anything else.
    General,
    /// 收费通知: fees and payments.
    Fees,
    /// 停水停电: water, power, gas or heating is off.
    Outage,
    /// 施工维护: works in the building or the grounds.
    Works,
    /// 工程进展: a milestone of construction was reached. Comes with `reachMilestone`.
    Milestone,
    /// 保修期到期: a warranty ends in two months. Comes by itself.
    Warranty,
    /// 紧急通知: people or property are in danger. Always an emergency.
    Emergency,
}

/// The steps of construction that customers are told of.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::MilestoneKind")]
pub enum MilestoneKind {
    /// 样板示范区开放: the sample area is open.
    SampleAreaOpen,
    /// 主体结构封顶: the structure is topped out.
    StructureToppedOut,
    /// 外装修工程竣工: the exterior is finished.
    ExteriorFinished,
    /// 内装修及机电安装工程竣工: interior and mechanical, electrical and plumbing works are finished.
    InteriorAndMepFinished,
    /// 市政配套竣工: the municipal works are finished.
    MunicipalWorksFinished,
    /// 外围园林竣工: the landscape is finished.
    LandscapeFinished,
    /// 整体竣工验收通过: the completion was accepted.
    CompletionAccepted,
    /// 物业接管验收通过: the property company took the buildings over.
    PropertyTakeoverAccepted,
    /// 各项市政管线接驳贯通: all utilities are connected.
    UtilitiesConnected,
    /// 收楼样板区开放: the sample area for handovers is open.
    HandoverSampleOpen,
}
