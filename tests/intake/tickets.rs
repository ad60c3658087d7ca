//! Tickets of another system.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    audit_entry, notification, ticket, ticket_event,
    vocab::{TicketAction, TicketStatus},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{DRY, REFUSING, SKIPPING, counts, faults, load_tickets, table};
use crate::{
    both,
    export::download,
    harness::{TestApp, socket::Socket, world::instant},
};

const HEAD: &str = "原工单号,项目,楼栋,单元,房号,类型,类别,紧急程度,状态,标题,描述,渠道,责任部门,报修电话,处理人工号,提交时间,受理时间,到场时间,\
    完成时间,确认时间,关闭时间,取消时间,处理结果,费用(元),是否满意,评分";

const CLOSED: &str = "A-1,安居·云庭,1#,1单元,YT-101,报修,给排水,普通,已关闭,厨房漏水,水槽下方,电话,物业公司,191 0000 0001,gj003,\
    2026-03-05 08:00,2026-03-05 08:20,2026-03-06 09:00,2026-03-06 10:30,2026-03-06 18:00,2026-03-07 09:00,,更换软管,35.50,是,5";
const SUBMITTED: &str = "A-2,YT,1号楼,1,YT-102,投诉,,,已提交,噪音,,微信,,,,2026-10-01 09:00,,,,,,,,,,";
const WORKED_ON: &str = "A-3,YT,1号楼,1,YT-101,报修,电气,普通,处理中,跳闸,,电话,物业公司,,GJ003,2026-11-20 09:00,2026-11-20 10:00,\
    2026-11-20 15:00,,,,,,,,";
const WAITING: &str = "A-4,YT,1号楼,1,YT-101,报修,电气,普通,已暂停,等配件,,电话,物业公司,,GJ003,2026-11-20 09:00,,2026-11-20 15:00,,,,,,,,";
const DONE: &str = "A-5,YT,1号楼,1,YT-101,报修,电气,普通,已完成,灯不亮,,电话,物业公司,,GJ003,2026-11-01 09:00,,,2026-11-02 15:00,,,,换灯,,,";
const WITHDRAWN: &str = "A-6,HP,1号楼,1,HP-101,咨询,,,已取消,车位,,,,,,2026-02-01 09:00,,,,,,2026-02-02 09:00,,,,";

fn file(rows: &[&str]) -> tempfile::NamedTempFile {
    table(&std::iter::once(HEAD).chain(rows.iter().copied()).map(str::to_owned).collect::<Vec<_>>())
}

/// Brings in a ticket that was over long ago, with its seven steps.
pub async fn load_closed(app: &TestApp) {
    let loaded = load_tickets(app, file(&[CLOSED]).path(), REFUSING).await.unwrap();
    assert!(loaded.is_written, "{:?}", loaded.report);
}

async fn by_title(app: &TestApp, title: &str) -> ticket::Model {
    let found = ticket::Entity::find().filter(ticket::Column::Title.eq(title));
    found.one(app.services.db.reader()).await.unwrap().unwrap()
}

async fn log(app: &TestApp, ticket: &ticket::Model) -> Vec<ticket_event::Model> {
    let events = ticket_event::Entity::find().filter(ticket_event::Column::TicketId.eq(ticket.id));
    events.order_by_asc(ticket_event::Column::Seq).all(app.services.db.reader()).await.unwrap()
}

async fn all(app: &TestApp) -> u64 {
    ticket::Entity::find().count(app.services.db.reader()).await.unwrap()
}

async fn messages(app: &TestApp) -> u64 {
    notification::Entity::find().count(app.services.db.reader()).await.unwrap()
}

const EVENTS: &str = "query($id: ID!, $after: String) { node(id: $id) { ... on Ticket { number status reporter { ... on Owner { name } }
    latestEvent { action } events(first: 2, after: $after) { pageInfo { hasNextPage endCursor } nodes { action occurredAt note } } } } }";

const CHANGES: &str = "subscription ($after: String) { ticketStatusChanged(after: $after) { event { action } } }";

both! {
    async fn what_is_over_stays_as_it_was_with_its_history(app) {
        let done = load_tickets(&app, file(&[CLOSED]).path(), REFUSING).await.unwrap();
        assert_eq!((faults(&done.report), counts(&done.report), done.is_written), (vec![], (1, 0, 0), true));
        let row = by_title(&app, "厨房漏水").await;
        assert_eq!((row.number.as_str(), row.status, row.is_open, row.version), ("YT-20260305-0001", TicketStatus::Closed, false, 1));
        assert_eq!(row.created_at, instant("2026-03-05T00:00:00Z"));
        let times = [row.accepted_at, row.started_at, row.resolved_at, row.confirmed_at, row.closed_at];
        let expected = ["2026-03-05T00:20:00Z", "2026-03-06T01:00:00Z", "2026-03-06T02:30:00Z", "2026-03-06T10:00:00Z", "2026-03-07T01:00:00Z"];
        assert_eq!(times.map(Option::unwrap), expected.map(instant));
        assert_eq!((row.cost_cents, row.satisfied, row.rating), (Some(3550), Some(true), Some(5)));
        assert_eq!((row.reporter_owner_id, row.assignee_id), (Some(app.world.owner("zhang")), Some(app.world.staff("technician.a"))));
        assert_eq!((row.next_check_at, row.respond_breached_at, row.resolve_breached_at), (None, None, None));
        assert_eq!(row.resolve_due_at, row.resolved_at.unwrap(), "what was done was done in time");
        let events = log(&app, &row).await;
        let steps: Vec<(TicketAction, _)> = events.iter().map(|event| (event.action, event.occurred_at)).collect();
        use TicketAction::{Accept, Assign, Confirm, Create, RecordFollowUp, Resolve, Start};
        let accepted = row.accepted_at.unwrap();
        assert_eq!(steps, [
            (Create, row.created_at), (Accept, accepted), (Assign, accepted), (Start, row.started_at.unwrap()),
            (Resolve, row.resolved_at.unwrap()), (Confirm, row.confirmed_at.unwrap()), (RecordFollowUp, row.closed_at.unwrap()),
        ]);
        assert!(events.windows(2).all(|pair| pair[1].from_status == Some(pair[0].to_status)));
        // Its owner reads the whole of it, page by page.
        let (zhang, id) = (app.owner("zhang").await, Kind::Ticket.encode(row.id));
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let node = zhang.run(EVENTS, json!({ "id": id, "after": after })).await["node"].clone();
            assert_eq!((&node["latestEvent"]["action"], &node["reporter"]["name"]), (&json!("RECORD_FOLLOW_UP"), &json!("zhang")));
            let page = &node["events"];
            seen.extend(page["nodes"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap().to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(seen, ["CREATE", "ACCEPT", "ASSIGN", "START", "RESOLVE", "CONFIRM", "RECORD_FOLLOW_UP"]);
        // Whoever reported it, where it comes from is the house's word; said by the resolvers and without them.
        let directly = "query ($id: ID!) { node(id: $id) { ... on Ticket { events(first: 1) { nodes { note } } } } }";
        for (wish, note) in
            [(Some("en"), "Imported from another system, where its number was A-1"), (None, "导入自其他系统，原工单号 A-1")]
        {
            for query in [EVENTS, directly] {
                let node = zhang.reading(wish).run(query, json!({ "id": id })).await["node"].clone();
                assert_eq!(node["events"]["nodes"][0]["note"], note);
            }
        }
    }

    async fn what_goes_on_is_due_from_now_on_and_nobody_is_told(app) {
        let rows = [SUBMITTED, WORKED_ON, WAITING, DONE, WITHDRAWN];
        load_tickets(&app, file(&rows).path(), REFUSING).await.unwrap();
        let now = app.services.now();
        let complaint = by_title(&app, "噪音").await;
        assert_eq!((complaint.respond_due_at, complaint.resolve_due_at), (now + TimeDelta::hours(24), now + TimeDelta::days(7)));
        let worked_on = by_title(&app, "跳闸").await;
        assert_eq!((worked_on.resolve_due_at, worked_on.queue_deadline_at), (now + TimeDelta::hours(72), now + TimeDelta::hours(72)));
        assert_eq!((by_title(&app, "等配件").await.held_since, by_title(&app, "车位").await.next_check_at), (Some(now), None));
        app.run_jobs().await;
        for title in ["噪音", "跳闸", "等配件", "灯不亮", "车位"] {
            let row = by_title(&app, title).await;
            let events = log(&app, &row).await;
            assert!(events.iter().all(|event| event.seq <= 0), "{title}: {events:?}");
            assert_eq!((row.escalation_level, row.version), (0, 1), "{title}");
        }
        assert_eq!(messages(&app).await, 0);
        let root = app.staff("manager.a").await.run("{ ticketEvents(first: 10) { nodes { id } } }", json!({})).await;
        assert_eq!(root["ticketEvents"]["nodes"], json!([]), "the log has not begun");
        app.pass(TimeDelta::hours(25)).await;
        assert!(by_title(&app, "噪音").await.respond_breached_at.is_some(), "now it is late");
        assert_eq!(by_title(&app, "灯不亮").await.status, TicketStatus::Resolved);
        app.pass(TimeDelta::hours(48)).await;
        assert_eq!(by_title(&app, "灯不亮").await.status, TicketStatus::Confirmed, "the customer had 72 hours from the import on");
    }

    async fn what_goes_on_is_worked_on_as_any_ticket(app) {
        load_tickets(&app, file(&[WORKED_ON]).path(), REFUSING).await.unwrap();
        let row = by_title(&app, "跳闸").await;
        let ticket = json!({ "id": Kind::Ticket.encode(row.id) });
        app.act("technician.a", "resolveTicket", &ticket).await.ticket();
        let confirmed = app.act("zhang", "confirmTicket", &ticket).await.ticket();
        assert_eq!(confirmed["status"], "CONFIRMED");
        let places: Vec<bool> = log(&app, &row).await.iter().map(|event| event.seq > 0).collect();
        assert_eq!(places, [false, false, false, false, true, true]);
        let created = app.report(json!({ "title": "新的" })).await;
        assert_eq!(created["number"], "YT-20261123-0001");
        // Somebody who resumes from a place in the imported history hears what happened here, and nothing before.
        let zhang = app.owner("zhang").await;
        let page = zhang.run(EVENTS, json!({ "id": ticket["id"] })).await["node"]["events"].clone();
        let mut socket = Socket::connect(&zhang).await;
        socket.subscribe(CHANGES, json!({ "after": page["pageInfo"]["endCursor"] })).await;
        let heard = socket.message().await;
        assert_eq!(heard["payload"]["data"]["ticketStatusChanged"]["event"]["action"], "RESOLVE", "{heard}");
    }

    async fn a_second_run_changes_nothing_and_a_longer_file_adds_what_is_new(app) {
        load_tickets(&app, file(&[CLOSED, SUBMITTED]).path(), REFUSING).await.unwrap();
        let before = by_title(&app, "厨房漏水").await;
        let again = load_tickets(&app, file(&[CLOSED, SUBMITTED]).path(), REFUSING).await.unwrap();
        assert_eq!((counts(&again.report), all(&app).await), ((0, 0, 2), 2));
        let same_day = CLOSED.replace("A-1", "A-7").replace("厨房漏水", "阳台漏水");
        let longer = load_tickets(&app, file(&[CLOSED, SUBMITTED, &same_day]).path(), REFUSING).await.unwrap();
        assert_eq!((counts(&longer.report), all(&app).await), ((1, 0, 2), 3));
        assert_eq!(by_title(&app, "阳台漏水").await.number, "YT-20260305-0002");
        assert_eq!(by_title(&app, "厨房漏水").await, before);
        let acts = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("IMPORT_TICKETS"));
        assert_eq!(acts.count(app.services.db.reader()).await.unwrap(), 2);
    }

    async fn bad_rows_are_told_with_row_and_column_and_refuse_the_file(app) {
        let with = |from: &str, to: &str| CLOSED.replacen(from, to, 1);
        let rows = [
            CLOSED.to_owned(),
            with("安居·云庭", "安居·山水"),
            with("YT-101", "909"),
            with("1#", "9#"),
            with("191 0000 0001", "19100000003"),
            with("191 0000 0001", "12345"),
            with("gj003", "GJ999"),
            with("报修", "维修"),
            with("2026-03-06 09:00", "2026-03-04 09:00"),
            with("2026-03-07 09:00", "2027-03-07 09:00"),
            with("2026-03-06 10:30", ""),
            with("35.50", "三十五"),
            with(",5", ",6"),
            CLOSED.to_owned(),
            with("厨房漏水", ""),
        ];
        let rows: Vec<String> = rows.iter().enumerate().map(|(at, row)| if at == 13 { row.clone() } else { row.replace("A-1", &format!("B-{at}")) }).collect();
        let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        rows[0] = CLOSED;
        let file = file(&rows);
        let mut expected = vec![
            "3 项目 unknown_project", "4 房号 unknown_home", "5 房号 unknown_home", "6 报修电话 unknown_reporter",
            "7 报修电话 bad_phone", "8 处理人工号 unknown_staff", "9 类型 unknown_word", "10 到场时间 times_out_of_order",
            "11 关闭时间 times_out_of_order", "12 完成时间 times_and_status", "13 费用(元) bad_number", "14 评分 bad_number",
            "15 原工单号 duplicate", "16 标题 missing",
        ];
        expected.sort_unstable();
        for options in [REFUSING, DRY] {
            let refused = load_tickets(&app, file.path(), options).await.unwrap();
            let mut found = faults(&refused.report);
            found.sort_unstable();
            assert_eq!((found, refused.is_written, all(&app).await), (expected.iter().map(|it| (*it).to_owned()).collect(), false, 0));
            let told = format!("{}", refused.report.told(entity::vocab::Language::En));
            assert!(!told.contains("19100000003"), "{told}");
        }
        let loaded = load_tickets(&app, file.path(), SKIPPING).await.unwrap();
        assert_eq!((loaded.is_written, counts(&loaded.report), all(&app).await), (true, (1, 0, 0), 1));
    }

    async fn what_left_one_house_as_a_workbook_comes_into_another(app) {
        for (status, title) in [(TicketStatus::Submitted, "=一"), (TicketStatus::OnHold, "二"), (TicketStatus::Closed, "三"), (TicketStatus::Cancelled, "四")] {
            app.ticket_in(status, json!({ "title": title, "description": "第一行\n第二行" })).await;
        }
        app.clock.advance(TimeDelta::hours(1));
        let other = TestApp::new(app.database.engine).await;
        other.clock.advance(TimeDelta::hours(1));
        for ending in ["xlsx", "csv"] {
            let left = download(&app.staff("auditor").await, &format!("tickets.{ending}")).await;
            let mut file = tempfile::Builder::new().suffix(&format!(".{ending}")).tempfile().unwrap();
            std::io::Write::write_all(&mut file, &left.bytes).unwrap();
            let done = load_tickets(&other, file.path(), REFUSING).await.unwrap();
            assert_eq!(faults(&done.report), [""; 0]);
            let expected = if ending == "xlsx" { (4, 0, 0) } else { (0, 0, 4) };
            assert_eq!(counts(&done.report), expected, "either kind of file says the same");
        }
        for title in ["=一", "二", "三", "四"] {
            let (there, here) = (by_title(&app, title).await, by_title(&other, title).await);
            assert_eq!((here.status, &here.description, here.resolution, here.rating), (there.status, &there.description, there.resolution, there.rating));
            assert_eq!((here.created_at, here.closed_at, here.cancelled_at), (there.created_at, there.closed_at, there.cancelled_at));
            assert_eq!(here.assignee_id.is_some(), there.assignee_id.is_some());
        }
    }
}
