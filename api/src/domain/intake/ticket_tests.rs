//! Rows of tickets, good and bad.

use super::*;

const NAMES: [&str; 12] = [
    "工单编号",
    "项目",
    "楼栋",
    "房号",
    "类型",
    "状态",
    "标题",
    "提交时间",
    "完成时间",
    "关闭时间",
    "处理人工号",
    "费用(元)",
];

const GOOD: [&str; 12] = [
    "A-1",
    "云庭",
    "1#",
    "0101",
    "报修",
    "已关闭",
    "漏水",
    "2026-03-05 08:00",
    "2026-03-06 09:30",
    "2026-03-07",
    "gj003",
    "35.5",
];

fn line(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::from_text(text)).collect()
}

/// The good row with one cell changed.
fn with(column: &str, text: &str) -> Result<TicketRow, Fault<Column>> {
    let header = Header::read(&line(&NAMES)).unwrap().unwrap();
    let mut texts = GOOD;
    texts[NAMES.iter().position(|name| *name == column).unwrap()] = text;
    read(&header, &line(&texts))
}

#[test]
fn a_row_is_read_in_its_canonical_spelling() {
    let row = with("标题", "漏水").unwrap();
    assert_eq!((row.building.as_str(), row.section.as_str(), row.room.as_str()), ("1号楼", "", "101"));
    assert_eq!((row.kind, row.status, row.urgency), (TicketKind::Repair, TicketStatus::Closed, Urgency::Normal));
    assert_eq!((row.cost_cents, row.assignee_number.as_deref()), (Some(3550), Some("GJ003")));
    assert_eq!(row.times.resolved, "2026-03-06T09:30:00".parse().ok());
    assert_eq!(with("类型", "repair").unwrap(), row);
}

#[test]
fn what_is_wrong_is_told_with_its_column() {
    for (column, text, problem) in [
        ("工单编号", "", Problem::Missing),
        ("标题", "-", Problem::Missing),
        ("类型", "维修", Problem::UnknownWord),
        ("状态", "好了", Problem::UnknownWord),
        ("提交时间", "昨天", Problem::BadTime),
        ("费用(元)", "三十", Problem::BadNumber),
        ("费用(元)", "1.005", Problem::BadNumber),
        ("费用(元)", "-1", Problem::BadNumber),
        ("房号", "#N/A", Problem::CellError),
        ("完成时间", "", Problem::TimesAndStatus),
        ("完成时间", "2026-03-01", Problem::TimesOutOfOrder),
        ("关闭时间", "2026-03-06 09:00", Problem::TimesOutOfOrder),
    ] {
        let fault = with(column, text).unwrap_err();
        assert_eq!(fault.problem, problem, "{column} {text}: {fault:?}");
        let header = Header::read(&line(&NAMES)).unwrap().unwrap();
        assert_eq!(header.written(fault.column), column);
    }
    assert_eq!(with("标题", &"长".repeat(121)).unwrap_err().problem, Problem::TooLong);
}

#[test]
fn what_goes_on_says_enough_to_go_on() {
    let names = [
        "工单编号",
        "项目",
        "楼栋",
        "房号",
        "类型",
        "状态",
        "标题",
        "提交时间",
        "类别",
        "责任部门",
        "处理人工号",
        "紧急程度",
    ];
    let header: Header<Column> = Header::read(&line(&names)).unwrap().unwrap();
    let good =
        ["A-1", "云庭", "1#", "101", "报修", "已派单", "漏水", "2026-03-05", "给排水", "物业公司", "GJ003", "普通"];
    assert!(read(&header, &line(&good)).is_ok());
    for (at, text, column) in [
        (8, "", Column::Category),
        (9, "", Column::Department),
        (10, "", Column::AssigneeNumber),
        (11, "预约", Column::AppointmentStartsAt),
    ] {
        let mut texts = good;
        texts[at] = text;
        let fault = read(&header, &line(&texts)).unwrap_err();
        assert_eq!((fault.problem, fault.column), (Problem::Missing, column));
    }
}

#[test]
fn each_name_means_one_column_and_all_stand_in_order() {
    let mut seen = std::collections::HashSet::new();
    for (index, column) in Column::ALL.iter().enumerate() {
        assert_eq!(column.index(), index);
        assert!(column.names().iter().all(|name| seen.insert(*name)), "{column:?}");
    }
}
