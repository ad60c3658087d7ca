//! Tables that leave the house: each row as it is in the database, of what exists for whoever asks, and never in more memory
//! than a few pages take.

mod cells;
mod command;
mod file;
mod mass;
mod rights;
mod sight;
mod tables;

use reqwest::{Method, StatusCode, header::HeaderMap};

use crate::harness::Client;

/// An answer as it came.
pub struct Download {
    status: StatusCode,
    headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Download {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The lines of a table of text, its head first.
    fn lines(&self) -> Vec<Vec<String>> {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.bytes));
        file::csv(&self.bytes).collect()
    }

    /// The code of the refusal.
    fn code(&self) -> String {
        let answer: serde_json::Value = serde_json::from_slice(&self.bytes).unwrap();
        answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }
}

/// Downloads a table, in English.
pub async fn download(client: &Client, table: &str) -> Download {
    download_in(client, table, "en").await
}

async fn download_in(client: &Client, table: &str, language: &str) -> Download {
    let request = client.request(Method::GET, &format!("/exports/{table}")).header("accept-language", language);
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    Download { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
}
