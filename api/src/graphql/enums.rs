//! The closed lists as the API shows them. The values are the tables' own; only the descriptions live here.

mod figure;

mod upkeep;

use async_graphql::Enum;
use entity::vocab;

use crate::{error, store};
pub use upkeep::*;

mod bulletin;
mod notification;
mod warranty;
mod webhook;
mod work;

pub use bulletin::*;
pub use notification::*;
pub use warranty::*;
pub use webhook::*;
pub use work::*;

mod handover;

pub use handover::*;

mod activity;

pub use activity::*;

mod survey;
pub use survey::*;

pub use figure::*;

mod presales;
pub use presales::*;

/// What a ticket asks for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TicketKind")]
pub enum TicketKind {
    /// 报修: something is broken.
    Repair,
    /// 投诉: the customer is not content with the company.
    Complaint,
    /// 咨询: a question.
    Inquiry,
    /// 建议: a proposal.
    Suggestion,
    /// 整改: a defect found at handover or collected before a warranty ends.
    Rectification,
}

/// How soon a ticket must be served. Deadlines depend on it.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Urgency")]
pub enum Urgency {
    /// 急修: people or property are in danger.
    Urgent,
    /// As soon as possible, within the usual deadlines.
    Normal,
    /// 预约: within the agreed window, given as `appointment`.
    Appointment,
}

/// Where a ticket stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TicketStatus")]
pub enum TicketStatus {
    /// Reported, and not yet answered.
    Submitted,
    /// Answered and classified; waits for someone to be sent.
    Accepted,
    /// Someone is on the way.
    Assigned,
    /// The assignee has arrived and works on it.
    InProgress,
    /// Work waits for something; the resolve clock stands still.
    OnHold,
    /// Done in the assignee's eyes; waits for the owner's word, at most 72 hours.
    Resolved,
    /// The owner, or the system in the owner's place, took it as done.
    Confirmed,
    /// Followed up and finished.
    Closed,
    /// Withdrawn before work began.
    Cancelled,
}

/// What happened to a ticket.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TicketAction")]
pub enum TicketAction {
    /// It was reported.
    Create,
    /// It was answered and classified: the first response.
    Accept,
    /// It was given to a member of staff.
    Assign,
    /// The assignee arrived.
    Start,
    /// Work was put on hold.
    Hold,
    /// Work goes on.
    Resume,
    /// The work was reported as done.
    Resolve,
    /// The result was taken as done, by the owner or after 72 hours by the system.
    Confirm,
    /// The owner rejected the result.
    Reject,
    /// The call after completion was made.
    RecordFollowUp,
    /// It went one level up, to the manager.
    Escalate,
    /// It was withdrawn.
    Cancel,
    /// It was opened again.
    Reopen,
    /// A complaint was found valid or invalid.
    Triage,
    /// Another window was agreed.
    Reschedule,
    /// The assignee became absent or left; it waits in the queue again.
    ReturnToQueue,
    /// It was put into a batch with other defects for the responsible contractor, and is due by the batch's deadline. It is a RECTIFICATION from then on.
    Collect,
    /// The first response is late.
    RespondBreached,
    /// The arrival is late.
    ArriveBreached,
    /// The resolution is late.
    ResolveBreached,
}

/// The trade or subject a ticket belongs to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::TicketCategory")]
pub enum TicketCategory {
    /// Water pipes and drains (给排水).
    Plumbing,
    /// Electricity (电气).
    Electrical,
    /// Leaks and waterproofing (防水渗漏).
    Waterproofing,
    /// Doors and windows (门窗).
    DoorsAndWindows,
    /// Heating and cooling (供暖制冷).
    HeatingAndCooling,
    /// Walls, floors and other structure (主体结构).
    Structure,
    /// Decoration and built-in equipment (装饰与设备).
    Fittings,
    /// Lifts (电梯).
    Elevator,
    /// Shared areas of the building or estate (公共区域).
    PublicArea,
    /// Cleaning (保洁).
    Cleaning,
    /// Greenery (绿化).
    Greenery,
    /// Security (安保).
    Security,
    /// Parking (停车).
    Parking,
    /// Noise (噪音).
    Noise,
    /// Fees and bills (收费).
    Fees,
    /// The manner of staff (服务态度).
    ServiceAttitude,
    /// Anything else (其他).
    Other,
}

/// Whether a complaint holds.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Triage")]
pub enum Triage {
    /// The complaint is justified and counts in the figures.
    Valid,
    /// The complaint has no ground; the reason says why.
    Invalid,
}

/// A department that leads or takes part.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Department")]
pub enum Department {
    /// Sales (销售部).
    Sales,
    /// Customer service (客服部).
    CustomerService,
    /// Project management (项目管理部).
    ProjectManagement,
    /// Cost control (成本部).
    Cost,
    /// Finance (财务部).
    Finance,
    /// Legal affairs (法务).
    Legal,
    /// The property company (物业公司).
    PropertyCompany,
    /// The group's marketing centre (集团营销中心).
    GroupMarketing,
    /// The group's property management (集团物业管理部).
    GroupProperty,
}

/// What a member of staff is. It decides what they see and may do.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Role")]
pub enum Role {
    /// 客户大使, 管家: answers for assigned households.
    Ambassador,
    /// 维修: does the work on site.
    Technician,
    /// 客服: triages and dispatches in own projects.
    ServiceAgent,
    /// 置业顾问: looks after customers in own projects.
    SalesAgent,
    /// 经理: leads a department in own projects.
    Manager,
    /// 集团监督: sees all projects, changes no ticket.
    GroupSupervisor,
    /// 审计: reads everything, personal numbers always masked.
    Auditor,
    /// 系统管理: staff, projects and settings; no customers.
    Admin,
}

/// Where an owner stands in the life of a home.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::OwnerStage")]
pub enum OwnerStage {
    /// Interested, and has signed nothing (潜在客户).
    Prospect,
    /// Signed a contract (成交).
    Signed,
    /// Took the home over (收房).
    HandedOver,
    /// Renovating the home (装修).
    Renovating,
    /// Lives in the home (长期居住).
    Resident,
    /// No longer an owner.
    Former,
}

/// The way a customer reached the company, or was reached.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Channel")]
pub enum Channel {
    /// By telephone.
    Phone,
    /// By WeChat (微信).
    Wechat,
    /// In the owner app.
    App,
    /// By text message.
    Sms,
    /// By email.
    Email,
    /// At the service desk.
    WalkIn,
    /// On the website.
    Website,
    /// In person to the butler.
    Butler,
}

/// Who began a contact.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::Direction")]
pub enum Direction {
    /// The customer reached the company.
    Inbound,
    /// The company reached the customer.
    Outbound,
}

/// Where a contract stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::ContractStatus")]
pub enum ContractStatus {
    /// Being prepared; its key clauses are not all acknowledged yet.
    Draft,
    /// Signed; the home is not handed over yet.
    Signed,
    /// The home was handed over.
    HandedOver,
    /// No longer in force.
    Terminated,
}

/// A part of a home under warranty.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::WarrantyPart")]
pub enum WarrantyPart {
    /// 防水: 5 years.
    Waterproofing,
    /// 供暖制冷: two seasons.
    HeatingAndCooling,
    /// 电气管线: 2 years.
    Wiring,
    /// 给排水管道: 2 years.
    Plumbing,
    /// 装修与设备: 2 years.
    Fittings,
    /// 主体结构: the design life.
    Structure,
}

/// The kind of a device.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "vocab::DevicePlatform")]
pub enum DevicePlatform {
    /// iPhone and iPad.
    Ios,
    /// Android.
    Android,
    /// HarmonyOS.
    Harmony,
    /// A browser.
    Web,
}

/// The orders in which tickets are listed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "store::ticket::TicketOrder")]
pub enum TicketOrder {
    /// The newest first.
    CreatedAtDesc,
    /// The oldest first.
    CreatedAtAsc,
    /// The earliest running deadline first; tickets without one last.
    DeadlineAsc,
}

/// What is wrong with a call. New codes may be added; treat an unknown one like INVALID.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "error::FaultCode")]
pub enum UserErrorCode {
    /// The field must be given and not be blank.
    Required,
    /// The text is longer than the field takes.
    TooLong,
    /// The number or span lies outside its limits.
    OutOfRange,
    /// The instant has already passed.
    InThePast,
    /// The value does not fit.
    Invalid,
    /// There is nothing with this id for you.
    NotFound,
    /// Somebody else changed it since you loaded it: load it again.
    Conflict,
    /// Where the thing stands now, this step does not exist.
    IllegalTransition,
    /// The time for this has not come.
    TooEarly,
    /// The time for this has run out.
    TooLate,
    /// Too many tries: wait as the message says.
    Throttled,
    /// Code, login or password is wrong.
    WrongCredentials,
    /// The session or code is over: sign in again.
    Expired,
    /// The idempotency key was used for another call.
    KeyReused,
    /// What was chosen can't take this on now.
    NotAvailable,
    /// Something else must be done first; each error names one thing that is lacking.
    Incomplete,
    /// Only of an action in a queue: it was not tried, as one before it on the same ticket was not carried out.
    Skipped,
    /// Only of an action in a queue: it is not yours to take. A single call is answered with the error FORBIDDEN.
    Forbidden,
    /// Only of an action in a queue: it could not be carried out at the moment. Send it again with the same key.
    Busy,
    /// Only of an action in a queue: a fault of ours. Send it again once with the same key.
    Internal,
}
