//! What is nobody's home: halls, lifts and roofs of a building, and the grounds around the buildings. Tickets about them
//! are filed under one unit a building that stands for all of it, and the grounds are a building of their own. Lists of
//! homes leave these units out.

/// The room of the unit that stands for a building's public areas. No ledger can name it: wide brackets in a ledger are
/// read as narrow ones.
pub const ROOM: &str = "（公共区域）";

/// The building that stands for a project's grounds.
pub const GROUNDS: &str = "（园区）";

/// What people call the public areas of a building, or of the grounds.
pub fn code(building: &str) -> String {
    let place = if building == GROUNDS { "园区" } else { building };
    format!("{place}公共区域")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::place;

    #[test]
    fn s8_no_ledger_names_a_public_area() {
        assert_ne!(place::room(ROOM), ROOM);
        assert_ne!(place::building(GROUNDS), GROUNDS);
    }

    #[test]
    fn people_read_where_it_is() {
        assert_eq!(code("3号楼"), "3号楼公共区域");
        assert_eq!(code(GROUNDS), "园区公共区域");
    }
}
