//! The questionnaires that a new company starts with, in their first version. Later versions are made through the API.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{JsonValue, Value, prelude::Uuid},
};

/// A questionnaire: kind, title, questions.
type Questionnaire = (&'static str, &'static str, &'static [Question]);

/// Kind, dimension, prompt, whether it must be answered, choices as `value 标签`, and the question by its number from 1
/// with the answer on which this one depends.
type Question =
    (&'static str, &'static str, &'static str, bool, &'static [&'static str], Option<(usize, &'static str)>);

const YES_NO: &[&str] = &["yes 有", "no 没有"];
const RECOMMEND: Question =
    ("NPS", "CONTENT", "您有多大可能把我们推荐给亲友?0 为绝不可能,10 为非常可能", true, &[], None);
const TROUBLE: Question = ("SINGLE_CHOICE", "CONTENT", "整个过程中有没有让您不满意的地方?", true, YES_NO, None);
const LAST_WORD: &str = "请告诉我们是什么让您不满意,我们会逐条改进";

const ALL: [Questionnaire; 5] = [
    (
        "SALES",
        "销售服务满意度回访",
        &[
            ("RATING", "ATTITUDE", "置业顾问接待您的态度是否热情、专业?", true, &[], None),
            ("RATING", "CONTENT", "项目情况、价格和合同条款的讲解是否清楚、真实?", true, &[], None),
            ("RATING", "TIMELINESS", "签约、按揭办理的流程和等待时间是否让您满意?", true, &[], None),
            ("RATING", "ENVIRONMENT", "售楼处和签约场所的环境是否舒适、安静?", true, &[], None),
            ("RATING", "QUALITY", "样板间与公示资料是否如实反映了您买的房屋?", false, &[], None),
            RECOMMEND,
            TROUBLE,
            ("TEXT", "CONTENT", LAST_WORD, false, &[], Some((7, "yes"))),
        ],
    ),
    (
        "HANDOVER",
        "交付服务满意度回访",
        &[
            ("RATING", "TIMELINESS", "收房流程是否顺畅,等待时间是否合理?", true, &[], None),
            ("RATING", "ATTITUDE", "陪同验房人员是否耐心、专业?", true, &[], None),
            ("RATING", "QUALITY", "您对房屋交付质量是否满意?", true, &[], None),
            ("RATING", "CONTENT", "验收文件、实测报告和收费说明是否公示清楚?", true, &[], None),
            ("RATING", "ENVIRONMENT", "交付现场与园区环境是否让您满意?", true, &[], None),
            RECOMMEND,
            TROUBLE,
            ("TEXT", "CONTENT", LAST_WORD, false, &[], Some((7, "yes"))),
        ],
    ),
    (
        "CENTRALISED_RECTIFICATION",
        "集中整改满意度回访",
        &[
            ("RATING", "QUALITY", "验房时发现的问题是否整改到位?", true, &[], None),
            ("RATING", "TIMELINESS", "整改是否在约定的时间内完成?", true, &[], None),
            ("RATING", "ATTITUDE", "整改人员上门时是否礼貌、规范?", true, &[], None),
            ("RATING", "ENVIRONMENT", "整改完成后现场是否清理干净?", true, &[], None),
            ("SINGLE_CHOICE", "QUALITY", "整改之后同样的问题有没有再次出现?", true, YES_NO, None),
            ("TEXT", "QUALITY", "请说明再次出现的是什么问题、在哪个位置", false, &[], Some((5, "yes"))),
            RECOMMEND,
        ],
    ),
    (
        "RECTIFICATION",
        "房屋整改满意度调查",
        &[
            ("RATING", "QUALITY", "您对这次维修整改的质量是否满意?", true, &[], None),
            ("RATING", "TIMELINESS", "从报修到完成的时间是否让您满意?", true, &[], None),
            ("RATING", "ATTITUDE", "维修人员的服务态度是否让您满意?", true, &[], None),
            ("RATING", "CONTENT", "维修方案和保修政策是否向您解释清楚?", false, &[], None),
            TROUBLE,
            ("TEXT", "CONTENT", LAST_WORD, false, &[], Some((5, "yes"))),
            RECOMMEND,
        ],
    ),
    (
        "PROPERTY_SERVICE",
        "物业服务满意度调查",
        &[
            ("RATING", "ATTITUDE", "管家和前台人员的服务态度是否让您满意?", true, &[], None),
            ("RATING", "TIMELINESS", "报修和投诉的处理是否及时?", true, &[], None),
            ("RATING", "QUALITY", "公共设施设备的维护是否让您满意?", true, &[], None),
            ("RATING", "ENVIRONMENT", "小区的清洁和绿化是否让您满意?", true, &[], None),
            ("RATING", "CONTENT", "收费和各项服务内容是否公开、清楚?", true, &[], None),
            (
                "MULTIPLE_CHOICE",
                "CONTENT",
                "您希望我们优先改进哪些方面?可多选",
                false,
                &[
                    "repair 维修",
                    "cleaning 清洁",
                    "greenery 绿化",
                    "security 安保",
                    "parking 停车",
                    "activity 社区活动",
                ],
                None,
            ),
            RECOMMEND,
            ("TEXT", "CONTENT", "您对物业服务还有什么建议?", false, &[], None),
        ],
    ),
];

/// Ids that every database shares: the questionnaire's number, then the question's.
fn id(questionnaire: usize, question: usize) -> Uuid {
    Uuid::from_u128((questionnaire as u128 + 1) << 16 | question as u128)
}

/// Writes the first versions.
pub(crate) async fn seed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut templates = Query::insert();
    templates.into_table("survey_templates").columns(["id", "kind", "version", "title", "status", "created_at"]);
    let mut questions = Query::insert();
    questions.into_table("survey_questions").columns([
        "id",
        "template_id",
        "position",
        "kind",
        "dimension",
        "prompt",
        "is_required",
        "options",
        "show_if_question_id",
        "show_if_equals",
    ]);
    for (number, (kind, title, list)) in ALL.into_iter().enumerate() {
        let now = Expr::current_timestamp();
        templates.values_panic([id(number, 0).into(), kind.into(), 1.into(), title.into(), "ACTIVE".into(), now]);
        for (position, question) in (1..).zip(list) {
            questions.values_panic(row(number, position, question));
        }
    }
    manager.execute(templates).await?;
    manager.execute(questions).await
}

fn row(questionnaire: usize, position: i32, question: &Question) -> [Expr; 10] {
    let (kind, dimension, prompt, is_required, choices, show_if) = *question;
    let at = usize::try_from(position).unwrap_or_default();
    [
        id(questionnaire, at).into(),
        id(questionnaire, 0).into(),
        position.into(),
        kind.into(),
        dimension.into(),
        prompt.into(),
        is_required.into(),
        options(choices).into(),
        show_if.map(|(other, _)| id(questionnaire, other)).into(),
        show_if.map(|(_, answer)| answer).into(),
    ]
}

fn options(choices: &[&str]) -> Value {
    if choices.is_empty() {
        return Value::Json(None);
    }
    let listed = choices.iter().filter_map(|choice| choice.split_once(' ')).map(|(value, label)| {
        let entries = [("value", value), ("label", label)];
        JsonValue::Object(entries.into_iter().map(|(name, text)| (name.into(), text.into())).collect())
    });
    Value::Json(Some(Box::new(JsonValue::Array(listed.collect()))))
}
