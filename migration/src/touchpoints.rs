//! The touchpoints of the service standard (全生命周期客户服务标准), as they are before anybody edits them.

use TouchpointDue::{After, Never};

/// From which day on it is counted when a touchpoint is due.
pub(crate) enum TouchpointDue {
    Never,
    /// So many days after this day in the customer's life.
    After(&'static str, i32),
}

/// One touchpoint.
pub(crate) struct Touchpoint {
    pub(crate) code: &'static str,
    pub(crate) stage: &'static str,
    /// Chinese and English.
    pub(crate) name: [&'static str; 2],
    /// Chinese and English.
    pub(crate) goal: [&'static str; 2],
    pub(crate) lead: &'static str,
    pub(crate) participants: &'static [&'static str],
    pub(crate) service_points: &'static [&'static str],
    pub(crate) due: TouchpointDue,
}

/// In the order of the standard.
pub(crate) const TOUCHPOINTS: &[Touchpoint] = &[
    Touchpoint {
        code: "T1.1",
        stage: "PROSPECT",
        name: ["项目推广", "Project promotion"],
        goal: [
            "满足客户初步了解项目信息、公司信息的愿望,帮助客户真实、全面、高效地了解项目产品与公司品牌。",
            "Customers get to know the project and the company truthfully, fully and quickly.",
        ],
        lead: "SALES",
        participants: &["PROJECT_MANAGEMENT", "COST", "LEGAL"],
        service_points: &[
            "销售说辞、楼书、海报、户型图及广告严格按照项目自身特点及国家法规制作发布。",
            "经项目管理部设计工程人员、法务人员审核确认后方可执行。",
        ],
        due: Never,
    },
    Touchpoint {
        code: "T1.2",
        stage: "PROSPECT",
        name: ["销售现场", "Sales site"],
        goal: [
            "满足客户进一步了解项目信息、公司信息的愿望,帮助客户选择理想产品。",
            "Customers see the company and the project as they are and can choose well.",
        ],
        lead: "SALES",
        participants: &["PROJECT_MANAGEMENT", "PROPERTY_COMPANY"],
        service_points: &[
            "公示企业资质证书、项目五证、销售人员上岗信息、房源及价格信息、签约合同文本、项目风险提示、投诉渠道。",
            "样板间与设计图纸或实际配置不一致的地方设置公示牌。",
            "样板示范区经项目管理部检验后方可开放。",
        ],
        due: Never,
    },
    Touchpoint {
        code: "T1.3",
        stage: "PROSPECT",
        name: ["来电来访", "Sales reception"],
        goal: [
            "满足客户全面了解项目信息的愿望,帮助客户做出理性选择,赢取客户信任。",
            "Customers are answered warmly and competently and decide with reason.",
        ],
        lead: "SALES",
        participants: &["PROPERTY_COMPANY"],
        service_points: &[
            "按照规定的销售说辞、行为规范及接待流程接听来电、接待来访。",
            "及时更新客户交互记录,做好持续跟踪。",
        ],
        due: After("FIRST_CONTACT", 3),
    },
    Touchpoint {
        code: "T1.4",
        stage: "PROSPECT",
        name: ["客户活动", "Customer events"],
        goal: [
            "为产品销售赢得主动,搭建企业、项目与客户深入沟通交流的平台。",
            "Company and customers talk to each other beyond the sale.",
        ],
        lead: "SALES",
        participants: &["CUSTOMER_SERVICE", "PROPERTY_COMPANY"],
        service_points: &[
            "统一以客户俱乐部名称冠名。",
            "通知发布、物料准备、现场包装、接待人员培训准备充分。",
            "活动结束后做好后评估。",
        ],
        due: Never,
    },
    Touchpoint {
        code: "T2.1",
        stage: "SIGNED",
        name: ["合同签约", "Contract"],
        goal: ["满足客户希望公平交易、不愿吃亏的心理。", "Customers know what they sign."],
        lead: "SALES",
        participants: &["CUSTOMER_SERVICE", "PROJECT_MANAGEMENT", "COST", "FINANCE", "LEGAL", "PROPERTY_COMPANY"],
        service_points: &[
            "合同范本客观、公平、公正。",
            "签约前提醒客户认真阅读合同范本。",
            "提醒客户阅读重要条款,耐心讲解答疑。",
        ],
        due: Never,
    },
    Touchpoint {
        code: "T2.2",
        stage: "SIGNED",
        name: ["签约接待", "Signing visit"],
        goal: ["满足客户享受尊贵服务的愿望。", "Signing is simple, quiet and without waiting."],
        lead: "SALES",
        participants: &["FINANCE"],
        service_points: &["签约流程简单顺畅,减少客户等待时间。", "销售代表全程陪同。", "签约现场舒适安静。"],
        due: Never,
    },
    Touchpoint {
        code: "T3.1",
        stage: "SIGNED",
        name: ["销售满意度回访", "Sales satisfaction survey"],
        goal: [
            "了解客户对销售过程中各项服务的满意程度,分析不满意的原因,改善服务质量。",
            "The company learns how content customers were with the sale, and why not.",
        ],
        lead: "GROUP_PROPERTY",
        participants: &["GROUP_MARKETING"],
        service_points: &["每月月初对前月已成交客户进行回访。", "回访问题简洁明了,回访人员专业亲切。"],
        due: After("SIGNED", 36),
    },
    Touchpoint {
        code: "T3.2",
        stage: "SIGNED",
        name: ["工程进展信息通报", "Construction progress"],
        goal: [
            "满足客户在交付前了解项目工程进度及所购房屋建设状况的愿望。",
            "Customers hear how their home is coming along.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["SALES", "PROJECT_MANAGEMENT"],
        service_points: &["十个关键工程节点必须及时向客户通报。"],
        due: Never,
    },
    Touchpoint {
        code: "T3.3",
        stage: "SIGNED",
        name: ["工地开放日", "Site open day"],
        goal: [
            "让成交客户提前了解房屋建设状况,对房屋质量进行预验收。",
            "Customers see the site and say what they think of it.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["SALES", "PROJECT_MANAGEMENT"],
        service_points: &[
            "邀请客户参观工地现场,了解规划设计及建设进展。",
            "记录客户对设计及工程质量的意见,及时调整和完善。",
        ],
        due: Never,
    },
    Touchpoint {
        code: "T4.1",
        stage: "HANDED_OVER",
        name: ["入住办理", "Handover"],
        goal: [
            "满足客户享受尊贵服务的愿望,提供便捷、高效的入伙服务。",
            "Homes are handed over quickly and completely.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["SALES", "PROJECT_MANAGEMENT", "COST", "FINANCE", "PROPERTY_COMPANY"],
        service_points: &[
            "公示入住办理流程、竣工验收手续、实测报告。",
            "入住流程简单顺畅,减少客户等待时间。",
            "服务人员全程陪同客户。",
        ],
        due: After("HANDOVER_DUE", 0),
    },
    Touchpoint {
        code: "T5.1",
        stage: "HANDED_OVER",
        name: ["交付及集中整改满意度回访", "Handover and rectification satisfaction survey"],
        goal: [
            "了解客户对入住办理及集中整改的满意程度,分析不满意的原因,改善服务质量。",
            "The company learns how content customers were with the handover and with what was put right after it.",
        ],
        lead: "GROUP_PROPERTY",
        participants: &["SALES", "PROJECT_MANAGEMENT", "PROPERTY_COMPANY", "GROUP_MARKETING"],
        service_points: &["每月月初对前月入住客户进行回访。", "交付与集中整改分别回访。"],
        due: After("HANDED_OVER", 36),
    },
    Touchpoint {
        code: "T5.2",
        stage: "HANDED_OVER",
        name: ["装修咨询及讲座", "Decoration lectures"],
        goal: [
            "满足业主对新居装饰的需求,通过增值服务提供良好的居住体验。",
            "Owners who are about to renovate get good advice.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["PROJECT_MANAGEMENT", "SALES", "PROPERTY_COMPANY"],
        service_points: &["对交付后即将装修的客户组织装修讲座。", "联系合作商家提供有针对性的装修咨询。"],
        due: Never,
    },
    Touchpoint {
        code: "T5.3",
        stage: "HANDED_OVER",
        name: ["客户大使", "Customer ambassador"],
        goal: [
            "通过点对点的沟通及一对一的服务,提高服务人员的责任意识和服务效能。",
            "One named person answers for each household.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["PROPERTY_COMPANY", "PROJECT_MANAGEMENT"],
        service_points: &["专人负责,辅之以物业公司的片区承包管理。", "主动关注客户,督促各部门满足客户的合理需求。"],
        due: After("HANDED_OVER", 7),
    },
    Touchpoint {
        code: "T5.4",
        stage: "RESIDENT",
        name: ["投诉处理及维修", "Complaints and repairs"],
        goal: [
            "履行合同约定的售后服务义务,提高客户满意度。",
            "What is broken is repaired and what is wrong is put right, fast.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["SALES", "PROPERTY_COMPANY", "PROJECT_MANAGEMENT"],
        service_points: &["亲切、专业地受理来电、来访投诉。", "及时更新投诉记录,及时跟踪、反馈、关闭。"],
        due: Never,
    },
    Touchpoint {
        code: "T5.5",
        stage: "RESIDENT",
        name: ["保修期到期公示", "Warranty expiry"],
        goal: [
            "保证房屋遗留质量问题得到集中及时整改,避免后期不必要的损失。",
            "Owners report defects while they are still under warranty.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["PROPERTY_COMPANY", "PROJECT_MANAGEMENT", "COST"],
        service_points: &[
            "建立工程保修期限台帐。",
            "保修到期前2个月告知业主。",
            "汇总期间报修的问题,反馈责任单位限期整改。",
        ],
        due: After("WARRANTY_EXPIRY", 0),
    },
    Touchpoint {
        code: "T5.6",
        stage: "RESIDENT",
        name: ["房屋整改满意度调查", "Rectification satisfaction survey"],
        goal: [
            "了解客户对房屋维修整改服务的满意程度,分析不满意的原因,改善服务质量。",
            "The company learns how content owners were with the rectification of their homes.",
        ],
        lead: "CUSTOMER_SERVICE",
        participants: &["PROPERTY_COMPANY"],
        service_points: &["每批整改完成后进行满意度调查。"],
        due: Never,
    },
];
