//! A call of every root field that the document check lets through, so that only rights can stand in its way. The calls
//! are made from the schema itself: whatever an input demands gets a value of its type that leads to nothing.

use std::collections::HashMap;

use async_graphql::parser::{
    parse_schema,
    types::{
        BaseType, FieldDefinition, InputValueDefinition, SchemaDefinition, ServiceDocument, Type, TypeKind,
        TypeSystemDefinition,
    },
};
use uuid::Uuid;

/// Types by their names.
type Types = HashMap<String, TypeKind>;

/// The root fields of queries and mutations, each with a document that calls it.
pub fn calls(sdl: &str) -> Vec<(String, String)> {
    let document = parse_schema(sdl).unwrap();
    let (roots, types) = (roots(&document), types(&document));
    let mut calls = Vec::new();
    for (root, operation) in [(&roots.query, "query"), (&roots.mutation, "mutation")] {
        let Some(TypeKind::Object(object)) = types.get(root.as_ref().unwrap().node.as_str()) else {
            panic!("a root is an object");
        };
        for field in &object.fields {
            let document = format!("{operation} {{ {} }}", call(&types, &field.node));
            calls.push((field.node.name.node.to_string(), document));
        }
    }
    calls
}

fn roots(document: &ServiceDocument) -> SchemaDefinition {
    let found = document.definitions.iter().find_map(|definition| match definition {
        TypeSystemDefinition::Schema(schema) => Some(schema.node.clone()),
        _ => None,
    });
    found.unwrap()
}

fn types(document: &ServiceDocument) -> Types {
    let named = |definition: &TypeSystemDefinition| match definition {
        TypeSystemDefinition::Type(found) => Some((found.node.name.node.to_string(), found.node.kind.clone())),
        _ => None,
    };
    document.definitions.iter().filter_map(named).collect()
}

fn call(types: &Types, field: &FieldDefinition) -> String {
    let arguments = given(types, field.arguments.iter().map(|argument| &argument.node));
    let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
    let has_fields = matches!(
        types.get(name_of(&field.ty.node)),
        Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_))
    );
    let selection = if has_fields { " { __typename }" } else { "" };
    format!("{}{arguments}{selection}", field.name.node)
}

/// What is demanded, with values.
fn given<'a>(types: &Types, inputs: impl Iterator<Item = &'a InputValueDefinition>) -> String {
    let demanded = inputs.filter(|input| !input.ty.node.nullable && input.default_value.is_none());
    let values = demanded.map(|input| format!("{}: {}", input.name.node, value(types, &input.ty.node)));
    values.collect::<Vec<_>>().join(", ")
}

fn value(types: &Types, ty: &Type) -> String {
    let name = match &ty.base {
        BaseType::List(item) => return format!("[{}]", value(types, item)),
        BaseType::Named(name) => name.as_str(),
    };
    match (name, types.get(name)) {
        (_, Some(TypeKind::Enum(list))) => list.values[0].node.value.node.to_string(),
        (_, Some(TypeKind::InputObject(input))) => {
            // Of an input that takes one of its fields, the first.
            let is_one_of = input.fields.iter().all(|field| field.node.ty.node.nullable);
            let first = &input.fields[0].node;
            match is_one_of {
                true => format!("{{{}: {}}}", first.name.node, value(types, &first.ty.node)),
                false => format!("{{{}}}", given(types, input.fields.iter().map(|field| &field.node))),
            }
        }
        ("ID", _) => format!("\"{}\"", anju::graphql::id::Kind::Ticket.encode(Uuid::nil())),
        ("Int" | "Float", _) => "1".into(),
        ("Boolean", _) => "true".into(),
        ("DateTime", _) => "\"2026-12-01T00:00:00Z\"".into(),
        ("Date", _) => "\"2026-12-01\"".into(),
        _ => "\"x\"".into(),
    }
}

fn name_of(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => name_of(item),
    }
}
