//! What goes to a browser is encrypted for it alone (RFC 8291, over RFC 8188): the push service in between reads none of it.

use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use data_encoding::{BASE64URL_NOPAD, Encoding, Specification};
use serde::{Deserialize, Serialize};

/// The size of a record; ours is the only one of its message.
const RECORD: u32 = 4096;

/// What a record takes beside the text: the mark of its end, and the tag.
const BESIDE: usize = 1 + 16;

const PUBLIC_KEY: usize = 65;
const SHARED_SECRET: usize = 16;

/// The longest address of a subscription, in characters: as long as browsers' own addresses may be.
pub const LONGEST_ENDPOINT: usize = 2048;

/// Where a browser is reached, and the keys by which it alone reads what is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub endpoint: String,
    /// The browser's public key, in base64url.
    pub p256dh: String,
    /// What the browser shares with us, in base64url.
    pub auth: String,
}

/// What is wrong with a subscription's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKeys {
    PublicKey,
    SharedSecret,
}

impl Subscription {
    /// The keys in the spelling that is kept; some browsers' libraries pad them, or write the other base64.
    pub fn checked_keys(p256dh: &str, auth: &str) -> Result<(String, String), BadKeys> {
        let public = decode(p256dh).ok_or(BadKeys::PublicKey)?;
        let secret = decode(auth).filter(|secret| secret.len() == SHARED_SECRET).ok_or(BadKeys::SharedSecret)?;
        let ours = PrivateKey::generate(&ECDH_P256).map_err(|_| BadKeys::PublicKey)?;
        shared(&ours, &public).map_err(|_| BadKeys::PublicKey)?;
        Ok((BASE64URL_NOPAD.encode(&public), BASE64URL_NOPAD.encode(&secret)))
    }

    /// Encrypts a message with a key pair and salt that are used once.
    pub fn encrypt(&self, plain: &[u8], ours: &PrivateKey, salt: [u8; 16]) -> Result<Vec<u8>, Unspecified> {
        let (theirs, secret) = (decode(&self.p256dh).ok_or(Unspecified)?, decode(&self.auth).ok_or(Unspecified)?);
        if plain.len() + BESIDE > RECORD as usize {
            return Err(Unspecified);
        }
        let public = ours.compute_public_key()?;
        let shared = shared(ours, &theirs)?;
        let info = [b"WebPush: info\0".as_slice(), &theirs, public.as_ref()].concat();
        let keyed: [u8; 32] = expand(&Salt::new(HKDF_SHA256, &secret).extract(&shared), &info)?;
        let material = Salt::new(HKDF_SHA256, &salt).extract(&keyed);
        let key: [u8; 16] = expand(&material, b"Content-Encoding: aes128gcm\0")?;
        let nonce: [u8; 12] = expand(&material, b"Content-Encoding: nonce\0")?;
        let mut record = [plain, &[2]].concat();
        LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::empty(),
            &mut record,
        )?;
        let length = [u8::try_from(PUBLIC_KEY).map_err(|_| Unspecified)?];
        Ok([&salt, RECORD.to_be_bytes().as_slice(), &length, public.as_ref(), &record].concat())
    }
}

/// Both alphabets of base64, padded or not.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
    lenient()?.decode(text.as_bytes()).ok()
}

/// Bits that stand behind the last byte are left out of account, as browsers do.
fn lenient() -> Option<Encoding> {
    let mut specification: Specification = BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().ok()
}

fn shared(ours: &PrivateKey, theirs: &[u8]) -> Result<Vec<u8>, Unspecified> {
    if theirs.len() != PUBLIC_KEY {
        return Err(Unspecified);
    }
    agree(ours, UnparsedPublicKey::new(&ECDH_P256, theirs), Unspecified, |secret| Ok(secret.to_vec()))
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(material: &Prk, info: &[u8]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    material.expand(&[info], Length(N))?.fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEIR_PUBLIC: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out_byte_for_byte() {
        let private = decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap();
        let ours = PrivateKey::from_private_key(&ECDH_P256, &private).unwrap();
        let salt = decode("DGv6ra1nlYgDCS1FRnbzlw").unwrap().try_into().unwrap();
        let subscription =
            Subscription { endpoint: String::new(), p256dh: THEIR_PUBLIC.to_owned(), auth: SECRET.to_owned() };
        let sealed = subscription.encrypt(b"When I grow up, I want to be a watermelon", &ours, salt).unwrap();
        let expected = [
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml",
            "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT",
            "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        ];
        assert_eq!(BASE64URL_NOPAD.encode(&sealed), expected.concat());
    }

    #[test]
    fn a_message_is_as_long_as_a_record_at_most() {
        let ours = PrivateKey::generate(&ECDH_P256).unwrap();
        let subscription =
            Subscription { endpoint: String::new(), p256dh: THEIR_PUBLIC.to_owned(), auth: SECRET.to_owned() };
        let sealed = |length: usize| subscription.encrypt(&vec![b'x'; length], &ours, [7; 16]);
        assert_eq!(sealed(RECORD as usize - BESIDE).unwrap().len(), 16 + 4 + 1 + PUBLIC_KEY + RECORD as usize);
        assert!(sealed(RECORD as usize - BESIDE + 1).is_err());
    }

    #[test]
    fn keys_are_read_in_each_spelling_and_refused_when_they_are_none() {
        let padded = format!("{}=", THEIR_PUBLIC.replace('-', "+").replace('_', "/"));
        let kept = (THEIR_PUBLIC.to_owned(), SECRET.to_owned());
        assert_eq!(Subscription::checked_keys(&padded, &format!("{SECRET}==")), Ok(kept));
        let off_the_curve = BASE64URL_NOPAD.encode(&[[4].as_slice(), &[1; 64]].concat());
        for wrong in ["", "BCVx", off_the_curve.as_str(), "不是"] {
            assert_eq!(Subscription::checked_keys(wrong, SECRET), Err(BadKeys::PublicKey), "{wrong}");
        }
        assert_eq!(Subscription::checked_keys(THEIR_PUBLIC, "AAAA"), Err(BadKeys::SharedSecret));
    }
}
