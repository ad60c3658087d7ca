//! Surveys.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

closed_lists! {
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
}
