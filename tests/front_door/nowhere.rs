//! Paths that are none, and methods that mean nothing where they are sent.

use super::*;
use crate::both;

/// Each door beside GraphQL, with the one method that it knows.
const DOORS: [(&str, Method); 9] = [
    ("/livez", Method::GET),
    ("/readyz", Method::GET),
    ("/metrics", Method::GET),
    ("/attachments", Method::POST),
    ("/attachments/x", Method::GET),
    ("/attachments/x/thumbnail", Method::GET),
    ("/exports/tickets.csv", Method::GET),
    ("/calendar/x.ics", Method::GET),
    ("/.well-known/jwks.json", Method::GET),
];

/// The status, the media type and the whole answer.
async fn read(response: Response) -> (u16, String, Value) {
    let media = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    assert!(response.headers().contains_key("x-request-id"));
    (response.status().as_u16(), media, response.json().await.unwrap())
}

both! {
    async fn a_path_that_is_none_is_told_so_in_the_readers_language(app) {
        let client = app.anonymous();
        for path in ["/nothing", "/graphql/", "/exports", "/attachments/x/y", "/", "/%ff"] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                for (language, message) in [("en", "There is nothing at this address."), ("zh-CN", "此地址没有内容。")] {
                    let request = client.request(method.clone(), path).header(header::ACCEPT_LANGUAGE, language);
                    let expected = json!({ "errors": [{ "message": message, "extensions": { "code": "NOT_FOUND" } }] });
                    let answer = read(request.send().await.unwrap()).await;
                    assert_eq!(answer, (404, "application/json; charset=utf-8".to_owned(), expected), "{method} {path}");
                }
            }
        }
    }

    async fn another_method_is_told_which_one_is_meant(app) {
        let client = app.anonymous();
        for (path, known) in DOORS {
            let other = if known == Method::GET { Method::POST } else { Method::GET };
            for method in [other, Method::PUT] {
                let request = client.request(method.clone(), path).header(header::ACCEPT_LANGUAGE, "en");
                let response = request.send().await.unwrap();
                assert_eq!(response.headers()[header::ALLOW], known.as_str(), "{method} {path}");
                let message = format!("Use {known} here.");
                let expected = json!({ "errors": [{ "message": message, "extensions": { "code": "METHOD_NOT_ALLOWED" } }] });
                let (status, _, answer) = read(response).await;
                assert_eq!((status, answer), (405, expected), "{method} {path}");
            }
        }
        let known = client.request(Method::GET, "/livez").send().await.unwrap();
        assert_eq!((known.status().as_u16(), known.text().await.unwrap()), (200, "alive\n".to_owned()));
    }

    async fn whoever_sends_much_to_where_nothing_is_reads_the_answer(app) {
        let request = app.anonymous().request(Method::POST, "/nothing").body(vec![b'x'; 12 * 1024 * 1024]);
        assert_eq!(outcome(request.send().await.unwrap()).await, (404, "NOT_FOUND".to_owned()));
    }

    async fn no_socket_is_opened_where_nothing_is(app) {
        let request = app.anonymous().request(Method::GET, "/nothing");
        let request = request.header(header::CONNECTION, "upgrade").header(header::UPGRADE, "websocket");
        assert_eq!(outcome(request.send().await.unwrap()).await, (404, "NOT_FOUND".to_owned()));
    }
}
