//! What only the database can tell about a row that is good in itself. The same check runs before anything is written
//! and again within the transaction, and both must agree.

use std::collections::HashMap;

use entity::{contract, unit};
use uuid::Uuid;

use super::company::{Ambassador, Company};
use crate::{
    domain::{
        ledger::{BadRow, Column, LedgerRow, Outcome, Problem},
        message::ImportText,
    },
    error::Result,
    import::Ledger,
    store::{self, ledger::Source},
};

/// Knows what the file calls the columns it may complain about.
pub(super) struct Checker {
    ambassador: String,
    contract: String,
}

impl Checker {
    pub(super) fn new(ledger: &Ledger) -> Self {
        let name = |column| ledger.column_name(column).to_owned();
        Self { ambassador: name(Column::AmbassadorNumber), contract: name(Column::ContractNumber) }
    }

    /// The outcomes, with the rows that the company contradicts among the bad ones.
    pub(super) async fn judge(
        &self,
        conn: &impl Source,
        company: &Company,
        outcomes: Vec<Outcome>,
    ) -> Result<Vec<Outcome>> {
        let holders = Holders::load(conn, &outcomes).await?;
        let judge = |outcome| match outcome {
            Outcome::Good(row) => match self.fault(company, &holders, &row) {
                None => Outcome::Good(row),
                Some(bad) => Outcome::Bad(bad),
            },
            bad => bad,
        };
        Ok(outcomes.into_iter().map(judge).collect())
    }

    fn fault(&self, company: &Company, holders: &Holders, row: &LedgerRow) -> Option<BadRow> {
        if let Some(message) = ambassador_fault(company, row) {
            let (column, problem) = (self.ambassador.clone(), Problem::UnknownAmbassador);
            return Some(BadRow { row: row.row, column, problem, message });
        }
        let holder = holders.unit_of(row.contract_number.as_deref()?)?;
        if company.is_at(holder, row) {
            return None;
        }
        let message = ImportText::LedgerContractOfAnother { unit: holder.code.clone() };
        Some(BadRow { row: row.row, column: self.contract.clone(), problem: Problem::DupContract, message })
    }
}

/// An unknown number is no fault: it is of somebody whom the company has not entered yet.
fn ambassador_fault(company: &Company, row: &LedgerRow) -> Option<ImportText> {
    let number = row.ambassador_number.as_deref()?;
    match company.ambassador(number) {
        Ambassador::Unknown | Ambassador::Active(_) => None,
        Ambassador::OtherRole => Some(ImportText::LedgerNoAmbassador { number: number.to_owned() }),
        Ambassador::Left => Some(ImportText::LedgerAmbassadorLeft { number: number.to_owned() }),
    }
}

/// Which units hold the contract numbers of some rows already.
struct Holders {
    contracts: HashMap<String, contract::Model>,
    units: HashMap<Uuid, unit::Model>,
}

impl Holders {
    async fn load(conn: &impl Source, outcomes: &[Outcome]) -> Result<Self> {
        let number = |outcome: &'_ Outcome| match outcome {
            Outcome::Good(row) => row.contract_number.clone(),
            Outcome::Bad(_) => None,
        };
        let numbers: Vec<String> = outcomes.iter().filter_map(number).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let contracts = store::ledger::contracts_by_number(conn, &numbers).await?;
        let ids: Vec<Uuid> = contracts.iter().map(|contract| contract.unit_id).collect();
        let units = store::ledger::units(conn, &ids).await?;
        Ok(Self {
            contracts: contracts.into_iter().map(|contract| (contract.number.clone(), contract)).collect(),
            units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
        })
    }

    fn unit_of(&self, number: &str) -> Option<&unit::Model> {
        self.units.get(&self.contracts.get(number)?.unit_id)
    }
}
