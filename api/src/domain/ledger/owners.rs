//! The owners of one unit: names, identity numbers and phones stand in three cells, co-owners in the same order.

use super::cell::{Cell, compact, fold, quote};
use super::column::Column;
use super::problem::{Fault, Problem};
use super::row::RawRow;
use super::{LedgerOwner, document};
use crate::domain::{message::ImportText, phone};

const LONGEST_NAME: usize = 60;

/// A number cell holds 15 digits exactly; of a longer number the last ones are lost.
const EXACT_DIGITS: f64 = 1e15;

/// The owners in the order of the file. A blank identity cell means that nobody's number is known; a phone is needed
/// from each.
pub fn parse(row: &RawRow) -> Result<Vec<LedgerOwner>, Fault> {
    let names = names(row.cell(Column::OwnerNames))?;
    if row.cell(Column::Phones).is_blank() {
        return Err(no_phone(ImportText::LedgerNoPhone));
    }
    let phones = paired(row, Column::Phones, names.len())?;
    let numbers = match row.cell(Column::IdentityNumbers).is_blank() {
        true => vec![String::new(); names.len()],
        false => paired(row, Column::IdentityNumbers, names.len())?,
    };
    let numbered_as_float = matches!(row.cell(Column::IdentityNumbers), Cell::Number(n) if *n >= EXACT_DIGITS);
    let mut owners: Vec<LedgerOwner> = Vec::with_capacity(names.len());
    for ((name, number), phone) in names.into_iter().zip(numbers).zip(phones) {
        let phone = owner_phone(&phone)?;
        let identity_number = owner_number(&number, numbered_as_float)?;
        add(&mut owners, LedgerOwner { name, identity_number, phone })?;
    }
    Ok(owners)
}

fn names(cell: &Cell) -> Result<Vec<String>, Fault> {
    let missing = || Fault::new(Column::OwnerNames, Problem::NoName, ImportText::LedgerNoName);
    if cell.is_blank() {
        return Err(missing());
    }
    let names: Vec<String> =
        split(&cell.text()).iter().map(|part| name(part)).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(missing());
    }
    match names.iter().find(|name| name.chars().count() > LONGEST_NAME) {
        None => Ok(names),
        Some(long) => {
            let message = ImportText::LedgerNameTooLong { found: quote(long), longest: LONGEST_NAME.into() };
            Err(Fault::new(Column::OwnerNames, Problem::TooLong, message))
        }
    }
}

/// Two-character names are often typed with a space between to line up with longer ones; a space between Latin words
/// belongs to the name.
pub fn name(text: &str) -> String {
    let words = fold(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let chinese = words.iter().all(|word| !word.chars().any(|c| c.is_ascii_alphabetic()));
    words.join(if chinese { "" } else { " " })
}

/// The parts of a cell, one for each name. Where separators stand in excess (`甲、乙、`), the empty parts between them
/// are no parts.
fn paired(row: &RawRow, column: Column, expected: usize) -> Result<Vec<String>, Fault> {
    let mut parts = split(&row.cell(column).text());
    if parts.len() > expected {
        parts.retain(|part| !part.is_empty());
    }
    if parts.len() == expected {
        return Ok(parts);
    }
    let (count, expected) = (parts.len().into(), expected.into());
    let message = match column {
        Column::Phones => ImportText::LedgerPhonesUnpaired { count, expected },
        _ => ImportText::LedgerNumbersUnpaired { count, expected },
    };
    Err(Fault::new(column, Problem::CountMismatch, message))
}

fn split(text: &str) -> Vec<String> {
    text.split(['、', ',', '/', ';', '|', '\n']).map(|part| part.trim().to_owned()).collect()
}

/// An empty part, or a mark such as `-` that stands for an unknown number.
fn is_nothing(part: &str) -> bool {
    Cell::from_text(part).is_blank()
}

fn owner_phone(typed: &str) -> Result<String, Fault> {
    if is_nothing(typed) {
        return Err(no_phone(ImportText::LedgerNoPhoneOfOne));
    }
    phone::normalize(typed).ok_or_else(|| {
        let message = ImportText::LedgerBadPhone { found: quote(typed) };
        Fault::new(Column::Phones, Problem::BadPhone, message)
    })
}

fn no_phone(message: ImportText) -> Fault {
    Fault::new(Column::Phones, Problem::NoPhone, message)
}

fn owner_number(typed: &str, digits_lost: bool) -> Result<Option<String>, Fault> {
    let bad = |message: ImportText| Err(Fault::new(Column::IdentityNumbers, Problem::BadId, message));
    if is_nothing(typed) {
        return Ok(None);
    }
    if digits_lost {
        return bad(ImportText::LedgerDigitsLost);
    }
    match document::normalize(typed) {
        Some(number) => Ok(Some(number)),
        None => bad(what_is_wrong(typed)),
    }
}

fn what_is_wrong(typed: &str) -> ImportText {
    let found = quote(typed);
    match compact(typed).chars().count() {
        18 => ImportText::LedgerNumberWrong { found },
        length => ImportText::LedgerNumberLength { found, length: length.into() },
    }
}

/// A person written twice in one cell is one owner; one number under two names is a slip.
fn add(owners: &mut Vec<LedgerOwner>, owner: LedgerOwner) -> Result<(), Fault> {
    if owners.contains(&owner) {
        return Ok(());
    }
    let taken =
        owner.identity_number.is_some() && owners.iter().any(|held| held.identity_number == owner.identity_number);
    if taken {
        return Err(Fault::new(Column::IdentityNumbers, Problem::BadId, ImportText::LedgerNumberTwice));
    }
    owners.push(owner);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FIRST: &str = "11010519491231002X";
    const SECOND: &str = "110105200010132779";

    fn parsed(names: &str, numbers: &str, phones: &str) -> Result<Vec<LedgerOwner>, Fault> {
        let mut row = RawRow::empty(3);
        row.set(Column::OwnerNames, Cell::from_text(names));
        row.set(Column::IdentityNumbers, Cell::from_text(numbers));
        row.set(Column::Phones, Cell::from_text(phones));
        parse(&row)
    }

    fn problem(names: &str, numbers: &str, phones: &str) -> (Column, Problem) {
        let fault = parsed(names, numbers, phones).unwrap_err();
        (fault.column, fault.problem)
    }

    #[test]
    fn co_owners_pair_up_whatever_separates_them() {
        for separator in ["、", ",", "/", "，", "；", ";", "\n", "\r\n", " / "] {
            let join = |first: &str, second: &str| format!("{first}{separator}{second}");
            let owners =
                parsed(&join("张三", "李四"), &join(FIRST, SECOND), &join("138-0000-0001", "+86 13800000002")).unwrap();
            assert_eq!(owners.len(), 2, "{separator:?}");
            assert_eq!((owners[0].name.as_str(), owners[0].phone.as_str()), ("张三", "13800000001"));
            assert_eq!(owners[1].identity_number.as_deref(), Some(SECOND));
            assert_eq!(owners[1].phone, "13800000002");
        }
    }

    #[test]
    fn each_slip_has_its_problem() {
        use Problem::*;
        let phones = Column::Phones;
        let numbers = Column::IdentityNumbers;
        let one = "13800000001";
        for (typed, expected) in [
            (["  ", FIRST, one], (Column::OwnerNames, NoName)),
            (["、", FIRST, one], (Column::OwnerNames, NoName)),
            (["张三", FIRST, ""], (phones, NoPhone)),
            (["张三、李四", "", ""], (phones, NoPhone)),
            (["张三", FIRST, "无"], (phones, NoPhone)),
            (["张三、李四", "", "13800000001、"], (phones, NoPhone)),
            (["张三、李四", "", one], (phones, CountMismatch)),
            (["张三", "", "13800000001/13800000002"], (phones, CountMismatch)),
            (["张三、李四", FIRST, "13800000001、13800000002"], (numbers, CountMismatch)),
            (["张三", FIRST, "1380000000"], (phones, BadPhone)),
            (["张三", FIRST, "0755-8888888"], (phones, BadPhone)),
            (["张三", "110105194912310020", one], (numbers, BadId)),
            (["张三、李四", "11010519491231002X、11010519491231002X", "13800000001、13800000002"], (numbers, BadId)),
        ] {
            let [names, ids, phones] = typed;
            assert_eq!(problem(names, ids, phones), expected, "{typed:?}");
        }
        assert_eq!(problem(&"长".repeat(61), "", one), (Column::OwnerNames, TooLong));
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        assert_eq!(parsed("张三", "", "13800000001").unwrap()[0].identity_number, None);
        let owners = parsed("张三、李四", &format!("、{SECOND}"), "13800000001、13800000002").unwrap();
        assert_eq!(owners[0].identity_number, None);
        assert_eq!(owners[1].identity_number.as_deref(), Some(SECOND));
    }

    #[test]
    fn a_person_written_twice_is_one_owner_and_a_couple_may_share_a_phone() {
        let twice = parsed("张三、张三", &format!("{FIRST}、{FIRST}"), "13800000001、13800000001").unwrap();
        assert_eq!(twice.len(), 1);
        let couple = parsed("张三、李四", &format!("{FIRST}、{SECOND}"), "13800000001、13800000001").unwrap();
        assert_eq!(couple.len(), 2);
    }

    #[test]
    fn excess_separators_are_forgiven() {
        assert_eq!(parsed("张三、", &format!("{FIRST}、"), "、13800000001").unwrap().len(), 1);
    }

    #[test]
    fn numbers_in_number_cells() {
        let mut row = RawRow::empty(3);
        row.set(Column::OwnerNames, Cell::from_text("张三"));
        row.set(Column::Phones, Cell::Number(13_800_000_001.0));
        assert_eq!(parse(&row).unwrap()[0].phone, "13800000001");
        row.set(Column::IdentityNumbers, Cell::Number(110_105_200_010_132_779.0));
        let fault = parse(&row).unwrap_err();
        assert_eq!(fault.problem, Problem::BadId);
        assert_eq!(fault.message, ImportText::LedgerDigitsLost);
    }

    #[test]
    fn a_name_has_one_spelling() {
        for (typed, expected) in
            [("王 芳", "王芳"), ("王　芳", "王芳"), (" John  Smith ", "John Smith"), ("古丽·买买提", "古丽·买买提")]
        {
            assert_eq!(name(typed), expected);
        }
    }

    #[test]
    fn messages_hold_no_whole_number() {
        for (numbers, phones) in [("110105194912310020", "13800000001"), (FIRST, "138000000012"), ("", "1380000 0001x")]
        {
            let message = format!("{:?}", parsed("张三", numbers, phones).unwrap_err().message);
            assert!(!message.contains("110105194912310020") && !message.contains("1380000"), "{message}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_a_panic(names in "\\PC*", numbers in "\\PC*", phones in "\\PC*") {
            if let Ok(owners) = parsed(&names, &numbers, &phones) {
                prop_assert!(!owners.is_empty());
            }
        }

        #[test]
        fn a_name_stays_itself(text in "\\PC*") {
            prop_assert_eq!(name(&name(&text)), name(&text));
        }
    }
}
