//! The service's own keys: made once, stored (wrapped when there is a master key), and opened at start.

mod data;
mod rotation;

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use entity::{
    secret_key::{Column, Entity, Model},
    vocab::KeyPurpose,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

pub use data::{DataRotation, begin_data_rotation};
pub use rotation::{Rotated, rewrap, rotate};

use super::db::{Db, Tx};
use crate::{
    auth::{
        secret::{LookupHash, Place, Sealer, SecretError, SecretKey, unwrap, wrap},
        token::{Keys, LEAD, SigningKey, generate_signing_key},
    },
    clock::{Clock, Ids},
    error::{Error, Result},
};

/// What signs tokens, hashes numbers for look-up, and seals them.
pub struct Vault {
    pub tokens: Keys,
    pub lookup: LookupHash,
    sealer: RwLock<Sealer>,
    master: Option<SecretKey>,
    /// The keys that were last read.
    seen: Mutex<Seen>,
}

/// Which keys there are and when each ends, and which one seals. It says nothing of how they are wrapped: a server goes on
/// after a rewrap.
#[derive(PartialEq)]
struct Seen {
    keys: Vec<(uuid::Uuid, Option<DateTime<Utc>>)>,
    seals_with: Option<u8>,
}

/// A stored key that stays shut.
#[derive(Debug, thiserror::Error)]
#[error("the stored keys can't be opened with this master key: {0}")]
struct Shut(SecretError);

/// How keys are opened and what tokens say about where they come from.
pub struct VaultOptions<'a> {
    pub master: Option<&'a SecretKey>,
    pub issuer: &'a str,
    pub audience: &'a str,
}

const PURPOSES: [KeyPurpose; 3] = [KeyPurpose::Signing, KeyPurpose::Lookup, KeyPurpose::Encryption];

impl Vault {
    /// Opens the stored keys, making those that are missing. Two servers that start at once end up with the same keys.
    pub async fn open(db: &Db, clock: &dyn Clock, ids: &Ids, options: VaultOptions<'_>) -> Result<Self> {
        let tx = db.begin().await?;
        lock(&tx).await?;
        for purpose in PURPOSES {
            if Entity::find().filter(Column::Purpose.eq(purpose)).count(&tx).await? == 0 {
                let row = make(purpose, clock, ids, options.master);
                super::insert(Entity, &tx, row).await?;
            }
        }
        let rows = Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(&tx).await?;
        tx.commit().await?;
        assemble(&rows, &options, clock.now())
    }

    /// Takes over what another process did to the keys for tokens and numbers since they were last read, and lets a new key
    /// seal whose time has come. Says whether it was anything.
    pub async fn refresh(&self, db: &Db, now: DateTime<Utc>) -> Result<bool> {
        let changing = Column::Purpose.is_in([KeyPurpose::Signing, KeyPurpose::Encryption]);
        let rows = Entity::find().filter(changing).all(db.reader()).await?;
        let found = seen(&rows, now);
        if *self.seen.lock().unwrap_or_else(PoisonError::into_inner) == found {
            return Ok(false);
        }
        let sealer = sealer(&rows, self.master.as_ref(), now)?;
        self.tokens.replace(signing_keys(&rows, self.master.as_ref(), now)?).map_err(Error::internal)?;
        *self.sealer.write().unwrap_or_else(PoisonError::into_inner) = sealer;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(true)
    }

    /// The look-up hash of a normalised phone number.
    pub fn phone_hash(&self, phone: &str) -> String {
        self.lookup.of("phone", phone)
    }

    /// The look-up hash of a client's address.
    pub fn address_hash(&self, address: IpAddr) -> String {
        self.lookup.of("address", &address.to_string())
    }

    /// The look-up hash of a normalised identity number.
    pub fn identity_hash(&self, number: &str) -> String {
        self.lookup.of("identity", number)
    }

    /// Opens an owner's sealed phone number.
    pub fn open_phone(&self, owner_id: uuid::Uuid, sealed: &[u8]) -> Result<String> {
        self.open_text(sealed, phone_of(owner_id))
    }

    pub fn seal_phone(&self, owner_id: uuid::Uuid, phone: &str) -> Vec<u8> {
        self.seal(phone, phone_of(owner_id))
    }

    pub fn seal_identity(&self, owner_id: uuid::Uuid, number: &str) -> Vec<u8> {
        self.seal(number, identity_of(owner_id))
    }

    /// Opens an owner's sealed identity number.
    pub fn open_identity(&self, owner_id: uuid::Uuid, sealed: &[u8]) -> Result<String> {
        self.open_text(sealed, identity_of(owner_id))
    }

    pub fn seal_email(&self, principal_id: uuid::Uuid, address: &str) -> Vec<u8> {
        self.seal(address, email_of(principal_id))
    }

    /// Opens a person's sealed email address.
    pub fn open_email(&self, principal_id: uuid::Uuid, sealed: &[u8]) -> Result<String> {
        self.open_text(sealed, email_of(principal_id))
    }

    pub fn seal_webhook_secret(&self, endpoint_id: uuid::Uuid, secret: &str) -> Vec<u8> {
        self.seal(secret, webhook_secret_of(endpoint_id))
    }

    /// Opens a sealed secret of an endpoint: that of now, or the one before.
    pub fn open_webhook_secret(&self, endpoint_id: uuid::Uuid, sealed: &[u8]) -> Result<String> {
        self.open_text(sealed, webhook_secret_of(endpoint_id))
    }

    fn seal(&self, text: &str, place: Place<'_>) -> Vec<u8> {
        self.sealer.read().unwrap_or_else(PoisonError::into_inner).seal(text.as_bytes(), place)
    }

    fn open_text(&self, sealed: &[u8], place: Place<'_>) -> Result<String> {
        let sealer = self.sealer.read().unwrap_or_else(PoisonError::into_inner);
        sealer.open_text(sealed, place).map_err(Error::internal)
    }
}

fn identity_of(owner_id: uuid::Uuid) -> Place<'static> {
    Place { table: "owners", column: "identity", row: owner_id }
}

fn phone_of(owner_id: uuid::Uuid) -> Place<'static> {
    Place { table: "owners", column: "phone", row: owner_id }
}

fn email_of(principal_id: uuid::Uuid) -> Place<'static> {
    Place { table: "notification_settings", column: "email", row: principal_id }
}

/// The secret of now and the one before have one place: it moves from one column to the other as it is.
fn webhook_secret_of(endpoint_id: uuid::Uuid) -> Place<'static> {
    Place { table: "webhook_endpoints", column: "secret", row: endpoint_id }
}

/// Makes two servers that start at once go one after the other.
async fn lock(tx: &Tx) -> Result<()> {
    use sea_orm::{ConnectionTrait, DbBackend};
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("LOCK TABLE secret_keys IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

fn name(purpose: KeyPurpose) -> &'static str {
    match purpose {
        KeyPurpose::Signing => "signing",
        KeyPurpose::Lookup => "lookup",
        KeyPurpose::Encryption => "encryption",
    }
}

fn make(purpose: KeyPurpose, clock: &dyn Clock, ids: &Ids, master: Option<&SecretKey>) -> Model {
    let key = match purpose {
        KeyPurpose::Signing => generate_signing_key(),
        KeyPurpose::Lookup | KeyPurpose::Encryption => SecretKey::generate().expose().to_vec(),
    };
    let now = clock.now();
    Model {
        id: ids.new_id(now),
        purpose,
        material: wrap(master, name(purpose), &key),
        is_wrapped: master.is_some(),
        created_at: now,
        retired_at: None,
    }
}

fn open_key(row: &Model, master: Option<&SecretKey>) -> Result<Vec<u8>> {
    unwrap(master, name(row.purpose), &row.material).map_err(|error| Error::internal(Shut(error)))
}

/// The signing keys among these rows that have not ended.
fn signing_keys(rows: &[Model], master: Option<&SecretKey>, now: DateTime<Utc>) -> Result<Vec<SigningKey>> {
    let living = rows.iter().filter(|row| row.purpose == KeyPurpose::Signing);
    let living = living.filter(|row| row.retired_at.is_none_or(|end| now < end));
    living
        .map(|row| {
            let pkcs8 = open_key(row, master)?;
            Ok(SigningKey { pkcs8, created_at: row.created_at, ends_at: row.retired_at })
        })
        .collect()
}

/// The keys that seal numbers, the retired ones too, each with the number that is written beside what it has sealed: its
/// place in the order in which they were made.
fn numbered(rows: &[Model]) -> Result<Vec<(u8, &Model)>> {
    let mut sealing: Vec<&Model> = rows.iter().filter(|row| row.purpose == KeyPurpose::Encryption).collect();
    sealing.sort_unstable_by_key(|row| (row.created_at, row.id));
    let number = |place: usize| u8::try_from(place + 1).map_err(|_| Error::internal("there are too many keys"));
    sealing.into_iter().enumerate().map(|(place, row)| Ok((number(place)?, row))).collect()
}

/// Which of them seals: the newest that every server knows by now, or the only one.
fn seals_with(numbered: &[(u8, &Model)], now: DateTime<Utc>) -> Option<u8> {
    let living = || numbered.iter().filter(|(_, row)| row.retired_at.is_none());
    let known = living().rfind(|(_, row)| row.created_at + LEAD <= now);
    known.or_else(|| living().next()).map(|(number, _)| *number)
}

fn opened(numbered: &[(u8, &Model)], master: Option<&SecretKey>) -> Result<Vec<(u8, SecretKey)>> {
    let open = |(number, row): &(u8, &Model)| {
        let key = SecretKey::from_bytes(&open_key(row, master)?).map_err(Error::internal)?;
        Ok((*number, key))
    };
    numbered.iter().map(open).collect()
}

/// What seals now, and opens whatever was sealed with a key that is not retired.
fn sealer(rows: &[Model], master: Option<&SecretKey>, now: DateTime<Utc>) -> Result<Sealer> {
    let mut living = numbered(rows)?;
    living.retain(|(_, row)| row.retired_at.is_none());
    let seals_with = seals_with(&living, now).ok_or_else(|| Error::internal("there is no key to seal with"))?;
    let sealer = Sealer::new(opened(&living, master)?).map_err(Error::internal)?;
    sealer.sealing_with(seals_with).map_err(Error::internal)
}

fn seen(rows: &[Model], now: DateTime<Utc>) -> Seen {
    let changing = rows.iter().filter(|row| row.purpose != KeyPurpose::Lookup);
    let mut keys: Vec<_> = changing.map(|row| (row.id, row.retired_at)).collect();
    keys.sort_unstable();
    Seen { keys, seals_with: numbered(rows).ok().and_then(|numbered| seals_with(&numbered, now)) }
}

fn assemble(rows: &[Model], options: &VaultOptions<'_>, now: DateTime<Utc>) -> Result<Vault> {
    let signing = signing_keys(rows, options.master, now)?;
    let tokens = Keys::new(options.issuer, options.audience, signing).map_err(Error::internal)?;
    let lookup = rows.iter().find(|row| row.purpose == KeyPurpose::Lookup && row.retired_at.is_none());
    let lookup = open_key(lookup.ok_or_else(|| Error::internal("there is no look-up key"))?, options.master)?;
    let lookup = LookupHash::new(&SecretKey::from_bytes(&lookup).map_err(Error::internal)?);
    let sealer = RwLock::new(sealer(rows, options.master, now)?);
    let seen = Mutex::new(seen(rows, now));
    Ok(Vault { tokens, lookup, sealer, master: options.master.cloned(), seen })
}
