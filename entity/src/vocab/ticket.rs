//! Tickets.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

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
}
