//! The reader against the real ledger, against every format and encoding, and against files that are no ledger.

use std::io::Read;

use super::super::samples::{self, file, row, rows, workbook, workbook_of_sheet};
use super::super::{OpenError, ReadError, ReportBuilder};
use super::*;
use crate::{
    domain::ledger::{LedgerRow, Problem},
    language::{Language, say},
};
use proptest::prelude::*;

const HEADER: [&str; 7] = ["项目", "楼栋", "房号", "姓名", "手机号", "合同号", "签约日期"];
const UNIT: [&str; 7] = ["云庭", "1#", "0101", "张三,李四", "13800000001,13800000002", "A-1", "2024年3月5日"];

fn outcomes(name: &str, bytes: &[u8]) -> Vec<Outcome> {
    let (_folder, path) = file(name, bytes);
    let mut ledger = open(&path).unwrap();
    ledger.rows().unwrap().map(Result::unwrap).collect()
}

fn good(name: &str, bytes: &[u8]) -> Vec<LedgerRow> {
    let is_good = |outcome| match outcome {
        Outcome::Good(row) => row,
        Outcome::Bad(bad) => panic!("{bad:?}"),
    };
    outcomes(name, bytes).into_iter().map(is_good).collect()
}

fn refusal(name: &str, bytes: &[u8]) -> OpenError {
    let (_folder, path) = file(name, bytes);
    open(&path).err().unwrap()
}

fn csv(delimiter: &str, lines: &[&[&str]]) -> String {
    let quoted = |cells: &&[&str]| cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(delimiter);
    lines.iter().map(quoted).collect::<Vec<_>>().join("\r\n")
}

#[test]
fn the_real_ledger_gives_exactly_what_is_expected() {
    let mut ledger = open(&samples::real_ledger()).unwrap();
    let (mut report, mut projects, mut buildings) = (ReportBuilder::default(), Vec::new(), Vec::new());
    for outcome in ledger.rows().unwrap() {
        let outcome = outcome.unwrap();
        if let Outcome::Good(row) = &outcome {
            projects.push(row.project.clone());
            buildings.push((row.project.clone(), row.building.clone()));
        }
        report.record(outcome);
    }
    projects.sort();
    projects.dedup();
    buildings.sort();
    buildings.dedup();
    let report = report.finish();
    let bad_rows: Vec<_> =
        report.bad_rows.iter().map(|bad| serde_json::json!({"row": bad.row, "problem": bad.problem})).collect();
    let found = serde_json::json!({
        "data_rows": report.data_rows, "good_rows": report.good_rows, "owners": report.owners,
        "bad_rows": bad_rows, "projects": projects, "buildings": buildings.len(),
    });
    assert_eq!(found, samples::expected_report());
    assert_eq!((report.units, report.contracts), (1180, 1180));
}

#[test]
fn the_columns_of_bad_rows_are_named_as_in_the_file_and_no_number_is_shown() {
    let mut ledger = open(&samples::real_ledger()).unwrap();
    let rows: Vec<_> = ledger.rows().unwrap().map(Result::unwrap).collect();
    let bad: Vec<_> = rows
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Bad(bad) => Some(bad),
            Outcome::Good(_) => None,
        })
        .collect();
    let column_of = |problem| bad.iter().find(|bad| bad.problem == problem).map(|bad| bad.column.as_str());
    assert_eq!(column_of(Problem::NegArea), Some("建筑面积(㎡)"));
    assert_eq!(column_of(Problem::NoPhone), Some("联系电话"));
    assert_eq!(column_of(Problem::BadId), Some("证件号码"));
    assert_eq!(column_of(Problem::DupUnit), Some("房号"));
    assert_eq!(column_of(Problem::BadDate), Some("签约日期"));
    for bad in bad {
        let said = say(&bad.message, Language::En);
        let longest = said.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest < Some(11), "{said}");
    }
}

#[test]
fn a_ledger_can_be_read_again() {
    let mut ledger = open(&samples::real_ledger()).unwrap();
    assert_eq!(ledger.approximate_rows(), Some(1205));
    assert_eq!(ledger.column_name(Column::AmbassadorNumber), "客户大使工号");
    let first: Vec<_> = ledger.rows().unwrap().map(Result::unwrap).collect();
    let second: Vec<_> = ledger.rows().unwrap().map(Result::unwrap).collect();
    assert!(first == second && first.len() == 1200);
}

#[test]
fn an_opened_ledger_may_go_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Ledger>();
}

#[test]
fn text_is_read_in_every_encoding_and_with_every_delimiter() {
    for delimiter in [",", ";", "\t"] {
        let text = csv(delimiter, &[&["业主台账"], &[], &HEADER, &UNIT, &["合计", "", "1 户"]]);
        let (gb18030, ..) = encoding_rs::GB18030.encode(&text);
        let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{FEFF}{text}").encode_utf16().flat_map(to_bytes).collect()
        };
        for bytes in [
            text.clone().into_bytes(),
            format!("\u{FEFF}{text}").into_bytes(),
            gb18030.into_owned(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
        ] {
            let rows = good("a.csv", &bytes);
            assert_eq!(rows.len(), 1);
            assert_eq!((rows[0].row, rows[0].building.as_str(), rows[0].owners.len()), (4, "1号楼", 2));
        }
    }
}

#[test]
fn a_workbook_and_a_text_of_the_same_table_say_the_same() {
    let lines: [&[&str]; 3] = [&["业主台账"], &HEADER, &UNIT];
    let from_text = good("a.csv", csv(",", &lines).as_bytes());
    assert_eq!(good("a.xlsx", &workbook(&[("台账", "", rows(&lines))])), from_text);
    assert_eq!(good("named.csv", &workbook(&[("台账", "", rows(&lines))])), from_text);
}

#[test]
fn rows_keep_the_numbers_that_the_spreadsheet_shows() {
    let second = ["云庭", "1#", "102", "王五", "13800000003"];
    let sheet = [row(1, &["台账"]), row(4, &HEADER), row(9, &UNIT), row(10, &["合计"]), row(30, &second)].concat();
    let numbers = |rows: Vec<LedgerRow>| rows.iter().map(|row| row.row).collect::<Vec<_>>();
    assert_eq!(numbers(good("a.xlsx", &workbook(&[("台账", "", sheet)]))), [9, 30]);
    let text = csv(",", &[&HEADER, &[], &UNIT, &["", " ", ""], &second]);
    assert_eq!(numbers(good("a.csv", text.as_bytes())), [3, 5]);
}

#[test]
fn date_cells_are_dates_with_and_without_their_format() {
    let date = |cell: &str| {
        let unit = row(2, &UNIT[..6]).replace("</row>", &format!("{cell}</row>"));
        good("a.xlsx", &workbook(&[("台账", "", row(1, &HEADER) + &unit)]))[0].signed_on.unwrap().to_string()
    };
    assert_eq!(date(r#"<c r="G2" s="1"><v>45356</v></c>"#), "2024-03-05");
    assert_eq!(date(r#"<c r="G2"><v>45356</v></c>"#), "2024-03-05");
    assert_eq!(date(r#"<c r="G2" t="d"><v>2024-03-05T00:00:00</v></c>"#), "2024-03-05");
    assert_eq!(date(r#"<c r="G2" t="str"><f>TEXT(A1,"")</f><v>2024.03.05</v></c>"#), "2024-03-05");
}

#[test]
fn a_failed_formula_is_a_problem_of_its_row() {
    let unit = row(2, &UNIT[..6]).replace("</row>", r#"<c r="G2" t="e"><v>#REF!</v></c></row>"#);
    let found = outcomes("a.xlsx", &workbook(&[("台账", "", row(1, &HEADER) + &unit)]));
    let Outcome::Bad(bad) = &found[0] else { panic!("{found:?}") };
    assert_eq!((bad.problem, bad.column.as_str()), (Problem::CellError, "签约日期"));
}

#[test]
fn the_sheet_with_the_ledger_is_found() {
    let ledger = rows(&[&HEADER, &UNIT]);
    let notes = rows(&[&["填写说明"], &["每户一行"]]);
    let sheets =
        [("说明", "", notes.clone()), ("样例", r#"state="hidden""#, ledger.clone()), ("台账", "", ledger.clone())];
    assert_eq!(good("a.xlsx", &workbook(&sheets)).len(), 1);
    let two = [("1栋", "", ledger.clone()), ("说明", "", notes), ("2栋", "", ledger)];
    let error = refusal("a.xlsx", &workbook(&two));
    assert!(matches!(&error, OpenError::SeveralLedgers { sheets, .. } if sheets == &["1栋", "2栋"]), "{error:?}");
}

#[test]
fn what_is_no_ledger_is_refused_with_advice() {
    let missing = rows(&[&["项目", "楼栋", "房号", "合同号"], &UNIT]);
    let repeated = rows(&[&["项目", "楼栋", "房号", "姓名", "电话", "电话"]]);
    let of_no_header =
        ("such as 项目名称, 楼栋, 房号, 业主姓名, 联系电话 is", "列名，如项目名称、楼栋、房号、业主姓名、联系电话");
    let plain_text = ("holds plain text", "内容却是纯文本");
    let cases: [(&str, Vec<u8>, (&str, &str)); 12] = [
        ("a.xlsx", Vec::new(), ("is empty", "是空文件")),
        ("a.xlsx", csv(",", &[&HEADER, &UNIT]).into_bytes(), ("as .xlsx, or rename it to .csv", "请改名为 .csv")),
        ("a.xlsx", b"hello".to_vec(), plain_text),
        ("a.XLS", b"<html><table>".to_vec(), plain_text),
        ("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more".to_vec(), ("save it as .xlsx", "另存为 .xlsx")),
        (
            "a.xlsx",
            b"PK\x03\x04 and no more".to_vec(),
            ("is damaged or no .xlsx workbook", "已损坏，或不是 .xlsx 工作簿"),
        ),
        (
            "a.csv",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00".to_vec(),
            ("neither a .xlsx workbook nor text", "既不是 .xlsx 工作簿，也不是"),
        ),
        ("a.csv", "a,b,c\n1,2,3\n".into(), of_no_header),
        ("a.xlsx", workbook(&[("台账", "", rows(&[&UNIT]))]), of_no_header),
        ("a.xlsx", workbook(&[]), of_no_header),
        (
            "a.xlsx",
            workbook(&[("台账", "", missing)]),
            ("row 1 has no column for 业主姓名, 联系电话", "第 1 行的表头缺少列业主姓名、联系电话"),
        ),
        ("a.xlsx", workbook(&[("台账", "", repeated)]), ("names 电话 twice", "两次出现电话")),
    ];
    for (name, bytes, (english, chinese)) in cases {
        let said = refusal(name, &bytes).said();
        let message = say(&said, Language::En);
        assert!(message.starts_with(&format!("{name}: ")) && message.contains(english), "{message}");
        let message = say(&said, Language::Zh);
        assert!(message.starts_with(&format!("{name}：")) && message.contains(chinese), "{message}");
    }
}

#[test]
fn what_is_no_file_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().file_name().unwrap().to_string_lossy().into_owned();
    let said = |path: &Path, language| say(&open(path).err().unwrap().said(), language);
    let nowhere = Path::new("/nowhere/a.xlsx");
    assert_eq!(said(nowhere, Language::En), "a.xlsx: is not there; check the path");
    assert_eq!(said(nowhere, Language::Zh), "a.xlsx：没有此文件；请检查路径");
    assert_eq!(said(folder.path(), Language::En), format!("{name}: is a folder; name the file in it"));
    assert_eq!(said(folder.path(), Language::Zh), format!("{name}：是文件夹；请指定其中的文件"));
}

#[test]
fn the_sheet_that_looks_like_a_ledger_says_what_is_wrong() {
    let notes = || ("说明", "", rows(&[&["填写说明"]]));
    let almost = || ("台账", "", rows(&[&["项目", "楼栋", "房号"]]));
    for sheets in [[notes(), almost()], [almost(), notes()]] {
        let error = refusal("a.xlsx", &workbook(&sheets));
        assert!(matches!(error, OpenError::MissingColumns { row: 1, .. }), "{error:?}");
    }
}

#[test]
fn what_can_not_be_read_before_the_header_is_told_as_such() {
    let damaged = r#"<row r="1"><c r="A1" t="n"><v>no number</v></c></row>"#.to_owned();
    let error = refusal("a.xlsx", &workbook(&[("台账", "", damaged.clone())]));
    assert!(matches!(error, OpenError::Unreadable(ReadError::Damaged { .. })), "{error:?}");
    let error = refusal("a.csv", "\"业主台账\n项目,楼栋,房号,姓名,电话\n".as_bytes());
    assert!(matches!(error, OpenError::Unreadable(ReadError::OpenQuote { row: 1, .. })), "{error:?}");
    let beside = [("旧表", "", damaged), ("台账", "", rows(&[&HEADER, &UNIT]))];
    assert_eq!(good("a.xlsx", &workbook(&beside)).len(), 1);
}

#[test]
fn a_workbook_with_a_password_is_told_apart_from_an_old_one() {
    let said = refusal("a.xlsx", &samples::encrypted_container()).said();
    for (language, advice) in [(Language::En, "remove the password"), (Language::Zh, "取消密码")] {
        let message = say(&said, language);
        assert!(message.contains(advice), "{message}");
    }
}

#[test]
fn rows_before_the_damage_are_read_one_at_a_time() {
    let mut sheet = row(1, &HEADER);
    for number in 2..=1002 {
        sheet += &row(number, &["云庭", "1#", &number.to_string(), "张三", "13800000001"]);
    }
    sheet += r#"<row r="1003"><c r="A1003" t="n"><v>no number</v></c></row>"#;
    let (_folder, path) = file("a.xlsx", &workbook(&[("台账", "", sheet)]));
    let mut ledger = open(&path).unwrap();
    let mut rows = ledger.rows().unwrap();
    assert_eq!(rows.by_ref().take(1000).filter(Result::is_ok).count(), 1000);
    // Whether the damage begins behind the last cell of row 1002 or in it can't be known.
    assert!(matches!(rows.next(), Some(Err(ReadError::Damaged { row: 1001, .. }))));
    assert!(rows.next().is_none());
}

#[test]
fn a_place_that_no_sheet_has_is_damage_and_no_panic() {
    let well = rows(&[&HEADER, &UNIT]);
    for place in ["A99999999999", "ZZZZZZZZZZ3", "A0", "7"] {
        let odd = format!(r#"<row r="3"><c r="{place}"><v>1</v></c></row>"#);
        let (_folder, path) = file("a.xlsx", &workbook_of_sheet(&format!("<sheetData>{well}{odd}</sheetData>")));
        let last = open(&path).unwrap().rows().unwrap().last().unwrap();
        // Without checks of overflow the place becomes another one, of which nothing bad comes.
        assert!(matches!(last, Ok(_) | Err(ReadError::Damaged { .. } | ReadError::Impossible { .. })), "{place}");
    }
}

/// Makes the text of a ledger as it is asked for, and counts what was taken of it.
struct Endless<'a> {
    row: u32,
    pending: Vec<u8>,
    taken: &'a std::cell::Cell<usize>,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.pending.is_empty() {
            self.row += 1;
            let row = self.row;
            self.pending = match row {
                1 => "项目,楼栋,房号,姓名,手机,合同号\n".into(),
                _ => format!("云庭,{}#,{},张三,13800000001,A-{row}\n", row / 1000 + 1, row % 1000).into(),
            };
        }
        let count = self.pending.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.pending[..count]);
        self.pending.drain(..count);
        self.taken.set(self.taken.get() + count);
        Ok(count)
    }
}

#[test]
fn a_hundred_thousand_rows_are_never_held_at_once() {
    let taken = std::cell::Cell::new(0);
    let source = Endless { row: 0, pending: Vec::new(), taken: &taken };
    let reader = BufReader::new(Utf8Reader::new(source, encoding_rs::UTF_8));
    let mut lines = Records::new(reader, "a.csv", ',').map(Result::unwrap);
    let header = Header::read(&lines.next().unwrap().cells).unwrap().unwrap();
    let (mut judge, mut given, mut most_ahead) = (WholeFile::default(), 0, 0);
    for line in lines.take(100_000) {
        given += line.cells.iter().map(|cell| cell.text().len() + 1).sum::<usize>();
        most_ahead = most_ahead.max(taken.get().saturating_sub(given));
        let raw = RawRow::new(line.number, &header, line.cells);
        assert!(matches!(judge.judge(&header, &raw), Outcome::Good(_)), "{raw:?}");
    }
    assert!(taken.get() > 4_000_000, "all rows were made");
    assert!(most_ahead < 400_000, "{most_ahead} bytes were read ahead");
}

fn read_to_the_end(path: &Path) {
    let read = |mut ledger: Ledger| ledger.rows().map(|rows| rows.count()).is_ok();
    let _ = open(path).map(read);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_answered_without_a_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        start in prop_oneof![Just(&b""[..]), Just(&b"PK\x03\x04"[..]), Just(OLE), Just("项目,楼栋,房号,姓名,手机\n".as_bytes())],
        name in prop_oneof![Just("a.xlsx"), Just("a.csv")],
    ) {
        let (_folder, path) = file(name, &[start, &bytes].concat());
        read_to_the_end(&path);
    }

    #[test]
    fn a_workbook_with_broken_bytes_is_answered_without_a_panic(
        breaks in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = workbook(&[("台账", "", rows(&[&HEADER, &UNIT]))]);
        for (place, byte) in breaks {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let (_folder, path) = file("a.xlsx", &bytes);
        read_to_the_end(&path);
    }
}
