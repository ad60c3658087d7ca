//! Surveys: a call of each root field, and who finds which of them.

/// What each household is asked, and what its project's staff see.
const ASKED_YT: &str = "survey:YT template:service question:service";
const ASKED_HP: &str = "survey:HP template:service question:service";
const SEEN_YT: &str = "survey:YT invitation:YT-101 invitation:YT-102 task:YT template:service question:service";
const SEEN_HP: &str = "survey:HP invitation:HP-101 task:HP template:service question:service";

/// The names of what exists for a principal; the group's people see everything anyhow.
pub fn visible(who: &str) -> Vec<&'static str> {
    let parts = match who {
        // Of two owners the first is asked.
        "zhang" => vec![ASKED_YT, "invitation:YT-101"],
        "wang" => vec![ASKED_YT, "invitation:YT-102"],
        "zhao" => vec![ASKED_HP, "invitation:HP-101"],
        "agent.a" | "manager.a" => vec![SEEN_YT],
        "agent.b" => vec![SEEN_HP],
        // Surveys of the property's service are no matter of sales; questionnaires are everybody's in the projects.
        "sales.a" | "admin" => vec!["template:service question:service"],
        _ => Vec::new(),
    };
    parts.into_iter().flat_map(str::split_whitespace).collect()
}
