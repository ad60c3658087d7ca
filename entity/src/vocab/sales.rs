//! Before and at the signing.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// What kind of thing the company publishes about a project.
    PublicationKind {
        /// 销售说辞
        SalesTalk,
        /// 楼书
        Brochure,
        /// 户型图
        FloorPlan,
        /// 广告
        Advertisement,
    }

    /// Where a publication stands.
    PublicationStatus { Draft, Published, Withdrawn }

    /// What a reviewer says.
    ReviewVerdict { Approved, Rejected }

    /// What must be on show at a sales site.
    DisclosureKind {
        /// 企业资质证书
        CompanyQualification,
        /// 国有土地使用证
        LandUsePermit,
        /// 建设用地规划许可证
        LandPlanningPermit,
        /// 建设工程规划许可证
        ConstructionPlanningPermit,
        /// 建筑工程施工许可证
        ConstructionPermit,
        /// 商品房预售许可证
        PresalePermit,
        /// 销售人员上岗信息
        DutySalesStaff,
        /// 房源及价格信息
        UnitPrices,
        /// 签约合同文本
        ContractSample,
        /// 项目风险提示
        RiskNotice,
        /// 投诉渠道
        ComplaintChannel,
        /// 样板间差异公示
        ShowHomeDeviation,
    }

    /// What a customer comes for.
    AppointmentKind { Signing, Consultation }

    /// Where a visit stands.
    AppointmentStatus { Booked, CheckedIn, InService, Done, Cancelled, NoShow }
}
