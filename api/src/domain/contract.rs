//! What must be so before a contract is signed (T2.1): each buyer has acknowledged each key clause.

use uuid::Uuid;

/// The clauses that buyers have not acknowledged, as (clause, buyer), in the order of the clauses. Acknowledgements are
/// (clause, buyer) too; those of others than the buyers count for nothing.
pub fn unacknowledged(clauses: &[Uuid], buyers: &[Uuid], acknowledged: &[(Uuid, Uuid)]) -> Vec<(Uuid, Uuid)> {
    let all = clauses.iter().flat_map(|clause| buyers.iter().map(|buyer| (*clause, *buyer)));
    all.filter(|pair| !acknowledged.contains(pair)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(count: u128, from: u128) -> Vec<Uuid> {
        (from..from + count).map(Uuid::from_u128).collect()
    }

    #[test]
    fn each_buyer_acknowledges_each_clause() {
        let (clauses, buyers) = (ids(2, 1), ids(2, 10));
        let pair = |clause: usize, buyer: usize| (clauses[clause], buyers[buyer]);
        assert_eq!(unacknowledged(&clauses, &buyers, &[]), [pair(0, 0), pair(0, 1), pair(1, 0), pair(1, 1)]);
        assert_eq!(unacknowledged(&clauses, &buyers, &[pair(0, 0), pair(1, 1)]), [pair(0, 1), pair(1, 0)]);
        let stranger = (clauses[0], Uuid::from_u128(99));
        assert_eq!(unacknowledged(&clauses[..1], &buyers[..1], &[stranger]), [pair(0, 0)]);
    }

    proptest! {
        #[test]
        fn what_is_open_and_what_is_acknowledged_are_all(clauses in 0_u128..6, buyers in 0_u128..4, seen: u64) {
            let (clauses, buyers) = (ids(clauses, 1), ids(buyers, 100));
            let all: Vec<_> = clauses.iter().flat_map(|c| buyers.iter().map(|b| (*c, *b))).collect();
            let done: Vec<_> = all.iter().enumerate().filter(|(at, _)| seen >> at & 1 == 1).map(|(_, it)| *it).collect();
            let open = unacknowledged(&clauses, &buyers, &done);
            prop_assert_eq!(open.len() + done.len(), all.len());
            prop_assert!(open.iter().all(|pair| !done.contains(pair)));
        }
    }
}
