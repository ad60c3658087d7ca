//! Every way known to us of passing off a token that we did not issue, or no longer stand by.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const PERSON: Uuid = Uuid::from_u128(1);
const SESSION: Uuid = Uuid::from_u128(2);
const TOKEN: Uuid = Uuid::from_u128(3);

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(super) fn keys() -> Keys {
    keys_of(&generate_signing_key())
}

/// A key without end, made at `now()`.
pub(super) fn stored(pkcs8: &[u8]) -> SigningKey {
    SigningKey { pkcs8: pkcs8.to_owned(), created_at: now(), ends_at: None }
}

fn keys_of(pkcs8: &[u8]) -> Keys {
    Keys::new("https://anju.example", "anju", vec![stored(pkcs8)]).unwrap()
}

pub(super) fn owner() -> Subject {
    Subject { id: PERSON, kind: PrincipalKind::Owner, session: Some(SESSION), scope: None }
}

pub(super) fn token_of(keys: &Keys) -> String {
    keys.sign(&keys.claims(&owner(), TOKEN, now()))
}

/// Keys, the signing key itself, and a token: what an attacker would have at best.
fn stolen() -> (Keys, Vec<u8>, String) {
    let pkcs8 = generate_signing_key();
    let keys = keys_of(&pkcs8);
    let token = token_of(&keys);
    (keys, pkcs8, token)
}

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

pub(super) fn read_part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

/// The token's own header and claims, changed, and signed with the given key under EdDSA.
fn forge(token: &str, pkcs8: &[u8], change: impl Fn(&mut Value, &mut Value)) -> String {
    let (mut header, mut claims) = (read_part(token, 0), read_part(token, 1));
    change(&mut header, &mut claims);
    let message = format!("{}.{}", part(&header), part(&claims));
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).unwrap();
    let signature = BASE64URL_NOPAD.encode(pair.sign(message.as_bytes()).as_ref());
    format!("{message}.{signature}")
}

fn hs256(header: &Value, claims: &Value, secret: &[u8]) -> String {
    use aws_lc_rs::hmac;
    let message = format!("{}.{}", part(header), part(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}

#[test]
fn a_token_says_what_was_signed_until_it_expires() {
    let keys = keys();
    let claims = keys.claims(&owner(), TOKEN, now());
    let token = keys.sign(&claims);
    assert!(token.len() < 700, "{} bytes", token.len());
    assert_eq!(keys.verify(&token, now()), Ok(claims.clone()));
    assert_eq!((claims.sub, claims.sid, claims.jti), (PERSON, Some(SESSION), TOKEN));
    assert_eq!(claims.expires_at(), now() + TimeDelta::minutes(15));
    assert_eq!(read_part(&token, 0)["alg"], "EdDSA");
    assert_eq!(read_part(&token, 1)["kind"], "OWNER");
}

#[test]
fn a_partner_needs_no_session_but_owners_and_staff_do_and_the_system_has_no_tokens() {
    let keys = keys();
    let without_session = |kind| {
        let subject = Subject { id: PERSON, kind, session: None, scope: Some("lectures:read".into()) };
        keys.verify(&keys.sign(&keys.claims(&subject, TOKEN, now())), now())
    };
    let partner = without_session(PrincipalKind::Partner).unwrap();
    assert_eq!(partner.scope.as_deref(), Some("lectures:read"));
    for kind in [PrincipalKind::Owner, PrincipalKind::Staff, PrincipalKind::System] {
        assert_eq!(without_session(kind), Err(TokenError::Malformed), "{kind:?}");
    }
}

#[test]
fn time_is_the_callers() {
    let keys = keys();
    let token = token_of(&keys);
    let at = |seconds| keys.verify(&token, now() + TimeDelta::seconds(seconds)).err();
    for (seconds, refusal) in [
        (-6, Some(TokenError::NotYetValid)),
        (-5, None),
        (899, None),
        (900, Some(TokenError::Expired)),
        (1_000_000_000, Some(TokenError::Expired)),
    ] {
        assert_eq!(at(seconds), refusal, "{seconds} s after issue");
    }
}

#[test]
fn forged_headers_are_refused() {
    let (keys, pkcs8, token) = stolen();
    let thief = generate_signing_key();
    let thiefs_x = keys_of(&thief).jwks(now())["keys"][0]["x"].clone();
    type Change<'a> = Box<dyn Fn(&mut Value, &mut Value) + 'a>;
    let cases: Vec<(&str, &[u8], Change<'_>, TokenError)> = vec![
        ("another key under our kid", &thief, Box::new(|_, _| {}), TokenError::BadSignature),
        (
            "a key carried in the header",
            &thief,
            Box::new(|h, _| h["jwk"] = json!({ "kty": "OKP", "crv": "Ed25519", "x": thiefs_x })),
            TokenError::BadSignature,
        ),
        ("unknown kid", &pkcs8, Box::new(|h, _| h["kid"] = json!("x")), TokenError::UnknownKey),
        (
            "missing kid",
            &pkcs8,
            Box::new(|h, _| drop(h.as_object_mut().unwrap().remove("kid"))),
            TokenError::UnknownKey,
        ),
        ("another type", &pkcs8, Box::new(|h, _| h["typ"] = json!("JWT")), TokenError::Malformed),
        ("a critical extension", &pkcs8, Box::new(|h, _| h["crit"] = json!(["x"])), TokenError::Malformed),
        ("alg RS256", &pkcs8, Box::new(|h, _| h["alg"] = json!("RS256")), TokenError::WrongAlgorithm),
        ("alg ES256", &pkcs8, Box::new(|h, _| h["alg"] = json!("ES256")), TokenError::WrongAlgorithm),
        ("alg none, yet signed", &pkcs8, Box::new(|h, _| h["alg"] = json!("none")), TokenError::Malformed),
        ("alg of another case", &pkcs8, Box::new(|h, _| h["alg"] = json!("eddsa")), TokenError::Malformed),
    ];
    for (name, key, change, refusal) in cases {
        assert_eq!(keys.verify(&forge(&token, key, change), now()), Err(refusal), "{name}");
    }
}

#[test]
fn claims_for_others_or_without_their_parts_are_refused_although_well_signed() {
    let (keys, pkcs8, token) = stolen();
    let cases = [
        ("iss", json!("https://evil.example"), TokenError::WrongIssuer),
        ("iss", json!(["https://anju.example"]), TokenError::Malformed),
        ("aud", json!("other"), TokenError::WrongAudience),
        ("aud", json!(["anju", "other"]), TokenError::Malformed),
        ("sub", json!("not a uuid"), TokenError::Malformed),
        ("kind", json!("ADMIN"), TokenError::Malformed),
        ("exp", json!("9999999999"), TokenError::Malformed),
        ("exp", json!(1e300), TokenError::Malformed),
        ("exp", json!(0), TokenError::Expired),
        ("nbf", json!(i64::MAX), TokenError::NotYetValid),
        ("iat", json!(i64::MAX), TokenError::NotYetValid),
    ];
    for (claim, value, refusal) in cases {
        let forged = forge(&token, &pkcs8, |_, claims| claims[claim] = value.clone());
        assert_eq!(keys.verify(&forged, now()), Err(refusal), "{claim} = {value}");
    }
    for claim in ["iss", "aud", "sub", "sid", "kind", "jti", "iat", "nbf", "exp"] {
        let forged = forge(&token, &pkcs8, |_, claims| drop(claims.as_object_mut().unwrap().remove(claim)));
        assert_eq!(keys.verify(&forged, now()), Err(TokenError::Malformed), "without {claim}");
    }
}

#[test]
fn unsigned_tokens_are_refused() {
    let keys = keys();
    let token = token_of(&keys);
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let none = part(&json!({ "alg": "none", "typ": "at+jwt", "kid": read_part(&token, 0)["kid"] }));
    for (name, forged, refusal) in [
        ("alg none", format!("{none}.{claims}."), TokenError::Malformed),
        ("alg none with a signature", format!("{none}.{claims}.{signature}"), TokenError::Malformed),
        ("empty signature", format!("{header}.{claims}."), TokenError::BadSignature),
        ("no signature", format!("{header}.{claims}"), TokenError::Malformed),
    ] {
        assert_eq!(keys.verify(&forged, now()), Err(refusal), "{name}");
    }
}

#[test]
fn hmac_with_the_public_key_as_secret_is_refused() {
    let keys = keys();
    let token = token_of(&keys);
    let jwk = keys.jwks(now())["keys"][0].clone();
    let x = jwk["x"].as_str().unwrap();
    let header = json!({ "alg": "HS256", "typ": "at+jwt", "kid": jwk["kid"] });
    let raw = BASE64URL_NOPAD.decode(x.as_bytes()).unwrap();
    for secret in [raw.as_slice(), x.as_bytes(), jwk.to_string().as_bytes(), b""] {
        let forged = hs256(&header, &read_part(&token, 1), secret);
        assert_eq!(keys.verify(&forged, now()), Err(TokenError::WrongAlgorithm));
    }
}

#[test]
fn a_tampered_payload_is_refused() {
    let keys = keys();
    let token = token_of(&keys);
    let mut claims = read_part(&token, 1);
    claims["kind"] = json!("STAFF");
    let parts: Vec<&str> = token.split('.').collect();
    let forged = format!("{}.{}.{}", parts[0], part(&claims), parts[2]);
    assert_eq!(keys.verify(&forged, now()), Err(TokenError::BadSignature));
}

#[test]
fn no_truncated_or_altered_token_passes() {
    let keys = keys();
    let token = token_of(&keys);
    assert!(keys.verify(&token, now()).is_ok(), "it is known from now on");
    for at in 0..token.len() {
        assert!(keys.verify(&token[..at], now()).is_err(), "cut at {at}");
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        assert!(keys.verify(&String::from_utf8(altered).unwrap(), now()).is_err(), "byte {at} altered");
    }
    for text in ["", ".", "..", "...", "Bearer", "安居.安居.安居", &format!("{token}.x"), &format!(" {token}")] {
        assert_eq!(keys.verify(text, now()), Err(TokenError::Malformed), "{text:?}");
    }
}

#[test]
fn a_huge_token_is_refused_unread() {
    let keys = keys();
    assert_eq!(keys.verify(&"a".repeat(4097), now()), Err(TokenError::TooLarge));
    assert_eq!(keys.verify(&"a".repeat(4096), now()), Err(TokenError::Malformed));
    let mut claims = keys.claims(&owner(), TOKEN, now());
    claims.scope = Some("x".repeat(4096));
    assert_eq!(keys.verify(&keys.sign(&claims), now()), Err(TokenError::TooLarge));
}

/// The order of the group that Ed25519 signs in, least significant byte first.
const ORDER: [u8; 32] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

#[test]
fn the_other_number_that_would_satisfy_the_equation_is_no_signature() {
    let keys = keys();
    let token = token_of(&keys);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let mut signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    let forged = format!("{message}.{}", BASE64URL_NOPAD.encode(&signature));
    assert_eq!(keys.verify(&forged, now()), Err(TokenError::BadSignature));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_other_character_anywhere_verifies(at: prop::sample::Index, letter in "[ -~]|\u{e9}") {
        let keys = keys();
        let token = token_of(&keys);
        let at = at.index(token.len());
        prop_assume!(token[at..=at] != letter);
        let altered = format!("{}{letter}{}", &token[..at], &token[at + 1..]);
        prop_assert!(keys.verify(&altered, now()).is_err(), "{altered}");
        let inserted = format!("{}{letter}{}", &token[..at], &token[at..]);
        prop_assert!(keys.verify(&inserted, now()).is_err(), "{inserted}");
    }

    /// Parts of several good tokens never make another.
    #[test]
    fn parts_of_several_tokens_make_none(persons in prop::array::uniform3(0u128..3), same_key in any::<bool>()) {
        let (ours, theirs) = (keys(), keys());
        let signers = [&ours, &ours, if same_key { &ours } else { &theirs }];
        let tokens: Vec<String> = persons.iter().zip(signers).map(|(person, keys)| {
            let subject = Subject { id: Uuid::from_u128(*person), ..owner() };
            keys.sign(&keys.claims(&subject, TOKEN, now()))
        }).collect();
        let mixed = (0..3).map(|part| tokens[part].split('.').nth(part).unwrap()).collect::<Vec<_>>().join(".");
        let is_whole = tokens.contains(&mixed);
        prop_assert_eq!(ours.verify(&mixed, now()).is_ok(), is_whole && same_key);
    }

    #[test]
    fn any_text_is_no_token(text in "\\PC{0,80}|[A-Za-z0-9_-]{0,60}[.][A-Za-z0-9_-]{0,60}[.][A-Za-z0-9_-]{0,90}") {
        prop_assert!(keys().verify(&text, now()).is_err());
    }

    /// Whatever a well-signed token claims, it is refused or says back what it claimed.
    #[test]
    fn odd_claims_are_refused_or_hold(
        claim in prop::sample::select(vec!["iss", "aud", "sub", "sid", "kind", "jti", "iat", "nbf", "exp", "scope", "x"]),
        value in prop::sample::select(vec![
            json!(null), json!(0), json!(-1), json!(i64::MIN), json!(i64::MAX), json!(u64::MAX), json!(1.5), json!(""), json!("OWNER"),
            json!("SYSTEM"), json!([]), json!({}), json!(true), json!("00000000-0000-0000-0000-000000000001"),
        ]),
    ) {
        let (keys, pkcs8, token) = stolen();
        let forged = forge(&token, &pkcs8, |_, claims| claims[claim] = value.clone());
        if let Ok(claims) = keys.verify(&forged, now()) {
            let said = serde_json::to_value(&claims).unwrap();
            prop_assert!(value.is_null() || claim == "x" || said[claim] == value, "{claim} = {value}");
            prop_assert!(claims.exp > now().timestamp());
        }
    }
}
