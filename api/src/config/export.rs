//! What `anju export` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DatabaseArgs, KeyArgs, import::ReportLanguage};
use crate::{domain::figure::Month, export::Format, service::export::Subject};

#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// What to export.
    #[arg(value_enum)]
    pub table: ExportTable,
    /// The file to write, ending in .csv or .xlsx; `-` for standard output. It appears when it is whole, and takes the place of one that is there.
    pub file: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub keys: KeyArgs,
    /// Only what is of the project with this code; without it, of the whole company.
    #[arg(long, value_name = "CODE")]
    pub project: Option<String>,
    /// Of figures, the first month; the twelve last ones when none is given.
    #[arg(long, value_name = "YYYY-MM", value_parser = read_month)]
    pub from_month: Option<Month>,
    /// Of figures, the last month.
    #[arg(long, value_name = "YYYY-MM", value_parser = read_month)]
    pub to_month: Option<Month>,
    /// The kind of file, where its name does not say it.
    #[arg(long, value_enum)]
    pub format: Option<ExportFormat>,
    /// In which language the table is headed and worded. In English the closed lists stand as the API's own names.
    #[arg(long, env = "ANJU_LANGUAGE", value_enum, default_value = "zh")]
    pub language: ReportLanguage,
}

/// The tables that there are.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportTable {
    /// 工单
    Tickets,
    /// 满意度调查
    Surveys,
    /// 指标
    Figures,
    /// 业主台账
    OwnerLedger,
    /// 保修台账
    WarrantyLedger,
}

impl From<ExportTable> for Subject {
    fn from(table: ExportTable) -> Self {
        match table {
            ExportTable::Tickets => Self::Tickets,
            ExportTable::Surveys => Self::Surveys,
            ExportTable::Figures => Self::Figures,
            ExportTable::OwnerLedger => Self::OwnerLedger,
            ExportTable::WarrantyLedger => Self::WarrantyLedger,
        }
    }
}

/// The kinds of files that there are.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv,
            ExportFormat::Xlsx => Self::Xlsx,
        }
    }
}

fn read_month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "a month is written as 2026-11".to_owned())
}
