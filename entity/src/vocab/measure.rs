//! The service standard: touchpoints, causes, incidents, inspections, figures.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// Whose public holidays a working calendar heeds.
    PublicHolidays { China }

    /// The day from which it is counted when a touchpoint is due.
    TouchpointAnchor { FirstContact, Signed, HandoverDue, HandedOver, WarrantyExpiry }

    /// Why a complaint came about.
    RootCause {
        /// 设计
        Design,
        /// 施工质量
        Workmanship,
        /// 材料设备
        Material,
        /// 响应不及时
        SlowResponse,
        /// 服务态度
        Attitude,
        /// 信息不准确
        Misinformation,
        /// 收费
        Fees,
        /// 环境卫生
        Environment,
        /// 安全秩序
        Security,
        /// 邻里
        Neighbours,
        /// 其他
        Other,
    }

    /// What kind of incident.
    IncidentKind { Safety, Fire, Equipment }

    /// How grave an incident is.
    IncidentSeverity { Minor, Major, Serious }

    /// What is inspected.
    InspectionSubject {
        /// 公共设备设施
        Equipment,
        /// 房屋建筑
        Building,
        /// 绿化
        Greenery,
        /// 清洁
        Cleaning,
        /// 道路停车场
        RoadsAndParking,
        /// 保安岗
        SecurityPost,
    }

    /// What a figure is counted from.
    FigureItemKind { Ticket, Owner, RequiredDocument, Staff, Home, SurveyAnswer, Incident, Inspection }

    /// The company's figures (指标).
    FigureKey {
        SatisfactionIndex,
        SafetyIncidents,
        FireIncidents,
        EquipmentIncidents,
        TrainingRate,
        FilingRate,
        FileCompleteness,
        RepairTimeliness,
        RepairQuality,
        FollowUpRate,
        ComplaintHandling,
        #[sea_orm(string_value = "COMPLAINT_REPLY_24H")]
        #[serde(rename = "COMPLAINT_REPLY_24H")]
        ComplaintReply24h,
        ComplaintSignoff,
        EquipmentSound,
        BuildingSound,
        GreeneryAlive,
        RoadsSound,
        CleaningCoverage,
        GuardCoverage,
        UrgentReaction,
        MilestoneCoverage,
        WarrantyNoticeCoverage,
        AmbassadorCoverage,
    }
}
