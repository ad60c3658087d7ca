//! The lines of a ledger that are no unit: blank ones, totals, the header once more on the next page, and the notes
//! below the table.

use super::cell::{Cell, compact};
use super::column::{Column, Header};

const TOTALS: [&str; 5] = ["合计", "总计", "小计", "共计", "累计"];
const NOTES: [&str; 8] = ["制表", "审核", "复核", "填表", "打印", "注:", "备注:", "说明:"];

/// Whether this line below the header is to be read as a unit.
pub fn is_data(header: &Header, line: &[Cell]) -> bool {
    let filled = |column: Column| cell_of(header, line, column).is_some_and(|cell| !cell.is_blank());
    if !Column::ALL.into_iter().any(filled) || header.is_repeated_in(line) {
        return false;
    }
    let has_owner = filled(Column::OwnerNames) || filled(Column::Phones);
    let first = line.iter().find(|cell| !cell.is_blank()).map(|cell| compact(&cell.text()));
    let first = first.unwrap_or_default();
    let is_total = TOTALS.iter().any(|word| first.starts_with(word) || first.trim_end_matches(':').ends_with(word));
    let is_note = !filled(Column::Room) && NOTES.iter().any(|word| first.starts_with(word));
    has_owner || !(is_total || is_note)
}

fn cell_of<'a>(header: &Header, line: &'a [Cell], column: Column) -> Option<&'a Cell> {
    line.get(header.position(column)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| Cell::from_text(text)).collect()
    }

    fn is_unit(texts: &[&str]) -> bool {
        let header = Header::read(&line(&["序号", "项目", "楼栋", "房号", "姓名", "电话"])).unwrap().unwrap();
        is_data(&header, &line(texts))
    }

    #[test]
    fn units_are_data_even_when_much_is_missing() {
        assert!(is_unit(&["1", "云庭", "1#", "101", "张三", "13800000000"]));
        assert!(is_unit(&["1", "云庭", "1#", "101", "", ""]));
        assert!(is_unit(&["", "", "", "", "张三", "13800000000"]));
        assert!(is_unit(&["", "云庭"]));
    }

    #[test]
    fn blank_lines_are_skipped_though_they_are_numbered() {
        assert!(!is_unit(&[]));
        assert!(!is_unit(&["", " ", "\u{3000}", "", "", ""]));
        assert!(!is_unit(&["17", "", "", "", "-", "—"]));
    }

    #[test]
    fn totals_are_skipped_wherever_they_stand() {
        assert!(!is_unit(&["合计", "", "", "1200 户", "", ""]));
        assert!(!is_unit(&["", "合 计：", "", "1200", "", ""]));
        assert!(!is_unit(&["", "1号楼小计:", "", "204 户", "", ""]));
        assert!(is_unit(&["", "总计花园", "1#", "101", "张三", "13800000000"]));
    }

    #[test]
    fn notes_and_repeated_headers_are_skipped() {
        assert!(!is_unit(&["制表人：王芳", "", "", "", "", ""]));
        assert!(!is_unit(&["", "注：本表截至十月", "", "", "", ""]));
        assert!(!is_unit(&["序号", "项目", "楼栋", "房号", "姓名", "电话"]));
    }
}
