//! Variables against the types an operation declares for them, before anything runs. The executor looks at a variable only
//! when a resolver reads it, which is too late to refuse the request.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    BaseType, ConstDirective, OperationDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::parser::{self, parse_schema};
use async_graphql::{Name, Positioned, Value, Variables};

use super::Refused;

type ScalarCheck = fn(&Value) -> bool;

/// The schema's input types, read from its SDL.
#[derive(Clone, Debug, Default)]
pub struct InputTypes {
    scalars: HashMap<String, ScalarCheck>,
    enums: HashMap<String, HashSet<Name>>,
    objects: HashMap<String, InputObject>,
}

#[derive(Clone, Debug)]
struct InputObject {
    is_one_of: bool,
    fields: HashMap<Name, InputField>,
}

#[derive(Clone, Debug)]
struct InputField {
    ty: Type,
    has_default: bool,
}

impl InputTypes {
    pub fn from_sdl(sdl: &str) -> Result<Self, parser::Error> {
        let mut types = Self::default();
        types.read(parse_schema(sdl)?);
        for (name, check) in BUILT_IN {
            types.scalars.insert((*name).to_owned(), *check);
        }
        Ok(types)
    }

    /// Says which values a scalar of the schema's own takes; without this it takes any.
    #[must_use]
    pub fn with_scalar(mut self, name: &str, check: ScalarCheck) -> Self {
        self.scalars.insert(name.to_owned(), check);
        self
    }

    fn read(&mut self, document: ServiceDocument) {
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::Enum(kind) => {
                    let values = kind.values.into_iter().map(|value| value.node.value.node);
                    self.enums.insert(name, values.collect());
                }
                TypeKind::InputObject(kind) => {
                    let is_one_of = has_one_of(&definition.node.directives);
                    let fields = kind.fields.into_iter().map(|field| {
                        let field = field.node;
                        let has_default = field.default_value.is_some();
                        let ty = field.ty.node;
                        (field.name.node, InputField { ty, has_default })
                    });
                    let fields = fields.collect();
                    self.objects.insert(name, InputObject { is_one_of, fields });
                }
                _ => {}
            }
        }
    }

    /// The first problem of each variable, if any. Values are never repeated in a message: they may be personal.
    pub fn check(&self, operation: &OperationDefinition, variables: &Variables) -> Vec<Refused> {
        let mut problems = Vec::new();
        for definition in &operation.variable_definitions {
            let node = &definition.node;
            let name = &node.name.node;
            let ty = &node.var_type.node;
            let problem = match variables.get(name) {
                Some(value) => self.problem(ty, value, name),
                None if ty.nullable || node.default_value.is_some() => None,
                None => Some(format!("of required type \"{ty}\" was not provided")),
            };
            if let Some(problem) = problem {
                let message = format!("Variable \"${name}\" {problem}.");
                problems.push(Refused::new("BAD_USER_INPUT", message, Some(definition.pos)));
            }
        }
        problems
    }

    fn problem(&self, ty: &Type, value: &Value, path: &str) -> Option<String> {
        if *value == Value::Null {
            return (!ty.nullable).then(|| format!("must not be null at \"{path}\""));
        }
        match (&ty.base, value) {
            (BaseType::List(inner), Value::List(items)) => {
                items.iter().enumerate().find_map(|(index, item)| self.problem(inner, item, &format!("{path}.{index}")))
            }
            (BaseType::List(inner), single) => self.problem(inner, single, path),
            (BaseType::Named(name), value) => self.named_problem(name, value, path),
        }
    }

    fn named_problem(&self, name: &str, value: &Value, path: &str) -> Option<String> {
        if let Some(object) = self.objects.get(name) {
            return self.object_problem(name, object, value, path);
        }
        let fits = if let Some(values) = self.enums.get(name) {
            match value {
                Value::String(text) => values.contains(text.as_str()),
                Value::Enum(text) => values.contains(text),
                _ => false,
            }
        } else {
            self.scalars.get(name).is_none_or(|check| check(value))
        };
        (!fits).then(|| format!("expects a value of type \"{name}\" at \"{path}\""))
    }

    fn object_problem(&self, name: &str, object: &InputObject, value: &Value, path: &str) -> Option<String> {
        let Value::Object(given) = value else {
            return Some(format!("expects an object of type \"{name}\" at \"{path}\""));
        };
        if given.keys().any(|key| !object.fields.contains_key(key)) {
            return Some(format!("has a field unknown to type \"{name}\" at \"{path}\""));
        }
        if object.is_one_of && (given.len() != 1 || given.values().any(|v| *v == Value::Null)) {
            return Some(format!("needs exactly one field of type \"{name}\" at \"{path}\""));
        }
        object.fields.iter().find_map(|(key, field)| {
            let path = format!("{path}.{key}");
            match given.get(key) {
                Some(value) => self.problem(&field.ty, value, &path),
                None if field.ty.nullable || field.has_default => None,
                None => Some(format!("lacks the required \"{path}\"")),
            }
        })
    }
}

fn has_one_of(directives: &[Positioned<ConstDirective>]) -> bool {
    directives.iter().any(|directive| directive.node.name.node == "oneOf")
}

const BUILT_IN: &[(&str, ScalarCheck)] = &[
    ("Int", |value| match value {
        Value::Number(number) => number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
        _ => false,
    }),
    ("Float", |value| matches!(value, Value::Number(_))),
    ("String", |value| matches!(value, Value::String(_))),
    ("Boolean", |value| matches!(value, Value::Boolean(_))),
    ("ID", |value| match value {
        Value::String(_) => true,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        _ => false,
    }),
];
