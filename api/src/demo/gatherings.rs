//! What customers were invited to: club events and open days, past and coming, lived through by the use cases while the
//! clock goes from one to the next; and the standard answers that staff have written.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::vocab::{ActivityKind, ArticleAudience, Role, TicketCategory};
use uuid::Uuid;

use super::{
    company::Company,
    days::{local_day, on},
};
use crate::{
    auth::viewer::{Principal, Viewer},
    clock::ManualClock,
    error::Result,
    service::{
        Services,
        activity::{self, NewActivity},
        article::{self, NewArticle},
        opinion::{self, NewOpinion},
        registration,
    },
};

/// A past event of each project: how many days ago, and what happened.
struct Past {
    kind: ActivityKind,
    days_ago: u64,
    title: &'static str,
    description: &'static str,
    venue: &'static str,
    /// What visitors said, each with the answer that some have by now.
    said: &'static [(&'static str, Option<&'static str>)],
    evaluation: Option<&'static str>,
}

const PAST: [Past; 2] = [
    Past {
        kind: ActivityKind::ClubEvent,
        days_ago: 24,
        title: "秋日亲子嘉年华",
        description: "烧烤、手工与旧物交换，邻里相识的一个下午。",
        venue: "中央草坪",
        said: &[("希望增加老人的休息座椅", Some("已增购十张折叠椅，下次活动可用。"))],
        evaluation: Some("到场率八成以上，签到排队较长。下次增设自助签到台，雨棚提前一天搭好。"),
    },
    Past {
        kind: ActivityKind::OpenDay,
        days_ago: 9,
        title: "工地开放日：看得见的隐蔽工程",
        description: "工程师带队，参观防水、管线与保温的施工现场，请穿平底鞋。",
        venue: "3号楼施工样板区",
        said: &[
            ("卫生间防水卷边高度是否符合图纸？", Some("按图纸上翻 1.8 米，闭水记录可在展板二维码查看。")),
            ("地下车库通道有积水", None),
            ("电梯厅灯光偏暗", None),
        ],
        evaluation: None,
    },
];

/// How many of each hundred who registered came.
const CAME: usize = 80;

const ANSWERS: [(&str, &str, Option<TicketCategory>, ArticleAudience); 6] = [
    (
        "家里漏水怎么办",
        "先关闭入户总阀或漏点上方角阀，再在 App 里选择“报修—急修”。维修师傅 30 分钟内上门。",
        Some(TicketCategory::Plumbing),
        ArticleAudience::Everyone,
    ),
    (
        "各部位保修多久",
        "防水五年；供暖制冷两个供暖期、供冷期；水电管线与装修两年；主体结构为设计使用年限。均自交付之日起算。",
        Some(TicketCategory::Waterproofing),
        ArticleAudience::Everyone,
    ),
    (
        "装修前要办什么手续",
        "到客服中心提交装修申请、平面图与施工方资料，办理出入证。噪音施工时间：工作日 8:30–12:00、14:00–18:00。",
        Some(TicketCategory::Noise),
        ArticleAudience::Everyone,
    ),
    (
        "How do I get a parking permit?",
        "Bring your vehicle licence to the service centre. 停车证当天办理，月租车位以公示价格为准。",
        Some(TicketCategory::Parking),
        ArticleAudience::Everyone,
    ),
    (
        "接到投诉怎么回",
        "先致歉、后核实；24 小时内给出第一次答复；不承诺做不到的时间；结果必须让投诉人本人确认。",
        Some(TicketCategory::ServiceAttitude),
        ArticleAudience::Staff,
    ),
    (
        "停电时的口径",
        "先查工程停电计划与供电公司公告，再报修。电梯困人按急修处理，同时通知值班经理。",
        Some(TicketCategory::Electrical),
        ArticleAudience::Staff,
    ),
];

/// Goes through the past events, announces the next, and writes the answers down.
pub(super) async fn live_through(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    clock.set(now - TimeDelta::days(60));
    answers(services, company).await?;
    for past in &PAST {
        for site in 0..company.projects.len() {
            take_place(services, clock, company, (past, site), now).await?;
        }
    }
    clock.set(now - TimeDelta::days(2));
    for site in 0..company.projects.len() {
        let day = local_day(now) + Days::new(12 + site as u64);
        let plan = plan(company, site, ActivityKind::ClubEvent, "冬至包饺子", on(day, 10, 0));
        let description = Some("食材由俱乐部准备，欢迎带上老人和孩子。".to_owned());
        let next = announced(services, company, NewActivity { capacity: 12, description, ..plan }).await?;
        for owner in guests(company, site, 15) {
            registration::register(services, &owner, next, None).await?;
        }
    }
    Ok(())
}

async fn answers(services: &Services, company: &Company) -> Result<()> {
    let admin = company.only(Role::Admin).viewer();
    for (title, body, category, audience) in ANSWERS {
        let new = NewArticle { project_id: None, title: title.into(), body: body.into(), category, audience };
        let made = article::create(services, &admin, new).await?;
        article::publish(services, &admin, made.id).await?;
    }
    Ok(())
}

async fn take_place(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    (past, site): (&Past, usize),
    now: DateTime<Utc>,
) -> Result<()> {
    let day = local_day(now) - Days::new(past.days_ago + site as u64);
    let starts_at = on(day, 14, 0);
    clock.set(starts_at - TimeDelta::days(14));
    let plan = plan(company, site, past.kind, past.title, starts_at);
    let ends_at = plan.ends_at;
    let (description, venue) = (Some(past.description.to_owned()), past.venue.to_owned());
    let event = announced(services, company, NewActivity { description, venue, ..plan }).await?;
    let (agent, manager) = (company.only(Role::ServiceAgent).viewer(), company.only(Role::Manager).viewer());
    let mut visitors = Vec::new();
    for owner in guests(company, site, 20) {
        let seat = registration::register(services, &owner, event, None).await?;
        visitors.push((owner, seat.id));
    }
    clock.set(starts_at);
    visitors.truncate(visitors.len() * CAME / 100);
    for (_, seat) in &visitors {
        registration::record_attendance(services, &agent, *seat, true).await?;
    }
    clock.set(ends_at);
    let mut answers = Vec::new();
    for ((visitor, _), (body, answer)) in visitors.iter().zip(past.said) {
        let new = NewOpinion { activity_id: event, owner_id: None, body: (*body).into(), department: None };
        let said = opinion::record(services, visitor, new).await?;
        answers.extend(answer.map(|answer| (said.id, answer)));
    }
    clock.set(ends_at + TimeDelta::days(1));
    for (said, answer) in answers {
        opinion::answer(services, &manager, said, answer).await?;
    }
    if let Some(evaluation) = past.evaluation {
        activity::evaluate(services, &agent, event, evaluation).await?;
        activity::close(services, &agent, event).await?;
    }
    Ok(())
}

/// An event of a project's customer club.
fn plan(company: &Company, site: usize, kind: ActivityKind, title: &str, starts_at: DateTime<Utc>) -> NewActivity {
    NewActivity {
        project_id: company.projects[site].id,
        kind,
        partner_id: None,
        title: title.to_owned(),
        description: None,
        starts_at,
        ends_at: starts_at + TimeDelta::hours(3),
        venue: "会所一层".to_owned(),
        capacity: 30,
        priority_until: None,
    }
}

async fn announced(services: &Services, company: &Company, new: NewActivity) -> Result<Uuid> {
    let agent = company.only(Role::ServiceAgent).viewer();
    let planned = activity::create(services, &agent, new).await?;
    Ok(activity::publish(services, &agent, planned.id).await?.id)
}

/// The first owners of so many homes of a site.
fn guests(company: &Company, site: usize, count: usize) -> Vec<Viewer> {
    let mut owners: Vec<Uuid> = Vec::new();
    for home in company.households.iter().filter(|home| home.site == site) {
        if owners.len() < count && !home.owners.is_empty() && !owners.contains(&home.owners[0]) {
            owners.push(home.owners[0]);
        }
    }
    owners.into_iter().map(|owner| Viewer::of(Principal::Owner(owner))).collect()
}
