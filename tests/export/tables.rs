//! What stands in each table: the same as in the database, or as the API tells the same viewer.

use anju::graphql::id::Kind;
use chrono::TimeDelta;
use entity::{
    ticket,
    vocab::{SurveyKind, TicketStatus},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{
    cells::{Names, Want},
    download, download_in, file,
};
use crate::{
    both,
    harness::{TestApp, world::instant},
    survey,
};

const HEADINGS: &str = "工单编号,项目名称,楼栋,单元,房号,类型,类别,紧急程度,状态,标题,描述,渠道,责任部门,报告人,处理人工号,处理人,时区,\
    提交时间,预约开始,预约结束,受理时间,到场时间,完成时间,确认时间,关闭时间,取消时间,响应时限,到场时限,完成时限,暂停秒数,返工次数,升级级别,\
    投诉判定,判定理由,原因,对客说明,处理结果,费用(元),是否满意,评分,确认渠道,更新时间";

/// Tickets in very different states, and with texts that mean something to spreadsheets.
async fn tickets(app: &TestApp) {
    for (status, fields) in [
        (
            TicketStatus::Submitted,
            json!({ "title": "=HYPERLINK(\"http://evil.test\",\"点我\")", "description": "一,二\n\"三\"" }),
        ),
        (TicketStatus::InProgress, json!({ "title": "@厨房", "description": "\t水槽" })),
        (TicketStatus::OnHold, json!({ "title": "-1 层漏水" })),
        (TicketStatus::Closed, json!({ "title": "门锁" })),
        (TicketStatus::Cancelled, json!({ "title": "+86 电话打不通" })),
        (TicketStatus::Closed, json!({ "kind": "COMPLAINT", "title": "噪音" })),
    ] {
        app.ticket_in(status, fields).await;
        app.clock.advance(TimeDelta::seconds(61));
    }
    let unit = Kind::Unit.encode(app.world.unit("HP-101"));
    app.report_as("zhao", json!({ "unitId": unit })).await.ticket();
}

async fn rows(app: &TestApp, project: Option<&str>) -> Vec<Vec<Want>> {
    let db = app.services.db.reader();
    let names = Names::read(db).await;
    let mut rows = ticket::Entity::find().order_by_asc(ticket::Column::Id);
    if let Some(project) = project {
        rows = rows.filter(ticket::Column::ProjectId.eq(app.world.id(project)));
    }
    rows.all(db).await.unwrap().iter().map(|row| names.row(row)).collect()
}

/// A page of the API as whoever asks, beside a table.
pub fn column<'a>(lines: &'a [Vec<String>], heading: &str) -> Vec<&'a str> {
    let at = lines[0].iter().position(|it| it == heading).unwrap_or_else(|| panic!("no {heading}"));
    lines[1..].iter().map(|line| line[at].as_str()).collect()
}

/// A value as a table of text has it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    }
}

both! {
    async fn tickets_leave_as_they_are_in_the_database(app) {
        tickets(&app).await;
        for (who, project) in [("auditor", None), ("manager.a", Some("project:YT")), ("agent.b", Some("project:HP"))] {
            let client = app.staff(who).await;
            let expected = rows(&app, project).await;
            assert!(!expected.is_empty());
            let found = download(&client, "tickets.csv").await.lines();
            let in_text: Vec<Vec<String>> = expected.iter().map(|row| row.iter().map(Want::in_text).collect()).collect();
            assert_eq!(found[1..], in_text, "{who}");
            let book = download(&client, "tickets.xlsx").await;
            let mut found = Vec::new();
            file::xlsx(std::io::Cursor::new(book.bytes), expected[0].len(), |row| found.push(row));
            let in_workbook: Vec<Vec<_>> = expected.iter().map(|row| row.iter().map(Want::in_workbook).collect()).collect();
            assert_eq!(found, in_workbook, "{who}");
        }
    }

    async fn a_table_speaks_the_language_of_whoever_asks(app) {
        app.ticket_in(TicketStatus::Closed, json!({})).await;
        let client = app.staff("manager.a").await;
        let chinese = download_in(&client, "tickets.csv", "zh-CN,zh;q=0.9,en;q=0.8").await;
        assert_eq!(chinese.header("content-language"), "zh-CN");
        let lines = chinese.lines();
        assert_eq!(lines[0].join(","), HEADINGS);
        assert_eq!((column(&lines, "状态"), column(&lines, "类型"), column(&lines, "是否满意")), (vec!["已关闭"], vec!["报修"], vec!["是"]));
        let lines = download(&client, "tickets.csv").await.lines();
        assert_eq!((column(&lines, "Status"), column(&lines, "Kind"), column(&lines, "Satisfied")), (vec!["CLOSED"], vec!["REPAIR"], vec!["yes"]));
    }

    async fn the_settings_go_before_what_the_browser_asks_for(app) {
        app.ticket_in(TicketStatus::Closed, json!({})).await;
        let client = app.staff("manager.a").await;
        client.carry_out("updateNotificationSettings", "settings { language }", json!({ "language": "ZH" })).await;
        let chinese = download_in(&client, "tickets.csv", "en").await;
        assert_eq!((chinese.header("content-language"), chinese.lines()[0].join(",").as_str()), ("zh-CN", HEADINGS));
    }

    async fn a_table_that_is_not_there_is_refused_in_the_language(app) {
        let client = app.staff("manager.a").await;
        for (language, expected) in [("en", "There is no such table."), ("zh", "没有此表格。")] {
            let refused = download_in(&client, "nothing.csv", language).await;
            let answer: Value = serde_json::from_slice(&refused.bytes).unwrap();
            assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with(expected), "{answer}");
        }
    }

    async fn a_file_has_a_name_and_is_kept_by_nobody_on_the_way(app) {
        let client = app.staff("manager.a").await;
        for (table, title, media_type) in [
            ("tickets.csv", "%E5%B7%A5%E5%8D%95", "text/csv; charset=utf-8; header=present"),
            ("owner-ledger.xlsx", "%E4%B8%9A%E4%B8%BB%E5%8F%B0%E8%B4%A6", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            let file = download_in(&client, table, "zh").await;
            let (name, ending) = table.split_once('.').unwrap();
            let expected = format!("attachment; filename=\"{name}-2026-11-23.{ending}\"; filename*=UTF-8''{title}-2026-11-23.{ending}");
            assert_eq!(file.header("content-disposition"), expected);
            assert_eq!((file.header("content-type"), file.header("cache-control")), (media_type, "no-store"));
            assert_eq!(file.header("x-content-type-options"), "nosniff");
        }
    }

    async fn a_table_is_narrowed_by_what_belongs_to_it_and_by_nothing_else(app) {
        tickets(&app).await;
        let client = app.staff("auditor").await;
        let project = Kind::Project.encode(app.world.id("project:HP"));
        let count = async |address: &str| download(&client, address).await.lines().len() - 1;
        assert_eq!(count("tickets.csv").await, 7);
        assert_eq!(count(&format!("tickets.csv?project={project}")).await, 1);
        assert_eq!(count("tickets.csv?openedBefore=2026-11-23T01:02:02Z").await, 2);
        assert_eq!(count("tickets.csv?openedFrom=2026-11-23T01:02:02Z").await, 5);
        assert_eq!(count("tickets.csv?openedFrom=2026-11-23T09:02:02%2B08:00&openedBefore=2026-11-23T01:03:30Z").await, 2);
        for (address, status, code) in [
            ("tickets.csv?openedfrom=2026-11-23T01:02:02Z", 422, "BAD_USER_INPUT"),
            ("tickets.csv?openedFrom=yesterday", 422, "BAD_USER_INPUT"),
            ("tickets.csv?fromMonth=2026-11", 422, "BAD_USER_INPUT"),
            ("tickets.csv?project=nonsense", 422, "BAD_USER_INPUT"),
            ("figures.csv?openedFrom=2026-11-23T01:02:02Z", 422, "BAD_USER_INPUT"),
            ("figures.csv?fromMonth=1926-01", 422, "BAD_USER_INPUT"),
            ("surveys.csv?kind=EVERYTHING", 422, "BAD_USER_INPUT"),
            ("tickets.pdf", 404, "NOT_FOUND"),
            ("tickets", 404, "NOT_FOUND"),
            ("staff.csv", 404, "NOT_FOUND"),
        ] {
            let refused = download(&client, address).await;
            assert_eq!((refused.status.as_u16(), refused.code()), (status, code.to_owned()), "{address}");
        }
    }

    async fn figures_leave_as_the_api_shows_them(app) {
        app.ticket_in(TicketStatus::Closed, json!({})).await;
        app.clock.set(instant("2026-12-08T01:00:00Z"));
        anju::jobs::run_once(&app.services).await.unwrap();
        let document = "query($filter: FigureFilter) { figures(filter: $filter) {
            key month target isMet numerator denominator isSuppressed isFrozen value } }";
        for who in ["manager.a", "auditor"] {
            let client = app.staff(who).await;
            let mut expected = Vec::new();
            for month in ["2026-11", "2026-12"] {
                for project in ["project:HP", "project:YT"] {
                    let filter = json!({ "projectId": Kind::Project.encode(app.world.id(project)), "month": month });
                    expected.extend(client.run(document, json!({ "filter": filter })).await["figures"].as_array().unwrap().clone());
                }
            }
            let lines = download(&client, "figures.csv").await.lines();
            for (heading, field) in [("Key", "key"), ("Month", "month"), ("Target", "target"), ("Met", "isMet"), ("Numerator", "numerator"), ("Denominator", "denominator"), ("Withheld (too few answers)", "isSuppressed")] {
                let told: Vec<String> = expected.iter().map(|figure| text(&figure[field])).collect();
                assert_eq!(column(&lines, heading), told, "{heading} for {who}");
            }
            let told: Vec<String> = expected.iter().map(|figure| figure["value"].as_f64().map_or(String::new(), |value| format!("{value:.2}"))).collect();
            assert_eq!(column(&lines, "Value"), told);
            let frozen = column(&lines, "Frozen at");
            assert!(frozen.iter().zip(&expected).all(|(at, figure)| at.is_empty() != figure["isFrozen"].as_bool().unwrap()));
            assert!(expected.len() >= 46 && expected.iter().any(|figure| figure["numerator"] == 1), "{who}");
        }
        let client = app.staff("auditor").await;
        let lines = download(&client, "figures.csv?fromMonth=2026-10&toMonth=2026-10").await.lines();
        assert_eq!(lines.len(), 1 + 2 * 23);
    }

    async fn surveys_leave_as_the_api_shows_them(app) {
        let mut app = app;
        for buyer in ["buyer 1", "buyer 2"] {
            survey::home(&mut app, buyer, ("YT", "ambassador.a"), "2026-11-20", None).await;
        }
        survey::at(&app, survey::opening()).await;
        survey::rate(&app, "buyer 1", SurveyKind::Sales, 2).await;
        let document = "{ surveyInvitations(first: 50) { nodes { owner { name } answers { value } status } } }";
        for (who, are_read) in [("supervisor", true), ("auditor", true), ("agent.a", false), ("manager.a", false)] {
            let client = app.staff(who).await;
            let told = client.run(document, json!({})).await["surveyInvitations"]["nodes"].as_array().unwrap().clone();
            let lines = download(&client, "surveys.csv").await.lines();
            let answers: usize = told.iter().map(|node| node["answers"].as_array().unwrap().len().max(1)).sum();
            assert_eq!(lines.len() - 1, answers, "{who}");
            let own = |line: &&Vec<String>| line.contains(&"buyer 1".to_owned());
            let of_buyer: Vec<&Vec<String>> = lines.iter().filter(own).collect();
            assert!(of_buyer.iter().all(|line| line.contains(&"SUBMITTED".to_owned())));
            let said = of_buyer.iter().filter(|line| line.last().unwrap() == "2").count();
            assert_eq!(said > 0, are_read, "{who} reads what was said");
            let labels = of_buyer.iter().filter(|line| line.contains(&"没有".to_owned())).count();
            assert_eq!(labels > 0, are_read, "{who} reads the label of a choice");
        }
        let client = app.staff("auditor").await;
        assert_eq!(download(&client, "surveys.csv?kind=HANDOVER").await.lines().len(), 1);
        assert_eq!(download(&client, "surveys.csv?invitedBefore=2026-11-30T00:00:00Z").await.lines().len(), 1);
    }

    async fn ledgers_leave_with_masked_numbers(app) {
        let client = app.staff("agent.a").await;
        let lines = download_in(&client, "owner-ledger.csv", "zh").await.lines();
        assert_eq!(column(&lines, "房号"), ["YT-101", "YT-102"]);
        assert_eq!(column(&lines, "业主姓名"), ["zhang、li", "wang"]);
        assert_eq!(column(&lines, "联系电话"), ["191****0001、191****0002", "191****0003"]);
        assert_eq!(column(&lines, "建筑面积"), ["89.50", "89.50"]);
        assert_eq!(column(&lines, "合同编号"), ["2024-YT-101", "2024-YT-102"]);
        assert_eq!(column(&lines, "签约日期"), ["2024-05-01", "2024-05-01"]);
        assert_eq!(column(&lines, "客户大使工号"), ["GJ001", "GJ002"]);
        let lines = download_in(&client, "warranty-ledger.csv", "zh").await.lines();
        assert_eq!((column(&lines, "保修部位"), column(&lines, "保修到期日期")), (vec!["防水"; 2], vec!["2030-06-29"; 2]));
        assert_eq!(column(&lines, "合同编号"), ["2024-YT-101", "2024-YT-102"]);
        for who in ["ambassador.a", "agent.a", "sales.a", "manager.a", "supervisor", "auditor"] {
            for table in ["tickets", "owner-ledger", "warranty-ledger", "surveys"] {
                let file = download(&app.staff(who).await, &format!("{table}.csv")).await;
                let text = String::from_utf8_lossy(&file.bytes).into_owned();
                assert!(!text.contains("1910000"), "{who} reads a number in {table}");
            }
        }
    }
}
