//! Made-up ledgers: rows of which it is known what they say and what is wrong with them, and the spellings in which people
//! type them.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::domain::ledger::Problem;

pub(super) const HEADER: [&str; 11] = [
    "项目名称",
    "楼栋",
    "单元",
    "房号",
    "建筑面积（㎡）",
    "业主姓名",
    "证件号码",
    "联系电话",
    "合同编号",
    "签约日期",
    "实际交付日期",
];

/// What is put into a row on purpose.
#[derive(Clone, Debug)]
enum Slip {
    Name,
    NoPhone,
    BadPhone(Index),
    BadDate(Index),
    BadId,
    Area(Index),
    /// One phone too few, where there are co-owners.
    Count,
    Handover,
    Unit(Index),
    Contract(Index),
}

/// One row before it is written down.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    /// Some of few persons, so that many own several homes.
    persons: BTreeSet<usize>,
    area_centi: i64,
    signed: u64,
    handed_over: Option<u64>,
    slip: Option<Slip>,
    /// Chooses the spelling of each cell.
    style: usize,
    /// A line above the row that is no row.
    noise: Option<usize>,
}

pub(super) fn sketches() -> impl Strategy<Value = Vec<Sketch>> {
    let index = any::<Index>;
    let slip = prop_oneof![
        Just(Slip::Name),
        Just(Slip::NoPhone),
        index().prop_map(Slip::BadPhone),
        index().prop_map(Slip::BadDate),
        Just(Slip::BadId),
        index().prop_map(Slip::Area),
        Just(Slip::Count),
        Just(Slip::Handover),
        index().prop_map(Slip::Unit),
        index().prop_map(Slip::Contract),
    ];
    let dates = (0u64..9000, proptest::option::of(0u64..900));
    let noise = proptest::option::weighted(0.2, 0usize..4);
    let row = (
        proptest::collection::btree_set(0usize..12, 1..4),
        1i64..500_000,
        dates,
        proptest::option::weighted(0.4, slip),
        any::<usize>(),
        noise,
    );
    let sketch = row.prop_map(|(persons, area_centi, (signed, handed_over), slip, style, noise)| Sketch {
        persons,
        area_centi,
        signed,
        handed_over,
        slip,
        style,
        noise,
    });
    proptest::collection::vec(sketch, 1..12)
}

/// A ledger as it is typed, and what is true of it.
pub(super) struct Made {
    pub(super) lines: Vec<Vec<String>>,
    pub(super) bad_rows: Vec<(u32, Problem)>,
    /// Rows, good rows; owners, units and contracts of the good rows.
    pub(super) counts: (u64, u64, u64, u64, u64),
}

/// What identifies a row.
#[derive(Clone, Copy)]
struct Keys {
    unit: usize,
    contract: usize,
}

impl Sketch {
    pub(super) fn write(sketches: &[Sketch]) -> Made {
        let mut lines = vec![vec!["业主台账".to_owned()], HEADER.map(str::to_owned).to_vec()];
        let (mut keys, mut bad_rows): (Vec<Keys>, Vec<_>) = (Vec::new(), Vec::new());
        let (mut owners, mut good) = (BTreeSet::new(), 0);
        for (number, sketch) in sketches.iter().enumerate() {
            lines.extend(sketch.noise.map(noise));
            let mut own = Keys { unit: number, contract: number };
            let problem = sketch.slip.as_ref().and_then(|slip| sketch.problem(slip, &keys, &mut own));
            keys.push(own);
            lines.push(sketch.cells(own, problem));
            match problem {
                Some(problem) => bad_rows.push((u32::try_from(lines.len()).unwrap(), problem)),
                None => {
                    owners.extend(sketch.persons.iter().copied());
                    good += 1;
                }
            }
        }
        Made { lines, bad_rows, counts: (sketches.len() as u64, good, owners.len() as u64, good, good) }
    }

    /// What the slip makes of the row, if it is possible here. Repetitions take over the key of an earlier row.
    fn problem(&self, slip: &Slip, earlier: &[Keys], own: &mut Keys) -> Option<Problem> {
        match slip {
            Slip::Name => Some(Problem::NoName),
            Slip::NoPhone => Some(Problem::NoPhone),
            Slip::BadPhone(_) => Some(Problem::BadPhone),
            Slip::BadDate(_) => Some(Problem::BadDate),
            Slip::BadId => Some(Problem::BadId),
            Slip::Area(_) => Some(Problem::NegArea),
            Slip::Count => (self.persons.len() > 1).then_some(Problem::CountMismatch),
            Slip::Handover => Some(Problem::HandoverBeforeSigning),
            Slip::Unit(which) if !earlier.is_empty() => {
                own.unit = which.get(earlier).unit;
                Some(Problem::DupUnit)
            }
            Slip::Contract(which) if !earlier.is_empty() => {
                own.contract = which.get(earlier).contract;
                Some(Problem::DupContract)
            }
            Slip::Unit(_) | Slip::Contract(_) => None,
        }
    }

    fn cells(&self, keys: Keys, problem: Option<Problem>) -> Vec<String> {
        let (building, room) = (keys.unit / 5 + 1, 101 + keys.unit % 5);
        let persons: Vec<usize> = self.persons.iter().copied().collect();
        let mut names: Vec<String> = persons.iter().map(|person| self.name(*person)).collect();
        let mut numbers: Vec<String> = persons.iter().map(|person| number(*person)).collect();
        let mut phones: Vec<String> = persons.iter().map(|person| self.phone(*person)).collect();
        let mut area = self.area();
        let signing = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + Days::new(self.signed);
        let mut signed = self.day(signing, 0);
        let mut handed_over = self.handed_over.map(|days| self.day(signing + Days::new(days), 3)).unwrap_or_default();
        match self.slip.as_ref().filter(|_| problem.is_some()) {
            Some(Slip::Name) => names = vec![" ".to_owned()],
            Some(Slip::NoPhone) => phones = vec!["-".to_owned()],
            Some(Slip::BadPhone(which)) => {
                phones[0] = chosen(which, &["12345", "1380000001", "12812345678", "028-85551234", "138000000012"])
            }
            Some(Slip::BadDate(which)) => {
                signed = chosen(which, &["2024年2月30日", "待定", "24年", "2023.02.29", "2024-13-01"])
            }
            Some(Slip::BadId) => numbers[0] = "110105194912310020".to_owned(),
            Some(Slip::Area(which)) => area = chosen(which, &["-111.56", "0", "－8㎡", "0.00", "-1,234.5"]),
            Some(Slip::Count) => drop(phones.pop()),
            Some(Slip::Handover) => handed_over = self.day(signing - Days::new(1), 3),
            _ => {}
        }
        let numbers = if numbers.iter().all(|number| number == "-") { String::new() } else { self.joined(&numbers) };
        vec![
            "安居·云庭".to_owned(),
            self.pick(1, &["{}号楼", "{}#", "{}栋", "0{}幢", "第{}栋", "{} 座"])
                .replace("{}", &self.width(building, 1)),
            self.pick(2, &["1单元", "一单元", "1", "第1单元"]).to_owned(),
            self.pick(3, &["{}", "0{}", "{}室", "{} 号"]).replace("{}", &self.width(room, 3)),
            area,
            self.joined(&names),
            numbers,
            self.joined(&phones),
            self.pick(5, &["HT-{}", "ht－{}", " HT—{} "]).replace("{}", &format!("{:05}", keys.contract)),
            signed,
            handed_over,
        ]
    }

    fn pick<'a>(&self, salt: usize, styles: &[&'a str]) -> &'a str {
        styles[(self.style >> (salt * 3)) % styles.len()]
    }

    /// A number in half or full width.
    fn width(&self, number: usize, salt: usize) -> String {
        match (self.style >> (salt * 3 + 2)) % 2 {
            0 => number.to_string(),
            _ => wide(&number.to_string()),
        }
    }

    fn joined(&self, parts: &[String]) -> String {
        parts.join(self.pick(7, &["、", ",", "/", " / ", "，", "；", "\n"]))
    }

    fn name(&self, person: usize) -> String {
        let given = ["伟", "芳", "娜", "敏", "静", "强"][person % 6];
        let family = ["张", "欧阳"][person / 6];
        self.pick(8, &["{} ", "{}"]).replace("{}", &format!("{family}{}{given}", self.pick(9, &["", " ", "\u{3000}"])))
    }

    fn phone(&self, person: usize) -> String {
        let digits = phone(person);
        match (self.style >> 30) % 6 {
            0 => digits,
            1 => format!("{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..]),
            2 => format!("+86 {digits}"),
            3 => format!("0086{digits}"),
            4 => format!(" {} {}", &digits[..3], &digits[3..]),
            _ => wide(&digits),
        }
    }

    fn area(&self) -> String {
        let plain = format!("{}.{:02}", self.area_centi / 100, self.area_centi % 100);
        match (self.style >> 33) % 5 {
            0 => plain,
            1 => format!("{plain}㎡"),
            2 => format!("{plain} 平方米"),
            3 => wide(&plain),
            _ => format!("{plain}m2"),
        }
    }

    fn day(&self, day: NaiveDate, salt: usize) -> String {
        let styles =
            ["%Y年%-m月%-d日", "%Y.%m.%d", "%Y-%m-%d", "%Y/%-m/%-d", "%Y%m%d", "%Y/%m/%d 00:00:00", "%Y年%m月%d日"];
        day.format(styles[(self.style >> (36 + salt)) % styles.len()]).to_string()
    }
}

fn chosen(which: &Index, typed: &[&str]) -> String {
    (*which.get(typed)).to_owned()
}

fn wide(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from_u32(0xFF10 + digit).unwrap())).collect()
}

fn phone(person: usize) -> String {
    format!("1380000{person:04}")
}

/// Every third person has no number that is known.
fn number(person: usize) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("11010519800101{:03}", person + 1);
    let sum: u32 = body.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
    let check = "10X98765432".as_bytes()[(sum % 11) as usize] as char;
    if person.is_multiple_of(3) { "-".to_owned() } else { format!("{body}{check}") }
}

/// Lines that no one would take for a unit.
fn noise(which: usize) -> Vec<String> {
    let cells: &[&str] = [&["", " ", ""][..], &["合计", "", "", "12 户"], &["1号楼小计："], &HEADER[..]][which];
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}
