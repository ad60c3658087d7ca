//! Who looks at homes, who is about to buy one, and who came by appointment and waited.

use chrono::{DateTime, Days, TimeDelta, Utc};
use entity::{
    unit,
    vocab::{
        AppointmentKind,
        Channel::{self, Phone, WalkIn, Website, Wechat},
        Direction, Role,
    },
};
use uuid::Uuid;

use super::{
    accounts::BUYER,
    company::{Company, buildings_of, insert_all},
    days::{local_day, on},
};
use crate::{
    auth::viewer::{Principal, Viewer},
    clock::ManualClock,
    domain::appointment::VisitStep,
    error::{Error, Result},
    service::{
        Services,
        appointment::{self, NewVisit},
        contract::{self, NewContract},
        household::{self, Contact},
        prospect::{self, NewProspect},
    },
    store,
};

/// Somebody who looks at homes: how many days ago they came, what was spoken and how long ago, and in how many days
/// after that the sales agent was to call.
struct Visitor {
    site: usize,
    name: &'static str,
    phone: &'static str,
    source: Channel,
    days_ago: u64,
    contact: Option<(u64, &'static str, u64)>,
}

const VISITORS: [Visitor; 4] = [
    Visitor {
        site: 1,
        name: BUYER.name,
        phone: BUYER.phone,
        source: WalkIn,
        days_ago: 21,
        contact: Some((3, "选定三号楼 1101，约定周末签约", 5)),
    },
    Visitor {
        site: 0,
        name: "钱莉",
        phone: "19100009002",
        source: Phone,
        days_ago: 18,
        contact: Some((16, "关心学区与交付时间，要与家人商量", 12)),
    },
    Visitor {
        site: 1,
        name: "方志成",
        phone: "19100009003",
        source: Wechat,
        days_ago: 10,
        contact: Some((9, "看过 115 平方米户型，比较付款方式", 11)),
    },
    Visitor { site: 1, name: "陆雨桐", phone: "19100009004", source: Website, days_ago: 3, contact: None },
];

/// The homes for sale: the top floor of a building, written down last.
const FOR_SALE: (usize, &str, [&str; 4]) = (1, "3号楼", ["1101", "1102", "1103", "1104"]);

const CLAUSES: [(&str, &str); 3] = [
    ("付款方式", "首付三成于签约当日付清，余款按揭，放款不晚于签约后六十日。"),
    ("交付期限与逾期责任", "逾期交付按日支付已付房款万分之一的违约金。"),
    ("面积差异处理", "实测与合同面积差在百分之三以内据实结算，超出可退房。"),
];

/// How many minutes customers waited, visit by visit, the newest first.
const WAITS: [i64; 10] = [6, 14, 22, 9, 31, 12, 4, 18, 8, 11];

/// Goes through the last weeks at the sales sites.
pub(super) async fn live_through(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    now: DateTime<Utc>,
) -> Result<()> {
    let homes = homes_for_sale(services, company, now).await?;
    let mut buyer = None;
    for visitor in &VISITORS {
        let customer = receive(services, clock, company, visitor, now).await?;
        buyer = buyer.or(Some(customer));
    }
    visits(services, clock, company, now).await?;
    if let (Some(buyer), Some(home)) = (buyer, homes.first()) {
        draft(services, clock, company, (buyer, *home), now).await?;
    }
    Ok(())
}

async fn homes_for_sale(services: &Services, company: &Company, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let (site, building, rooms) = FOR_SALE;
    let buildings = buildings_of(services, company, site).await?;
    let building = buildings.iter().find(|row| row.name == building);
    let building = building.ok_or_else(|| Error::internal("the building is not there"))?;
    let created_at = now - TimeDelta::days(60);
    let home = |room: &str| unit::Model {
        id: services.new_id(created_at),
        project_id: building.project_id,
        building_id: building.id,
        section: String::new(),
        room: room.to_owned(),
        code: format!("{}{room}", building.name),
        floor_area_centi: Some(11_536),
        handed_over_on: None,
        created_at,
        is_public_area: false,
    };
    let homes: Vec<unit::Model> = rooms.into_iter().map(home).collect();
    let ids = homes.iter().map(|home| home.id).collect();
    let tx = services.db.begin().await?;
    insert_all::<unit::Entity>(&tx, homes).await?;
    tx.commit().await?;
    Ok(ids)
}

/// Writes a customer down, and what was spoken. Returns the customer.
async fn receive(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    visitor: &Visitor,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let (agent, today) = (company.only(Role::SalesAgent).viewer(), local_day(now));
    clock.set(on(today - Days::new(visitor.days_ago), 10, 30));
    let new = NewProspect {
        project_id: company.projects[visitor.site].id,
        name: visitor.name.to_owned(),
        phone: visitor.phone.to_owned(),
        source: visitor.source,
        sales_agent_id: None,
    };
    let prospect = prospect::register(services, &agent, new).await?;
    if let Some((days_ago, summary, again_in)) = visitor.contact {
        let day = today - Days::new(days_ago);
        clock.set(on(day, 16, 0));
        let contact = Contact {
            owner_id: prospect.owner_id,
            unit_id: None,
            project_id: Some(prospect.project_id),
            channel: if visitor.source == Website { Phone } else { visitor.source },
            direction: Direction::Inbound,
            summary: summary.to_owned(),
            next_follow_up_at: Some(on(day + Days::new(again_in), 10, 0)),
        };
        household::record_interaction(services, &agent, contact).await?;
    }
    Ok(prospect.owner_id)
}

/// A draft with one clause that the buyer has not acknowledged yet, and the appointment to sign it.
async fn draft(
    services: &Services,
    clock: &ManualClock,
    company: &Company,
    (buyer, unit_id): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<()> {
    let (agent, today) = (company.only(Role::SalesAgent).viewer(), local_day(now));
    clock.set(on(today - Days::new(2), 11, 0));
    let new = NewContract {
        unit_id,
        number: "HP-HT-0301".to_owned(),
        buyer_ids: vec![buyer],
        handover_due_on: Some(today + Days::new(400)),
        clauses: CLAUSES.map(|(title, body)| (title.to_owned(), body.to_owned())).to_vec(),
    };
    let draft = contract::draft(services, &agent, new).await?;
    let clauses = store::contract::clauses(services.db.reader(), &Viewer::system(), &[draft.id]).await?;
    let clauses = clauses.get(&draft.id).map(Vec::as_slice).unwrap_or_default();
    let buyer_viewer = Viewer::of(Principal::Owner(buyer));
    for clause in clauses.iter().take(CLAUSES.len() - 1) {
        contract::acknowledge(services, &buyer_viewer, clause.id, None).await?;
    }
    let visit = NewVisit {
        contract_id: Some(draft.id),
        scheduled_at: Some(on(today + Days::new(2), 10, 0)),
        ..visit(company, FOR_SALE.0, buyer, AppointmentKind::Signing)
    };
    appointment::book(services, &agent, visit).await?;
    Ok(())
}

fn visit(company: &Company, site: usize, owner: Uuid, kind: AppointmentKind) -> NewVisit {
    NewVisit {
        project_id: company.projects[site].id,
        owner_id: Some(owner),
        contract_id: None,
        kind,
        scheduled_at: None,
        staff_id: None,
        idempotency_key: None,
    }
}

/// Visits of those whose homes are being built, and one customer who did not come.
async fn visits(services: &Services, clock: &ManualClock, company: &Company, now: DateTime<Utc>) -> Result<()> {
    let agent = company.only(Role::ServiceAgent).viewer();
    let today = local_day(now);
    for (number, wait) in (1..).zip(WAITS) {
        let (site, nth) = (number % company.projects.len(), number / company.projects.len());
        let mut waiting = company.households.iter().filter(|home| home.site == site && home.handed_over_on.is_none());
        let Some(home) = waiting.nth(nth) else { continue };
        let kind = if number % 4 < 2 { AppointmentKind::Signing } else { AppointmentKind::Consultation };
        let agreed_for = on(today - Days::new(number as u64 * 2), 14, 0);
        clock.set(agreed_for - TimeDelta::days(1));
        let new = NewVisit { scheduled_at: Some(agreed_for), ..visit(company, home.site, home.owners[0], kind) };
        let booked = appointment::book(services, &agent, new).await?;
        clock.set(agreed_for);
        if number == 5 {
            clock.advance(TimeDelta::hours(1));
            appointment::advance(services, &agent, booked.id, VisitStep::MarkNoShow).await?;
            continue;
        }
        let steps = [(VisitStep::CheckIn, 0), (VisitStep::Start, wait), (VisitStep::End, 25 + wait)];
        for (step, minutes) in steps {
            clock.advance(TimeDelta::minutes(minutes));
            appointment::advance(services, &agent, booked.id, step).await?;
        }
    }
    Ok(())
}
