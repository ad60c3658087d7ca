//! What the company told its customers of late: bulletins, milestones of construction, and warranties that are about to
//! end, with the contractors who answer for them. All of it by the use cases, at the hours at which people do such things.

use chrono::{DateTime, Days, Utc};
use entity::vocab::{
    BulletinKind, MilestoneKind, Role, TicketKind,
    TicketStatus::{Accepted, Assigned, InProgress, OnHold, Submitted},
    WarrantyPart,
};

use super::{
    company::{Company, Member},
    days::{local_day, on},
};
use crate::{
    auth::viewer::Viewer,
    clock::ManualClock,
    error::Result,
    page::Page,
    service::{
        Services,
        bulletin::{self, NewBulletin},
        contractor::{self, NewContractor},
        milestone::{self, Mark},
        rectification::{self, NewBatch},
        warranty,
    },
    store::{
        self,
        ticket::{TicketFilter, TicketOrder},
    },
};

/// How many days ago, at which project, about what, title and text. Oldest first.
const BULLETINS: [(u64, usize, BulletinKind, &str, &str); 6] = [
    (27, 0, BulletinKind::Fees, "物业费缴纳提醒", "本季度物业服务费请于月底前缴纳，可在前台或线上办理。"),
    (20, 1, BulletinKind::Works, "外墙清洗通知", "本周六起清洗外墙，请关好门窗，勿在阳台晾晒衣物。"),
    (13, 0, BulletinKind::Outage, "停水通知", "因二次供水水箱清洗，周三9:00–12:00停水，请提前储水。"),
    (8, 1, BulletinKind::General, "消防演习通知", "本周日上午10点举行消防演习，届时警铃会响，请勿惊慌。"),
    (3, 0, BulletinKind::Works, "电梯年检通知", "本周五各楼电梯轮流年检，每部约需一小时，敬请谅解。"),
    (1, 0, BulletinKind::Emergency, "大风蓝色预警", "今晚阵风8级，请收好阳台物品，远离广告牌与树木。"),
];

/// How many days ago, at which project, what was reached. Oldest first.
const MILESTONES: [(u64, usize, MilestoneKind); 5] = [
    (40, 1, MilestoneKind::ExteriorFinished),
    (30, 1, MilestoneKind::LandscapeFinished),
    (24, 0, MilestoneKind::UtilitiesConnected),
    (11, 1, MilestoneKind::CompletionAccepted),
    (5, 1, MilestoneKind::HandoverSampleOpen),
];

/// At which project, who, and what they answer for.
const CONTRACTORS: [(usize, &str, &[WarrantyPart]); 4] = [
    (0, "中建安装集团", &[WarrantyPart::Plumbing, WarrantyPart::Wiring, WarrantyPart::HeatingAndCooling]),
    (0, "江南防水工程", &[WarrantyPart::Waterproofing]),
    (1, "宏业装饰工程", &[WarrantyPart::Fittings]),
    (1, "苏南水电安装", &[WarrantyPart::Plumbing, WarrantyPart::Wiring]),
];

/// Something that was said.
enum Notice {
    Bulletin(BulletinKind, &'static str, &'static str),
    Milestone(MilestoneKind),
}

/// Enters the contractors and says what was said before `now`.
pub(super) async fn publish(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut said: Vec<(u64, usize, Notice)> = Vec::new();
    said.extend(BULLETINS.map(|(ago, site, kind, title, body)| (ago, site, Notice::Bulletin(kind, title, body))));
    said.extend(MILESTONES.map(|(ago, site, kind)| (ago, site, Notice::Milestone(kind))));
    said.sort_by_key(|(ago, ..)| std::cmp::Reverse(*ago));
    clock.set(on(local_day(now) - Days::new(60), 10, 0));
    for (site, name, parts) in CONTRACTORS {
        let Some(manager) = serving(company, Role::Manager, site) else { continue };
        let new = NewContractor {
            project_id: company.projects[site].id,
            name: name.to_owned(),
            contact_name: None,
            contact_phone: None,
            parts: parts.to_vec(),
        };
        contractor::create(services, &manager.viewer(), new).await?;
    }
    for (ago, site, notice) in said {
        let Some(agent) = serving(company, Role::ServiceAgent, site) else { continue };
        clock.set(on(local_day(now) - Days::new(ago), 10, 30));
        say(services, &agent.viewer(), company.projects[site].id, notice).await?;
    }
    Ok(())
}

/// What stands at the end of the story: owners know which warranties end soon, and the first project's open defects are
/// in the hands of a contractor.
pub(super) async fn close(services: &Services, company: &Company, now: DateTime<Utc>) -> Result<()> {
    warranty::send_notices(services).await?;
    let Some(agent) = serving(company, Role::ServiceAgent, 0) else { return Ok(()) };
    let (viewer, conn, project_id) = (agent.viewer(), services.db.reader(), company.projects[0].id);
    let filter = TicketFilter {
        project_id: Some(project_id),
        kinds: vec![TicketKind::Rectification],
        statuses: vec![Submitted, Accepted, Assigned, InProgress, OnHold],
        ..TicketFilter::default()
    };
    let page = Page { limit: 20, backward: false, after: None, before: None };
    let open = store::ticket::list(conn, &viewer, &filter, TicketOrder::CreatedAtAsc, &page, now).await?.rows;
    let contractors = store::contractor::list(&viewer, Some(project_id)).all(conn).await?;
    let Some(contractor) = contractors.first().filter(|_| !open.is_empty()) else { return Ok(()) };
    let new = NewBatch {
        project_id,
        contractor_id: contractor.id,
        title: "交付集中整改（第一批）".to_owned(),
        deadline_on: local_day(now) + Days::new(21),
        ticket_ids: open.iter().map(|ticket| ticket.id).collect(),
    };
    rectification::create(services, &viewer, new).await?;
    Ok(())
}

fn serving(company: &Company, role: Role, site: usize) -> Option<&Member> {
    company.staff.iter().find(|member| member.account.role == role && member.works_for(site))
}

async fn say(services: &Services, viewer: &Viewer, project_id: uuid::Uuid, notice: Notice) -> Result<()> {
    match notice {
        Notice::Bulletin(kind, title, body) => {
            let new = NewBulletin {
                project_id,
                building_id: None,
                unit_id: None,
                kind,
                title: title.to_owned(),
                body: body.to_owned(),
                is_emergency: false,
            };
            bulletin::publish(services, viewer, new, None).await?;
        }
        Notice::Milestone(kind) => {
            milestone::reach(services, viewer, Mark { project_id, building_id: None, kind }, None, None).await?;
        }
    }
    Ok(())
}
