//! The closed lists of what lies before and at the signing.

use async_graphql::Enum;
use entity::vocab;

/// What kind of thing the company publishes about a project.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::PublicationKind")]
pub enum PublicationKind {
    /// 销售说辞: what sales agents tell.
    SalesTalk,
    /// 楼书: the brochure.
    Brochure,
    /// 户型图: a floor plan.
    FloorPlan,
    /// 广告: an advertisement.
    Advertisement,
}

/// Where a publication stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::PublicationStatus")]
pub enum PublicationStatus {
    /// In preparation or under review; only the project's staff see it.
    Draft,
    /// On show.
    Published,
    /// Taken down.
    Withdrawn,
}

/// What a reviewing department says.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ReviewVerdict")]
pub enum ReviewVerdict {
    /// It may go out.
    Approved,
    /// It may not go out like this.
    Rejected,
}

/// What is on show at a sales site (公示).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::DisclosureKind")]
pub enum DisclosureKind {
    /// 企业资质证书: the developer's qualification.
    CompanyQualification,
    /// 国有土地使用证, the first of the five permits.
    LandUsePermit,
    /// 建设用地规划许可证, the second of the five permits.
    LandPlanningPermit,
    /// 建设工程规划许可证, the third of the five permits.
    ConstructionPlanningPermit,
    /// 建筑工程施工许可证, the fourth of the five permits.
    ConstructionPermit,
    /// 商品房预售许可证, the fifth of the five permits.
    PresalePermit,
    /// 销售人员上岗信息: the sales staff on duty.
    DutySalesStaff,
    /// 房源及价格信息: the homes on sale and what each costs.
    UnitPrices,
    /// 签约合同文本: the text of the contract.
    ContractSample,
    /// 项目风险提示: the risks.
    RiskNotice,
    /// 投诉渠道: where to complain.
    ComplaintChannel,
    /// 样板间差异公示: where a show home differs from what is delivered. Needed only where one does.
    ShowHomeDeviation,
}

/// What a customer comes for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::AppointmentKind")]
pub enum AppointmentKind {
    /// 签约: to sign a contract.
    Signing,
    /// 咨询: for advice.
    Consultation,
}

/// Where a visit stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::AppointmentStatus")]
pub enum AppointmentStatus {
    /// Agreed.
    Booked,
    /// The customer has arrived and waits.
    CheckedIn,
    /// Somebody attends to the customer.
    InService,
    /// Over.
    Done,
    /// Called off, or the customer left before being served.
    Cancelled,
    /// The customer did not come.
    NoShow,
}
