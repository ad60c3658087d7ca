//! Any mutation with an input, and a word for how it was answered.

use serde_json::{Value, json};

use super::{Client, tickets::Answer};

/// Sends a mutation; `shows` is what to read of the payload beside its user errors.
pub async fn change(client: &Client, operation: &str, shows: &str, input: Value) -> Answer {
    let (first, rest) = operation.split_at(1);
    let document = format!(
        "mutation Call($input: {}{rest}Input!) {{ {operation}(input: $input) {{ {shows} userErrors {{ code field }} }} }}",
        first.to_uppercase()
    );
    let (_, answer) = client.post(&document, json!({ "input": input })).await;
    Answer::read(&answer)
}

/// Sends a mutation that must be carried out; the payload.
#[track_caller]
pub fn done(answer: Answer) -> Value {
    match answer {
        Answer::Done(payload) => payload,
        refused => panic!("not carried out: {refused:?}"),
    }
}
