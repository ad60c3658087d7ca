//! What of activities, calendar links and standard answers exists for whom.

/// The names of it, beside what is one's own.
pub fn visible(who: &str) -> &'static str {
    match who {
        "zhang" | "li" | "wang" => "activity:YT article:all",
        "zhao" => "activity:HP article:all",
        "technician.a" | "technician.a2" | "ambassador.a2" => "activity:YT article:YT article:all",
        "technician.b" => "activity:HP article:all",
        // A visitor's seat and words, for the household's ambassador.
        "ambassador.a" => "activity:YT article:YT article:all registration:zhang opinion:zhang",
        "ambassador.b" => "activity:HP article:all registration:zhao opinion:zhao",
        // Whoever plans lectures chooses among all partners.
        "agent.a" | "manager.a" => {
            "activity:YT article:YT article:all draft-article:YT registration:zhang opinion:zhang \
             partner:partner-1 partner:partner-2"
        }
        "sales.a" => {
            "activity:YT article:YT article:all registration:zhang opinion:zhang partner:partner-1 partner:partner-2"
        }
        "agent.b" => "activity:HP article:all registration:zhao opinion:zhao partner:partner-1 partner:partner-2",
        "admin" => "activity:YT activity:HP article:YT article:all draft-article:YT",
        // Partners know lectures, and no other activity; supervisors and auditors see everything.
        _ => "",
    }
}
