//! A browser that has subscribed to messages, and the keys that push services are shown.

use std::sync::LazyLock;

use anju::service::device::Subscription;
use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, Pkcs8V1Der},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rsa::{KeyPair, KeySize},
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};

/// Whoever subscribed, with the keys that nobody else has.
pub struct Browser {
    private: PrivateKey,
    secret: [u8; 16],
    endpoint: String,
}

impl Browser {
    pub fn at(endpoint: &str) -> Self {
        let private = PrivateKey::generate(&ECDH_P256).unwrap();
        Self { private, secret: *b"sixteen bytes...", endpoint: endpoint.to_owned() }
    }

    pub fn subscription(&self) -> Subscription {
        let public = self.private.compute_public_key().unwrap();
        Subscription {
            endpoint: self.endpoint.clone(),
            p256dh: BASE64URL_NOPAD.encode(public.as_ref()),
            auth: BASE64URL_NOPAD.encode(&self.secret),
        }
    }

    /// The same as an input of the API.
    pub fn input(&self) -> Value {
        let Subscription { endpoint, p256dh, auth } = self.subscription();
        json!({ "endpoint": endpoint, "p256dh": p256dh, "auth": auth })
    }

    /// What a message says (RFC 8291, the receiver's side).
    pub fn read(&self, sealed: &[u8]) -> Value {
        let (salt, theirs, record) = (&sealed[..16], &sealed[21..86], &sealed[86..]);
        assert_eq!((&sealed[16..20], sealed[20]), (&4096_u32.to_be_bytes()[..], 65));
        let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let shared = agree(&self.private, peer, (), |secret| Ok(secret.to_vec())).unwrap();
        let own = self.private.compute_public_key().unwrap();
        let info = [b"WebPush: info\0".as_slice(), own.as_ref(), theirs].concat();
        let keyed: [u8; 32] = expanded(&self.secret, &shared, &info);
        let key: [u8; 16] = expanded(salt, &keyed, b"Content-Encoding: aes128gcm\0");
        let nonce: [u8; 12] = expanded(salt, &keyed, b"Content-Encoding: nonce\0");
        let mut record = record.to_vec();
        let opened = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap())
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)
            .unwrap();
        assert_eq!(opened.last(), Some(&2));
        serde_json::from_slice(&opened[..opened.len() - 1]).unwrap()
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expanded<const N: usize>(salt: &[u8], material: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    Salt::new(HKDF_SHA256, salt).extract(material).expand(&[info], Length(N)).unwrap().fill(&mut out).unwrap();
    out
}

/// A document as it stands in files.
pub(super) fn pem(what: &str, document: &[u8]) -> String {
    let text = BASE64.encode(document);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

/// A private key as `--vapid-key` takes it.
pub static VAPID_KEY: LazyLock<String> = LazyLock::new(|| {
    let key: EcPrivateKeyBin<'_> = PrivateKey::generate(&ECDH_P256).unwrap().as_be_bytes().unwrap();
    BASE64URL_NOPAD.encode(key.as_ref())
});

/// A key as Apple gives it out.
pub static APPLE_KEY: LazyLock<String> = LazyLock::new(|| {
    let key: Pkcs8V1Der<'_> = PrivateKey::generate(&ECDH_P256).unwrap().as_der().unwrap();
    pem("PRIVATE KEY", key.as_ref())
});

static RSA_KEY: LazyLock<String> = LazyLock::new(|| {
    let key: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
    pem("PRIVATE KEY", key.as_ref())
});

/// The key of a service account as Google gives it out, whose tokens come from a server of the test's.
pub fn service_account(port: u16) -> String {
    json!({
        "type": "service_account",
        "project_id": "anju-test",
        "private_key": *RSA_KEY,
        "client_email": "anju@anju-test.example",
        "token_uri": format!("http://127.0.0.1:{port}/token"),
    })
    .to_string()
}
