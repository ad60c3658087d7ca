//! Pictures: taken in, put on tickets, shown to whoever sees the ticket, cleared away when no ticket took them.

mod claim;
mod serve;
mod upload;

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use reqwest::{Method, Response, StatusCode, multipart};
use serde_json::{Value, json};

use anju::graphql::id::Kind;

use crate::harness::{Client, TestApp, documents::Documents};

/// A picture with something in it.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let paint = |x: u32, y: u32| image::Rgb([(x % 256) as u8, (y % 256) as u8, 128]);
    RgbImage::from_fn(width, height, paint).write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn jpeg() -> Vec<u8> {
    picture(640, 480, ImageFormat::Jpeg)
}

/// The status and the answer of an upload as the body itself.
async fn post(client: &Client, path: &str, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
    answer(client.request(Method::POST, path).body(body).send().await.unwrap()).await
}

async fn answer(response: Response) -> (StatusCode, Value) {
    (response.status(), response.json().await.unwrap())
}

async fn post_form(client: &Client, form: multipart::Form) -> (StatusCode, Value) {
    answer(client.request(Method::POST, "/attachments").multipart(form).send().await.unwrap()).await
}

/// The id of a picture that waits for its ticket.
async fn upload(client: &Client) -> String {
    let (status, row) = post(client, "/attachments", jpeg()).await;
    assert_eq!(status, 201, "{row}");
    row["id"].as_str().unwrap().to_owned()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

/// What a report of unit YT-101 with these pictures says.
fn report(app: &TestApp, pictures: &[String]) -> Value {
    let unit = Kind::Unit.encode(app.world.unit("YT-101"));
    json!({ "unitId": unit, "kind": "REPAIR", "title": "厨房水管漏水", "attachmentIds": pictures })
}

async fn create(client: &Client, app: &TestApp, pictures: &[String]) -> Value {
    client.done(Documents::owner(), "CreateTicket", report(app, pictures)).await
}

async fn get(client: &Client, path: &str) -> Response {
    client.request(Method::GET, path).send().await.unwrap()
}
