//! `grantor serve`: listeners, the tasks behind them, and an orderly end.

use crate::{
    app::Shared,
    audit::{Sealer, place::Place, stream},
    config::{Config, MetricsListen, PublicUrl},
    mail,
    metrics::serve_metrics,
    net::{Limits, Server},
    openid::back_channel,
    router, start, tls,
    world::World,
};
use anyhow::Context;
use grantor_protocol::{
    secret::{Kind, Secret},
    time::Millis,
};
use std::{io::ErrorKind, net::SocketAddr, sync::atomic::Ordering, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::JoinSet,
};

/// How often what was collected in memory is written, and old rows are swept.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// How long a node sweeps for all, unless it does so again.
const SWEEP_LEASE: Millis = Millis::minutes(3);
/// How often the files of the certificate are looked at.
const CERTIFICATES: Duration = Duration::from_secs(30);
/// How often it is looked whether apps are to be told of a logout.
const LOGOUTS: Duration = Duration::from_secs(1);
/// The same for mails.
const MAILS: Duration = Duration::from_secs(1);
/// How long a node does them for all, unless it does so again: when it is killed, another
/// goes on after that.
const LEASE: Millis = Millis::seconds(15);
/// How often events of the audit log are sealed.
const SEALING: Duration = Duration::from_millis(500);
/// Refusals reach their owners sooner.
const REFUSALS: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT.
pub async fn run(config: Config) -> anyhow::Result<()> {
    // Before anything else: whoever stops the server may be quick.
    let mut signals = Signals::listen()?;
    let _lock = start::lock(&config)?;
    allow_files(config.network.max_connections);
    let app = start::open(config, World::real()).await?;
    let (stopper, stop) = watch::channel(false);
    let running = Running::start(app.clone(), stop).await?;
    announce(&app, &running.addresses).await?;
    signals.next().await;
    drain(&app, &mut signals).await;
    tracing::info!("shutting down: finishing what is in flight");
    stopper.send_replace(true);
    running.finish().await
}

/// Serves on, unready, until the load balancer has noticed: what it sends on a connection
/// that is being closed would be lost.
async fn drain(app: &Shared, signals: &mut Signals) {
    app.stopping.store(true, Ordering::Relaxed);
    let drain = Duration::from_secs(app.config.network.drain_seconds.into());
    if drain.is_zero() {
        return;
    }
    tracing::info!("unready from now on: stopping in {} s", drain.as_secs());
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        () = signals.next() => {}
    }
}

/// Each connection is a file, and systems give a process fewer than it may have.
fn allow_files(connections: u32) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const OURS: u64 = 200;
    let maximum = getrlimit(Resource::Nofile).maximum;
    let wanted = Rlimit {
        current: maximum,
        maximum,
    };
    let allowed = match setrlimit(Resource::Nofile, wanted) {
        Ok(()) => maximum,
        Err(_) => getrlimit(Resource::Nofile).current,
    };
    if let Some(files) = allowed.filter(|files| *files < u64::from(connections) + OURS) {
        tracing::warn!(
            files,
            connections,
            "the system allows {files} open files, too few for max_connections = {connections}: raise the limit (LimitNOFILE of systemd, ulimit -n)"
        );
    }
}

/// The tasks of a server.
pub struct Running {
    app: Shared,
    pub addresses: Vec<SocketAddr>,
    tasks: JoinSet<anyhow::Result<()>>,
}

impl Running {
    /// Binds every address, then serves in the background until `stop`.
    pub async fn start(app: Shared, stop: watch::Receiver<bool>) -> anyhow::Result<Self> {
        let network = &app.config.network;
        let (tls, renewed) = tls_of(&app)?;
        let paths = router::paths(app.clone());
        let limits = Limits {
            connections: network.max_connections,
            ..Limits::default()
        };
        let mut tasks = JoinSet::new();
        let mut addresses = Vec::new();
        for address in &network.listen {
            let listener = bind(*address, "--listen").await?;
            addresses.push(listener.local_addr()?);
            let server = Server {
                listener,
                tls: tls.clone(),
                limits,
                proxy_protocol: network.proxy_protocol,
            };
            let (paths, mut stop) = (paths.clone(), stop.clone());
            tasks.spawn(async move {
                server
                    .serve(
                        paths,
                        async move { stop.wait_for(|stop| *stop).await.map(drop) },
                    )
                    .await
            });
        }
        if let MetricsListen::At(address) = network.metrics_listen {
            let listener = bind(address, "--metrics-listen").await?;
            let (metrics, mut stop) = (app.metrics.clone(), stop.clone());
            tasks.spawn(async move {
                serve_metrics(listener, metrics, async move {
                    stop.wait_for(|stop| *stop).await.map(drop)
                })
                .await
            });
        }
        if let Some(renewed) = renewed {
            let hangup = signal(SignalKind::hangup())?;
            tasks.spawn(renew(renewed, hangup, stop.clone()));
        }
        tasks.spawn(follow(app.clone(), stop.clone()));
        tasks.spawn(keep_house(app.clone(), stop.clone()));
        tasks.spawn(keep_keys(app.clone(), stop.clone()));
        tasks.spawn(tell_apps(app.clone(), stop.clone()));
        tasks.spawn(seal_events(app.clone(), stop.clone()));
        for place in Place::all(&app.config)? {
            let sending = stream::run(app.clone(), place, stop.clone());
            tasks.spawn(async move {
                sending.await;
                Ok(())
            });
        }
        if app.mailer.is_on() {
            tasks.spawn(tell_users(app.clone(), stop));
        }
        Ok(Self {
            app,
            addresses,
            tasks,
        })
    }

    /// Waits for every task, then writes what memory still holds and closes the database.
    pub async fn finish(mut self) -> anyhow::Result<()> {
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a task of the server panicked")??;
        }
        self.app.close().await;
        Ok(())
    }
}

/// An address that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {reason}; {setting} names another address")]
pub struct CannotListen {
    pub address: SocketAddr,
    pub reason: String,
    setting: &'static str,
}

async fn bind(address: SocketAddr, setting: &'static str) -> Result<TcpListener, CannotListen> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there already".to_owned(),
            ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
            ErrorKind::PermissionDenied => "this user may not use that port".to_owned(),
            _ => error.to_string(),
        };
        CannotListen {
            address,
            reason,
            setting,
        }
    })
}

/// What to serve with, and the files to look at for a newer one.
fn tls_of(app: &Shared) -> anyhow::Result<(Option<tls::Current>, Option<tls::Renewed>)> {
    let config = &app.config;
    let network = &config.network;
    match (&network.tls_certificate, &network.tls_key) {
        (Some(certificate), Some(key)) => {
            let renewed = tls::Renewed::open(certificate, key)?;
            Ok((Some(renewed.current.clone()), Some(renewed)))
        }
        _ if network.tls_self_signed => {
            let public = config.service.public_url.host().to_owned();
            let hosts = [public, "localhost".to_owned()];
            let made = tls::self_signed(&config.storage.data, &hosts, app.world.now())?;
            Ok((Some(made), None))
        }
        _ => Ok((None, None)),
    }
}

/// Takes up a renewed certificate: on SIGHUP at once, otherwise soon.
async fn renew(
    mut renewed: tls::Renewed,
    mut hangup: Signal,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            _ = hangup.recv() => {}
            () = tokio::time::sleep(CERTIFICATES) => {}
        }
        let looked = tokio::task::spawn_blocking(move || {
            let found = renewed.look_again();
            (renewed, found)
        });
        let (back, found) = looked
            .await
            .context("cannot look for a renewed certificate")?;
        renewed = back;
        match found {
            Ok(true) => tracing::info!("new connections use the renewed certificate"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "the renewed certificate cannot be used; the old one stays")
            }
        }
    }
}

/// What asks a server to stop.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn announce(app: &Shared, addresses: &[SocketAddr]) -> anyhow::Result<()> {
    if let Err(error) = app.check_clock().await? {
        tracing::error!("{error}");
    }
    let url = app.config.service.public_url.origin();
    for address in addresses {
        tracing::info!(%address, url, "listening");
    }
    let (service, network) = (&app.config.service, &app.config.network);
    if !network.is_behind_proxy() && leads_elsewhere(&service.public_url, addresses) {
        tracing::warn!(
            "public_url is {url}, and this server listens on no such port: links, forms and apps lead there; set public_url to where browsers reach it"
        );
    }
    if let Some(link) = set_up_link(app).await? {
        // For the operator's eyes: standard error, not the log.
        eprintln!(
            "\nThere is no administrator yet. Make the account of one within a day:\n\n    {link}\n"
        );
    }
    Ok(())
}

/// On this machine, and to a port that is not ours.
fn leads_elsewhere(url: &PublicUrl, addresses: &[SocketAddr]) -> bool {
    let here = |port| addresses.iter().any(|address| address.port() == port);
    url.is_loopback() && !url.port().is_some_and(here)
}

/// The one-time link for the first administrator, while there is none.
pub async fn set_up_link(app: &Shared) -> anyhow::Result<Option<String>> {
    if app.store.has_administrator().await? {
        return Ok(None);
    }
    let now = app.world.now();
    let id = app.world.new_id(now);
    let secret: Secret = app
        .keys
        .now()
        .format
        .mint(Kind::SetUp, id, &app.world.random());
    app.store
        .add_set_up_link(id, secret.digest(), now + Millis::days(1))
        .await?;
    let origin = app.config.service.public_url.origin();
    Ok(Some(format!(
        "{origin}/setup?token={}",
        secret.reveal_for_response()
    )))
}

async fn follow(app: Shared, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    app.store.clone().follow(stop).await;
    Ok(())
}

/// Reads the keys again whenever they changed, and every minute for the passing of
/// time.
async fn keep_keys(app: Shared, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut changed = app.store.watch_keys();
    loop {
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            _ = changed.changed() => {}
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
        if let Err(error) = app.keys.reload(&app.store, &app.world).await {
            tracing::error!(%error, "cannot reload the keys");
        }
    }
}

/// Tells apps of logouts. What a stop interrupts is done after the next start.
async fn tell_apps(app: Shared, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    loop {
        let round = async {
            tokio::time::sleep(LOGOUTS).await;
            match app.leads("back-channel", LEASE).await? {
                true => back_channel::tell_due(&app).await,
                false => Ok(()),
            }
        };
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            told = round => if let Err(error) = told {
                tracing::warn!(%error, "cannot look which apps are to be told of a logout");
            }
        }
    }
}

/// Sends mails. What a stop interrupts may be sent twice.
async fn tell_users(app: Shared, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    loop {
        let round = async {
            tokio::time::sleep(MAILS).await;
            mail::outbox::measure(&app).await?;
            match app.leads("mail", LEASE).await? {
                true => mail::outbox::send_due(&app).await,
                false => Ok(()),
            }
        };
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            sent = round => if let Err(error) = sent {
                tracing::warn!(%error, "cannot look which mails are to be sent");
            }
        }
    }
}

/// Puts the events of the audit log into their chain, a moment after they were written.
async fn seal_events(app: Shared, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let (mut sealer, mut failing) = (Sealer::default(), false);
    loop {
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            () = tokio::time::sleep(SEALING) => {}
        }
        let sealed = sealer.round(&app).await;
        if let Err(error) = &sealed
            && !failing
        {
            tracing::warn!(%error, "cannot seal the audit log");
        }
        failing = sealed.is_err();
    }
}

async fn keep_house(app: Shared, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut since_sweep = Duration::ZERO;
    loop {
        tokio::select! {
            _ = stop.changed() => return Ok(()),
            () = tokio::time::sleep(REFUSALS) => {}
        }
        if let Err(error) = app.write_refusals().await {
            tracing::warn!(%error, "cannot write the request logs of apps");
        }
        since_sweep += REFUSALS;
        if since_sweep >= HOUSEKEEPING {
            since_sweep = Duration::ZERO;
            app.write_collected().await;
            sweep(&app).await;
        }
    }
}

async fn sweep(app: &Shared) {
    let now = app.world.now();
    let idle: Millis = app.config.tokens.refresh_token_idle;
    let swept = async {
        if !app.leads("sweep", SWEEP_LEASE).await? {
            return Ok(0);
        }
        let mut rows = app.store.sweep(now).await?;
        if let Some(limit) = app.policy.refresh_absolute {
            rows += app.store.sweep_old_families(now - limit).await?;
        }
        app.store.sweep_rarely(idle, now).await?;
        app.store.sweep_registrations(now).await?;
        mail::expiry::warn(app, now).await?;
        let events = now - app.config.storage.audit_retention;
        app.store.sweep_events(events).await?;
        app.store.forget_keys(now).await?;
        Ok::<_, grantor_store::Error>(rows)
    };
    match swept.await {
        Ok(0) => {}
        Ok(rows) => tracing::debug!(rows, "swept"),
        Err(error) => tracing::warn!(%error, "cannot sweep"),
    }
}
