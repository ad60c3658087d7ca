//! The words of the closed lists, as tables that leave the house and tables that come in spell them: in Chinese what people
//! say, in English the names that the API knows.

use entity::vocab::{
    Channel, ContractStatus, Department, Dimension, FigureKey, InvitationStatus, OwnerStage, QuestionKind, Role,
    SurveyKind, TicketCategory, TicketKind, TicketStatus, Triage, Urgency, WarrantyPart,
};

use super::{Cell, Language};
use crate::domain::ledger::cell::compact;

/// A value of a closed list.
pub trait Word: Copy + std::fmt::Debug + 'static {
    const VALUES: &'static [Self];

    fn chinese(self) -> &'static str;

    /// As the API spells it.
    fn code(self) -> String {
        capitals(&format!("{self:?}"))
    }

    fn said(self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese().to_owned(),
            Language::English => self.code(),
        }
    }

    fn cell(self, language: Language) -> Cell {
        Cell::Text(self.said(language))
    }

    /// The value that a text means, in either spelling.
    fn read(text: &str) -> Option<Self> {
        let text = compact(text).to_uppercase();
        Self::VALUES.iter().copied().find(|value| value.chinese() == text || value.code() == text)
    }
}

/// `InProgress` as `IN_PROGRESS`; digits belong to the word that they begin.
fn capitals(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut after_digit = false;
    for (at, letter) in name.char_indices() {
        let begins = letter.is_ascii_uppercase() || (letter.is_ascii_digit() && !after_digit);
        if at > 0 && begins {
            text.push('_');
        }
        after_digit = letter.is_ascii_digit();
        text.push(letter.to_ascii_uppercase());
    }
    text
}

macro_rules! words {
    ($($list:ident { $($value:ident $chinese:literal),+ $(,)? })+) => {$(
        impl Word for $list {
            const VALUES: &'static [Self] = Self::ALL;

            fn chinese(self) -> &'static str {
                match self { $(Self::$value => $chinese),+ }
            }
        }
    )+};
}

words! {
    TicketKind { Repair "报修", Complaint "投诉", Inquiry "咨询", Suggestion "建议", Rectification "整改" }
    TicketCategory {
        Plumbing "给排水", Electrical "电气", Waterproofing "防水渗漏", DoorsAndWindows "门窗", HeatingAndCooling "供暖制冷",
        Structure "主体结构", Fittings "装饰与设备", Elevator "电梯", PublicArea "公共区域", Cleaning "保洁", Greenery "绿化",
        Security "安保", Parking "停车", Noise "噪音", Fees "收费", ServiceAttitude "服务态度", Other "其他",
    }
    Urgency { Urgent "急修", Normal "普通", Appointment "预约" }
    TicketStatus {
        Submitted "已提交", Accepted "已受理", Assigned "已派单", InProgress "处理中", OnHold "已暂停", Resolved "已完成",
        Confirmed "已确认", Closed "已关闭", Cancelled "已取消",
    }
    Triage { Valid "有效", Invalid "无效" }
    Channel {
        Phone "电话", Wechat "微信", App "APP", Sms "短信", Email "邮件", WalkIn "到访", Website "网站", Butler "管家",
    }
    Department {
        Sales "销售部", CustomerService "客服部", ProjectManagement "项目管理部", Cost "成本部", Finance "财务部",
        Legal "法务", PropertyCompany "物业公司", GroupMarketing "集团营销中心", GroupProperty "集团物业管理部",
    }
    Role {
        Ambassador "客户大使", Technician "维修技师", ServiceAgent "客服专员", SalesAgent "置业顾问", Manager "经理",
        GroupSupervisor "集团督导", Auditor "审计员", Admin "管理员",
    }
    OwnerStage {
        Prospect "潜在客户", Signed "成交", HandedOver "收房", Renovating "装修", Resident "长期居住", Former "已离开",
    }
    ContractStatus { Draft "草稿", Signed "已签约", HandedOver "已交付", Terminated "已终止" }
    WarrantyPart {
        Waterproofing "防水", HeatingAndCooling "供暖制冷", Wiring "电气管线", Plumbing "给排水管道", Fittings "装修与设备",
        Structure "主体结构",
    }
    SurveyKind {
        Sales "销售满意度", Handover "交付满意度", CentralisedRectification "集中整改满意度",
        Rectification "房屋整改满意度", PropertyService "物业服务满意度",
    }
    InvitationStatus { Open "待答复", Submitted "已提交", Expired "已过期" }
    QuestionKind { Rating "评分", Nps "推荐度", SingleChoice "单选", MultipleChoice "多选", Text "文字" }
    Dimension { Content "内容", Quality "质量", Attitude "态度", Timeliness "时效", Environment "环境" }
    FigureKey {
        SatisfactionIndex "满意度指数", SafetyIncidents "重大安全责任事故", FireIncidents "重大火灾责任事故",
        EquipmentIncidents "重大设备责任事故", TrainingRate "上岗培训率", FilingRate "档案归档率",
        FileCompleteness "档案完整率", RepairTimeliness "维修及时率", RepairQuality "维修质量合格率",
        FollowUpRate "回访率", ComplaintHandling "有效投诉处理率", ComplaintReply24h "投诉24小时答复率",
        ComplaintSignoff "投诉人签字满意率", EquipmentSound "公共设备设施完好率", BuildingSound "房屋建筑完好率",
        GreeneryAlive "绿化存活率", RoadsSound "道路停车场完好率", CleaningCoverage "清洁无盲点",
        GuardCoverage "24小时立岗", UrgentReaction "紧急情况处理速度", MilestoneCoverage "工程进展告知率",
        WarrantyNoticeCoverage "保修期到期告知率", AmbassadorCoverage "客户大使覆盖率",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::Serialize;

    use super::*;

    fn each<W: Word + PartialEq + Serialize>() {
        let mut seen = BTreeSet::new();
        for value in W::VALUES {
            assert_eq!(serde_json::to_value(value).unwrap(), value.code(), "the API spells it differently");
            for spelling in [value.chinese().to_owned(), value.code(), format!(" {} ", value.code().to_lowercase())] {
                assert_eq!(W::read(&spelling), Some(*value), "{spelling}");
            }
            assert!(seen.insert(value.chinese()), "{} means two things", value.chinese());
        }
        assert_eq!(W::read("什么"), None);
    }

    #[test]
    fn each_word_means_one_value_and_reads_back_in_either_spelling() {
        each::<TicketKind>();
        each::<TicketCategory>();
        each::<Urgency>();
        each::<TicketStatus>();
        each::<Triage>();
        each::<Channel>();
        each::<Department>();
        each::<Role>();
        each::<OwnerStage>();
        each::<ContractStatus>();
        each::<WarrantyPart>();
        each::<SurveyKind>();
        each::<InvitationStatus>();
        each::<QuestionKind>();
        each::<Dimension>();
        each::<FigureKey>();
    }
}
