//! The product's section on who sees what, written down a second time as names of things. It knows nothing of the
//! code that decides.

mod activities;

use std::collections::BTreeSet;

use super::{objects::Objects, work};

/// The project, its schedule and the colleagues: what everyone who works for it sees.
const AT_YT: &str = "project:YT lecture:partner-1 draft:partner-1 partner:partner-1 staff:ambassador.a \
    staff:ambassador.a2 staff:technician.a staff:technician.a2 staff:agent.a staff:sales.a staff:manager.a \
    publication:YT disclosure:YT";
const AT_HP: &str = "project:HP lecture:partner-2 draft:partner-2 partner:partner-2 staff:ambassador.b \
    staff:technician.b staff:agent.b publication:HP disclosure:HP";

/// Homes with what belongs to them.
const HOME_101: &str = "building:YT unit:YT-101 contract:YT-101 warranty:YT-101 handover:YT-101 slot:YT";
const HOME_102: &str = "building:YT unit:YT-102 contract:YT-102 warranty:YT-102 slot:YT";
const HOME_HP: &str = "building:HP unit:HP-101 contract:HP-101 warranty:HP-101 handover:HP-101 slot:HP";

/// Tickets with what hangs on them.
const TICKET_101: &str = "ticket:YT-101 event:YT-101 attachment:YT-101 ticket:complaint event:complaint";
const TICKET_102: &str = "ticket:YT-102 event:YT-102 attachment:YT-102";
const TICKET_SALES: &str = "ticket:sales event:sales attachment:sales";
const TICKET_HP: &str = "ticket:HP-101 event:HP-101 attachment:HP-101";

const LECTURES: &str = "lecture:partner-1 lecture:partner-2 partner:partner-1 partner:partner-2";

/// What owners see of their project: the schedule, who gives the lectures, and what is on show.
const OWN_YT: &str = "project:YT lecture:partner-1 partner:partner-1 publication:YT disclosure:YT";
const OWN_HP: &str = "project:HP lecture:partner-2 partner:partner-2 publication:HP disclosure:HP";

/// What its agents and managers see besides: a draft, a deviation without a notice, somebody who is about to buy.
const DESK_YT: &str =
    "script:YT deviation:YT prospect:YT owner:sun unit:YT-103 contract:sun clause:sun appointment:sun";
const DESK_HP: &str = "prospect:HP owner:qian";

/// What exists for administrators: the company, and no customer.
const OF_THE_COMPANY: &[&str] = &[
    "project:",
    "building:",
    "staff:",
    "lecture:",
    "draft:",
    "partner:",
    "template:",
    "question:",
    "contractor:",
    "audit:company",
    "publication:",
    "script:",
    "disclosure:",
    "deviation:",
];

/// Everyone who can sign in.
pub const PRINCIPALS: &[&str] = &[
    "zhang",
    "li",
    "wang",
    "zhao",
    "ambassador.a",
    "ambassador.a2",
    "ambassador.b",
    "technician.a",
    "technician.a2",
    "technician.b",
    "agent.a",
    "agent.b",
    "sales.a",
    "manager.a",
    "supervisor",
    "auditor",
    "admin",
    "partner-1",
    "partner-2",
];

/// The names of what exists for a principal.
pub fn visible(who: &str, objects: &Objects) -> BTreeSet<String> {
    let parts: Vec<&str> = match who {
        // Own file, homes and contracts, tickets of the homes; the published lectures of the project; the ambassador,
        // and of the other staff whoever worked on the tickets. No co-owner, no neighbour.
        "zhang" | "li" => vec![HOME_101, TICKET_101, OWN_YT, "staff:ambassador.a staff:agent.a staff:technician.a"],
        "wang" => vec![HOME_102, TICKET_102, TICKET_SALES, OWN_YT, "staff:ambassador.a2 staff:agent.a"],
        "zhao" => vec![HOME_HP, TICKET_HP, OWN_HP, "staff:ambassador.b staff:agent.b staff:technician.b"],
        // The households assigned now: homes, owners, tickets, contacts.
        "ambassador.a" => vec![AT_YT, HOME_101, TICKET_101, "owner:zhang owner:li document:zhang interaction:YT-101"],
        "ambassador.a2" => vec![AT_YT, HOME_102, TICKET_102, TICKET_SALES, "owner:wang interaction:YT-102"],
        "ambassador.b" => vec![AT_HP, HOME_HP, TICKET_HP, "owner:zhao document:zhao interaction:HP-101"],
        // Assigned tickets with address and contact; neither contract nor warranty nor contacts.
        "technician.a" => vec![AT_YT, TICKET_101, "building:YT unit:YT-101 owner:zhang owner:li"],
        "technician.a2" => vec![AT_YT],
        "technician.b" => vec![AT_HP, TICKET_HP, "building:HP unit:HP-101 owner:zhao"],
        // The whole of the own project; outside customer service only the tickets of the own department.
        "agent.a" | "manager.a" => vec![
            AT_YT,
            DESK_YT,
            HOME_101,
            HOME_102,
            TICKET_101,
            TICKET_102,
            TICKET_SALES,
            "owner:zhang owner:li owner:wang document:zhang interaction:YT-101 interaction:YT-102",
        ],
        "agent.b" => vec![AT_HP, DESK_HP, HOME_HP, TICKET_HP, "owner:zhao document:zhao interaction:HP-101"],
        "sales.a" => vec![
            AT_YT,
            DESK_YT,
            HOME_101,
            HOME_102,
            TICKET_SALES,
            "owner:zhang owner:li owner:wang document:zhang interaction:YT-101 interaction:YT-102",
        ],
        "admin" => {
            let starts = || OF_THE_COMPANY.iter().chain(&work::OF_THE_COMPANY);
            return with_own(who, all(objects, |name| starts().any(|start| name.starts_with(start))));
        }
        "supervisor" | "auditor" => {
            let private = ["device:", "waiting:", "feed:", "notification:", "endpoint:"];
            return with_own(who, all(objects, |name| !private.iter().any(|own| name.starts_with(own))));
        }
        "partner-1" | "partner-2" => vec![LECTURES, "project:YT project:HP"],
        other => panic!("nobody said what {other} sees"),
    };
    let parts = [parts, vec![work::visible(who)]].concat();
    with_own(who, parts.iter().flat_map(|part| part.split_whitespace()).map(str::to_owned).collect())
}

fn all(objects: &Objects, keep: impl Fn(&str) -> bool) -> BTreeSet<String> {
    objects.all.iter().map(|(name, _)| name.clone()).filter(|name| keep(name)).collect()
}

/// What the property company learns and looks after.
const UPKEEP_YT: &str =
    "plan:YT point:YT round:YT finding:YT area:YT ticket:area-YT event:area-YT incident:YT analysis:complaint";
const UPKEEP_HP: &str = "plan:HP point:HP round:HP finding:HP area:HP ticket:area-HP event:area-HP incident:HP";
const TRAININGS_YT: &str = "training:ambassador.a training:ambassador.a2 training:technician.a training:technician.a2 \
    training:agent.a training:sales.a training:manager.a";
const TRAININGS_ELSEWHERE: &str = "training:ambassador.b training:technician.b training:agent.b training:supervisor \
    training:auditor training:admin";

/// Rounds, incidents, analyses and trainings: for customer service of the own project. A public area has an address for
/// all who work for the project. Plans and trainings are settings; trainings are one's own and one's manager's.
fn upkeep(who: &str) -> Vec<&'static str> {
    match who {
        "agent.a" => vec![UPKEEP_YT],
        "manager.a" => vec![UPKEEP_YT, TRAININGS_YT],
        "agent.b" => vec![UPKEEP_HP],
        "sales.a" => vec!["area:YT"],
        "ambassador.a" => vec!["analysis:complaint"],
        "admin" => vec!["plan:YT point:YT plan:HP point:HP", TRAININGS_YT, TRAININGS_ELSEWHERE],
        _ => Vec::new(),
    }
}

/// Oneself with the own trainings, one's file, the devices, links and waiting pictures that nobody else sees, and what
/// one did as a visitor.
fn with_own(who: &str, mut names: BTreeSet<String>) -> BTreeSet<String> {
    names.extend(activities::visible(who).split_whitespace().map(str::to_owned));
    let own = ["owner", "device", "waiting", "document", "registration", "opinion", "feed", "training", "notification"];
    names.extend(own.map(|kind| format!("{kind}:{who}")));
    names.extend(super::notices::visible(who).split_whitespace().map(str::to_owned));
    names.extend(upkeep(who).iter().flat_map(|part| part.split_whitespace()).map(str::to_owned));
    // The service standard is no secret to customers and staff; partners have no business with it.
    if !who.starts_with("partner-") {
        names.insert("touchpoint:T1.1".to_owned());
    }
    names.extend(super::surveys::visible(who).into_iter().map(str::to_owned));
    names
}
