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
        /// It was put together with other defects for the responsible contractor.
        Collect,
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
    ContractStatus {
        /// Being prepared: the clauses are not acknowledged yet.
        Draft,
        Signed, HandedOver, Terminated,
    }

    /// The parts of a home under warranty.
    WarrantyPart { Waterproofing, HeatingAndCooling, Wiring, Plumbing, Fittings, Structure }

    /// The kind of a registered device.
    DevicePlatform { Ios, Android, Harmony, Web }

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

    /// The day from which it is counted when a touchpoint is due.
    TouchpointAnchor { FirstContact, Signed, HandoverDue, HandedOver, WarrantyExpiry }

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

    /// What kind of event for customers.
    ActivityKind {
        /// 客户俱乐部活动
        ClubEvent,
        /// 工地开放日
        OpenDay,
        /// 装修讲座
        Lecture,
    }

    /// Where an activity stands.
    ActivityStatus { Draft, Published, Closed, Cancelled }

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

    /// What a survey asks about.
    SurveyKind {
        /// 销售满意度
        Sales,
        /// 交付满意度
        Handover,
        /// 集中整改满意度
        CentralisedRectification,
        /// 房屋整改满意度: after each rectification batch.
        Rectification,
        /// 物业服务满意度
        PropertyService,
    }

    /// Where a version of a questionnaire stands.
    TemplateStatus { Draft, Active, Retired }

    /// How a question is answered.
    QuestionKind {
        /// 1 to 5
        Rating,
        /// 0 to 10
        Nps,
        SingleChoice,
        MultipleChoice,
        Text,
    }

    /// What a question is about.
    Dimension {
        /// 内容
        Content,
        /// 质量
        Quality,
        /// 态度
        Attitude,
        /// 时效
        Timeliness,
        /// 环境
        Environment,
    }

    /// Where a survey invitation stands.
    InvitationStatus { Open, Submitted, Expired }

    /// Where a task stands.
    TaskStatus { Open, Done }

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

    /// Whom a standard answer is for.
    ArticleAudience { Staff, Everyone }

    /// Where a standard answer stands.
    ArticleStatus { Draft, Published, Retired }

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
