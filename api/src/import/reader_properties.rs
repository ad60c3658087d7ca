//! Ledgers made up by the hundred, in the spellings that people type and with mistakes put in on purpose, are judged exactly as
//! they were made; and files that are broken inside are answered.

#[path = "reader_properties/ledger_sketch.rs"]
mod ledger_sketch;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::samples::{file, rows, workbook, workbook_of_sheet};
use super::super::{Report, ReportBuilder};
use super::*;
use crate::language::{Language, say};
use ledger_sketch::{HEADER, Sketch, sketches};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn report(name: &str, bytes: &[u8]) -> Report {
    let (_folder, path) = file(name, bytes);
    let mut ledger = open(&path).unwrap();
    let mut report = ReportBuilder::default();
    ledger.rows().unwrap().for_each(|outcome| report.record(outcome.unwrap()));
    report.finish()
}

fn csv(lines: &[Vec<String>], delimiter: &str) -> String {
    let quoted = |line: &Vec<String>| {
        let cells = line.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        cells.collect::<Vec<_>>().join(delimiter)
    };
    lines.iter().map(quoted).collect::<Vec<_>>().join("\r\n")
}

fn encoded(text: &str, encoding: usize) -> Vec<u8> {
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => format!("\u{FEFF}{text}").into_bytes(),
        2 => encoding_rs::GB18030.encode(text).0.into_owned(),
        _ => format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}

fn sheet(lines: &[Vec<String>]) -> Vec<u8> {
    let lines: Vec<Vec<&str>> = lines.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
    workbook(&[("台账", "", rows(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>()))])
}

/// Reads a file as far as it goes and gives what its errors say.
fn complaints(path: &Path) -> Vec<String> {
    let english = |said| say(&said, Language::En);
    let mut ledger = match open(path) {
        Ok(ledger) => ledger,
        Err(error) => return vec![english(error.said())],
    };
    ledger.approximate_rows();
    match ledger.rows() {
        Ok(rows) => rows.filter_map(Result::err).map(|error| english(error.said())).collect(),
        Err(error) => vec![english(error.said())],
    }
}

/// A cell of a sheet as no spreadsheet program writes it.
fn odd_cell() -> impl Strategy<Value = String> {
    let reference =
        select(vec!["A1", "B2", "C9", "XFD1048576", "ZZZZZZZZZZ1", "A99999999999", "A0", "A", "7", "", "é1", "A1:B2"]);
    let kind = select(vec!["n", "s", "b", "e", "str", "d", "inlineStr", "x"]);
    let value = select(vec![
        "",
        "1",
        "-1",
        "1e999",
        "NaN",
        "45356",
        "99999999999999999999",
        "#REF!",
        "#ODD",
        "2024-03-05",
        "项目",
        "&lt;",
        "&odd;",
    ]);
    (reference, kind, value, 0usize..4).prop_map(|(reference, kind, value, style)| match style {
        0 => format!(r#"<c r="{reference}" t="{kind}"><v>{value}</v></c>"#),
        1 => format!(r#"<c r="{reference}" s="{value}"><v>{value}</v></c>"#),
        2 => format!(r#"<c t="{kind}"><is><t>{value}</t></is></c>"#),
        _ => format!(r#"<c r="{reference}"><f>{value}</f><v>{value}</v>"#),
    })
}

/// The inside of a sheet: a header and a unit that are well, and odd cells, rows and declarations around them.
fn odd_sheet() -> impl Strategy<Value = String> {
    let dimension = select(vec!["", "A1:N20", "B2:A1", "A9:B1", "A1:A99999999999", "A1:B2:C3", "ZZZZZZZZZZ1:A1", "x"]);
    let row = select(vec!["", "1", "3", "0", "2", "4294967295", "4294967296", "-1", "x"]);
    let line = (row, proptest::collection::vec(odd_cell(), 0..4))
        .prop_map(|(row, cells)| format!(r#"<row r="{row}">{}</row>"#, cells.concat()));
    (dimension, any::<bool>(), proptest::collection::vec(line, 0..5)).prop_map(|(dimension, first, lines)| {
        let unit = ["云庭", "1#", "", "101", "", "张三", "", "13800000001"];
        let well = rows(&[&HEADER, &unit]);
        let odd = lines.concat();
        let lines = if first { format!("{odd}{well}") } else { format!("{well}{odd}") };
        format!(r#"<dimension ref="{dimension}"/><sheetData>{lines}</sheetData>"#)
    })
}

proptest! {
    #![proptest_config(config(160))]

    #[test]
    fn a_ledger_is_judged_as_it_was_made_and_alike_in_every_format(
        sketches in sketches(), delimiter in select(vec![",", ";", "\t"]), encoding in 0usize..4,
    ) {
        let made = Sketch::write(&sketches);
        let from_text = report("a.csv", &encoded(&csv(&made.lines, delimiter), encoding));
        let found: Vec<_> = from_text.bad_rows.iter().map(|bad| (bad.row, bad.problem)).collect();
        prop_assert_eq!(&found, &made.bad_rows, "{:#?}", made.lines);
        let counts = (from_text.data_rows, from_text.good_rows, from_text.owners, from_text.units, from_text.contracts);
        prop_assert_eq!(counts, made.counts, "{:#?}", made.lines);
        prop_assert_eq!(&report("a.xlsx", &sheet(&made.lines)), &from_text);
    }

    #[test]
    fn no_message_holds_a_whole_number_of_a_person(sketches in sketches()) {
        let made = Sketch::write(&sketches);
        for bad in report("a.csv", csv(&made.lines, ",").as_bytes()).bad_rows {
            let said = say(&bad.message, Language::En);
            let longest = said.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest < Some(11), "{said}");
        }
    }

    #[test]
    fn a_workbook_with_odd_cells_is_answered_with_its_name(xml in odd_sheet()) {
        let (_folder, path) = file("a.xlsx", &workbook_of_sheet(&xml));
        for complaint in complaints(&path) {
            prop_assert!(complaint.starts_with("a.xlsx: "), "{complaint}");
        }
    }

    #[test]
    fn a_workbook_whose_xml_is_broken_is_answered_with_its_name(
        breaks in proptest::collection::vec((any::<prop::sample::Index>(), select(vec!["<", ">", "/", "\"", "&", "=", " ", "9", "<c>", "</row>"])), 1..6),
    ) {
        let unit = ["云庭", "1#", "", "101", "", "张三", "", "13800000001"];
        let mut xml = format!("<dimension ref=\"A1:N2\"/><sheetData>{}</sheetData>", rows(&[&HEADER, &unit]));
        for (place, text) in breaks {
            let mut at = place.index(xml.len());
            while !xml.is_char_boundary(at) {
                at -= 1;
            }
            xml.insert_str(at, text);
        }
        let (_folder, path) = file("a.xlsx", &workbook_of_sheet(&xml));
        for complaint in complaints(&path) {
            prop_assert!(complaint.starts_with("a.xlsx: "), "{complaint}");
        }
    }

    #[test]
    fn any_bytes_are_answered_with_the_files_name(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        start in select(vec![&b""[..], b"PK\x03\x04", OLE, "项目,楼栋,房号,姓名,手机\n".as_bytes(), b"\xff\xfe", b"\""]),
        name in select(vec!["a.xlsx", "a.csv", "a", "a.xls"]),
    ) {
        let (_folder, path) = file(name, &[start, &bytes].concat());
        for complaint in complaints(&path) {
            prop_assert!(complaint.starts_with(&format!("{name}: ")), "{complaint}");
        }
    }
}
