//! What `anju import` is told.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{DatabaseArgs, KeyArgs};
use crate::language::Language;

#[derive(Subcommand, Debug)]
pub enum ImportCommand {
    /// Load an owner ledger (业主台账): units, owners, contracts and ambassadors. A second run of the same file changes nothing.
    Ledger(ImportTableArgs),
    /// Load the tickets of another system, with how they came to where they stand. A second run of the same file changes nothing, and nobody is told.
    Tickets(ImportTableArgs),
    /// Load a roster: staff with roles, projects and telephones. Somebody new can sign in once a password is set.
    Staff(ImportTableArgs),
}

#[derive(Args, Clone, Debug)]
pub struct ImportTableArgs {
    /// The workbook (.xlsx) or table (.csv).
    pub file: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub keys: KeyArgs,
    /// Check the file and say what would happen, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Load the good rows even if some are bad. Without it one bad row refuses the file.
    #[arg(long)]
    pub skip_bad_rows: bool,
    /// In which language the report, the summary and what is wrong with the file are told.
    #[arg(long, env = "ANJU_LANGUAGE", value_enum, default_value = "en")]
    pub language: ReportLanguage,
    /// Write the report as JSON to this file; without it, to standard output.
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ReportLanguage {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<ReportLanguage> for Language {
    fn from(language: ReportLanguage) -> Self {
        match language {
            ReportLanguage::Zh => Self::Zh,
            ReportLanguage::En => Self::En,
        }
    }
}
