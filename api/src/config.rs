//! The command line and the environment, read once at start. Every flag is also a variable ANJU_….

mod export;
mod import;
mod push;

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

pub use export::{ExportArgs, ExportFormat, ExportTable};
pub use import::{ImportCommand, ImportTableArgs};
pub use push::PushArgs;

use crate::{
    graphql::guard::{BURST, DOOR_BURST, DOOR_PER_SECOND, PER_SECOND},
    http::{MAX_IN_FLIGHT, MAX_SOCKETS},
};

/// Anju (安居): the customer-service backend of a property developer and its property-management company, over the
/// whole life of a home, as one GraphQL API.
///
/// Try it: `anju demo` serves the API with a made-up company on an embedded database and prints what to do next.
#[derive(Parser, Debug)]
#[command(name = "anju", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub log: LogArgs,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the API.
    Serve(Box<ServeArgs>),
    /// Serve the API with a made-up company on an embedded SQLite database.
    Demo(DemoArgs),
    /// Bring the database to this version's tables, and nothing else.
    Migrate(DatabaseArgs),
    /// Print the schema definition (SDL).
    Schema,
    /// Print an access token for development, alone on a line.
    Token(TokenArgs),
    /// Make an administrator, or give one another password, and print it, alone on a line. Everything else about staff is done by the API.
    Admin(AdminArgs),
    /// Load the company's data from files.
    Import {
        #[command(subcommand)]
        what: ImportCommand,
    },
    /// Write tickets, surveys, figures or a ledger to a file, of the whole company or of one project. Servers may go on meanwhile.
    Export(ExportArgs),
    /// Write a consistent copy of the database to a file. Servers may go on meanwhile.
    Backup(BackupArgs),
    /// Bring a backup back into an empty database.
    Restore(BackupArgs),
    /// Change the keys that the database holds.
    Keys {
        #[command(subcommand)]
        what: KeysCommand,
    },
    /// Read the audit log.
    Audit {
        #[command(subcommand)]
        what: AuditCommand,
    },
}

#[derive(Subcommand, Debug)]
pub enum KeysCommand {
    /// Make a new key for access tokens. Running servers take it over by themselves, and nobody is signed out.
    Rotate(RotateKeysArgs),
    /// Seal the stored phone and identity numbers with a new key, while servers run. It takes some minutes more than its work; stopped, it goes on when it is run again.
    RotateData(RotateDataArgs),
    /// Put the stored keys under another master key, or under a first one. Start the servers anew with it afterwards.
    Rewrap(RewrapKeysArgs),
}

#[derive(Subcommand, Debug)]
pub enum AuditCommand {
    /// Print the audit log as JSON, an entry a line, the oldest first, each with its cursor.
    Export(AuditExportArgs),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

#[derive(Args, Debug)]
pub struct LogArgs {
    /// How log lines look; they go to standard error.
    #[arg(long, global = true, env = "ANJU_LOG_FORMAT", value_enum, default_value = "pretty")]
    pub log_format: LogFormat,
    /// What is logged: a level, or targets with levels such as `info,anju::jobs=debug`.
    #[arg(long, global = true, env = "ANJU_LOG", default_value = "info")]
    pub log: String,
}

#[derive(Args, Clone, Debug)]
pub struct DatabaseArgs {
    /// Where the data is: `postgres://user:password@host/name`, or `sqlite://path/to/anju.db` for an embedded one.
    #[arg(long, env = "ANJU_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: String,
    /// How many connections are held open at most. An embedded database has no use for more than two readers for each core.
    #[arg(long, env = "ANJU_MAX_CONNECTIONS", default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub max_connections: u32,
}

impl DatabaseArgs {
    /// Embedded databases are migrated without asking: nobody else uses them.
    pub fn is_embedded(&self) -> bool {
        self.database_url.starts_with("sqlite")
    }
}

#[derive(Args, Clone, Debug)]
pub struct KeyArgs {
    /// A master key of 64 hexadecimal digits that protects the keys stored in the database; make one with `openssl rand -hex 32`. Required with --production.
    #[arg(long, env = "ANJU_MASTER_KEY", hide_env_values = true, value_name = "HEX")]
    pub master_key: Option<String>,
    /// The issuer that access tokens name.
    #[arg(long, env = "ANJU_ISSUER", default_value = "anju", value_name = "NAME")]
    pub issuer: String,
    /// The audience that access tokens name.
    #[arg(long, env = "ANJU_AUDIENCE", default_value = "anju-api", value_name = "NAME")]
    pub audience: String,
    /// Production mode: no introspection, no suggestions, no explorer page, no `anju token`; a master key and a code webhook are required.
    #[arg(long, env = "ANJU_PRODUCTION")]
    pub production: bool,
}

impl Default for KeyArgs {
    fn default() -> Self {
        Self { master_key: None, issuer: "anju".to_owned(), audience: "anju-api".to_owned(), production: false }
    }
}

#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub keys: KeyArgs,
    /// The address to listen on.
    #[arg(long, env = "ANJU_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Bring a PostgreSQL database to this version's tables before serving. An embedded one always is.
    #[arg(long, env = "ANJU_MIGRATE")]
    pub migrate: bool,
    /// A NATS server, or several with commas between, that carries wakes between servers over one database: `nats://host:4222`, `tls://user:password@host:4222`. Without it, a server finds what the others wrote within half a second.
    #[arg(long, env = "ANJU_NATS_URL", hide_env_values = true, value_delimiter = ',', value_name = "URL")]
    pub nats_url: Vec<String>,
    /// Where pictures are kept: a folder, or `s3://bucket/prefix` with the usual AWS_… variables.
    #[arg(long, env = "ANJU_ATTACHMENTS", default_value = "anju-attachments", value_name = "URL")]
    pub attachments: String,
    /// Where one-time codes are sent: an address of your message gateway that takes signed webhooks (Standard Webhooks). Without it, codes are written to the log.
    #[arg(long, env = "ANJU_CODE_WEBHOOK_URL", value_name = "URL", requires = "code_webhook_secret")]
    pub code_webhook_url: Option<String>,
    /// The secret that signs those webhooks: `whsec_` and base64.
    #[arg(long, env = "ANJU_CODE_WEBHOOK_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub code_webhook_secret: Option<String>,
    /// Sites whose pages may call the API from a browser, with commas between, such as `https://desk.example.com`.
    #[arg(long, env = "ANJU_ALLOWED_ORIGINS", value_delimiter = ',', value_name = "ORIGIN")]
    pub allowed_origins: Vec<String>,
    #[command(flatten)]
    pub channels: ChannelArgs,
    #[command(flatten)]
    pub push: PushArgs,
    #[command(flatten)]
    pub outbound: OutboundArgs,
    #[command(flatten)]
    pub guard: GuardArgs,
    #[command(flatten)]
    pub replica: ReplicaArgs,
    /// How many threads serve requests.
    #[arg(long, env = "ANJU_WORKERS", default_value_t = default_workers(), value_name = "N")]
    pub workers: usize,
    /// A collector of OpenTelemetry traces, by OTLP over HTTP, such as `http://collector:4318`. A `traceparent` header is heeded from --trusted-proxies.
    #[arg(long, env = "ANJU_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// Statements that take longer are logged, without their values, and counted.
    #[arg(long, env = "ANJU_SLOW_QUERY_MS", default_value_t = 500, value_name = "MS")]
    pub slow_query_ms: u64,
    /// How many requests are in work at once; more are told at once to come back in a moment.
    #[arg(long, env = "ANJU_MAX_IN_FLIGHT", default_value_t = MAX_IN_FLIGHT, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_in_flight: u32,
    /// How many sockets and event streams are open at once; each is also a file to the operating system (`ulimit -n`).
    #[arg(long, env = "ANJU_MAX_SOCKETS", default_value_t = MAX_SOCKETS, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_sockets: u32,
}

/// Where queries may be read from.
#[derive(Args, Clone, Debug)]
pub struct ReplicaArgs {
    /// A streaming replica of the PostgreSQL database, from which queries are read: `postgres://…`. Whoever has just written reads from the primary until the replica has it. Give it to all servers or to none.
    #[arg(long, env = "ANJU_REPLICA_URL", hide_env_values = true, value_name = "URL")]
    pub replica_url: Option<String>,
    /// A replica that is further behind is left out until it has caught up.
    #[arg(long, env = "ANJU_REPLICA_MAX_LAG_MS", default_value_t = 5000, value_name = "MS")]
    pub replica_max_lag_ms: u64,
}

/// By which ways notifications leave the house. Everybody has them in the inbox, whatever is given here.
#[derive(Args, Clone, Debug, Default)]
pub struct ChannelArgs {
    /// Your mail server: `smtps://user:password@host`, or `smtp://host:25?tls=required`. Without it, no mail is sent.
    #[arg(long, env = "ANJU_SMTP_URL", hide_env_values = true, value_name = "URL", requires = "mail_from")]
    pub smtp_url: Option<String>,
    /// Whom mail is from, such as `Anju <no-reply@example.com>`.
    #[arg(long, env = "ANJU_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Where text messages are sent: an address of your message gateway that takes signed webhooks (Standard Webhooks).
    #[arg(long, env = "ANJU_SMS_WEBHOOK_URL", value_name = "URL", requires = "message_webhook_secret")]
    pub sms_webhook_url: Option<String>,
    /// Where messages to WeChat are sent, in the same way.
    #[arg(long, env = "ANJU_WECHAT_WEBHOOK_URL", value_name = "URL", requires = "message_webhook_secret")]
    pub wechat_webhook_url: Option<String>,
    /// The secret that signs those webhooks: `whsec_` and base64.
    #[arg(long, env = "ANJU_MESSAGE_WEBHOOK_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub message_webhook_secret: Option<String>,
}

/// Where to the server may call an address that somebody entered: a webhook's, or that of a phone's push service. And whom it
/// believes to be there.
#[derive(Args, Clone, Debug, Default)]
pub struct OutboundArgs {
    /// Networks beside the internet that addresses which people enter may lead to, with commas between, such as `10.20.0.0/16`. Into them plain http is spoken too. Without it, such an address must be https and of the internet.
    #[arg(long, env = "ANJU_OUTBOUND_ALLOW_NET", value_delimiter = ',', value_parser = read_network, value_name = "NETWORK")]
    pub outbound_allow_net: Vec<IpNet>,
    /// Certificates of your own authorities, one or more in PEM. Whatever the server calls may show one that they gave out: webhooks, message gateways, mail servers, push services. Those that the system knows are believed too.
    #[arg(long, env = "ANJU_OUTBOUND_CA", value_name = "FILE.pem")]
    pub outbound_ca: Option<PathBuf>,
}

/// What is let through, and how it is told who asks.
#[derive(Args, Clone, Debug)]
pub struct GuardArgs {
    /// Your own proxies, as addresses or networks with commas between, such as `10.0.0.0/8`: theirs is the only X-Forwarded-For that is read.
    #[arg(long, env = "ANJU_TRUSTED_PROXIES", value_delimiter = ',', value_parser = read_network, value_name = "NETWORK")]
    pub trusted_proxies: Vec<IpNet>,
    /// How many fields each principal, and each address that is not signed in, may ask for at once.
    #[arg(long, env = "ANJU_RATE_BURST", default_value_t = BURST, value_name = "FIELDS")]
    pub rate_burst: NonZeroU32,
    /// How many of them each second gives back; 0 for no bound.
    #[arg(long, env = "ANJU_RATE_PER_SECOND", default_value_t = PER_SECOND.get(), value_name = "FIELDS")]
    pub rate_per_second: u32,
    /// How much each address may ask for at once beside GraphQL: a picture is 1, a calendar 5, an upload or a partner's token 10, an export 30.
    #[arg(long, env = "ANJU_ADDRESS_BURST", default_value_t = DOOR_BURST, value_name = "N")]
    pub address_burst: NonZeroU32,
    /// How much of it each second gives back; 0 for no bound.
    #[arg(long, env = "ANJU_ADDRESS_PER_SECOND", default_value_t = DOOR_PER_SECOND.get(), value_name = "N")]
    pub address_per_second: u32,
    /// Run only the documents in this file, a JSON object that leads from the SHA-256 of each to its text. They may be sent whole or by their hash.
    #[arg(long, env = "ANJU_DOCUMENTS_ONLY", value_name = "FILE.json")]
    pub documents_only: Option<PathBuf>,
}

/// A network, or an address that is one by itself.
fn read_network(text: &str) -> Result<IpNet, String> {
    let network = text.trim().parse().or_else(|_| text.trim().parse().map(|address: IpAddr| address.into()));
    network.map_err(|_| "it is neither an address nor a network such as 10.0.0.0/8".to_owned())
}

fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// The address to listen on.
    #[arg(long, env = "ANJU_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Where the demo's database and pictures are kept. Remove the folder to start anew.
    #[arg(long, env = "ANJU_DATA_DIR", default_value = "anju-demo", value_name = "DIR")]
    pub data_dir: PathBuf,
}

#[derive(Args, Clone, Debug)]
pub struct TokenArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub keys: KeyArgs,
    #[command(flatten)]
    pub who: WhoArgs,
}

#[derive(Args, Clone, Debug)]
pub struct AdminArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    #[command(flatten)]
    pub keys: KeyArgs,
    /// By which name the administrator signs in. Somebody new is made of one that nobody has.
    pub login: String,
    /// The name of somebody new; the login when left out.
    #[arg(long)]
    pub name: Option<String>,
}

/// For whom the token is.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
pub struct WhoArgs {
    /// An owner, by phone number.
    #[arg(long, value_name = "PHONE")]
    pub owner: Option<String>,
    /// A member of staff, by login.
    #[arg(long, value_name = "LOGIN")]
    pub staff: Option<String>,
    /// A decoration partner, by client id.
    #[arg(long, value_name = "CLIENT_ID")]
    pub partner: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// The backup. It holds personal data, and no picture.
    pub file: PathBuf,
    #[command(flatten)]
    pub database: DatabaseArgs,
}

#[derive(Args, Clone, Debug)]
pub struct RotateKeysArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The master key that the servers run with, if they do.
    #[arg(long, env = "ANJU_MASTER_KEY", hide_env_values = true, value_name = "HEX")]
    pub master_key: Option<String>,
    /// Revoke the old keys now, because one has leaked: every access token ends, and the apps refresh theirs.
    #[arg(long)]
    pub at_once: bool,
}

#[derive(Args, Clone, Debug)]
pub struct RotateDataArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The master key that the servers run with, if they do.
    #[arg(long, env = "ANJU_MASTER_KEY", hide_env_values = true, value_name = "HEX")]
    pub master_key: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub struct RewrapKeysArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The master key that the servers run with now. Leave it out if they run without.
    #[arg(long, env = "ANJU_OLD_MASTER_KEY", hide_env_values = true, value_name = "HEX")]
    pub old_master_key: Option<String>,
    /// The master key from now on; make it with `openssl rand -hex 32`.
    #[arg(long, env = "ANJU_MASTER_KEY", hide_env_values = true, value_name = "HEX")]
    pub master_key: String,
}

#[derive(Args, Clone, Debug)]
pub struct AuditExportArgs {
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The cursor of the last entry that was taken over; without it, from the first entry on.
    #[arg(long, value_name = "CURSOR", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(i64).range(0..))]
    pub after: i64,
}

/// How long a stopping server waits for what it is doing.
pub const DRAIN: Duration = Duration::from_secs(9);
