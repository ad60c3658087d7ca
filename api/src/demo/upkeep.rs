//! What the property company looks after besides its customers' reports: rounds and what they find, incidents, and what
//! is learned from complaints; and the months that are closed over it.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    inspection_plan as plan, inspection_point as point, ticket,
    vocab::{
        Department, IncidentKind, IncidentSeverity, InspectionSubject, Role, RootCause, TicketCategory, TicketKind,
        Urgency,
    },
};

use super::{
    company::{Company, all, buildings_of},
    days::{ZONE, local_day, on},
};
use crate::{
    auth::viewer::Viewer,
    clock::ManualClock,
    domain::{complaint::ANALYSED_IN, figure::Month, inspection::PointResult},
    error::Result,
    jobs,
    service::{
        Services,
        complaint::{self, Analysis},
        incident::{self, NewIncident},
        inspection::{self, NewPlan, NewRound},
    },
    store,
};

/// A plan: the site, what is looked at, every how many days, the points, and the rounds by how many weeks ago they were
/// made with the point that was not sound.
struct Rounds {
    site: usize,
    subject: InspectionSubject,
    name: &'static str,
    every_days: i32,
    points: &'static [&'static str],
    unsound: &'static [(i64, usize, &'static str)],
    /// The last rounds that nobody made.
    left_out: i64,
}

const WEEKS: i64 = 7;

const PLANS: [Rounds; 8] = [
    Rounds {
        site: 0,
        subject: InspectionSubject::Equipment,
        name: "电梯与水泵房周检",
        every_days: 7,
        points: &["1号电梯", "2号电梯", "生活水泵", "消防水泵", "配电柜"],
        unsound: &[(4, 2, "减震垫老化，运行有异响")],
        left_out: 0,
    },
    Rounds {
        site: 0,
        subject: InspectionSubject::Greenery,
        name: "中央草坪与行道树",
        every_days: 7,
        points: &["中央草坪", "东侧行道树", "西侧行道树", "入口花坛"],
        unsound: &[(2, 3, "花坛时花枯死一片，待补种")],
        left_out: 0,
    },
    Rounds {
        site: 0,
        subject: InspectionSubject::Cleaning,
        name: "公共部位清洁",
        every_days: 7,
        points: &["一号楼大堂", "二号楼大堂", "三号楼大堂", "地下车库", "垃圾房"],
        unsound: &[],
        left_out: 0,
    },
    Rounds {
        site: 0,
        subject: InspectionSubject::RoadsAndParking,
        name: "道路与停车场",
        every_days: 7,
        points: &["环路", "地面车位", "车库坡道"],
        unsound: &[],
        left_out: 0,
    },
    Rounds {
        site: 0,
        subject: InspectionSubject::SecurityPost,
        name: "门岗查岗",
        every_days: 7,
        points: &["东门岗", "西门岗", "监控室"],
        unsound: &[(3, 1, "凌晨两点查岗，岗上无人十分钟")],
        left_out: 0,
    },
    Rounds {
        site: 1,
        subject: InspectionSubject::Equipment,
        name: "设备房周检",
        every_days: 7,
        points: &["1号电梯", "2号电梯", "生活水泵", "消防控制室"],
        unsound: &[],
        left_out: 0,
    },
    Rounds {
        site: 1,
        subject: InspectionSubject::Cleaning,
        name: "楼道与大堂清洁",
        every_days: 7,
        points: &["一号楼楼道", "二号楼楼道", "大堂"],
        unsound: &[(5, 0, "八层楼道有装修垃圾未清")],
        left_out: 0,
    },
    Rounds {
        site: 1,
        subject: InspectionSubject::Greenery,
        name: "湖岸绿化",
        every_days: 7,
        points: &["湖岸草坡", "水生植物", "步道乔木"],
        unsound: &[],
        left_out: 2,
    },
];

/// A complaint of so many has not been looked into yet.
const NOT_ANALYSED: usize = 5;

/// Makes the rounds of the last weeks.
pub(super) async fn make_rounds(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    let today = local_day(now);
    let inspector = company.only(Role::ServiceAgent).viewer();
    for rounds in &PLANS {
        let first = today - TimeDelta::weeks(WEEKS);
        clock.set(on(first - Days::new(1), 16, 0));
        let (plan, points) = make_plan(services, company, rounds, first).await?;
        for week in (1 + rounds.left_out..=WEEKS).rev() {
            clock.set(on(today - TimeDelta::weeks(week), 10, 20));
            let found = rounds.unsound.iter().find(|(when, ..)| *when == week);
            let results = points.iter().enumerate().map(|(number, point)| {
                let wrong = found.filter(|(_, wrong, _)| *wrong == number).map(|(_, _, text)| *text);
                result(point, wrong, false)
            });
            inspection::record(services, &inspector, round(&plan, results.collect(), None)).await?;
        }
    }
    Ok(())
}

async fn make_plan(
    services: &Services,
    company: &Company,
    rounds: &Rounds,
    starts_on: NaiveDate,
) -> Result<(plan::Model, Vec<point::Model>)> {
    let new = NewPlan {
        project_id: company.projects[rounds.site].id,
        building_id: None,
        subject: rounds.subject,
        name: rounds.name.to_owned(),
        every_days: rounds.every_days,
        department: Department::PropertyCompany,
        starts_on,
        points: rounds.points.iter().map(|name| (*name).to_owned()).collect(),
    };
    planned(services, company, new).await
}

async fn planned(services: &Services, company: &Company, new: NewPlan) -> Result<(plan::Model, Vec<point::Model>)> {
    let plan = inspection::create_plan(services, &company.only(Role::Manager).viewer(), new).await?;
    let points = store::inspection::points_of(services.db.reader(), &Viewer::system(), &[plan.id]).await?;
    let points = points.into_values().flatten().collect();
    Ok((plan, points))
}

fn result(point: &point::Model, wrong: Option<&str>, opens_ticket: bool) -> PointResult {
    PointResult {
        point_id: point.id,
        is_sound: wrong.is_none(),
        finding: wrong.map(str::to_owned),
        opens_ticket,
        urgency: Urgency::Normal,
    }
}

fn round(plan: &plan::Model, points: Vec<PointResult>, performed_at: Option<DateTime<Utc>>) -> NewRound {
    NewRound { plan_id: plan.id, performed_by: None, performed_at, points, note: None, idempotency_key: None }
}

/// A round in a building just now, with something that somebody must come for.
pub(super) async fn find_something(services: &Services, company: &Company, now: DateTime<Utc>) -> Result<()> {
    let building = buildings_of(services, company, 0).await?.into_iter().next();
    let new = NewPlan {
        project_id: company.projects[0].id,
        building_id: building.map(|building| building.id),
        subject: InspectionSubject::Building,
        name: "一号楼房屋月检".to_owned(),
        every_days: 30,
        department: Department::PropertyCompany,
        starts_on: local_day(now),
        points: ["屋面", "外墙", "楼道", "单元门"].map(str::to_owned).to_vec(),
    };
    let (plan, points) = planned(services, company, new).await?;
    let wrong = |number: usize| (number == 3).then_some("单元门闭门器漏油，门关不严");
    let results =
        points.iter().enumerate().map(|(number, point)| result(point, wrong(number), wrong(number).is_some()));
    let new = round(&plan, results.collect(), Some(now - TimeDelta::hours(1)));
    inspection::record(services, &company.only(Role::ServiceAgent).viewer(), new).await?;
    Ok(())
}

/// Says of most valid complaints why they came about. The clock stands at `now`.
pub(super) async fn learn(services: &Services, company: &Company) -> Result<()> {
    let mut complaints = all::<ticket::Entity>(services).await?;
    complaints.retain(|row| row.kind == TicketKind::Complaint && ANALYSED_IN.contains(&row.status));
    complaints.sort_by(|one, other| one.number.cmp(&other.number));
    let agent = company.only(Role::ServiceAgent).viewer();
    for (number, ticket) in complaints.iter().enumerate() {
        if number % NOT_ANALYSED == NOT_ANALYSED - 1 {
            continue;
        }
        let (root_cause, measure) = lesson(ticket.category);
        let analysis = Analysis {
            ticket_id: ticket.id,
            root_cause,
            department: ticket.responsible_department.unwrap_or(Department::PropertyCompany),
            improvement_measure: measure.to_owned(),
            idempotency_key: None,
        };
        complaint::analyse(services, &agent, analysis).await?;
    }
    Ok(())
}

fn lesson(category: Option<TicketCategory>) -> (RootCause, &'static str) {
    match category {
        Some(TicketCategory::Fees) => (RootCause::Fees, "收费变动提前三十天公示，附计算过程。"),
        Some(TicketCategory::ServiceAttitude) => (RootCause::Attitude, "前台与热线每月抽查录音，不合格者复训。"),
        Some(TicketCategory::Noise) => (RootCause::Neighbours, "装修时段每日巡查两次，夜间增加一次。"),
        Some(TicketCategory::Cleaning | TicketCategory::Greenery | TicketCategory::PublicArea) => {
            (RootCause::Environment, "保洁与绿化按楼栋签到，主管每周复查。")
        }
        Some(TicketCategory::Security | TicketCategory::Parking) => {
            (RootCause::Security, "门岗访客核验与车库巡更记录每周公示。")
        }
        Some(TicketCategory::Waterproofing | TicketCategory::Fittings) => {
            (RootCause::Workmanship, "同类节点列入交付前必检项，总包逐户签认。")
        }
        _ => (RootCause::SlowResponse, "派单后两小时未联系业主的，自动提醒主管。"),
    }
}

/// Two incidents in the last month that is closed by now, of which one counts.
pub(super) async fn have_incidents(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    let month = Month::last_closed(now, ZONE).first();
    let incidents = [
        (
            12,
            0,
            IncidentKind::Fire,
            IncidentSeverity::Minor,
            false,
            "车库电动车充电桩冒烟，值班保安五分钟内扑灭，无人受伤。",
        ),
        (
            19,
            0,
            IncidentKind::Equipment,
            IncidentSeverity::Serious,
            true,
            "2号电梯停梯四小时，困人二十五分钟，维保未按期更换皮带。",
        ),
    ];
    for (day, site, kind, severity, is_liable, summary) in incidents {
        let day = month + Days::new(day);
        clock.set(on(day, 18, 0));
        let new = NewIncident {
            project_id: company.projects[site].id,
            kind,
            severity,
            is_liable,
            summary: summary.to_owned(),
            occurred_at: on(day, 15, 40),
            idempotency_key: None,
        };
        incident::record(services, &company.only(Role::Manager).viewer(), new).await?;
    }
    Ok(())
}

/// Closes the months that are over. What is found out later stands beside the closed figure. The clock stands at `now`.
pub(super) async fn close_months(services: &Services, company: &Company) -> Result<()> {
    jobs::freeze_figures(services).await?;
    let manager = company.only(Role::Manager).viewer();
    let incidents = all::<entity::incident::Entity>(services).await?;
    if let Some(found) = incidents.iter().find(|row| row.is_liable) {
        let verdict = (IncidentSeverity::Serious, false);
        incident::judge(services, &manager, found.id, verdict, "检测报告认定为外部供电故障，公司无责任").await?;
    }
    Ok(())
}
