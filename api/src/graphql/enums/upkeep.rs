//! The closed lists of what the property company learns and looks after.

use async_graphql::Enum;
use entity::vocab;

/// Why a complaint came about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::RootCause")]
pub enum RootCause {
    /// The design of the home or estate (设计).
    Design,
    /// The quality of the building work (施工质量).
    Workmanship,
    /// A material or piece of equipment (材料设备).
    Material,
    /// The company answered or came too late (响应不及时).
    SlowResponse,
    /// The manner of staff (服务态度).
    Attitude,
    /// The customer was told something wrong (信息不准确).
    Misinformation,
    /// Fees and bills (收费).
    Fees,
    /// Cleanliness and surroundings (环境卫生).
    Environment,
    /// Safety and order (安全秩序).
    Security,
    /// The neighbours (邻里).
    Neighbours,
    /// Anything else (其他).
    Other,
}

/// What kind of incident.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::IncidentKind")]
pub enum IncidentKind {
    /// People or property came to harm (安全).
    Safety,
    /// A fire (消防).
    Fire,
    /// Equipment failed (设备).
    Equipment,
}

/// How grave an incident is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::IncidentSeverity")]
pub enum IncidentSeverity {
    /// Put right on the spot (一般).
    Minor,
    /// Considerable damage (较大).
    Major,
    /// 重大: counts in the figures when the company is liable.
    Serious,
}

/// What is inspected.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::InspectionSubject")]
pub enum InspectionSubject {
    /// Shared plant and equipment (公共设备设施).
    Equipment,
    /// The buildings themselves (房屋建筑).
    Building,
    /// Lawns, trees and hedges (绿化).
    Greenery,
    /// Cleaned areas (清洁).
    Cleaning,
    /// Roads and parking (道路停车场).
    RoadsAndParking,
    /// Security posts: a point is sound when the post is manned (保安岗).
    SecurityPost,
}
