//! The schema as client developers meet it: the committed SDL is the served one, every element says what it is for, names
//! follow one rule, and the apps' documents validate. What the fields answer is tested under their nouns.

use std::{env, fs, path::PathBuf};

use anju::graphql::{
    document::{Limits, Validator, check},
    schema::{SchemaOptions, builder, sdl},
};
use async_graphql::{
    Positioned, Variables,
    parser::{
        parse_schema,
        types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};

use crate::harness::documents::Documents;

/// Bounds of a period, which say an instant or a day without the ending.
const BOUNDS: &[&str] = &["from", "to", "since", "createdFrom", "createdTo"];

fn types() -> Vec<TypeDefinition> {
    let document = parse_schema(sdl()).unwrap();
    let definitions = document.definitions.into_iter();
    let types = definitions.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    types.collect()
}

fn fields(definition: &TypeDefinition) -> &[Positioned<FieldDefinition>] {
    match &definition.kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        TypeKind::Scalar | TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::InputObject(_) => &[],
    }
}

fn field<'a>(definition: &'a TypeDefinition, name: &str) -> Option<&'a FieldDefinition> {
    fields(definition).iter().map(|field| &field.node).find(|field| field.name.node == name)
}

/// Every value that goes in: arguments and the fields of inputs, with the place where they stand.
fn inputs(types: &[TypeDefinition]) -> Vec<(String, InputValueDefinition)> {
    let mut found = Vec::new();
    for definition in types {
        let name = &definition.name.node;
        for field in fields(definition) {
            let place = format!("{name}.{}", field.node.name.node);
            found.extend(field.node.arguments.iter().map(|argument| (place.clone(), argument.node.clone())));
        }
        if let TypeKind::InputObject(input) = &definition.kind {
            found.extend(input.fields.iter().map(|field| (name.to_string(), field.node.clone())));
        }
    }
    found
}

fn is_text(description: Option<&Positioned<String>>) -> bool {
    description.is_some_and(|text| text.node.trim().len() >= 4)
}

#[test]
fn the_committed_sdl_is_the_one_that_is_served() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, sdl()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(committed == sdl(), "schema.graphql is stale: run the tests with UPDATE_SNAPSHOTS=1");
}

#[test]
fn every_element_says_what_it_is_for() {
    let types = types();
    let mut silent = Vec::new();
    for definition in &types {
        let name = &definition.name.node;
        if !is_text(definition.description.as_ref()) {
            silent.push(name.to_string());
        }
        for field in fields(definition).iter().filter(|field| !is_text(field.node.description.as_ref())) {
            silent.push(format!("{name}.{}", field.node.name.node));
        }
        if let TypeKind::Enum(list) = &definition.kind {
            let values = list.values.iter().filter(|value| !is_text(value.node.description.as_ref()));
            silent.extend(values.map(|value| format!("{name}.{}", value.node.value.node)));
        }
    }
    let values = inputs(&types).into_iter().filter(|(_, value)| !is_text(value.description.as_ref()));
    silent.extend(values.map(|(place, value)| format!("{place}({})", value.name.node)));
    assert!(silent.is_empty(), "without a description: {silent:#?}");
}

#[test]
fn a_mutation_takes_one_input_and_answers_its_payload() {
    let types = types();
    let mutations = types.iter().find(|definition| definition.name.node == "Mutation").unwrap();
    for mutation in fields(mutations).iter().map(|field| &field.node) {
        let name = capitalised(&mutation.name.node);
        let arguments: Vec<String> =
            mutation.arguments.iter().map(|it| format!("{}: {}", it.node.name.node, it.node.ty.node)).collect();
        // The session that ends is the one of the token: there is nothing to say.
        if name == "SignOut" {
            assert!(arguments.is_empty());
        } else {
            assert_eq!(arguments, [format!("input: {name}Input!")]);
        }
        assert_eq!(mutation.ty.node.to_string(), format!("{name}Payload!"));
        let payload = types.iter().find(|it| it.name.node == format!("{name}Payload")).unwrap();
        let errors = field(payload, "userErrors").unwrap_or_else(|| panic!("{name} answers no userErrors"));
        assert_eq!(errors.ty.node.to_string(), "[UserError!]!", "{name}");
        let rest = fields(payload).iter().filter(|field| field.node.name.node != "userErrors");
        for field in rest {
            assert!(field.node.ty.node.nullable, "{name}.{} is there when the call was refused", field.node.name.node);
        }
    }
}

fn capitalised(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

#[test]
fn connections_have_the_shape_that_relay_expects() {
    let types = types();
    let mut connections = 0;
    for definition in &types {
        if let Some(node) = definition.name.node.strip_suffix("Connection") {
            connections += 1;
            let type_of = |name| field(definition, name).map(|field| field.ty.node.to_string()).unwrap();
            assert_eq!(type_of("edges"), format!("[{node}Edge!]!"));
            assert_eq!(type_of("nodes"), format!("[{node}!]!"));
            assert_eq!(type_of("pageInfo"), "PageInfo!");
            let edge = types.iter().find(|it| it.name.node == format!("{node}Edge")).unwrap();
            assert_eq!(field(edge, "cursor").unwrap().ty.node.to_string(), "String!");
            assert_eq!(field(edge, "node").unwrap().ty.node.to_string(), format!("{node}!"));
        }
        for field in fields(definition).iter().map(|field| &field.node) {
            if field.ty.node.to_string().trim_end_matches('!').ends_with("Connection") {
                let arguments: Vec<&str> = field.arguments.iter().map(|it| it.node.name.node.as_str()).collect();
                let expected = ["first", "after", "last", "before"];
                assert!(expected.iter().all(|name| arguments.contains(name)), "{}", field.name.node);
            }
        }
    }
    assert!(connections >= 4, "the lists went missing");
}

#[test]
fn whatever_has_a_global_id_is_a_node() {
    for definition in types() {
        let TypeKind::Object(object) = &definition.kind else { continue };
        let is_node = object.implements.iter().any(|interface| interface.node == "Node");
        let id = field(&definition, "id").map(|field| field.ty.node.to_string());
        assert_eq!(id.as_deref(), is_node.then_some("ID!"), "{}", definition.name.node);
    }
}

#[test]
fn names_tell_instants_days_and_money() {
    let types = types();
    let mut values: Vec<(String, String, String)> = inputs(&types)
        .into_iter()
        .map(|(place, value)| (place, value.name.node.to_string(), value.ty.node.to_string()))
        .collect();
    for definition in &types {
        let place = definition.name.node.to_string();
        let described = fields(definition).iter().map(|field| &field.node);
        values.extend(described.map(|it| (place.clone(), it.name.node.to_string(), it.ty.node.to_string())));
    }
    for (place, name, ty) in values.iter().filter(|(_, name, _)| !BOUNDS.contains(&name.as_str())) {
        let bare = ty.trim_end_matches('!');
        assert_eq!(bare == "DateTime", name.ends_with("At"), "{place}.{name}: {ty}");
        assert_eq!(bare == "Date", name.ends_with("On"), "{place}.{name}: {ty}");
        assert!(!name.ends_with("Cents") || bare == "Int", "{place}.{name}: {ty}");
        let words = name.to_lowercase().replace("feed", "");
        let mentions_money = ["price", "cost", "amount", "fee"].iter().any(|word| words.contains(word));
        assert!(!mentions_money || name.ends_with("Cents"), "{place}.{name} is money");
    }
}

#[test]
fn enum_values_are_capitals() {
    for definition in types() {
        let TypeKind::Enum(list) = &definition.kind else { continue };
        for value in list.values.iter().map(|value| &value.node.value.node) {
            assert!(
                value.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'),
                "{value}"
            );
        }
    }
}

#[test]
fn the_apps_documents_validate() {
    let validator = Validator::new(builder(SchemaOptions::default())).unwrap();
    for documents in [Documents::owner(), Documents::butler(), Documents::partner()] {
        for name in documents.names() {
            let problems = problems(&validator, &documents.operation(name));
            assert!(problems.is_empty(), "{name}: {problems:#?}");
        }
    }
}

/// What the limits and the schema say to a document, whatever its variables will be.
fn problems(validator: &Validator, document: &str) -> Vec<String> {
    let checked = match check(document, None, &Variables::default(), &Limits::default()) {
        Ok(checked) => checked,
        Err(refused) => return vec![refused.message],
    };
    let errors = validator.validate(&checked).err().unwrap_or_default();
    let is_about_the_document = |error: &async_graphql::ServerError| {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        code == Some(&"GRAPHQL_VALIDATION_FAILED".into())
    };
    errors.into_iter().filter(is_about_the_document).map(|error| error.message).collect()
}
