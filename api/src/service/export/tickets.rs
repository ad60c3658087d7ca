//! The table of tickets, one row a ticket.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{owner, staff, ticket};
use uuid::Uuid;

use super::{Ask, PLACE, Page, Spot, distinct, keyset, place_cells};
use crate::{
    domain::export::{Cell, Heading, Row, Word},
    error::Result,
    store::{
        self,
        ticket::{TicketFilter, TicketOrder},
    },
};

const fn at(chinese: &'static str, english: &'static str) -> Heading {
    Heading::new(chinese, english, 20)
}

pub(super) const HEADINGS: &[Heading] = &[
    Heading::new("工单编号", "Number", 20),
    PLACE[0],
    PLACE[1],
    PLACE[2],
    PLACE[3],
    Heading::new("类型", "Kind", 8),
    Heading::new("类别", "Category", 12),
    Heading::new("紧急程度", "Urgency", 10),
    Heading::new("状态", "Status", 10),
    Heading::new("标题", "Title", 30),
    Heading::new("描述", "Description", 50),
    Heading::new("渠道", "Channel", 8),
    Heading::new("责任部门", "Responsible department", 16),
    Heading::new("报告人", "Reporter", 12),
    Heading::new("处理人工号", "Assignee number", 12),
    Heading::new("处理人", "Assignee", 12),
    Heading::new("时区", "Time zone", 16),
    at("提交时间", "Created at"),
    at("预约开始", "Appointment starts at"),
    at("预约结束", "Appointment ends at"),
    at("受理时间", "Accepted at"),
    at("到场时间", "Started at"),
    at("完成时间", "Resolved at"),
    at("确认时间", "Confirmed at"),
    at("关闭时间", "Closed at"),
    at("取消时间", "Cancelled at"),
    at("响应时限", "Respond due at"),
    at("到场时限", "Arrive due at"),
    at("完成时限", "Resolve due at"),
    Heading::new("暂停秒数", "Held seconds", 10),
    Heading::new("返工次数", "Reworks", 10),
    Heading::new("升级级别", "Escalation level", 10),
    Heading::new("投诉判定", "Triage", 10),
    Heading::new("判定理由", "Triage reason", 20),
    Heading::new("原因", "Cause", 20),
    Heading::new("对客说明", "Explanation", 30),
    Heading::new("处理结果", "Resolution", 30),
    Heading::new("费用(元)", "Cost (yuan)", 10),
    Heading::new("是否满意", "Satisfied", 10),
    Heading::new("评分", "Rating", 8),
    Heading::new("确认渠道", "Confirmed by", 10),
    at("更新时间", "Updated at"),
];

/// Whom and what the tickets of a page name.
struct Named {
    places: HashMap<Uuid, Spot>,
    owners: HashMap<Uuid, owner::Model>,
    staff: HashMap<Uuid, staff::Model>,
}

pub(super) async fn page(ask: &Ask, after: Option<Uuid>) -> Result<Page> {
    let conn = ask.services.db.reader();
    let filter = TicketFilter {
        project_id: ask.narrowing.project_id,
        created_from: ask.narrowing.from,
        created_to: Some(ask.end()),
        ..TicketFilter::default()
    };
    let order = TicketOrder::CreatedAtAsc;
    let slice = store::ticket::list(conn, &ask.viewer, &filter, order, &keyset(after), ask.now).await?;
    let last = slice.rows.last().filter(|_| slice.has_next).map(|row| row.id);
    let named = named(ask, &slice.rows).await?;
    Ok((slice.rows.into_iter().map(|ticket| row(ask, ticket, &named)).collect(), last))
}

async fn named(ask: &Ask, tickets: &[ticket::Model]) -> Result<Named> {
    let (conn, viewer) = (ask.services.db.reader(), &ask.viewer);
    let ids = |of: fn(&ticket::Model) -> Option<Uuid>| distinct(tickets.iter().filter_map(of).collect());
    let mut staff = ids(|ticket| ticket.assignee_id);
    staff.extend(ids(|ticket| ticket.reporter_staff_id));
    Ok(Named {
        places: ask.places(ids(|ticket| Some(ticket.unit_id))).await?,
        owners: store::owner::by_ids(conn, viewer, &ids(|ticket| ticket.reporter_owner_id)).await?,
        staff: store::staff::by_ids(conn, viewer, &distinct(staff)).await?,
    })
}

fn row(ask: &Ask, ticket: ticket::Model, named: &Named) -> Row {
    let language = ask.language;
    let spot = named.places.get(&ticket.unit_id);
    let time_zone = spot.map_or(Tz::UTC, |spot| spot.time_zone);
    let assignee = ticket.assignee_id.and_then(|id| named.staff.get(&id));
    let reporter = match ticket.reporter_owner_id {
        Some(id) => named.owners.get(&id).map(|owner| &owner.name),
        None => ticket.reporter_staff_id.and_then(|id| named.staff.get(&id)).map(|staff| &staff.name),
    };
    let mut row = vec![Cell::text(&ticket.number)];
    row.extend(place_cells(spot));
    row.extend([
        ticket.kind.cell(language),
        Cell::optional(ticket.category, |category| category.cell(language)),
        ticket.urgency.cell(language),
        ticket.status.cell(language),
        Cell::text(&ticket.title),
        Cell::text(&ticket.description),
        ticket.channel.cell(language),
        Cell::optional(ticket.responsible_department, |department| department.cell(language)),
        Cell::optional(reporter, Cell::text),
        Cell::optional(assignee, |staff| Cell::text(&staff.number)),
        Cell::optional(assignee, |staff| Cell::text(&staff.name)),
        Cell::text(time_zone.name()),
    ]);
    row.extend(moments(&ticket).map(|instant| Cell::optional(instant, |instant| Cell::at(instant, time_zone))));
    row.extend([
        Cell::Count(ticket.held_seconds),
        Cell::Count(ticket.rework_count.into()),
        Cell::Count(ticket.escalation_level.into()),
        Cell::optional(ticket.triage, |triage| triage.cell(language)),
        Cell::optional(ticket.triage_reason, Cell::text),
        Cell::optional(ticket.cause, Cell::text),
        Cell::optional(ticket.explanation, Cell::text),
        Cell::optional(ticket.resolution, Cell::text),
        Cell::optional(ticket.cost_cents, Cell::Hundredths),
        Cell::optional(ticket.satisfied, |satisfied| Cell::text(language.truth(satisfied))),
        Cell::optional(ticket.rating, |rating| Cell::Count(rating.into())),
        Cell::optional(ticket.confirmed_channel, |channel| channel.cell(language)),
        Cell::at(ticket.updated_at, time_zone),
    ]);
    row
}

/// In the order of the headings.
fn moments(ticket: &ticket::Model) -> [Option<DateTime<Utc>>; 12] {
    [
        Some(ticket.created_at),
        ticket.appointment_starts_at,
        ticket.appointment_ends_at,
        ticket.accepted_at,
        ticket.started_at,
        ticket.resolved_at,
        ticket.confirmed_at,
        ticket.closed_at,
        ticket.cancelled_at,
        Some(ticket.respond_due_at),
        ticket.arrive_due_at,
        Some(ticket.resolve_due_at),
    ]
}
