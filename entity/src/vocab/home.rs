//! The home: milestones, handover, warranty, and what its owners are told.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// The parts of a home under warranty.
    WarrantyPart { Waterproofing, HeatingAndCooling, Wiring, Plumbing, Fittings, Structure }

    /// What a bulletin is about.
    BulletinKind { General, Fees, Outage, Works, Milestone, Warranty, Emergency }

    /// The steps of construction that customers are told of.
    MilestoneKind {
        /// 样板示范区开放
        SampleAreaOpen,
        /// 主体结构封顶
        StructureToppedOut,
        /// 外装修工程竣工
        ExteriorFinished,
        /// 内装修及机电安装工程竣工
        InteriorAndMepFinished,
        /// 市政配套竣工
        MunicipalWorksFinished,
        /// 外围园林竣工
        LandscapeFinished,
        /// 整体竣工验收通过
        CompletionAccepted,
        /// 物业接管验收通过
        PropertyTakeoverAccepted,
        /// 各项市政管线接驳贯通
        UtilitiesConnected,
        /// 收楼样板区开放
        HandoverSampleOpen,
    }

    /// Where a handover stands.
    HandoverStatus { Booked, InProgress, Completed, Cancelled }

    /// The steps of a handover's checklist.
    HandoverStepKind {
        /// 流程公示
        FlowShown,
        /// 竣工验收文件公示
        CompletionDocumentsShown,
        /// 实测报告公示
        MeasuredAreaReportShown,
        /// 验房
        HomeInspected,
        /// 水电气表底数
        MetersRead,
        /// 钥匙
        KeysHandedOver,
        /// 住宅质量保证书、使用说明书
        WarrantyPapersHandedOver,
        /// 客户签字
        SignedByOwner,
    }

    /// Why defects are put right together.
    BatchKind {
        /// 集中整改: what was found at handovers.
        Centralised,
        /// 保修期到期整改
        Warranty,
    }

    /// Where a rectification batch stands.
    BatchStatus { Collecting, Sent, Completed }
}
