//! Decoration lectures, past and coming, and who has registered for them.

use chrono::{DateTime, Days, TimeDelta, Utc, Weekday};
use entity::{
    activity, activity_registration,
    vocab::{ActivityKind, ActivityStatus, RegistrationStatus},
};
use uuid::Uuid;

use super::{
    company::{Company, insert_all},
    days::{local_day, next, on},
    random::Random,
};
use crate::{error::Result, service::Services};

/// Past ones and coming ones, oldest first.
const TOPICS: [(&str, &str); 12] = [
    ("装修前必看：验房与收房要点", "工程师带您看懂验房单，现场演示空鼓锤、水平仪的用法。"),
    ("小户型收纳设计", "玄关、餐边与卧室的收纳尺寸，附本小区三种户型的案例。"),
    ("水电改造避坑指南", "点位规划、线管走法、验收要拍哪些照片，以及保修如何衔接。"),
    ("防水施工与闭水试验", "哪些地方必须做防水，闭水怎么做才算合格。"),
    ("全屋定制怎么报价", "投影面积与展开面积的差别，合同里要写清的十二条。"),
    ("地暖与新风的日常养护", "供暖季前后的检查清单，滤芯与分水器的更换周期。"),
    ("厨房动线与橱柜选材", "台面、五金与电器预留，一次讲清。"),
    ("环保材料与室内空气检测", "板材等级怎么看，什么时候检测，如何通风。"),
    ("灯光设计入门", "无主灯怎么布点，色温与显色指数的选择。"),
    ("老人与儿童友好装修", "扶手、防滑、圆角与夜灯，花小钱办大事。"),
    ("装修合同与付款节点", "律师讲合同，工长讲节点，现场答疑。"),
    ("软装搭配与二手家具利用", "从色彩到窗帘，控制预算的实用办法。"),
];

const PAST: usize = 4;

/// The lectures that everybody wants.
const CROWDED: [usize; 3] = [2, 4, 6];

/// Writes the schedule and the registrations.
pub(super) async fn schedule(
    services: &Services,
    company: &Company,
    random: &mut Random,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut registrations = Vec::new();
    let mut lectures = Vec::new();
    for index in 0..TOPICS.len() {
        let mut lecture = lecture(services, company, random, index, now);
        let listeners = registered(services, company, random, &lecture, index, now);
        lecture.last_place = i64::try_from(listeners.len()).unwrap_or(i64::MAX);
        registrations.extend(listeners);
        lectures.push(lecture);
    }
    let tx = services.db.begin().await?;
    insert_all::<activity::Entity>(&tx, lectures).await?;
    insert_all::<activity_registration::Entity>(&tx, registrations).await?;
    tx.commit().await.map_err(Into::into)
}

/// Two each weekend, one a project.
fn lecture(
    services: &Services,
    company: &Company,
    random: &mut Random,
    index: usize,
    now: DateTime<Utc>,
) -> activity::Model {
    let site = index % company.projects.len();
    let saturday = next(Weekday::Sat, local_day(now)) - Days::new(7 * (PAST as u64 / 2));
    // The Saturday before today or today itself would be neither past nor coming.
    let saturday = if index < PAST { saturday - Days::new(7) } else { saturday };
    let day = saturday + Days::new(7 * (index as u64 / 2) + site as u64);
    let starts_at = on(day, if site == 0 { 14 } else { 10 }, 0);
    let created_at = (starts_at - TimeDelta::days(28)).min(now - TimeDelta::days(2));
    let (title, description) = TOPICS[index];
    activity::Model {
        id: services.new_id(created_at),
        project_id: company.projects[site].id,
        partner_id: Some(company.partners[(index / 2) % company.partners.len()]),
        kind: ActivityKind::Lecture,
        title: title.to_owned(),
        description: description.to_owned(),
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(90),
        venue: random.pick(&["会所二层多功能厅", "营销中心一层", "物业服务中心活动室"]).to_owned(),
        capacity: random.pick(&[20, 24, 30]),
        status: ActivityStatus::Published,
        priority_until: None,
        last_place: 0,
        cancel_reason: None,
        evaluation: None,
        evaluated_by: None,
        evaluated_at: None,
        created_by: None,
        created_at,
        updated_at: created_at,
    }
}

/// Who comes: handed-over households, each by its first owner, in the order in which they registered.
fn registered(
    services: &Services,
    company: &Company,
    random: &mut Random,
    lecture: &activity::Model,
    index: usize,
    now: DateTime<Utc>,
) -> Vec<activity_registration::Model> {
    let mut owners = invited(company, index % company.projects.len());
    random.shuffle(&mut owners);
    let capacity = usize::try_from(lecture.capacity).unwrap_or(0);
    let seats = if CROWDED.contains(&index) { capacity } else { capacity * (30 + random.below(50)) / 100 };
    let waiting = if CROWDED.contains(&index) { 3 + random.below(4) } else { 0 };
    let cancelled = random.below(3);
    let until = lecture.starts_at.min(now) - TimeDelta::hours(3);
    let step = (until - lecture.created_at) / i32::try_from(seats + waiting + cancelled + 1).unwrap_or(i32::MAX);
    let status = |place: usize| match place {
        place if place < cancelled => RegistrationStatus::Cancelled,
        place if place < cancelled + seats => RegistrationStatus::Registered,
        _ => RegistrationStatus::Waitlisted,
    };
    let mut at = lecture.created_at;
    owners
        .into_iter()
        .take(cancelled + seats + waiting)
        .enumerate()
        .map(|(place, owner_id)| {
            at += step;
            activity_registration::Model {
                id: services.new_id(at),
                activity_id: lecture.id,
                owner_id,
                status: status(place),
                place: i64::try_from(place).unwrap_or(i64::MAX) + 1,
                attended_at: None,
                promoted_at: None,
                reminded_at: None,
                created_at: at,
                updated_at: at,
            }
        })
        .collect()
}

/// The owners whom a lecture is for, each once.
fn invited(company: &Company, site: usize) -> Vec<Uuid> {
    let mut owners: Vec<Uuid> = Vec::new();
    for household in company.households.iter().filter(|home| home.site == site && home.handed_over_on.is_some()) {
        let first = household.owners[0];
        if !owners.contains(&first) {
            owners.push(first);
        }
    }
    owners
}
