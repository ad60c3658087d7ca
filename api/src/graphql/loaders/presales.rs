//! Batches of what lies before and at the signing.

use entity::{
    clause_acknowledgement, contract, contract_clause, disclosure, owner, publication_review, show_home_deviation,
};

use super::*;

batches! {
    /// What was said about a publication, in all versions.
    ReviewsOfPublication => Vec<publication_review::Model> = store::publication::reviews;
    /// What a project has on show.
    DisclosuresOfProject => Vec<disclosure::Model> = store::disclosure::of_projects;
    /// Where the show homes of a project deviate.
    DeviationsOfProject => Vec<show_home_deviation::Model> = store::disclosure::deviations;
    /// A disclosure.
    DisclosureOf => disclosure::Model = store::disclosure::by_ids;
    /// A contract.
    ContractOf => contract::Model = store::contract::by_ids;
    /// The key clauses of a contract.
    ClausesOfContract => Vec<contract_clause::Model> = store::contract::clauses;
    /// The buyers of a contract.
    BuyersOfContract => Vec<owner::Model> = store::contract::buyers;
    /// Who has acknowledged a clause.
    AcknowledgementsOfClause => Vec<clause_acknowledgement::Model> = store::contract::acknowledgements;
    /// Whether the viewer's projects know an owner as nothing but a potential customer.
    IsStranger => bool = store::prospect::strangers;
}
