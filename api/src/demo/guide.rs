//! What is printed when the demo is up: who one can be, and lines to paste into a shell.

use std::fmt::Write;

use entity::vocab::Role;

use super::accounts::{Accounts, PASSWORD};

/// The accounts, and what to try, for the API at `http://LISTEN/graphql`.
pub fn guide(accounts: &Accounts, listen: &str) -> String {
    let mut text =
        format!("\nAnju's demo company is served at http://{listen}/graphql (open http://{listen}/ in a browser).\n");
    people(&mut text, accounts);
    lines(&mut text, accounts, listen);
    text.push_str(
        "\nA tour for each client, with what to see: docs/owner-app.md, docs/butler-app.md, docs/partner.md,\n",
    );
    text.push_str("docs/management.md. For whoever writes an app: docs/guide.md.\n");
    let _ = writeln!(text, "\nQuickest of all: open http://{listen}/ in a browser and press Run.");
    text
}

fn people(text: &mut String, accounts: &Accounts) {
    text.push_str("\nOwners sign in by phone; the one-time code is printed in this log:\n");
    for owner in &accounts.owners {
        let _ = writeln!(text, "  {}  {}, {}", owner.phone, owner.name, owner.about);
    }
    let _ = writeln!(text, "\nStaff sign in by login; every password is {PASSWORD}");
    for staff in &accounts.staff {
        let projects = if staff.projects.is_empty() { "-".to_owned() } else { staff.projects.join(", ") };
        let _ = writeln!(
            text,
            "  {:<11} {:<17} {:<7} {} {}",
            staff.login,
            role_name(staff.role),
            projects,
            staff.number,
            staff.name
        );
    }
    text.push_str("\nPartners take a token at /oauth/token with client id and secret:\n");
    for partner in &accounts.partners {
        let _ = writeln!(text, "  {:<11} {}  {}", partner.client_id, partner.client_secret, partner.name);
    }
}

/// As the API calls it.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Ambassador => "AMBASSADOR",
        Role::Technician => "TECHNICIAN",
        Role::ServiceAgent => "SERVICE_AGENT",
        Role::SalesAgent => "SALES_AGENT",
        Role::Manager => "MANAGER",
        Role::GroupSupervisor => "GROUP_SUPERVISOR",
        Role::Auditor => "AUDITOR",
        Role::Admin => "ADMIN",
    }
}

/// A GraphQL call as one line of shell; the query goes into a JSON text, so its own quotes are escaped.
fn call(bearer: Option<&str>, query: &str) -> String {
    let token = bearer.map_or(String::new(), |name| format!(" -H \"authorization: Bearer ${name}\""));
    let query = query.replace('"', "\\\"");
    let headers = "-H 'content-type: application/json' -H 'accept-language: en'";
    format!("curl -s -w '\\n' $API {headers}{token} -d '{{\"query\":\"{query}\"}}'")
}

/// Puts one field of the answer to a call into a shell variable, and shows the answer: it may say what went wrong.
fn keep(variable: &str, field: &str, call: &str) -> String {
    format!("{variable}=$({call} | tee /dev/stderr | sed -E 's/.*\"{field}\":\"([^\"]+)\".*/\\1/')")
}

/// A heading, and the lines under it.
type Step = (&'static str, Vec<String>);

const TICKETS: &str = "query MyTickets { tickets(first: 10, orderBy: CREATED_AT_DESC) { totalCount nodes { number kind status title unit { code } } } }";
const LIVE: &str =
    "subscription { ticketStatusChanged { cursor event { action fromStatus toStatus } ticket { number title } } }";
const HOME: &str = "{ viewer { ... on Owner { units(first: 1) { nodes { unitId: id } } } } }";
const MINE: &str =
    "{ viewer { ... on Owner { unreadBulletinCount openSurveyCount journey { touchpoint { name } status dueOn } } } }";
const FIGURES: &str = "{ figures { key value target isMet numerator denominator } }";
const VOICES: &str = "{ surveyStatistics(groupBy: PROJECT) { total { responseCount satisfactionIndex netPromoterScore } groups { project { name } result { responseCount satisfactionIndex } } } }";
const QUEUE: &str = "{ tickets(first: 10, filter: {open: true}, orderBy: DEADLINE_ASC) { totalCount nodes { number status isOverdue title } } }";
// What stands in a shell variable leaves the single quotes for a moment.
const REPORT: &str = r#"mutation { createTicket(input: {unitId: "'$UNIT'", kind: REPAIR, title: "厨房水龙头漏水"}) { ticket { number status respondDueAt } userErrors { field message } } }"#;
const LECTURES: &str =
    r#"{ lectures(from: "'$FROM'", to: "'$TO'") { totalCount nodes { title startsAt registrationCount capacity } } }"#;

fn lines(text: &mut String, accounts: &Accounts, listen: &str) {
    text.push_str("\nTo try, line by line, in a second terminal:\n");
    let steps = as_owner(accounts, listen).into_iter().chain(as_others(accounts, listen));
    for (number, (what, lines)) in (1..).zip(steps) {
        let _ = writeln!(text, "\n# {number}. {what}");
        for line in lines {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn as_owner(accounts: &Accounts, listen: &str) -> Vec<Step> {
    let phone = accounts.owners.first().map_or("", |owner| owner.phone);
    let request = format!(r#"mutation {{ requestSignInCode(input: {{phone: "{phone}"}}) {{ expiresAt }} }}"#);
    let code = format!(
        r#"mutation {{ signInWithCode(input: {{phone: "{phone}", code: "'$CODE'"}}) {{ session {{ accessToken }} userErrors {{ message }} }} }}"#
    );
    let ask = vec![format!("API=http://{listen}/graphql"), call(None, &request)];
    let answer = vec!["CODE=123456".to_owned(), keep("TOKEN", "accessToken", &call(None, &code))];
    let follow = call(Some("TOKEN"), LIVE).replacen("curl -s", "curl -sN -H 'accept: text/event-stream'", 1);
    let home = keep("UNIT", "unitId", &call(Some("TOKEN"), HOME));
    vec![
        ("Ask for a code as an owner", ask),
        ("Sign in: put the six digits in that the server has printed now, as code=\"…\"", answer),
        ("See your tickets", vec![call(Some("TOKEN"), TICKETS)]),
        ("See your notices, surveys and journey", vec![call(Some("TOKEN"), MINE)]),
        ("Watch them live, in the background", vec![format!("{follow} &")]),
        ("Report something, and see it arrive", vec![home, call(Some("TOKEN"), REPORT)]),
    ]
}

fn sign_in(login: &str) -> String {
    format!(
        r#"mutation {{ signInWithPassword(input: {{login: "{login}", password: "{PASSWORD}"}}) {{ session {{ accessToken }} userErrors {{ message }} }} }}"#
    )
}

fn as_others(accounts: &Accounts, listen: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for (role, variable, what, query) in [
        (Role::Ambassador, "STAFF", "Be the butler of that home: the queue, the most urgent first", QUEUE),
        (Role::Manager, "MANAGER", "Be the manager: this month's figures with their targets", FIGURES),
        (Role::GroupSupervisor, "GROUP", "Be the group's supervisor: what customers said", VOICES),
    ] {
        if let Some(staff) = accounts.staff.iter().find(|staff| staff.role == role) {
            let lines =
                vec![keep(variable, "accessToken", &call(None, &sign_in(staff.login))), call(Some(variable), query)];
            steps.push((what, lines));
        }
    }
    if let Some(partner) = accounts.partners.first() {
        let token = format!(
            "curl -s http://{listen}/oauth/token -u {}:{} -d grant_type=client_credentials",
            partner.client_id, partner.client_secret
        );
        let period = "FROM=$(date -u +%Y-%m-%dT00:00:00Z); TO=$(($(date +%Y) + 1))-12-31T00:00:00Z".to_owned();
        let lines = vec![keep("PARTNER", "access_token", &token), period, call(Some("PARTNER"), LECTURES)];
        steps.push(("Be a partner: the lecture schedule and nothing else", lines));
    }
    steps
}
