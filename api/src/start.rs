//! From configuration to services: the database is opened and brought up to date, keys are opened, stores are made.

mod check;
mod push;

use std::{
    collections::{BTreeMap, HashSet},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use entity::vocab::NotificationChannel;
use migration::{Migrator, MigratorTrait};
pub use push::open_push;

use crate::{
    auth::{
        delivery::{CodeDelivery, LogDelivery, WebhookDelivery},
        password::Passwords,
        secret::SecretKey,
    },
    authorities::Authorities,
    channel::{
        Channels,
        address::AllowedNets,
        outbound::{Bounds, Outbound},
        smtp::Smtp,
        webhook::Webhook,
    },
    clock::{Clock, Ids},
    config::{ChannelArgs, DatabaseArgs, GuardArgs, KeyArgs, OutboundArgs, ReplicaArgs, ServeArgs},
    domain::{holidays, throttle::Rate},
    error::Error,
    events::{Bus, Hub},
    graphql::{self, document::TrustedDocuments, guard::Guard},
    language::{Language, say},
    media::{blob::BlobStore, upload::Uploads},
    service::Services,
    store::{
        self,
        db::{Db, PoolOptions},
        vault::{Vault, VaultOptions},
    },
    vitals,
};

pub use check::check;

/// How many pictures are taken in, and decoded, at a time.
const UPLOADS: (usize, usize) = (16, 2);

/// How many passwords are hashed at a time.
const PASSWORDS: usize = 4;

/// Why the program could not start or finish, for the person who started it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl StartError {
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// Says what failed and why.
    pub fn because(what: &str) -> impl Fn(&dyn std::error::Error) -> Self + use<> {
        let what = what.to_owned();
        move |cause| {
            let mut text = format!("{what}: {cause}");
            let mut source = cause.source();
            while let Some(cause) = source {
                text.push_str(&format!(": {cause}"));
                source = cause.source();
            }
            Self(text)
        }
    }
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        match error {
            Error::Internal(cause) => Self::because("the service failed")(&*cause),
            Error::Invalid(faults) => {
                let said = faults.iter().map(|fault| say(&fault.message, Language::En));
                Self(said.collect::<Vec<_>>().join(" "))
            }
            Error::Unauthenticated(said) | Error::Forbidden(said) | Error::NotFound(said) => {
                Self(say(&said, Language::En))
            }
            Error::Busy => Self::new("the database can't be reached in time"),
        }
    }
}

/// Opens the database. `migrate` brings it to this version's tables first.
pub async fn open_database(args: &DatabaseArgs, options: PoolOptions, migrate: bool) -> Result<Db, StartError> {
    let options = PoolOptions { max_connections: args.max_connections, ..options };
    let db = Db::connect(&args.database_url, options)
        .await
        .map_err(|error| StartError::because("the database can't be opened; check --database-url")(&error))?;
    if migrate {
        migrate_database(&db).await?;
    } else {
        check_migrated(&db).await?;
    }
    Ok(db)
}

/// Adds the replica that queries are read from, if there is to be one.
pub async fn open_replica(
    db: Db,
    database: &DatabaseArgs,
    args: &ReplicaArgs,
    options: PoolOptions,
) -> Result<Db, StartError> {
    let Some(url) = &args.replica_url else { return Ok(db) };
    if !db.is_postgres() || !url.starts_with("postgres") {
        return Err(StartError::new(
            "--replica-url names a streaming replica of a PostgreSQL database (postgres://…); leave it out, or move the \
             data to PostgreSQL and name that with --database-url",
        ));
    }
    let options = PoolOptions { max_connections: database.max_connections, ..options };
    let opened = db.with_replica(url, options, Duration::from_millis(args.replica_max_lag_ms)).await;
    opened.map_err(|error| StartError::because("--replica-url can't be used")(&error))
}

/// Brings the database to this version's tables. Servers that start at once take turns.
pub async fn migrate_database(db: &Db) -> Result<(), StartError> {
    let turn = db.migration_turn().await.map_err(not_migrated)?;
    let outcome = bring_up_to_date(db).await;
    turn.end().await.map_err(not_migrated)?;
    outcome
}

async fn bring_up_to_date(db: &Db) -> Result<(), StartError> {
    if is_ahead(db).await? {
        return Ok(());
    }
    let pending = Migrator::get_pending_migrations(db.writer()).await.map_err(not_migrated)?;
    let Some(last) = pending.last() else { return Ok(()) };
    Migrator::up(db.writer(), None).await.map_err(not_migrated)?;
    tracing::info!(migrations = pending.len(), last = last.name(), "the database has been migrated");
    Ok(())
}

fn not_migrated(error: impl std::error::Error) -> StartError {
    StartError::because("the database could not be migrated")(&error)
}

/// Whether a later version has brought the database further than this one would. Migrations only add, so that this version
/// goes on with what it knows: while servers are upgraded one after the other, and when an upgrade is taken back.
async fn is_ahead(db: &Db) -> Result<bool, StartError> {
    let failed = |error| StartError::because("which version the database is of can't be read")(&error);
    let applied = Migrator::get_migration_models(db.writer()).await.map_err(failed)?;
    let mut applied: HashSet<String> = applied.into_iter().map(|migration| migration.version).collect();
    let has_all = Migrator::migrations().iter().all(|migration| applied.remove(migration.name()));
    let is_ahead = has_all && !applied.is_empty();
    if is_ahead {
        tracing::warn!(
            unknown = applied.len(),
            "the database is of a later version; this one goes on with what it knows"
        );
    }
    Ok(is_ahead)
}

async fn check_migrated(db: &Db) -> Result<(), StartError> {
    if is_ahead(db).await? {
        return Ok(());
    }
    let behind = "the database has not been migrated to this version; run `anju migrate`, or serve with --migrate";
    match Migrator::get_pending_migrations(db.writer()).await {
        Ok(pending) if pending.is_empty() => Ok(()),
        Ok(_) => Err(StartError::new(behind)),
        Err(error) => Err(StartError::because(behind)(&error)),
    }
}

/// Opens the stored keys.
pub async fn open_vault(db: &Db, clock: &dyn Clock, ids: &Ids, args: &KeyArgs) -> Result<Vault, StartError> {
    let master = args.master_key.as_deref().map(|key| read_key("--master-key", key)).transpose()?;
    let options = VaultOptions { master: master.as_ref(), issuer: &args.issuer, audience: &args.audience };
    Ok(Vault::open(db, clock, ids, options).await?)
}

/// A key as it was given on the command line.
pub fn read_key(flag: &str, text: &str) -> Result<SecretKey, StartError> {
    SecretKey::from_hex(text).map_err(|error| StartError::because(&format!("{flag} can't be used"))(&error))
}

/// What is let through, with the documents that are trusted where only those are.
pub fn open_guard(args: &GuardArgs) -> Result<Guard, StartError> {
    let rate = |burst, per_second| NonZeroU32::new(per_second).map(|per_second| Rate { burst, per_second });
    let (rate, doors) =
        (rate(args.rate_burst, args.rate_per_second), rate(args.address_burst, args.address_per_second));
    let Some(file) = &args.documents_only else { return Ok(Guard { rate, doors, ..Guard::default() }) };
    let unusable = |why: String| StartError::new(format!("--documents-only {}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| unusable(error.to_string()))?;
    let documents = TrustedDocuments::from_json(&text).map_err(unusable)?;
    Ok(Guard { rate, doors, documents: Some(documents), ..Guard::default() })
}

/// The way one-time codes go.
pub fn open_delivery(
    args: &ServeArgs,
    clock: &Arc<dyn Clock>,
    ids: &Arc<Ids>,
    authorities: &Authorities,
) -> Result<Arc<dyn CodeDelivery>, StartError> {
    match (&args.code_webhook_url, &args.code_webhook_secret) {
        (Some(url), Some(secret)) => {
            let webhook = WebhookDelivery::new(url, secret, Arc::clone(clock), Arc::clone(ids), authorities);
            Ok(Arc::new(webhook.map_err(|error| StartError::because("--code-webhook-url can't be used")(&error))?))
        }
        _ => Ok(Arc::new(LogDelivery)),
    }
}

/// Says so in time when deadlines are counted with public holidays that this version does not know: nothing is guessed.
pub async fn warn_of_unknown_holidays(services: &Services) -> Result<(), StartError> {
    let is_needed = store::policy::heeds_public_holidays(services.db.reader()).await?;
    if is_needed && !holidays::are_known_soon(services.now().date_naive()) {
        tracing::warn!(
            known_until = holidays::known_until(),
            "deadlines are counted with public holidays, of which this version knows none after that year: bring the \
             servers up to date, or set the days themselves with setDeadlinePolicy; until then weekends alone are free"
        );
    }
    Ok(())
}

/// The ways by which notifications leave the house; none where none is configured.
pub fn open_channels(
    args: &ChannelArgs,
    clock: &Arc<dyn Clock>,
    ids: &Arc<Ids>,
    authorities: &Authorities,
) -> Result<Channels, StartError> {
    let mut channels = Channels::default();
    if let (Some(url), Some(from)) = (&args.smtp_url, &args.mail_from) {
        let smtp = Smtp::new(url, from, authorities);
        let smtp = smtp.map_err(|error| StartError::because("--smtp-url can't be used")(&error))?;
        channels = channels.with(NotificationChannel::Email, Arc::new(smtp));
    }
    for (flag, url, channel) in [
        ("--sms-webhook-url", &args.sms_webhook_url, NotificationChannel::Sms),
        ("--wechat-webhook-url", &args.wechat_webhook_url, NotificationChannel::Wechat),
    ] {
        if let (Some(url), Some(secret)) = (url, &args.message_webhook_secret) {
            let gateway = WebhookDelivery::new(url, secret, Arc::clone(clock), Arc::clone(ids), authorities)
                .map_err(|error| StartError::because(&format!("{flag} can't be used"))(&error))?;
            channels = channels.with(channel, Arc::new(Webhook::new(channel, gateway)));
        }
    }
    Ok(channels)
}

/// Whom calls out believe beside the authorities that the system knows.
pub fn open_authorities(args: &OutboundArgs) -> Result<Authorities, StartError> {
    let Some(file) = &args.outbound_ca else { return Ok(Authorities::default()) };
    let unusable = StartError::because(&format!("--outbound-ca {} can't be used", file.display()));
    let pem = std::fs::read(file).map_err(|error| unusable(&error))?;
    Authorities::from_pem(&pem).map_err(|error| unusable(&error))
}

/// The way to addresses that people enter.
pub fn open_outbound(args: &OutboundArgs, authorities: &Authorities) -> Outbound {
    let nets = AllowedNets::new(args.outbound_allow_net.clone());
    Outbound::new(nets, Bounds::default()).trusting(authorities.clone())
}

/// The bus between servers, if there is to be one.
pub async fn open_bus(urls: &[String]) -> Result<Option<Bus>, StartError> {
    if urls.is_empty() {
        return Ok(None);
    }
    Bus::connect(urls).await.map(Some).map_err(|error| StartError::because("--nats-url can't be used")(&error))
}

/// The store of pictures, with the AWS_… variables of the environment for S3.
pub fn open_blobs(url: &str) -> Result<BlobStore, StartError> {
    let settings: BTreeMap<String, String> = if url.starts_with("s3://") {
        std::env::vars().filter(|(name, _)| name.starts_with("AWS_")).collect()
    } else {
        BTreeMap::new()
    };
    BlobStore::from_url(url, &settings).map_err(|error| StartError::because("--attachments can't be used")(&error))
}

/// What services are made of.
pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<Ids>,
    pub vault: Vault,
    pub delivery: Arc<dyn CodeDelivery>,
    pub blobs: BlobStore,
}

impl Parts {
    /// The services of one process.
    pub fn assemble(self) -> Services {
        let hub = Hub::default();
        let metrics = vitals::metrics(&self.db, &hub);
        Services {
            db: self.db,
            clock: self.clock,
            ids: self.ids,
            hub,
            metrics: Arc::new(metrics),
            vault: Arc::new(self.vault),
            delivery: self.delivery,
            passwords: Passwords::new(PASSWORDS),
            blobs: self.blobs,
            uploads: Uploads::new(UPLOADS.0, UPLOADS.1),
            channels: Channels::default(),
            outbound: open_outbound(&OutboundArgs::default(), &Authorities::default()),
            global_id: graphql::id::of_subject,
        }
    }
}
