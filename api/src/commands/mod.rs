//! What each command does, from its arguments to its exit code.

mod admin;
mod audit;
mod backup;
mod explorer;
mod export;
mod import_ledger;
mod import_table;
mod keys;
mod run;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use tokio::signal::unix::{SignalKind, signal};

pub use admin::run as make_administrator;
pub use audit::{export as export_audit, print as print_audit};
pub use backup::{backup, restore};
pub use export::{export as write_export, run as export};
pub use import_ledger::run as import_ledger;
pub use import_table::{staff as import_staff, tickets as import_tickets};
pub use keys::{rewrap as rewrap_keys, rotate as rotate_keys, rotate_data as rotate_data_key};
pub use run::run;

use crate::{
    app::App,
    auth::delivery::LogDelivery,
    clock::{Clock, Ids, ManualClock, SystemClock},
    config::{DRAIN, DatabaseArgs, DemoArgs, KeyArgs, ServeArgs, TokenArgs, WhoArgs},
    demo,
    graphql::schema::{self, SchemaOptions},
    http::HttpConfig,
    media::blob::BlobStore,
    service::{Services, oauth, session},
    start::{self, Parts, StartError},
    store::{self, db::PoolOptions},
};

/// An embedded database gains nothing from more.
const DEMO_CONNECTIONS: u32 = 8;

/// `anju serve`
pub async fn serve(args: ServeArgs) -> Result<ExitCode, StartError> {
    start::check(&args)?;
    let guard = start::open_guard(&args.guard)?;
    let migrate = args.migrate || args.database.is_embedded();
    let slow_statement = Duration::from_millis(args.slow_query_ms);
    let options = PoolOptions { slow_statement, ..PoolOptions::default() };
    let db = start::open_database(&args.database, options, migrate).await?;
    let db = start::open_replica(db, &args.database, &args.replica, options).await?;
    let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
    let vault = start::open_vault(&db, &*clock, &ids, &args.keys).await?;
    let authorities = start::open_authorities(&args.outbound)?;
    let delivery = start::open_delivery(&args, &clock, &ids, &authorities)?;
    let blobs = start::open_blobs(&args.attachments)?;
    let bus = start::open_bus(&args.nats_url).await?;
    let channels = start::open_channels(&args.channels, &clock, &ids, &authorities)?;
    let outbound = start::open_outbound(&args.outbound, &authorities);
    let channels = start::open_push(channels, &args.push, &outbound, &clock, &authorities)?;
    let services = Services { channels, outbound, ..Parts { db, clock, ids, vault, delivery, blobs }.assemble() };
    start::warn_of_unknown_holidays(&services).await?;
    let config = HttpConfig {
        allowed_origins: args.allowed_origins,
        trusted_proxies: args.guard.trusted_proxies,
        guard,
        explorer: None,
        workers: args.workers,
        max_in_flight: args.max_in_flight,
        max_sockets: args.max_sockets,
        drain_timeout: DRAIN,
        ..HttpConfig::default()
    };
    let mut app = App::new(services, config, SchemaOptions { production: args.keys.production });
    if let Some(bus) = bus {
        app.start_bus(bus);
    }
    serve_app(app, args.listen, |_| {}).await
}

/// Serves until Ctrl-C or SIGTERM.
async fn serve_app(
    mut app: App,
    listen: SocketAddr,
    listening: impl FnOnce(SocketAddr),
) -> Result<ExitCode, StartError> {
    let failed = |error| StartError::because(&format!("can't listen on {listen}"))(&error);
    let listener = TcpListener::bind(listen).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    app.start_relay();
    app.start_jobs();
    app.start_key_watch();
    app.start_replica_watch();
    let shutdown = app.state.shutdown.clone();
    let stopped = stop_signal().map_err(failed)?;
    tokio::spawn(async move {
        stopped.await;
        tracing::info!("stopping");
        shutdown.cancel();
    });
    tracing::info!(%address, "listening");
    listening(address);
    app.serve(listener).await.map_err(|error| StartError::because("the server failed")(&error))?;
    Ok(ExitCode::SUCCESS)
}

/// Ends with Ctrl-C or SIGTERM.
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// What a command needs that works on the database as a server does, and sends nothing to anybody.
async fn open_services(database: &DatabaseArgs, keys: &KeyArgs) -> Result<Services, StartError> {
    let db = start::open_database(database, PoolOptions::default(), database.is_embedded()).await?;
    let (clock, ids): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Arc::new(Ids::new()));
    let vault = start::open_vault(&db, &*clock, &ids, keys).await?;
    let delivery = Arc::new(LogDelivery);
    Ok(Parts { db, clock, ids, vault, delivery, blobs: BlobStore::in_memory() }.assemble())
}

/// `anju demo`
pub async fn demo(args: DemoArgs) -> Result<ExitCode, StartError> {
    let unusable = |error: io::Error| StartError::because("--data-dir can't be used")(&error);
    std::fs::create_dir_all(&args.data_dir).map_err(unusable)?;
    let folder = args.data_dir.canonicalize().map_err(unusable)?;
    let file = folder.join("anju.db");
    if !file.exists() {
        eprintln!("anju: making up a company, which takes a moment …");
        make_up_company(&folder).await?;
    }
    let services = demo_services(&folder, &file).await?;
    let config =
        HttpConfig { explorer: Some(explorer::explorer(&services)), drain_timeout: DRAIN, ..HttpConfig::default() };
    serve_app(App::new(services, config, SchemaOptions::default()), args.listen, |address| {
        println!("{}", demo::guide(&demo::accounts(), &address.to_string()));
    })
    .await
}

async fn demo_services(folder: &Path, file: &Path) -> Result<Services, StartError> {
    let database_url = format!("sqlite://{}", file.display());
    let database = DatabaseArgs { database_url, max_connections: DEMO_CONNECTIONS };
    let options = PoolOptions { survives_power_cut: false, ..PoolOptions::default() };
    let db = start::open_database(&database, options, true).await?;
    let ids = Arc::new(Ids::new());
    let vault = start::open_vault(&db, &SystemClock, &ids, &KeyArgs::default()).await?;
    let blobs = start::open_blobs(&folder.join("attachments").display().to_string())?;
    Ok(Parts { db, clock: Arc::new(SystemClock), ids, vault, delivery: Arc::new(LogDelivery), blobs }.assemble())
}

/// Lives through the made-up company's past with a clock of its own. The database gets its name when all is done, so
/// that an interrupted start leaves nothing half made behind.
async fn make_up_company(folder: &Path) -> Result<(), StartError> {
    let file = folder.join("anju.db.new");
    for leftover in ["anju.db.new", "anju.db.new-wal", "anju.db.new-shm"] {
        // Most often there is none.
        let _ = std::fs::remove_file(folder.join(leftover));
    }
    let services = demo_services(folder, &file).await?;
    let now = services.now();
    let clock = Arc::new(ManualClock::new(now));
    let past = Services { clock: clock.clone(), ..services.clone() };
    let hash = services.passwords.hash(demo::PASSWORD.to_owned()).await;
    let hash = hash.map_err(|error| StartError::because("the demo's passwords can't be made")(&error))?;
    demo::fill(&past, &clock, now, &hash).await?;
    drop(past);
    services.db.close().await;
    std::fs::rename(&file, folder.join("anju.db"))
        .map_err(|error| StartError::because("the demo's database can't be put in place")(&error))
}

/// `anju migrate`
pub async fn migrate(args: DatabaseArgs) -> Result<ExitCode, StartError> {
    let db = start::open_database(&args, PoolOptions::default(), true).await?;
    db.close().await;
    eprintln!("anju: the database is up to date");
    Ok(ExitCode::SUCCESS)
}

/// `anju schema`
pub fn schema() -> Result<ExitCode, StartError> {
    print!("{}", schema::sdl());
    Ok(ExitCode::SUCCESS)
}

/// `anju token`
pub async fn token(args: TokenArgs) -> Result<ExitCode, StartError> {
    if args.keys.production {
        return Err(StartError::new("`anju token` is for development and refuses to work with --production"));
    }
    let services = open_services(&args.database, &args.keys).await?;
    println!("{}", token_for(&services, &args.who).await?);
    services.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn token_for(services: &Services, who: &WhoArgs) -> Result<String, StartError> {
    use entity::vocab::PrincipalKind::{Owner, Staff};
    let conn = services.db.writer();
    let unknown = |what: &str| StartError::new(format!("there is no {what} in this database"));
    if let Some(phone) = &who.owner {
        let phone = crate::domain::phone::normalize(phone)
            .ok_or_else(|| StartError::new("--owner takes a mobile number of 11 digits"))?;
        let owner = store::owner::by_phone_hash(conn, &services.vault.phone_hash(&phone)).await?;
        let owner = owner.ok_or_else(|| unknown("owner with this phone"))?;
        return Ok(session::open(services, conn, Owner, owner.id, Some("anju token")).await?.access_token);
    }
    if let Some(login) = &who.staff {
        let staff = store::staff::by_login(conn, login).await?.filter(|staff| staff.is_active);
        let staff = staff.ok_or_else(|| unknown("active member of staff with this login"))?;
        return Ok(session::open(services, conn, Staff, staff.id, Some("anju token")).await?.access_token);
    }
    let client_id = who.partner.as_deref().unwrap_or_default();
    let partner = store::lecture::partner_by_client_id(conn, client_id).await?.filter(|partner| partner.is_active);
    let partner = partner.ok_or_else(|| unknown("active partner with this client id"))?;
    Ok(oauth::grant(services, partner.id).await?.access_token)
}
