//! What customers read about a milestone of construction. Who is told, and that it happens once, is not decided here.

use chrono::{Days, NaiveDate};
use entity::vocab::MilestoneKind;

/// How long after a milestone customers are looked for whom it missed.
pub const LOOK_BACK: Days = Days::new(90);

/// A milestone as customers call it.
pub fn name(kind: MilestoneKind) -> &'static str {
    match kind {
        MilestoneKind::SampleAreaOpen => "样板示范区开放",
        MilestoneKind::StructureToppedOut => "主体结构封顶",
        MilestoneKind::ExteriorFinished => "外装修工程竣工",
        MilestoneKind::InteriorAndMepFinished => "内装修及机电安装工程竣工",
        MilestoneKind::MunicipalWorksFinished => "市政配套竣工",
        MilestoneKind::LandscapeFinished => "外围园林竣工",
        MilestoneKind::CompletionAccepted => "整体竣工验收通过",
        MilestoneKind::PropertyTakeoverAccepted => "物业接管验收通过",
        MilestoneKind::UtilitiesConnected => "各项市政管线接驳贯通",
        MilestoneKind::HandoverSampleOpen => "收楼样板区开放",
    }
}

/// Headline and text of the bulletin. `place` is the project, or the project and the building.
pub fn notice(kind: MilestoneKind, place: &str, reached_on: NaiveDate, note: Option<&str>) -> (String, String) {
    let name = name(kind);
    let day = reached_on.format("%Y年%-m月%-d日");
    let mut body = format!("尊敬的客户：{place}已于{day}达成工程节点“{name}”，特此告知。");
    if let Some(note) = note {
        body.push('\n');
        body.push_str(note);
    }
    (format!("工程进展：{name}"), body)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_of_the_ten_has_a_name_of_its_own() {
        let names: BTreeSet<_> = MilestoneKind::ALL.iter().map(|kind| name(*kind)).collect();
        assert_eq!(names.len(), 10);
    }

    #[test]
    fn the_notice_says_what_where_and_when() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
        let (title, body) = notice(MilestoneKind::StructureToppedOut, "安居·云庭 1号楼", day, Some("感谢您的支持。"));
        assert_eq!(title, "工程进展：主体结构封顶");
        assert_eq!(
            body,
            "尊敬的客户：安居·云庭 1号楼已于2026年8月1日达成工程节点“主体结构封顶”，特此告知。\n感谢您的支持。"
        );
    }
}
