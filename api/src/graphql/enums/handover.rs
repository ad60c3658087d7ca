//! Closed lists of handovers, customers' files and the audit log.

use async_graphql::Enum;
use entity::vocab;

/// Where a handover stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::HandoverStatus")]
pub enum HandoverStatus {
    /// A time is agreed.
    Booked,
    /// The customer is there and goes through the checklist.
    InProgress,
    /// The home is the customer's; its warranties have begun.
    Completed,
    /// Called off before it began.
    Cancelled,
}

/// A step of a handover's checklist.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::HandoverStepKind")]
pub enum HandoverStepKind {
    /// 流程公示: the course of the handover was shown.
    FlowShown,
    /// 竣工验收文件公示: the documents of the completion acceptance were shown.
    CompletionDocumentsShown,
    /// 实测报告公示: the report on the measured area was shown.
    MeasuredAreaReportShown,
    /// 验房: the home was inspected together. The customer may do without.
    HomeInspected,
    /// 水电气表底数: the meters were read; the note holds the readings.
    MetersRead,
    /// 钥匙: the keys were handed over.
    KeysHandedOver,
    /// 住宅质量保证书、使用说明书: the warranty papers and the manual were handed over.
    WarrantyPapersHandedOver,
    /// 客户签字: the customer signed.
    SignedByOwner,
}

/// A kind of document in a customer's file.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::DocumentKind")]
pub enum DocumentKind {
    /// 身份证明: a copy of the identity document.
    IdentityDocument,
    /// 认购书: the subscription agreement.
    SubscriptionAgreement,
    /// 商品房买卖合同: the purchase contract.
    PurchaseContract,
    /// 付款凭证: receipts of payment.
    PaymentReceipt,
    /// 入住登记表: the handover form.
    HandoverForm,
    /// 实测面积报告: the report on the measured area.
    MeasuredAreaReport,
    /// 前期物业服务协议: the agreement on property service.
    PropertyServiceAgreement,
    /// 装修申请: the permit to renovate.
    RenovationPermit,
    /// 装修验收: the acceptance of the renovation.
    RenovationAcceptance,
}

/// What kind of principal did something.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::PrincipalKind")]
pub enum PrincipalKind {
    /// A customer.
    Owner,
    /// A member of staff.
    Staff,
    /// A decoration partner.
    Partner,
    /// The company's own jobs.
    System,
}
