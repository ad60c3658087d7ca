//! GraphQL parameters out of a JSON body, a query string or a socket's message. A wrong type is refused here; what the text of
//! the document means is not looked at.

use actix_web::web::Query;
use async_graphql::Variables;
use serde_json::{Map, Value};

use crate::graphql::backend::GraphqlRequest;

/// What is wrong with the parameters, in words for the client's developer.
pub(super) type Problem = String;

pub(super) fn from_body(body: &[u8]) -> Result<GraphqlRequest, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|_| "The body is not JSON.".to_owned())?;
    match value {
        Value::Object(map) => from_map(map),
        Value::Array(_) => Err("Batches are not served: send one operation a request.".to_owned()),
        _ => Err("The body must be a JSON object.".to_owned()),
    }
}

pub(super) fn from_query_string(text: &str) -> Result<GraphqlRequest, Problem> {
    let pairs =
        Query::<Vec<(String, String)>>::from_query(text).map_err(|_| "The query string can't be read.".to_owned())?;
    let mut map = Map::new();
    for (name, text) in pairs.into_inner() {
        let value = match name.as_str() {
            "query" | "operationName" => Value::String(text),
            "variables" | "extensions" if text.is_empty() => Value::Null,
            "variables" | "extensions" => {
                serde_json::from_str(&text).map_err(|_| format!("Parameter \"{name}\" is not JSON."))?
            }
            _ => continue,
        };
        if map.insert(name.clone(), value).is_some() {
            return Err(format!("Parameter \"{name}\" is given twice."));
        }
    }
    from_map(map)
}

pub(super) fn from_map(mut map: Map<String, Value>) -> Result<GraphqlRequest, Problem> {
    let extensions = object(&mut map, "extensions")?.unwrap_or_default();
    let query = match string(&mut map, "query")? {
        Some(query) => query,
        // A persisted query is known by its hash.
        None if extensions.contains_key("persistedQuery") => String::new(),
        None => return Err("Parameter \"query\" is missing.".to_owned()),
    };
    let variables = object(&mut map, "variables")?.unwrap_or_default();
    Ok(GraphqlRequest {
        query,
        operation_name: string(&mut map, "operationName")?,
        variables: Variables::from_json(Value::Object(variables)),
        extensions,
        address: None,
        language: None,
        is_viewer_fresh: false,
    })
}

fn string(map: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("Parameter \"{name}\" must be a string.")),
    }
}

fn object(map: &mut Map<String, Value>, name: &str) -> Result<Option<Map<String, Value>>, Problem> {
    match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(format!("Parameter \"{name}\" must be an object.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_types_are_refused_and_nulls_are_absent() {
        let good = [
            r#"{"query":"{a}"}"#,
            r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#,
            r#"{"query":"{a}","variables":{"x":[1]},"unknown":1}"#,
            r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#,
        ];
        for body in good {
            assert!(from_body(body.as_bytes()).is_ok(), "{body}");
        }
        let bad = [
            "",
            "nonsense",
            "null",
            "1",
            "[]",
            r#"[{"query":"{a}"}]"#,
            "{}",
            r#"{"query":null}"#,
            r#"{"query":1}"#,
            r#"{"query":["{a}"]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","variables":[1]}"#,
            r#"{"query":"{a}","operationName":1}"#,
            r#"{"query":"{a}","extensions":0}"#,
        ];
        for body in bad {
            assert!(from_body(body.as_bytes()).is_err(), "{body}");
        }
        assert!(from_body(b"{\"query\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_query_string_carries_its_objects_as_json() {
        let request = from_query_string("query=%7Ba%7D&variables=%7B%22x%22%3A1%7D").unwrap();
        assert_eq!(request.query, "{a}");
        assert_eq!(serde_json::to_string(&request.variables).unwrap(), r#"{"x":1}"#);
        for bad in ["", "variables={}", "query=a&variables=x", "query=a&variables=1", "query=a&query=b"] {
            assert!(from_query_string(bad).is_err(), "{bad}");
        }
    }
}
