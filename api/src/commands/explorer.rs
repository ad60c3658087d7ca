//! What the demo's explorer page begins with: who one can be there without signing in, and the three apps' documents with
//! variables that run. Only the demo has such a page; everybody in it is made up.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::token_for;
use crate::{
    config::WhoArgs,
    demo::{self, Accounts},
    http::Explorer,
    service::Services,
};

/// The documents as the apps send them, by the name of the app.
const DOCUMENTS: [(&str, &str); 3] = [
    ("owner", include_str!("../../../tests/clients/owner.graphql")),
    ("butler", include_str!("../../../tests/clients/butler.graphql")),
    ("partner", include_str!("../../../tests/clients/partner.graphql")),
];

/// For each app: the variables of its operations, with `{names}` in them for what `lookup` finds, and where it finds that.
const EXAMPLES: &str = include_str!("explorer.json");

/// One whom the page's visitor can be.
struct Person {
    /// What the page asks for a token with.
    key: String,
    title: String,
    app: &'static str,
    who: WhoArgs,
}

/// The page, for the demo's company.
pub fn explorer(services: &Services) -> Explorer {
    let people = Arc::new(people(&demo::accounts()));
    let start = start(&people);
    let services = services.clone();
    let admit = move |key: String| {
        let (people, services) = (people.clone(), services.clone());
        async move {
            let person = people.iter().find(|person| person.key == key)?;
            token_for(&services, &person.who).await.ok()
        }
        .boxed()
    };
    Explorer::new(&start, Arc::new(admit))
}

fn people(accounts: &Accounts) -> Vec<Person> {
    let nobody = WhoArgs { owner: None, staff: None, partner: None };
    let owners = accounts.owners.iter().map(|owner| Person {
        key: format!("owner {}", owner.phone),
        title: format!("{}: {}", owner.name, owner.about),
        app: "owner",
        who: WhoArgs { owner: Some(owner.phone.to_owned()), ..nobody.clone() },
    });
    let staff = accounts.staff.iter().map(|staff| Person {
        key: format!("staff {}", staff.login),
        title: format!("{}: {} ({})", staff.name, demo::role_name(staff.role), staff.login),
        app: "butler",
        who: WhoArgs { staff: Some(staff.login.to_owned()), ..nobody.clone() },
    });
    let partners = accounts.partners.iter().map(|partner| Person {
        key: format!("partner {}", partner.client_id),
        title: partner.name.to_owned(),
        app: "partner",
        who: WhoArgs { partner: Some(partner.client_id.to_owned()), ..nobody.clone() },
    });
    owners.chain(staff).chain(partners).collect()
}

fn start(people: &[Person]) -> Value {
    let people: Vec<Value> =
        people.iter().map(|person| json!({ "key": person.key, "title": person.title, "app": person.app })).collect();
    let mut apps: Value = serde_json::from_str(EXAMPLES).expect("the examples are JSON");
    for (app, documents) in DOCUMENTS {
        apps[app]["documents"] = documents.into();
    }
    json!({ "people": people, "apps": apps })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{parse_query, types::DocumentOperations};

    use super::*;

    #[test]
    fn every_operation_that_needs_variables_has_some() {
        let start = start(&people(&demo::accounts()));
        for (app, documents) in DOCUMENTS {
            let document = parse_query(documents).unwrap();
            let DocumentOperations::Multiple(operations) = &document.operations else { panic!("{app}") };
            let variables = start["apps"][app]["variables"].as_object().unwrap();
            for (name, operation) in operations {
                let needed = operation.node.variable_definitions.iter().filter(|it| !it.node.var_type.node.nullable);
                for variable in needed.map(|it| it.node.name.node.as_str()) {
                    assert!(variables.get(name.as_str()).is_some_and(|given| given.get(variable).is_some()), "{name}");
                }
            }
            for name in variables.keys() {
                assert!(operations.contains_key(name.as_str()), "{app} has no operation {name}");
            }
            let is_somebodys = start["people"].as_array().unwrap().iter().any(|person| person["app"] == app);
            assert!(is_somebodys, "nobody uses the {app} app");
        }
    }
}
