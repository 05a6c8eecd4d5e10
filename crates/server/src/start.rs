//! From a configuration to everything a request can reach, with an error that the
//! operator can act on for each way it can fail.

use crate::{
    api,
    app::{App, Shared},
    config::{Config, Database, MasterKey as Given},
    hand_over::HandOver,
    icons::Icons,
    keys::{Keyring, MasterKey},
    leases::Leases,
    look::Look,
    mail::Mailer,
    metrics::Metrics,
    oauth::{metadata, request_object},
    openid::{self, signers::Signers},
    outbound::Outbound,
    passkeys::Passkeys,
    passwords::{Passwords, Rules, breached::Breached},
    places::Places,
    refusals::RefusalLog,
    throttle::Throttle,
    upstream::Providers,
    world::World,
};
use anyhow::{Context, anyhow, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use grantor_store::{Access, Location, Store, WriteCounts};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};
use zeroize::Zeroizing;

/// Opens the data folder, the keys and the database.
pub async fn open(config: Config, world: World) -> anyhow::Result<Shared> {
    let look = Look::open(&config.branding)?.into();
    let storage = &config.storage;
    make_folder(&storage.data)?;
    let location = location(&config)?;
    let master = master_key(&storage.master_key(), &location, &world)?;
    let store = Store::open(&location, storage.remembered_records, world.now()).await?;
    if store.is_half_moved().await? {
        bail!("a move into this database was cut short: run `grantor move` again, to its end");
    }
    let brand = config.service.token_prefix.as_str().to_owned();
    let keys = Keyring::open(MasterKey::new(&master)?, &brand, &store, &world).await?;
    let threads = config
        .sign_in
        .password_threads
        .unwrap_or_else(Passwords::default_threads);
    let rules = password_rules(&config)?;
    let policy = App::policy_of(&config);
    let outbound = Outbound::open(&config.outbound)?;
    let mailer = Mailer::open(&config)?;
    if mailer.is_on() {
        store.tell_by_mail();
    }
    let providers = Providers::open(&config)?;
    let hand_over = HandOver::open(&config)?;
    let app = Arc::new(App {
        stopping: AtomicBool::new(false),
        metadata: metadata::document(&config, &policy),
        openapi: api::document(&config, &policy),
        passkeys: Passkeys::at(&config.service),
        passwords: Passwords::new(threads, rules)
            .context("cannot start the threads for passwords")?,
        places: Places::open(config.sign_in.places_file.as_deref()).context("places_file")?,
        policy,
        store,
        keys,
        signers: Signers::default(),
        metrics: Metrics::new(world.now()),
        throttle: Throttle::default(),
        leases: Leases::new(&world),
        refusals: RefusalLog::default(),
        icons: Icons::default(),
        look,
        outbound,
        mailer,
        providers,
        hand_over,
        client_keys: openid::keys::client_keys(),
        request_objects: request_object::request_objects(),
        world,
        config,
    });
    measure(&app);
    Ok(app)
}

fn password_rules(config: &Config) -> anyhow::Result<Rules> {
    let file = config.passwords.breached_passwords_file.as_deref();
    let breached = file.map(Breached::open).transpose();
    Ok(Rules {
        strength: config.passwords.password_strength,
        brand: config.service.brand.as_str().to_owned(),
        breached: breached.context("breached_passwords_file")?,
    })
}

type Count = fn(WriteCounts) -> u64;

/// Gauges that ask the parts of the server when somebody looks.
fn measure(app: &App) {
    let (metrics, passwords) = (&app.metrics, app.passwords.clone());
    metrics.ask(&metrics.password_queue, move || passwords.queued() as i64);
    let counts: [(_, Count); 3] = [
        (&metrics.store_batches, |counts| counts.batches),
        (&metrics.store_commits, |counts| counts.commits),
        (&metrics.store_queue, |counts| counts.waiting),
    ];
    for (gauge, count) in counts {
        let store = app.store.clone();
        metrics.ask(gauge, move || count(store.write_counts()) as i64);
    }
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(folder).map_err(|error| {
        let (folder, other) = (folder.display(), "name another folder with --data");
        match error.kind() {
            ErrorKind::AlreadyExists => anyhow!("{folder} is a file, not a folder; {other}"),
            _ => anyhow!("cannot make the data folder {folder}: {error}; {other}"),
        }
    })
}

/// Where the data is, by configuration.
pub fn location(config: &Config) -> anyhow::Result<Location> {
    let storage = &config.storage;
    Ok(match storage.database() {
        Database::Sqlite(path) => Location::Sqlite(path),
        Database::Postgres(url) => Location::Postgres(Arc::new(Access::parse(
            url.reveal(),
            storage.database_ca_file.as_deref(),
            storage.database_connections as usize,
        )?)),
    })
}

/// One server on one SQLite file: held as long as the server runs. PostgreSQL has any
/// number of them.
pub struct Lock(#[expect(dead_code, reason = "held, not read")] Option<File>);

pub fn lock(config: &Config) -> anyhow::Result<Lock> {
    make_folder(&config.storage.data)?;
    let Database::Sqlite(database) = config.storage.database() else {
        return Ok(Lock(None));
    };
    let path = database.with_extension("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path);
    let file = file.with_context(|| {
        format!(
            "cannot write {}, which keeps a second server off this database",
            path.display()
        )
    })?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(Some(file))),
        Err(TryLockError::WouldBlock) => bail!(
            "another grantor serves the database {}; stop it, or name another folder with --data",
            database.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// The master key, made at the very first start and never again.
fn master_key(
    given: &Given<'_>,
    location: &Location,
    world: &World,
) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let path = match given {
        Given::Given(key) => return Ok(Zeroizing::new(*key.reveal())),
        Given::File(path) => path,
    };
    match std::fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => read_master_key(path, &text),
        Err(error) if error.kind() == ErrorKind::NotFound => match location {
            Location::Sqlite(database) if !database.exists() => {
                make_master_key(path, world)
                    .with_context(|| format!("cannot write the master key {}", path.display()))?;
                // Whoever was first has made it.
                let made = std::fs::read_to_string(path).map(Zeroizing::new)?;
                read_master_key(path, &made)
            }
            Location::Sqlite(_) => bail!(
                "the master key {} is missing, but there is a database that needs it: restore the file, or give the key as GRANTOR_MASTER_KEY",
                path.display()
            ),
            Location::Postgres(_) => bail!(
                "there is no master key {}: all servers on one PostgreSQL need the same one, as GRANTOR_MASTER_KEY or in a file; `openssl rand -base64 32` makes one",
                path.display()
            ),
        },
        Err(error) => {
            Err(error).with_context(|| format!("cannot read the master key {}", path.display()))
        }
    }
}

fn read_master_key(path: &Path, text: &str) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let bytes = BASE64_STANDARD.decode(text.trim()).map(Zeroizing::new).ok();
    let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(&bytes[..]).ok());
    key.map(Zeroizing::new).with_context(|| {
        format!(
            "{} is not a master key: it must hold 32 bytes in base64",
            path.display()
        )
    })
}

/// Written beside, whole and durable before it has its name: a start that is cut short
/// leaves no half key, and of two first starts both use the same.
fn make_master_key(path: &Path, world: &World) -> std::io::Result<()> {
    let key = Zeroizing::new(world.random::<32>());
    let text = Zeroizing::new(format!("{}\n", BASE64_STANDARD.encode(&key[..])));
    let beside = path.with_extension(format!("{:016x}", u64::from_le_bytes(world.random())));
    let mut options = OpenOptions::new();
    let mut file = options
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&beside)?;
    let made = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&beside, path));
    std::fs::remove_file(&beside)?;
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Ok(()) => {
            tracing::info!(path = %path.display(), "made a master key; back it up apart from the database");
            let named = path.parent().filter(|folder| *folder != Path::new(""));
            File::open(named.unwrap_or(Path::new(".")))?.sync_all()
        }
        Err(error) => Err(error),
    }
}
