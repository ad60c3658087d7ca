//! Signing keys over their lives, and what the world is shown of them.

use super::tests::{keys, now, owner, read_part, stored, token_of};
use super::*;

#[test]
fn keys_rotate_without_signing_anyone_out() {
    let (old, new) = (generate_signing_key(), generate_signing_key());
    let (rotated, kid) = (now(), |token: &str| read_part(token, 0)["kid"].clone());
    let ends_at = Some(rotated + LEAD + LIFETIME);
    let keys = Keys::new("https://anju.example", "anju", vec![stored(&old)]).unwrap();
    let unaware = Keys::new("https://anju.example", "anju", vec![stored(&old)]).unwrap();
    let token_at = |at| keys.sign(&keys.claims(&owner(), Uuid::from_u128(9), at));
    let before = token_at(rotated - TimeDelta::seconds(1));
    let old_key = SigningKey { created_at: rotated - TimeDelta::days(90), ends_at, ..stored(&old) };
    keys.replace(vec![stored(&new), old_key]).unwrap();

    // While other servers may not know the new key, it verifies and the old one signs.
    let during = token_at(rotated + LEAD - TimeDelta::seconds(1));
    assert_eq!(kid(&during), kid(&before));
    assert!(unaware.verify(&during, rotated + LEAD).is_ok());
    assert_eq!(keys.jwks(rotated)["keys"].as_array().unwrap().len(), 2);

    let after = token_at(rotated + LEAD);
    assert_ne!(kid(&after), kid(&before));
    for (token, at) in [(&before, rotated + TimeDelta::minutes(14)), (&during, rotated + LEAD + TimeDelta::minutes(14))]
    {
        assert!(keys.verify(token, at).is_ok());
    }
    let end = rotated + LEAD + LIFETIME;
    assert!(keys.verify(&token_at(end), end).is_ok());
    assert_eq!(keys.verify(&before, end), Err(TokenError::UnknownKey));
    assert_eq!(keys.jwks(end)["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn a_revoked_key_is_worth_nothing_at_once() {
    let (leaked, new) = (generate_signing_key(), generate_signing_key());
    let keys = Keys::new("https://anju.example", "anju", vec![stored(&leaked)]).unwrap();
    let token = token_of(&keys);
    assert!(keys.verify(&token, now()).is_ok(), "it is known from now on");
    keys.replace(vec![SigningKey { ends_at: Some(now()), ..stored(&leaked) }, stored(&new)]).unwrap();
    assert_eq!(keys.verify(&token, now()), Err(TokenError::UnknownKey));
    let next = token_of(&keys);
    assert!(keys.verify(&next, now()).is_ok(), "the new key signs without waiting");
}

#[test]
fn keys_that_are_none_leave_the_ring_as_it_was() {
    let keys = keys();
    let token = token_of(&keys);
    assert_eq!(keys.replace(vec![stored(b"not a key")]), Err(BadSigningKey));
    assert_eq!(keys.replace(vec![]), Err(BadSigningKey));
    assert!(keys.verify(&token, now()).is_ok());
}

#[test]
fn the_jwks_is_public_and_enough_to_verify_with_another_library() {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    let keys = keys();
    let token = token_of(&keys);
    let jwks = keys.jwks(now());
    let jwk = jwks["keys"][0].as_object().unwrap();
    let members: Vec<&str> = jwk.keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(read_part(&token, 0)["kid"], jwk["kid"]);
    let public = BASE64URL_NOPAD.decode(jwk["x"].as_str().unwrap().as_bytes()).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    UnparsedPublicKey::new(&ED25519, public).verify(message.as_bytes(), &signature).unwrap();
}

#[test]
fn a_kid_is_the_thumbprint_of_rfc_8037() {
    let public = BASE64URL_NOPAD.decode(b"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
    let expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
    assert_eq!(VerifyingKey::new(&public).thumbprint(), expected);
}

#[test]
fn bytes_that_are_no_key_are_refused() {
    assert_eq!(Keys::new("i", "a", vec![stored(b"not a key")]).unwrap_err(), BadSigningKey);
    assert_eq!(Keys::new("i", "a", vec![]).unwrap_err(), BadSigningKey);
}
