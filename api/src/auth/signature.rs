//! How what is sent to other systems is signed, as Standard Webhooks says: over the message's id, the time and the body.

use aws_lc_rs::hmac;
use data_encoding::BASE64;

use crate::clock::random_bytes;

/// A secret that nothing can be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret is base64 of 24 to 64 bytes, with or without `whsec_` before it")]
pub struct BadSecret;

/// A fresh secret, as both sides write it.
pub fn new_secret() -> String {
    format!("whsec_{}", BASE64.encode(&random_bytes::<32>()))
}

/// Signs with one secret, or with several while one replaces another.
pub struct Signer(Vec<hmac::Key>);

impl Signer {
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Result<Self, BadSecret> {
        Ok(Self(secrets.into_iter().map(key).collect::<Result<_, _>>()?))
    }

    /// The value of `webhook-signature`: one signature a secret.
    pub fn sign(&self, id: &str, timestamp: &str, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let sign = |key| format!("v1,{}", BASE64.encode(hmac::sign(key, signed.as_bytes()).as_ref()));
        self.0.iter().map(sign).collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &str) -> Result<hmac::Key, BadSecret> {
    let encoded = secret.trim().strip_prefix("whsec_").unwrap_or(secret.trim());
    let bytes = BASE64.decode(encoded.as_bytes()).map_err(|_| BadSecret)?;
    if !(24..=64).contains(&bytes.len()) {
        return Err(BadSecret);
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in the Standard Webhooks specification's libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const EXAMPLE: [&str; 3] = ["msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#];
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn signatures_are_those_of_the_specification() {
        let [id, timestamp, body] = EXAMPLE;
        for secret in [SECRET, &SECRET["whsec_".len()..]] {
            assert_eq!(Signer::new([secret]).unwrap().sign(id, timestamp, body), SIGNATURE);
        }
    }

    #[test]
    fn while_a_secret_replaces_another_both_sign() {
        let [id, timestamp, body] = EXAMPLE;
        let fresh = new_secret();
        assert_ne!(fresh, new_secret());
        let signed = Signer::new([&*fresh, SECRET]).unwrap().sign(id, timestamp, body);
        let (new, old) = signed.split_once(' ').unwrap();
        assert_eq!((new, old), (&*Signer::new([&*fresh]).unwrap().sign(id, timestamp, body), SIGNATURE));
    }

    #[test]
    fn a_secret_has_a_form() {
        for secret in ["", "whsec_c2hvcnQ=", "whsec_***"] {
            assert_eq!(Signer::new([secret]).err(), Some(BadSecret), "{secret}");
        }
    }
}
