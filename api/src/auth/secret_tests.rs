//! What is sealed, hashed or wrapped, and every way of opening it that must not work.

use super::*;

const ROW: Uuid = Uuid::from_u128(7);

fn phone_of(row: Uuid) -> Place<'static> {
    Place { table: "owner", column: "phone", row }
}

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes(&[byte; 32]).unwrap()
}

#[test]
fn what_is_sealed_opens_at_its_place_and_nowhere_else() {
    let sealer = Sealer::new([(1, key(1))]).unwrap();
    let sealed = sealer.seal(b"13800001111", phone_of(ROW));
    assert_eq!(sealer.open_text(&sealed, phone_of(ROW)).unwrap(), "13800001111");
    assert!(!sealed.windows(5).any(|window| window == b"13800"));
    for place in [
        phone_of(Uuid::from_u128(8)),
        Place { column: "work_phone", ..phone_of(ROW) },
        Place { table: "staff", ..phone_of(ROW) },
    ] {
        assert_eq!(sealer.open(&sealed, place), Err(SecretError::NotAuthentic));
    }
}

#[test]
fn sealing_twice_looks_different() {
    let sealer = Sealer::new([(1, key(1))]).unwrap();
    assert_ne!(sealer.seal(b"same", phone_of(ROW)), sealer.seal(b"same", phone_of(ROW)));
}

#[test]
fn no_changed_or_shortened_byte_opens() {
    let sealer = Sealer::new([(1, key(1)), (2, key(1))]).unwrap();
    let sealed = sealer.seal(b"13800001111", phone_of(ROW));
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 3;
        assert!(sealer.open(&changed, phone_of(ROW)).is_err(), "byte {at} changed");
        assert!(sealer.open(&sealed[..at], phone_of(ROW)).is_err(), "cut at {at}");
    }
}

#[test]
fn keys_rotate_the_newest_seals_and_the_old_ones_still_open() {
    let old = Sealer::new([(1, key(1))]).unwrap();
    let both = Sealer::new([(2, key(2)), (1, key(1))]).unwrap();
    let before = old.seal(b"x", phone_of(ROW));
    let after = both.seal(b"x", phone_of(ROW));
    assert_eq!(both.open(&before, phone_of(ROW)).unwrap(), b"x");
    assert_eq!(old.open(&after, phone_of(ROW)), Err(SecretError::UnknownKey));
    assert_eq!((both.is_stale(&before), both.is_stale(&after)), (true, false));
    assert_eq!(Sealer::new([]).unwrap_err(), SecretError::NoKey);
}

#[test]
fn lookup_hashes_agree_only_for_the_same_key_purpose_and_value() {
    let lookup = LookupHash::new(&key(1));
    let hash = lookup.of("phone", "13800001111");
    assert_eq!(hash, LookupHash::new(&key(1)).of("phone", "13800001111"));
    assert_eq!(hash.len(), 64);
    assert_ne!(hash, lookup.of("phone", "13800001112"));
    assert_ne!(hash, lookup.of("identity", "13800001111"));
    assert_ne!(hash, LookupHash::new(&key(2)).of("phone", "13800001111"));
}

#[test]
fn a_lookup_hash_is_hmac_sha256() {
    // printf 'phone\000138' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01
    let expected = "7cfe1033bfdf647b0233d6e01017dd4cbed85025ce643907a9002a5edb15893d";
    assert_eq!(LookupHash::new(&key(1)).of("phone", "138"), expected);
}

#[test]
fn opaque_tokens_are_long_fresh_and_found_by_their_hash() {
    let token = opaque_token();
    assert_eq!(BASE64URL_NOPAD.decode(token.plain.as_bytes()).unwrap().len(), 32);
    assert_eq!(token.hash, token_hash(&token.plain));
    assert_ne!(token.plain, opaque_token().plain);
    let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(token_hash("abc"), of_abc);
}

#[test]
fn wrapped_keys_come_back_only_with_their_master_and_under_their_name() {
    let master = key(9);
    let stored = wrap(Some(&master), "signing", b"key bytes");
    assert_eq!(unwrap(Some(&master), "signing", &stored).unwrap(), b"key bytes");
    assert_eq!(unwrap(Some(&key(8)), "signing", &stored), Err(SecretError::NotAuthentic));
    assert_eq!(unwrap(Some(&master), "sealing", &stored), Err(SecretError::NotAuthentic));
    assert_eq!(unwrap(None, "signing", &stored), Err(SecretError::MasterKeyMissing));
}

#[test]
fn bare_keys_are_refused_once_there_is_a_master() {
    let stored = wrap(None, "signing", b"key bytes");
    assert_eq!(unwrap(None, "signing", &stored).unwrap(), b"key bytes");
    assert_eq!(unwrap(Some(&key(9)), "signing", &stored), Err(SecretError::NotWrapped));
    assert_eq!(unwrap(None, "signing", &[]), Err(SecretError::NotAuthentic));
}

#[test]
fn keys_are_read_from_hex_and_never_printed() {
    let hex = "ab".repeat(32);
    let read = SecretKey::from_hex(&format!(" {hex}\n")).unwrap();
    assert_eq!(read.expose(), &[0xab; 32]);
    assert!(!format!("{read:?}").contains("ab"), "{read:?}");
    for bad in ["", "ab", "zz", &"ab".repeat(31)] {
        assert_eq!(SecretKey::from_hex(bad).unwrap_err(), SecretError::BadKey);
    }
    let sealer = Sealer::new([(1, read.clone())]).unwrap();
    assert_eq!(format!("{sealer:?}"), "Sealer { seals_with: 1, .. }");
}

#[test]
fn derived_keys_differ_by_purpose() {
    assert_eq!(key(1).derive("a").expose(), key(1).derive("a").expose());
    assert_ne!(key(1).derive("a").expose(), key(1).derive("b").expose());
    assert_ne!(key(1).derive("a").expose(), key(1).expose());
}

#[test]
fn comparison_is_by_content() {
    assert!(constant_time_eq(b"same", b"same"));
    assert!(!constant_time_eq(b"same", b"sama"));
    assert!(!constant_time_eq(b"same", b"sam"));
}
