//! What is taken in, and what is refused.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use image::{GenericImageView, ImageFormat};
use reqwest::{
    Body,
    multipart::{Form, Part},
};

use super::*;
use crate::both;

const ELEVEN_MEGABYTES: usize = 11 * 1024 * 1024;

/// A body whose length the server is not told.
fn chunked(file: Vec<u8>) -> Body {
    let parts: Vec<Result<Bytes, std::io::Error>> =
        file.chunks(60_000).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
    Body::wrap_stream(stream::iter(parts))
}

/// A JPEG that says in its EXIF data where it was taken.
fn jpeg_with_place(place: &str) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(1u16.to_le_bytes());
    // The pointer to the GPS directory …
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0]);
    tiff.extend(0u32.to_le_bytes());
    // … which holds the name of the place.
    tiff.extend(1u16.to_le_bytes());
    tiff.extend([0x1b, 0, 2, 0]);
    tiff.extend(u32::try_from(place.len()).unwrap().to_le_bytes());
    tiff.extend(44u32.to_le_bytes());
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(place.as_bytes());
    let mut segment = b"\xff\xe1".to_vec();
    segment.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    segment.extend(b"Exif\0\0");
    segment.extend(tiff);
    let mut file = jpeg();
    file.splice(2..2, segment);
    file
}

fn contains(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

both! {
    async fn a_picture_is_taken_in_as_the_body_itself_and_in_a_form(app) {
        let zhang = app.owner("zhang").await;
        let raw = post(&zhang, "/attachments", jpeg()).await;
        let streamed = post(&zhang, "/attachments", chunked(jpeg())).await;
        let form = Form::new().text("comment", "水管").part("file", Part::bytes(jpeg()).file_name("a.jpg"));
        let in_form = post_form(&zhang, form).await;
        for (status, row) in [raw, streamed, in_form] {
            assert_eq!(status, 201, "{row}");
            assert_eq!((&row["contentType"], &row["width"], &row["height"]), (&json!("image/jpeg"), &json!(640), &json!(480)));
            let file = get(&zhang, row["url"].as_str().unwrap()).await;
            assert_eq!(file.status(), 200);
            assert_eq!(file.headers()["content-type"], "image/jpeg");
            assert_eq!(file.headers()["x-content-type-options"], "nosniff");
            assert_eq!(file.headers()["cache-control"], "private, max-age=86400, immutable");
            let file = file.bytes().await.unwrap();
            assert_eq!(json!(file.len()), row["byteSize"]);
            assert_eq!(image::load_from_memory(&file).unwrap().dimensions(), (640, 480));
        }
    }

    async fn the_type_is_told_by_the_content_and_not_by_the_name(app) {
        let zhang = app.owner("zhang").await;
        for (format, content_type) in [(ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")] {
            let part = Part::bytes(picture(40, 30, format)).file_name("a.jpg").mime_str("image/jpeg").unwrap();
            let (status, row) = post_form(&zhang, Form::new().part("file", part)).await;
            assert_eq!((status.as_u16(), &row["contentType"]), (201, &json!(content_type)));
        }
        let text = Part::bytes(b"<script>alert(1)</script>".to_vec()).file_name("photo.jpg").mime_str("image/jpeg").unwrap();
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
        let half = jpeg()[..jpeg().len() / 2].to_vec();
        for form in [
            Form::new().part("file", text),
            Form::new().part("file", Part::bytes(gif).file_name("photo.jpg")),
            Form::new().part("file", Part::bytes(half).file_name("photo.jpg")),
            Form::new().part("file", Part::bytes(Vec::new()).file_name("photo.jpg")),
            Form::new().text("comment", "no file"),
        ] {
            let (status, answer) = post_form(&zhang, form).await;
            assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"), "{answer}");
        }
        let request = zhang.request(Method::POST, "/attachments").header("content-type", "multipart/form-data");
        let (status, answer) = answer(request.body(jpeg()).send().await.unwrap()).await;
        assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"), "a form without a boundary");
    }

    async fn a_file_over_ten_megabytes_is_refused_however_it_comes(app) {
        let zhang = app.owner("zhang").await;
        let mut large = jpeg();
        large.resize(ELEVEN_MEGABYTES, 0xff);
        let raw = post(&zhang, "/attachments", large.clone()).await;
        let streamed = post(&zhang, "/attachments", chunked(large.clone())).await;
        let in_form = post_form(&zhang, Form::new().part("file", Part::bytes(large).file_name("a.jpg"))).await;
        for (status, answer) in [raw, streamed, in_form] {
            assert_eq!((status.as_u16(), code(&answer)), (422, "BAD_USER_INPUT"));
            assert_eq!(answer["errors"][0]["message"], "the file is larger than 10 MB.");
        }
    }

    async fn the_place_where_it_was_taken_is_removed(app) {
        let place = "ANJU-SECRET-PLACE";
        let file = jpeg_with_place(place);
        assert!(contains(&file, place));
        assert!(image::load_from_memory(&file).is_ok());
        let zhang = app.owner("zhang").await;
        let (_, row) = post(&zhang, "/attachments", file).await;
        for url in [&row["url"], &row["thumbnailUrl"]] {
            let kept = get(&zhang, url.as_str().unwrap()).await.bytes().await.unwrap();
            assert!(!contains(&kept, place) && !contains(&kept, "Exif"));
        }
    }

    async fn a_thumbnail_is_a_jpeg_of_at_most_320_pixels(app) {
        let zhang = app.owner("zhang").await;
        for (width, height, expected) in [(1600, 1200, (320, 240)), (300, 1500, (64, 320)), (100, 50, (100, 50))] {
            let (_, row) = post(&zhang, "/attachments", picture(width, height, ImageFormat::Png)).await;
            let thumbnail = get(&zhang, row["thumbnailUrl"].as_str().unwrap()).await;
            assert_eq!(thumbnail.headers()["content-type"], "image/jpeg");
            let thumbnail = image::load_from_memory_with_format(&thumbnail.bytes().await.unwrap(), ImageFormat::Jpeg);
            assert_eq!(thumbnail.unwrap().dimensions(), expected);
        }
    }

    async fn only_who_makes_or_works_on_tickets_adds_pictures(app) {
        let (status, answer) = post(&app.anonymous(), "/attachments", jpeg()).await;
        assert_eq!((status.as_u16(), code(&answer)), (401, "UNAUTHENTICATED"));
        let stranger = Client::new(&app.url, Some("nonsense".into()));
        assert_eq!(post(&stranger, "/attachments", jpeg()).await.0, 401);
        for client in [app.partner("partner-1").await, app.staff("auditor").await, app.staff("sales.a").await] {
            let (status, answer) = post(&client, "/attachments", jpeg()).await;
            assert_eq!((status.as_u16(), code(&answer)), (403, "FORBIDDEN"));
        }
        for login in ["ambassador.a", "technician.a", "agent.a", "manager.a"] {
            upload(&app.staff(login).await).await;
        }
    }

    async fn a_refusal_reaches_a_client_that_sends_everything_before_it_reads(app) {
        let large = vec![0xff; ELEVEN_MEGABYTES];
        let partner = app.partner("partner-1").await;
        let zhang = app.owner("zhang").await;
        assert_eq!(send_then_read(&app.anonymous(), "", &large).await, "401 Unauthorized");
        assert_eq!(send_then_read(&partner, "", &large).await, "403 Forbidden");
        assert_eq!(send_then_read(&zhang, "?ticketId=nonsense", &large).await, "422 Unprocessable Entity");
        assert_eq!(send_then_read(&zhang, "", &large).await, "422 Unprocessable Entity");
        let form = [b"--x\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n", large.as_slice(), b"\r\n--x--"].concat();
        assert_eq!(send_then_read(&zhang, "", &form).await, "422 Unprocessable Entity");
    }
}

/// The status that a simple client gets to see: it writes until it is done or cut off, and reads only then.
async fn send_then_read(client: &Client, query: &str, body: &[u8]) -> String {
    let address = client.url.trim_start_matches("http://").to_owned();
    let token = client.token.as_ref().map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let form = if body.starts_with(b"--x") { "content-type: multipart/form-data; boundary=x\r\n" } else { "" };
    let length = body.len();
    let head = format!(
        "POST /attachments{query} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {length}\r\n{form}{token}\r\n"
    );
    let request = [head.as_bytes(), body].concat();
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let _ = stream.write_all(&request);
        let mut status = String::new();
        let _ = BufReader::new(stream).read_line(&mut status);
        status
    };
    let status = tokio::task::spawn_blocking(talk).await.unwrap();
    status.trim().strip_prefix("HTTP/1.1 ").unwrap_or("no answer").to_owned()
}
