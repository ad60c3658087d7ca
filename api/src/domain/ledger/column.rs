//! The columns of a ledger, the names that companies give them, and how a line is recognised as the header.

use super::cell::{Cell, compact};

/// What a column means, whatever it is called and wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    Project,
    Building,
    Section,
    Room,
    FloorArea,
    OwnerNames,
    IdentityNumbers,
    Phones,
    ContractNumber,
    SignedOn,
    HandoverDueOn,
    HandedOverOn,
    AmbassadorNumber,
    Remark,
}

impl Column {
    pub const COUNT: usize = 14;

    /// In the order of the enum, so that `column as usize` is the place.
    pub const ALL: [Column; Self::COUNT] = [
        Column::Project,
        Column::Building,
        Column::Section,
        Column::Room,
        Column::FloorArea,
        Column::OwnerNames,
        Column::IdentityNumbers,
        Column::Phones,
        Column::ContractNumber,
        Column::SignedOn,
        Column::HandoverDueOn,
        Column::HandedOverOn,
        Column::AmbassadorNumber,
        Column::Remark,
    ];

    /// A file without one of these says nothing about who owns which home.
    pub const REQUIRED: [Column; 5] =
        [Column::Project, Column::Building, Column::Room, Column::OwnerNames, Column::Phones];

    pub fn is_date(self) -> bool {
        matches!(self, Column::SignedOn | Column::HandoverDueOn | Column::HandedOverOn)
    }

    /// The usual name, for messages.
    pub fn usual_name(self) -> &'static str {
        self.names()[0]
    }

    /// The names it goes by, the most exact first: where a file holds two of them, the earlier one is meant
    /// (建筑面积 before 面积).
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Column::Project => &["项目名称", "项目", "小区名称", "小区", "楼盘名称", "楼盘", "所属项目", "所属小区"],
            Column::Building => &[
                "楼栋",
                "楼栋号",
                "楼栋名称",
                "栋号",
                "楼号",
                "幢号",
                "楼幢",
                "楼宇",
                "楼宇名称",
                "座栋",
                "栋座",
                "栋",
                "幢",
                "楼座",
            ],
            Column::Section => &["单元", "单元号", "单元名称", "门洞"],
            Column::Room => &["房号", "房间号", "房间", "室号", "户号", "房屋号", "房间编号", "门牌号", "室"],
            Column::FloorArea => {
                &["建筑面积", "房屋建筑面积", "合同建筑面积", "建面", "实测建筑面积", "实测面积", "房屋面积", "面积"]
            }
            Column::OwnerNames => &[
                "业主姓名",
                "业主名称",
                "业主",
                "姓名",
                "产权人",
                "产权人姓名",
                "权利人",
                "客户姓名",
                "客户名称",
                "买受人",
                "购房人",
                "购房人姓名",
            ],
            Column::IdentityNumbers => &[
                "证件号码",
                "证件号",
                "身份证号码",
                "身份证号",
                "身份证",
                "身份证件号码",
                "业主证件号码",
                "业主身份证号",
                "身份证/证件号码",
            ],
            Column::Phones => &[
                "联系电话",
                "手机号码",
                "手机号",
                "手机",
                "移动电话",
                "业主电话",
                "业主手机",
                "联系手机",
                "联系方式",
                "电话号码",
                "电话",
            ],
            Column::ContractNumber => &[
                "合同编号",
                "合同号",
                "购房合同编号",
                "购房合同号",
                "买卖合同编号",
                "买卖合同号",
                "网签合同编号",
                "网签合同号",
            ],
            Column::SignedOn => &[
                "签约日期",
                "签约时间",
                "合同签订日期",
                "合同签约日期",
                "签订日期",
                "签订时间",
                "签合同日期",
                "合同日期",
            ],
            Column::HandoverDueOn => &[
                "约定交付日期",
                "合同交付日期",
                "约定交房日期",
                "合同交房日期",
                "约定收房日期",
                "约定交付时间",
                "约定交房时间",
                "应交付日期",
                "计划交付日期",
            ],
            Column::HandedOverOn => &[
                "实际交付日期",
                "实际交房日期",
                "实际收房日期",
                "实际收楼日期",
                "实际交付时间",
                "实际交房时间",
                "交付日期",
                "交房日期",
                "收房日期",
                "收楼日期",
                "交付时间",
                "交房时间",
            ],
            Column::AmbassadorNumber => {
                &["客户大使工号", "客户大使编号", "大使工号", "客户管家工号", "管家工号", "管家编号"]
            }
            Column::Remark => &["备注", "备注说明", "附注", "说明"],
        }
    }

    /// The column that goes by this name, and how exact the name is (0 the most). Spaces, width, brackets with what
    /// they hold, and the star of a mandatory field don't matter.
    fn named(header: &str) -> Option<(Column, usize)> {
        let bare = bare_name(header);
        Column::ALL.into_iter().find_map(|column| {
            let rank = column.names().iter().position(|name| *name == bare)?;
            Some((column, rank))
        })
    }
}

/// A heading without spaces, brackets with what they hold, and the star of a mandatory field.
pub fn bare_name(header: &str) -> String {
    let mut depth = 0usize;
    compact(header)
        .chars()
        .filter(|c| match c {
            '(' | '[' | '【' | '〔' | '<' | '{' => {
                depth += 1;
                false
            }
            ')' | ']' | '】' | '〕' | '>' | '}' => {
                depth = depth.saturating_sub(1);
                false
            }
            '*' | ':' => false,
            _ => depth == 0,
        })
        .collect()
}

/// Where each column stands in a file, and what the file calls it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    places: [Option<Place>; Column::COUNT],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    position: usize,
    written: String,
    rank: usize,
}

impl Header {
    /// The header that this line is, or `None` for a title, a note or data: it must name three columns. A name that
    /// stands there twice, equally exact, is reported by [`Header::read`]'s error.
    pub fn read(line: &[Cell]) -> Option<Result<Header, RepeatedColumn>> {
        const ENOUGH: usize = 3;
        let mut header = Header::default();
        let mut repeated = None;
        for (position, cell) in line.iter().enumerate() {
            let written = cell.text();
            if let Some((column, rank)) = Column::named(&written) {
                let clash = header.place(column, position, written, rank);
                repeated = repeated.or(clash);
            }
        }
        if header.places.iter().flatten().count() < ENOUGH {
            return None;
        }
        Some(repeated.map_or(Ok(header), Err))
    }

    /// Keeps the more exact of two names. Two remarks are no harm: the first is kept.
    fn place(&mut self, column: Column, position: usize, written: String, rank: usize) -> Option<RepeatedColumn> {
        let slot = &mut self.places[column as usize];
        match slot {
            Some(held) if held.rank == rank && column != Column::Remark => {
                return Some(RepeatedColumn { written });
            }
            Some(held) if held.rank <= rank => {}
            _ => {
                *slot = Some(Place { position, written, rank });
            }
        }
        None
    }

    pub fn position(&self, column: Column) -> Option<usize> {
        self.places[column as usize].as_ref().map(|place| place.position)
    }

    /// What the file calls the column; the usual name where it has no such column.
    pub fn written(&self, column: Column) -> &str {
        self.places[column as usize].as_ref().map_or(column.usual_name(), |place| &place.written)
    }

    /// The required columns that the file does not have.
    pub fn missing(&self) -> Vec<Column> {
        let absent = |column: &Column| self.position(*column).is_none();
        Column::REQUIRED.into_iter().filter(absent).collect()
    }

    /// Whether a line of data is this header once more, as printed lists repeat it on every page.
    pub fn is_repeated_in(&self, line: &[Cell]) -> bool {
        Column::REQUIRED.into_iter().all(|column| {
            let place = self.places[column as usize].as_ref();
            place.is_some_and(|place| line.get(place.position).is_some_and(|cell| cell.text() == place.written))
        })
    }
}

/// The same name stands over two columns, and it can't be known which is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedColumn {
    pub written: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn line(names: &[&str]) -> Vec<Cell> {
        names.iter().map(|name| Cell::from_text(name)).collect()
    }

    fn header(names: &[&str]) -> Header {
        Header::read(&line(names)).unwrap().unwrap()
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let header = header(&["序号", "手机", "房间号", "姓名", "楼号", "小区"]);
        assert_eq!(header.position(Column::Phones), Some(1));
        assert_eq!(header.position(Column::Room), Some(2));
        assert_eq!(header.position(Column::Project), Some(5));
        assert_eq!(header.position(Column::Section), None);
        assert_eq!(header.written(Column::Room), "房间号");
        assert_eq!(header.missing(), []);
    }

    #[test]
    fn width_spaces_brackets_and_stars_do_not_matter() {
        for written in ["建筑面积(㎡)", "建筑面积（㎡）", "建筑 面积", "* 建筑面积：", "建筑\n面积【平方米】"]
        {
            let header = header(&["项目", "楼栋", written]);
            assert_eq!(header.position(Column::FloorArea), Some(2), "{written}");
        }
    }

    #[test]
    fn the_more_exact_name_wins() {
        let header = header(&["项目", "楼栋", "面积", "建筑面积", "实测面积"]);
        assert_eq!(header.position(Column::FloorArea), Some(3));
    }

    #[test]
    fn the_same_name_twice_is_told() {
        let twice = Header::read(&line(&["项目", "楼栋", "房号", "电话", "电话"]));
        let expected = RepeatedColumn { written: "电话".to_owned() };
        assert_eq!(twice, Some(Err(expected)));
        let remarks = header(&["项目", "楼栋", "房号", "备注", "备注"]);
        assert_eq!(remarks.position(Column::Remark), Some(3));
    }

    #[test]
    fn titles_and_data_are_no_header() {
        for names in
            [&["业主台账(截至 2026 年 10 月 31 日)"][..], &["安居·云庭", "1号楼", "1", "101"], &["项目", "备注"], &[]]
        {
            assert_eq!(Header::read(&line(names)), None, "{names:?}");
        }
    }

    #[test]
    fn missing_columns_are_named() {
        let header = header(&["项目", "楼栋", "房号", "合同号"]);
        assert_eq!(header.missing(), [Column::OwnerNames, Column::Phones]);
    }

    #[test]
    fn a_header_repeated_on_the_next_page_is_recognised() {
        let names = ["项目", "楼栋", "房号", "姓名", "电话"];
        let header = header(&names);
        assert!(header.is_repeated_in(&line(&names)));
        assert!(!header.is_repeated_in(&line(&["云庭", "楼栋", "房号", "姓名", "电话"])));
    }

    #[test]
    fn no_name_means_two_columns_and_all_stands_in_order() {
        let mut seen = HashSet::new();
        for (index, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, index);
            for name in column.names() {
                assert!(seen.insert(*name), "{name} means two columns");
                assert_eq!(Column::named(name).map(|found| found.0), Some(column));
            }
        }
    }
}
