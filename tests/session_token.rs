//! Access tokens through the front door: what was forged, altered or borrowed is refused and never taken for nobody.

use anju::auth::token::{Claims, Subject, generate_signing_key};
use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use entity::vocab::PrincipalKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode_header, encode, jwk::JwkSet};
use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::{
    both,
    harness::{Client, TestApp},
};

const VIEWER: &str = "{ viewer { __typename } }";

/// Sends the value as the Authorization header and expects to be turned away.
async fn assert_refused(app: &TestApp, what: &str, authorization: &str) {
    for accept in ["application/graphql-response+json", "application/json"] {
        let request = app.anonymous().request(Method::POST, "/graphql").json(&json!({ "query": "{ __typename }" }));
        let request = request.header(header::ACCEPT, accept).header(header::AUTHORIZATION, authorization);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401, "{what}");
        assert!(response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"), "{what}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{what}");
        assert!(answer.get("data").is_none(), "{what}");
    }
    let response = app.anonymous().request(Method::GET, "/graphql?query=%7B__typename%7D");
    let response = response.header(header::AUTHORIZATION, authorization).send().await.unwrap();
    assert_eq!(response.status(), 401, "{what} by GET");
}

async fn assert_token_refused(app: &TestApp, what: &str, token: &str) {
    assert_refused(app, what, &format!("Bearer {token}")).await;
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

/// The claims in a token, unchecked.
fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

both! {
    async fn forged_and_altered_tokens_are_refused(app) {
        let good = app.owner("zhang").await.token.unwrap();
        let kid = decode_header(&good).unwrap().kid.unwrap();
        let parts: Vec<&str> = good.split('.').collect();
        let (head, payload, signature) = (parts[0], parts[1], parts[2]);
        for alg in ["none", "None", "NONE"] {
            let head = part(&json!({ "alg": alg, "typ": "at+jwt", "kid": kid }));
            assert_token_refused(&app, "no algorithm, no signature", &format!("{head}.{payload}.")).await;
            assert_token_refused(&app, "no algorithm", &format!("{head}.{payload}.{signature}")).await;
        }
        let mut altered = claims(&good);
        altered["sub"] = json!(app.world.owner("wang"));
        assert_token_refused(&app, "another subject", &format!("{head}.{}.{signature}", part(&altered))).await;
        let mut altered = claims(&good);
        altered["exp"] = json!(4_000_000_000_u64);
        assert_token_refused(&app, "a later end", &format!("{head}.{}.{signature}", part(&altered))).await;
        let partner = app.partner("partner-1").await.token.unwrap();
        let parts: Vec<&str> = partner.split('.').collect();
        let mut altered = claims(&partner);
        altered["kind"] = json!(claims(&app.staff("admin").await.token.unwrap())["kind"]);
        let altered = format!("{}.{}.{}", parts[0], part(&altered), parts[2]);
        assert_token_refused(&app, "a partner made staff", &altered).await;
        let unsigned = format!("{head}.{payload}.");
        for bad in ["", "nonsense", "a.b.c", "..", head, &unsigned, &format!("{good}x"), &format!("{good}.x")] {
            assert_token_refused(&app, bad, bad).await;
        }
        assert_token_refused(&app, "too long", &"a".repeat(6000)).await;
    }

    async fn a_key_of_somebody_else_signs_nothing_here(app) {
        let good = app.owner("zhang").await.token.unwrap();
        let kid = decode_header(&good).unwrap().kid;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".into());
        header.kid = kid.clone();
        let foreign = EncodingKey::from_ed_der(&generate_signing_key());
        let forged = encode(&header, &claims(&good), &foreign).unwrap();
        assert_token_refused(&app, "another key under the same name", &forged).await;
        let jwks: Value = app.anonymous().request(Method::GET, "/.well-known/jwks.json").send().await.unwrap()
            .json().await.unwrap();
        let public = jwks["keys"][0]["x"].as_str().unwrap();
        for secret in [public.as_bytes().to_vec(), BASE64URL_NOPAD.decode(public.as_bytes()).unwrap()] {
            let mut header = Header::new(Algorithm::HS256);
            header.typ = Some("at+jwt".into());
            header.kid = kid.clone();
            let forged = encode(&header, &claims(&good), &EncodingKey::from_secret(&secret)).unwrap();
            assert_token_refused(&app, "our public key as a secret", &forged).await;
        }
        for (field, value) in [("kid", json!("other")), ("kid", json!(null)), ("typ", json!("JWT"))] {
            let mut head: Value = serde_json::from_slice(
                &BASE64URL_NOPAD.decode(good.split('.').next().unwrap().as_bytes()).unwrap()).unwrap();
            head[field] = value;
            let (_, rest) = good.split_once('.').unwrap();
            assert_token_refused(&app, field, &format!("{}.{rest}", part(&head))).await;
        }
    }

    async fn what_our_own_key_signed_for_another_purpose_is_refused(app) {
        let tokens = &app.services.vault.tokens;
        let good: Claims = serde_json::from_value(claims(&app.owner("zhang").await.token.unwrap())).unwrap();
        let staff: Claims = serde_json::from_value(claims(&app.staff("admin").await.token.unwrap())).unwrap();
        let changed = |change: &dyn Fn(&mut Claims)| {
            let mut claims = good.clone();
            change(&mut claims);
            tokens.sign(&claims)
        };
        assert_eq!(Client::new(&app.url, Some(changed(&|_| {}))).run(VIEWER, json!({})).await["viewer"]["__typename"], "Owner");
        let cases: &[(&str, String)] = &[
            ("issuer", changed(&|claims| claims.iss = "someone".into())),
            ("audience", changed(&|claims| claims.aud = "else".into())),
            ("no session", changed(&|claims| claims.sid = None)),
            ("unknown session", changed(&|claims| claims.sid = Some(app.world.owner("zhang")))),
            ("another's session", changed(&|claims| claims.sid = staff.sid)),
            ("another subject", changed(&|claims| claims.sub = app.world.owner("wang"))),
            ("the system", changed(&|claims| claims.kind = PrincipalKind::System)),
            ("not valid yet", changed(&|claims| claims.nbf += 600)),
            ("expired", changed(&|claims| claims.exp = claims.iat)),
        ];
        for (what, token) in cases {
            assert_token_refused(&app, what, token).await;
        }
        // The kind in a token opens nothing by itself: who one is, the session says.
        let pretender = Client::new(&app.url, Some(changed(&|claims| claims.kind = PrincipalKind::Staff)));
        let (_, answer) = pretender.post(VIEWER, json!({})).await;
        assert_ne!(answer["data"]["viewer"]["__typename"], "Staff");
    }

    async fn credentials_of_another_form_are_refused_and_not_ignored(app) {
        let good = app.owner("zhang").await.token.unwrap();
        for value in ["Basic YTpi".to_owned(), "Bearer".to_owned(), good.clone(), format!("Token {good}")] {
            assert_refused(&app, &value, &value).await;
        }
        let request = app.anonymous().request(Method::POST, "/graphql").json(&json!({ "query": VIEWER }));
        let request = request.bearer_auth(&good).header(header::AUTHORIZATION, format!("Bearer {good}"));
        assert_eq!(request.send().await.unwrap().status(), 401);
    }

    async fn without_credentials_one_is_nobody(app) {
        let (status, answer) = app.anonymous().post(VIEWER, json!({})).await;
        assert_eq!((status.as_u16(), &answer["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")));
        app.anonymous().run("{ __typename }", json!({})).await;
    }

    async fn the_published_keys_verify_our_tokens(app) {
        let token = app.owner("zhang").await.token.unwrap();
        let response = app.anonymous().request(Method::GET, "/.well-known/jwks.json").send().await.unwrap();
        assert_eq!(response.status(), 200);
        let set: JwkSet = response.json().await.unwrap();
        let header = decode_header(&token).unwrap();
        let jwk = set.find(&header.kid.unwrap()).expect("the token's key is published");
        let key = DecodingKey::from_jwk(jwk).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["anju-api"]);
        validation.set_issuer(&["anju"]);
        // The test's clock is its own.
        validation.validate_exp = false;
        let verified = jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap();
        assert_eq!(verified.claims["sub"], json!(app.world.owner("zhang")));
        let mut forged = token.clone();
        forged.replace_range(token.len() - 4.., "AAAA");
        assert!(jsonwebtoken::decode::<Value>(&forged, &key, &validation).is_err());
        assert!(!serde_json::to_string(&set).unwrap().contains("\"d\""), "a private key is published");
    }

    async fn a_token_of_an_earlier_moment_holds_until_its_end_over_a_clock_that_is_set_back(app) {
        let client = app.owner("zhang").await;
        app.clock.advance(-TimeDelta::minutes(10));
        assert_eq!(client.refused(VIEWER, json!({})).await, "UNAUTHENTICATED");
        app.clock.advance(TimeDelta::minutes(10));
        client.run(VIEWER, json!({})).await;
    }

    async fn a_subject_without_a_session_row_is_nobody(app) {
        let subject = Subject { id: app.world.staff("admin"), kind: PrincipalKind::Staff, session: None, scope: None };
        let now = app.services.now();
        let claims = app.services.vault.tokens.claims(&subject, app.services.new_id(now), now);
        assert_token_refused(&app, "no session", &app.services.vault.tokens.sign(&claims)).await;
    }
}
