//! The closed lists: every value a column of ours may hold, stored as the same capitals that the API shows.
//! No rule lives here; what a value means for a ticket is said in the domain.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Declares closed lists that are stored as text in SCREAMING_SNAKE_CASE.
macro_rules! closed_lists {
    ($($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[$value_doc])* $value),+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$value),+];
        }
    )+};
}

closed_lists! {
    /// What a ticket asks for.
    TicketKind {
        /// 报修
        Repair,
        /// 投诉
        Complaint,
        /// 咨询
        Inquiry,
        /// 建议
        Suggestion,
        /// 整改: handover defects and warranty batches.
        Rectification,
    }

    /// How soon a ticket must be served.
    Urgency {
        /// 急修
        Urgent,
        Normal,
        /// 预约: within a window that the owner chose.
        Appointment,
    }

    /// Where a ticket stands.
    TicketStatus { Submitted, Accepted, Assigned, InProgress, OnHold, Resolved, Confirmed, Closed, Cancelled }

    /// What happened to a ticket: the actions of people, and what the clock does by itself.
    TicketAction {
        Create,
        Accept,
        Assign,
        Start,
        Hold,
        Resume,
        Resolve,
        Confirm,
        Reject,
        RecordFollowUp,
        Escalate,
        Cancel,
        Reopen,
        /// A complaint was found valid or invalid.
        Triage,
        /// The owner agreed another window.
        Reschedule,
        /// The assignee became absent or left; the ticket is back in the queue.
        ReturnToQueue,
        /// The first response came too late.
        RespondBreached,
        /// Nobody arrived in time.
        ArriveBreached,
        /// The work was not done in time.
        ResolveBreached,
    }

    /// The trade or subject a ticket belongs to.
    TicketCategory {
        /// 给排水
        Plumbing,
        /// 电气
        Electrical,
        /// 防水渗漏
        Waterproofing,
        /// 门窗
        DoorsAndWindows,
        /// 供暖制冷
        HeatingAndCooling,
        /// 主体结构
        Structure,
        /// 装饰与设备
        Fittings,
        /// 电梯
        Elevator,
        /// 公共区域
        PublicArea,
        /// 保洁
        Cleaning,
        /// 绿化
        Greenery,
        /// 安保
        Security,
        /// 停车
        Parking,
        /// 噪音
        Noise,
        /// 收费
        Fees,
        /// 服务态度
        ServiceAttitude,
        /// 其他
        Other,
    }

    /// Whether a complaint holds.
    Triage { Valid, Invalid }

    /// Which of a ticket's three clocks.
    DeadlineKind { Respond, Arrive, Resolve }

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
    ContractStatus { Signed, HandedOver, Terminated }

    /// The parts of a home under warranty.
    WarrantyPart { Waterproofing, HeatingAndCooling, Wiring, Plumbing, Fittings, Structure }

    /// The kind of a registered device.
    DevicePlatform { Ios, Android, Harmony, Web }

    /// Where a lecture stands.
    LectureStatus { Draft, Published, Cancelled }

    /// Where a registration stands.
    RegistrationStatus { Registered, Waitlisted, Cancelled }

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
}
