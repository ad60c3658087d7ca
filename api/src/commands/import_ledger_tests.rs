//! The command from its arguments to its exit code and its report.

use clap::Parser;
use std::path::PathBuf;

use super::*;
use crate::config::{Cli, Command, ImportCommand};
use crate::import::samples;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    async fn run(&self, file: &Path, options: &[&str]) -> Result<ExitCode, StartError> {
        self.run_reporting(file, options, "report.json").await
    }

    async fn run_reporting(&self, file: &Path, options: &[&str], report: &str) -> Result<ExitCode, StartError> {
        let url = format!("sqlite://{}", self.path("anju.db").display());
        let report = self.path(report);
        let mut words = vec!["anju", "import", "ledger", file.to_str().unwrap(), "--database-url", &url];
        words.extend(["--report", report.to_str().unwrap()]);
        words.extend(options);
        let Command::Import { what: ImportCommand::Ledger(args) } = Cli::try_parse_from(words).unwrap().command else {
            panic!("another command")
        };
        run(args).await
    }

    fn report(&self) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path("report.json")).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn bad_rows_refuse_the_ledger_and_skipping_them_loads_it() {
    let place = Place::new();
    assert_eq!(place.run(&samples::real_ledger(), &[]).await.unwrap(), ExitCode::FAILURE);
    let refused = place.report();
    assert_eq!(place.run(&samples::real_ledger(), &["--dry-run"]).await.unwrap(), ExitCode::FAILURE);
    assert_eq!(place.run(&samples::real_ledger(), &["--skip-bad-rows"]).await.unwrap(), ExitCode::SUCCESS);
    let loaded = place.report();
    assert_eq!(loaded, refused);
    let expected = samples::expected_report();
    for key in ["data_rows", "good_rows", "owners"] {
        assert_eq!(loaded[key], expected[key], "{key}");
    }
    assert_eq!(loaded["bad_rows"].as_array().unwrap().len(), expected["bad_rows"].as_array().unwrap().len());
    assert!(!place.path("report.json.partial").exists());
}

#[tokio::test]
async fn a_text_named_as_a_workbook_is_told_in_one_line_and_leaves_nothing_behind() {
    let place = Place::new();
    let file = place.path("ledger.xlsx");
    fs::write(&file, "项目,楼栋,房号,姓名,手机号\n").unwrap();
    let message = place.run(&file, &[]).await.unwrap_err().to_string();
    assert!(message.starts_with("ledger.xlsx: is named as a workbook but holds plain text"), "{message}");
    assert!(!message.contains('\n'), "{message}");
    let message = place.run(&file, &["--language", "zh"]).await.unwrap_err().to_string();
    assert!(message.starts_with("ledger.xlsx：名为工作簿，内容却是纯文本"), "{message}");
    assert!(!place.path("report.json").exists() && !place.path("anju.db").exists());
}

#[tokio::test]
async fn a_report_that_cannot_be_written_is_told_before_anything_is() {
    let place = Place::new();
    let refused = place.run_reporting(&samples::real_ledger(), &["--skip-bad-rows"], "missing/report.json").await;
    let message = refused.unwrap_err().to_string();
    assert!(
        message.starts_with("the report ") && message.contains("missing/report.json can't be written: "),
        "{message}"
    );
    let refused = place.run_reporting(&samples::real_ledger(), &["--language", "zh"], "missing/report.json").await;
    let message = refused.unwrap_err().to_string();
    assert!(message.starts_with("报告 ") && message.contains("missing/report.json 无法写入："), "{message}");
    assert!(!place.path("anju.db").exists());
}

#[tokio::test]
async fn a_ledger_that_breaks_off_leaves_no_report() {
    let place = Place::new();
    let file = place.path("ledger.csv");
    fs::write(&file, "项目,楼栋,房号,姓名,手机号\n云庭,1,101,\"张三").unwrap();
    let message = place.run(&file, &[]).await.unwrap_err().to_string();
    assert!(message.ends_with("close or remove the mark; nothing was written"), "{message}");
    let message = place.run(&file, &["--language", "zh"]).await.unwrap_err().to_string();
    assert_eq!(message, "ledger.csv：第 2 行以引号开头的文字没有结尾；请补上或删除引号；未写入任何内容");
    assert!(!place.path("report.json").exists() && !place.path("report.json.partial").exists());
}

#[test]
fn the_last_line_says_what_became_of_it() {
    let report = Report { data_rows: 1, good_rows: 1, ..Report::default() };
    let imported = Imported { report, changes: None };
    assert!(verdict(&imported, Options { dry_run: true, skip_bad_rows: false }, Language::En).starts_with("dry run"));
    let written = Imported { changes: Some(Default::default()), ..imported };
    assert_eq!(verdict(&written, Options::default(), Language::En), "written: nothing: all of it is known already");
    assert_eq!(verdict(&written, Options::default(), Language::Zh), "未写入任何内容：全部内容均已存在");
}

#[tokio::test]
async fn the_report_is_in_the_language_that_is_asked_for() {
    let place = Place::new();
    place.run(&samples::real_ledger(), &["--dry-run"]).await.unwrap();
    let english = place.report();
    place.run(&samples::real_ledger(), &["--dry-run", "--language", "zh"]).await.unwrap();
    let chinese = place.report();
    let messages = |report: &serde_json::Value| -> Vec<String> {
        let rows = report["bad_rows"].as_array().unwrap();
        rows.iter().map(|row| row["message"].as_str().unwrap().to_owned()).collect()
    };
    assert!(messages(&english).contains(&"the phone is missing".to_owned()), "{english}");
    assert!(messages(&chinese).contains(&"缺少联系电话".to_owned()), "{chinese}");
    let is_chinese = |text: &String| text.chars().any(|letter| matches!(letter, '\u{4e00}'..='\u{9fff}'));
    assert!(messages(&chinese).iter().all(is_chinese), "{chinese}");
}
