//! Signing keys over their lives, and what the world is shown of them.

use super::tests::{keys, now, read_part, token_of};
use super::*;

#[test]
fn keys_rotate_without_signing_anyone_out() {
    let (old, new) = (generate_signing_key(), generate_signing_key());
    let build = |pkcs8: &[&Vec<u8>]| Keys::new("https://anju.example", "anju", pkcs8).unwrap();
    let before = build(&[&old]);
    let between = build(&[&new, &old]);
    let after = build(&[&new]);
    assert!(between.verify(&token_of(&before), now()).is_ok());
    assert!(after.verify(&token_of(&between), now()).is_ok());
    assert_eq!(after.verify(&token_of(&before), now()), Err(TokenError::UnknownKey));
    assert_eq!(between.jwks()["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn the_jwks_is_public_and_enough_to_verify_with_another_library() {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    let keys = keys();
    let token = token_of(&keys);
    let jwks = keys.jwks();
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
    assert_eq!(Keys::new("i", "a", &[b"not a key"]).unwrap_err(), BadSigningKey);
    assert_eq!(Keys::new::<Vec<u8>>("i", "a", &[]).unwrap_err(), BadSigningKey);
}
