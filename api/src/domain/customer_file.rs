//! What a customer's file must hold and what it lacks (S1). Which documents a stage asks for is a table, not a rule.

use entity::vocab::DocumentKind;

/// The required documents that are not in the file, in the order of the requirement.
pub fn missing(required: &[DocumentKind], filed: &[DocumentKind]) -> Vec<DocumentKind> {
    required.iter().filter(|kind| !filed.contains(kind)).copied().collect()
}

#[cfg(test)]
mod tests {
    use DocumentKind::{HandoverForm, IdentityDocument, PaymentReceipt, PurchaseContract};
    use proptest::{prelude::*, sample::subsequence};

    use super::*;

    #[test]
    fn what_is_required_and_not_filed_is_missing() {
        let required = [IdentityDocument, PurchaseContract, PaymentReceipt];
        for (filed, lacking) in [
            (vec![], required.to_vec()),
            (vec![PurchaseContract], vec![IdentityDocument, PaymentReceipt]),
            (vec![HandoverForm, PurchaseContract, PurchaseContract], vec![IdentityDocument, PaymentReceipt]),
            (required.to_vec(), vec![]),
        ] {
            assert_eq!(missing(&required, &filed), lacking, "{filed:?}");
        }
        assert_eq!(missing(&[], &[HandoverForm]), []);
    }

    proptest! {
        #[test]
        fn filing_what_is_missing_completes_the_file(
            required in subsequence(DocumentKind::ALL.to_vec(), 0..9),
            mut filed in subsequence(DocumentKind::ALL.to_vec(), 0..9),
        ) {
            let lacking = missing(&required, &filed);
            prop_assert!(lacking.iter().all(|kind| required.contains(kind) && !filed.contains(kind)));
            filed.extend(lacking);
            prop_assert_eq!(missing(&required, &filed), []);
        }
    }
}
