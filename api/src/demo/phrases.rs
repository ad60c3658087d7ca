//! What people say on the way of a ticket: reasons, notes and outcomes that fit any report of their kind.

use entity::vocab::TicketKind;

use super::random::Random;

pub(super) const HOLDS: [&str; 8] = [
    "等待配件到货，厂家预计两天内送达",
    "业主临时外出，约定改天上门",
    "连续下雨，外墙作业暂停",
    "需要楼上业主配合关水，已电话联系",
    "墙体未干透，待含水率达标后继续",
    "超出班组作业时间，业主要求明日继续",
    "等待专业厂家到场会诊",
    "定制玻璃加工中",
];

pub(super) const OFFICE_HOLDS: [&str; 4] =
    ["等待财务核对账单", "等待相关部门书面回复", "业主出差，约定回来后面谈", "等待第三方检测报告"];

pub(super) const RESUMES: [&str; 5] =
    ["配件已到，继续施工", "业主已在家，师傅上门", "天气转好，恢复作业", "材料到位", "回复已收到，继续处理"];

pub(super) const REJECTIONS: [&str; 8] = [
    "师傅走后当晚又出现同样的问题，请再来看看",
    "只处理了一半，另外一处没有弄",
    "现场没有清理干净，地上全是灰",
    "效果不明显，还是有声音",
    "颜色和原来的差别很大，不能接受",
    "答复太笼统，没有说明具体原因",
    "用了一天又坏了",
    "说好会有照片和说明，没有收到",
];

pub(super) const REWORKS: [&str; 6] = [
    "重新检查并更换同型号部件，与业主一同测试后确认正常。",
    "返工处理，班组长到场验收，现场清理完毕。",
    "增加一道工序并复测，业主全程在场。",
    "更换另一批次材料后重做，色差已消除。",
    "由工程师到场会诊，查明原因后彻底处理。",
    "补充书面说明和照片，逐项与业主核对。",
];

pub(super) const ESCALATIONS: [&str; 5] = [
    "等了很久没有人联系我，请领导处理",
    "家里有老人和婴儿，希望加急",
    "同样的问题已经是第三次了",
    "要求管家经理直接回电",
    "影响正常居住，请尽快安排",
];

pub(super) const WITHDRAWALS: [&str; 6] = [
    "自己已经处理好了，不用来了",
    "重复提交，前一单已在处理",
    "问题没有再出现，先取消",
    "时间不合适，下个月再报",
    "家里临时没人，改天再约",
    "找厂家保修了，谢谢",
];

pub(super) const REOPENINGS: [&str; 4] =
    ["修好没几天又出现同样的问题", "下了场大雨又渗出来了", "昨晚又跳闸了，请再来检查", "上次答应的后续一直没有落实"];

pub(super) const RESCHEDULES: [&str; 3] =
    ["当天临时要加班，改到第二天同一时间", "家里来客人，往后推一天", "孩子要午睡，换一天"];

pub(super) const DISPATCHES: [&str; 6] = [
    "请带好配件，上门前一小时电话联系",
    "业主下午在家",
    "家里有小孩，注意鞋套和降噪",
    "先判断责任范围再施工",
    "楼层高，注意安全绳",
    "请拍维修前后照片",
];

pub(super) const ARRIVALS: [&str; 3] = ["已到现场", "已到达，开始检查", "与业主见面，确认问题"];

pub(super) const VALID: [&str; 3] = ["情况属实，责任在我方", "现场核实，投诉成立", "调取记录与业主描述一致"];

/// What a customer says about the work, by the rating.
pub(super) fn praise(rating: i32, random: &mut Random) -> &'static str {
    match rating {
        5 => random.pick(&["师傅很专业，现场收拾得很干净", "来得快，态度好", "非常满意，谢谢", "解释得很清楚，点赞"]),
        4 => random.pick(&["总体不错", "问题解决了，等的时间稍长", "挺好的"]),
        3 => random.pick(&["一般，能用", "处理得有点慢"]),
        _ => random.pick(&["约了两次才来", "希望以后能一次修好", "沟通不够及时"]),
    }
}

/// What the follow-up call brought.
pub(super) fn outcome(kind: TicketKind, random: &mut Random) -> &'static str {
    let about_work = [
        "电话回访，使用正常，业主满意",
        "回访无异常，提醒日常保养方法",
        "业主未接，微信回访确认正常",
        "业主表示满意，并感谢师傅",
    ];
    let about_words = [
        "回访确认业主已收到答复，无其他问题",
        "业主表示理解，感谢及时回复",
        "电话回访，业主认可处理结果",
        "上门回访并致谢业主的意见",
    ];
    match kind {
        TicketKind::Repair | TicketKind::Rectification => random.pick(&about_work),
        TicketKind::Complaint | TicketKind::Inquiry | TicketKind::Suggestion => random.pick(&about_words),
    }
}

/// What work has to wait for.
pub(super) fn hold(kind: TicketKind, random: &mut Random) -> &'static str {
    match kind {
        TicketKind::Repair | TicketKind::Rectification => random.pick(&HOLDS),
        TicketKind::Complaint | TicketKind::Inquiry | TicketKind::Suggestion => random.pick(&OFFICE_HOLDS),
    }
}
