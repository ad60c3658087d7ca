//! A client as an app is one: it posts documents with a token and reads the answer.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::documents::Documents;

/// Talks to one server as one principal, who reads English.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    pub url: String,
    pub token: Option<String>,
}

fn http(accept_language: Option<&str>) -> reqwest::Client {
    let wish = accept_language.map(|wish| (header::ACCEPT_LANGUAGE, wish.parse().unwrap()));
    // No test speaks TLS, and reading the machine's certificates takes longer than most tests.
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    client.default_headers(wish.into_iter().collect()).build().unwrap()
}

impl Client {
    pub fn new(url: &str, token: Option<String>) -> Self {
        Self { http: http(Some("en")), url: url.to_owned(), token }
    }

    /// The same client with another wish for its language, or none.
    pub fn reading(&self, accept_language: Option<&str>) -> Self {
        Self { http: http(accept_language), ..self.clone() }
    }

    /// The same client over another server.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// Posts a document; the whole answer, with its status.
    pub async fn post(&self, query: &str, variables: Value) -> (StatusCode, Value) {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self.http.post(format!("{}/graphql", self.url)).json(&body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.header(header::ACCEPT, "application/graphql-response+json").send().await.unwrap();
        let status = response.status();
        (status, response.json().await.unwrap())
    }

    /// Posts a document that must be answered without top-level errors; its data.
    pub async fn run(&self, query: &str, variables: Value) -> Value {
        let (_, answer) = self.post(query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}\n{query}");
        answer["data"].clone()
    }

    /// Posts a document that must be refused; the code of its first error.
    pub async fn refused(&self, query: &str, variables: Value) -> String {
        let (_, answer) = self.post(query, variables).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("not refused: {answer:#}")).to_owned()
    }

    /// Runs an operation of the owner app.
    pub async fn owner_app(&self, operation: &str, variables: Value) -> Value {
        self.run(&Documents::owner().operation(operation), variables).await
    }

    /// Runs an operation of the butler app.
    pub async fn butler_app(&self, operation: &str, variables: Value) -> Value {
        self.run(&Documents::butler().operation(operation), variables).await
    }

    /// Runs a mutation of an app that must be carried out; the payload's object.
    pub async fn done(&self, documents: &Documents, operation: &str, input: Value) -> Value {
        let data = self.run(&documents.operation(operation), json!({ "input": input })).await;
        let (_, payload) = data.as_object().unwrap().iter().next().unwrap();
        assert_eq!(payload["userErrors"], json!([]), "{operation}: {payload:#}");
        let (_, object) = payload.as_object().unwrap().iter().find(|(name, _)| *name != "userErrors").unwrap();
        object.clone()
    }

    /// Runs a mutation that must answer user errors; the first one's code and field.
    pub async fn fault(&self, documents: &Documents, operation: &str, input: Value) -> (String, Option<String>) {
        let data = self.run(&documents.operation(operation), json!({ "input": input })).await;
        let (_, payload) = data.as_object().unwrap().iter().next().unwrap();
        let error = &payload["userErrors"][0];
        let code = error["code"].as_str().unwrap_or_else(|| panic!("no user error: {payload:#}"));
        (code.to_owned(), error["field"].as_str().map(str::to_owned))
    }

    /// Runs a mutation by name; its payload with what `selection` asks for and the user errors.
    pub async fn mutate(&self, operation: &str, selection: &str, input: Value) -> Value {
        let (first, rest) = operation.split_at(1);
        let input_type = format!("{}{rest}Input", first.to_uppercase());
        let document = format!(
            "mutation Call($input: {input_type}!) {{ {operation}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        self.run(&document, json!({ "input": input })).await[operation].clone()
    }

    /// Runs a mutation by name that must be carried out; its payload.
    pub async fn carry_out(&self, operation: &str, selection: &str, input: Value) -> Value {
        let payload = self.mutate(operation, selection, input.clone()).await;
        assert_eq!(payload["userErrors"], json!([]), "{operation} {input}");
        payload
    }

    /// Runs a mutation by name that must answer user errors; code and field of the first, as in `NOT_FOUND unitId`.
    pub async fn faulty(&self, operation: &str, input: Value) -> String {
        let payload = self.mutate(operation, "", input.clone()).await;
        let error = &payload["userErrors"][0];
        let code = error["code"].as_str().unwrap_or_else(|| panic!("carried out: {operation} {input}"));
        format!("{code} {}", error["field"].as_str().unwrap_or("-"))
    }

    /// A request of any kind, with the token.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}
