//! People, what they are to the company, and how they reach it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
    /// The departments of product and property company that lead or take part.
    Department {
        Sales, CustomerService, ProjectManagement, Cost, Finance, Legal, PropertyCompany, GroupMarketing, GroupProperty,
    }

    /// What a member of staff is.
    Role { Ambassador, Technician, ServiceAgent, SalesAgent, Manager, GroupSupervisor, Auditor, Admin }

    /// Where an owner stands in the life of a home.
    OwnerStage { Prospect, Signed, HandedOver, Renovating, Resident, Former }

    /// The way a customer reached the company.
    Channel { Phone, Wechat, App, Sms, Email, WalkIn, Website, Butler }

    /// Who began a contact.
    Direction { Inbound, Outbound }

    /// Where a contract stands.
    ContractStatus {
        /// Being prepared: the clauses are not acknowledged yet.
        Draft,
        Signed, HandedOver, Terminated,
    }

    /// The kind of a registered device.
    DevicePlatform { Ios, Android, Harmony, Web }

    /// What kind of principal signed in or acted.
    PrincipalKind {
        Owner, Staff, Partner,
        /// The company's own jobs.
        System,
    }

    /// What a stored secret is for.
    KeyPurpose {
        /// Signs access tokens.
        Signing,
        /// Hashes phone and identity numbers for look-up.
        Lookup,
        /// Encrypts phone and identity numbers.
        Encryption,
    }

    /// What a customer's file holds.
    DocumentKind {
        /// 身份证明
        IdentityDocument,
        /// 认购书
        SubscriptionAgreement,
        /// 商品房买卖合同
        PurchaseContract,
        /// 付款凭证
        PaymentReceipt,
        /// 入住登记表
        HandoverForm,
        /// 实测面积报告
        MeasuredAreaReport,
        /// 前期物业服务协议
        PropertyServiceAgreement,
        /// 装修申请
        RenovationPermit,
        /// 装修验收
        RenovationAcceptance,
    }
}
