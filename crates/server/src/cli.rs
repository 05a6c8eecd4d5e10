//! The command line.

mod apps;
pub mod audit;
mod epoch;
mod grants;
mod keys;
mod moving;
mod operations;
mod passwords;
mod ready;
mod registrations;
mod throttles;
mod tokens;
mod users;

use crate::{
    app::Shared,
    config::{Config, Database, Flags, environment},
    demo,
    desk::Desk,
    failure::Failure,
    logs, serve, start,
    world::World,
};
use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use grantor_store::audit::{Actor, Event};
use serde_json::Value;
use std::{io::Write as _, path::PathBuf, process::ExitCode};

#[derive(Parser)]
#[command(
    name = "grantor",
    version,
    about = "The authorization side of a platform with an API"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try everything: a server with a sample app and user, nothing else needed
    Demo(demo::Demo),
    /// The server
    Serve(Settings),
    /// Accounts
    #[command(subcommand)]
    User(users::Users),
    /// Lists of passwords that nobody may choose
    #[command(subcommand)]
    Passwords(passwords::Passwords),
    /// Apps of third-party developers
    #[command(subcommand)]
    App(apps::Apps),
    /// Personal access tokens
    #[command(subcommand)]
    Token(tokens::Tokens),
    /// What users allowed
    #[command(subcommand)]
    Grant(grants::Grants),
    /// Who is blocked for trying too often
    #[command(subcommand)]
    Throttle(throttles::Throttles),
    /// Tokens by which apps register themselves
    #[command(subcommand)]
    Registration(registrations::Registrations),
    /// The server's keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Bring the database to this version and stop
    Migrate(Offline),
    /// Copy everything into another database, SQLite or PostgreSQL, while no server runs
    Move(moving::Move),
    /// Copy the live database to a new file
    Backup(operations::Backup),
    /// Put a copy in the place of a database that is lost
    Restore(epoch::Restore),
    /// End what was given out so far, after PostgreSQL was restored from an old copy
    Epoch(epoch::Epoch),
    /// Ask the server of these settings whether it is ready, from the same machine; the exit
    /// status says it
    Ready(Settings),
    /// Look for what would keep a server from working well
    Doctor(Offline),
}

/// Every setting, as a flag.
#[derive(Args)]
struct Settings {
    /// Read settings from this file instead of grantor.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

impl Settings {
    fn config(&self) -> anyhow::Result<Config> {
        let loaded = Config::load(self.config.as_deref(), &environment(), &self.flags);
        Ok(loaded?)
    }
}

/// What commands need that work on the data of a server, running or not.
#[derive(Args)]
struct Offline {
    /// Read settings from this file instead of grantor.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for everything that the server keeps
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

impl Offline {
    fn config(&self) -> anyhow::Result<Config> {
        let flags = match &self.data {
            Some(data) => Flags::default().with("data", data.to_string_lossy()),
            None => Flags::default(),
        };
        Ok(Config::load(
            self.config.as_deref(),
            &environment(),
            &flags,
        )?)
    }

    /// Works on what is there: a mistyped folder is an error, not a new database.
    async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&Shared) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let config = self.config()?;
        self.assert_exists(&config)?;
        open_for(config, work).await
    }

    fn assert_exists(&self, config: &Config) -> anyhow::Result<()> {
        match config.storage.database() {
            Database::Sqlite(path) if !path.exists() => bail!(
                "there is no database {}; --data names the folder of the server",
                path.display()
            ),
            _ => Ok(()),
        }
    }

    /// Does what may come before the first start of the server.
    async fn with_made<T>(
        &self,
        work: impl AsyncFnOnce(&Shared) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        open_for(self.config()?, work).await
    }

    /// The answer, as lines for people or as JSON for programs.
    fn print(&self, json: &Value, lines: &[String]) {
        let text = match self.json {
            true => format!("{json}\n"),
            false => lines.iter().map(|line| format!("{line}\n")).collect(),
        };
        match std::io::stdout().write_all(text.as_bytes()) {
            Ok(()) => {}
            // Whoever reads it has read enough (`| head`).
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
            Err(error) => {
                eprintln!("error: cannot write the answer: {error}");
                std::process::exit(1);
            }
        }
    }
}

/// Opens, works and closes, whatever became of the work.
async fn open_for<T>(
    config: Config,
    work: impl AsyncFnOnce(&Shared) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let app = start::open(config, World::real()).await?;
    let done = work(&app).await;
    app.close().await;
    done
}

/// Where an event at the command line came from, in place of an address.
pub const COMMAND_LINE: &str = "command line";

fn at_the_command_line() -> Actor {
    Actor {
        address: Some(COMMAND_LINE.into()),
        ..Actor::default()
    }
}

/// An audit event of somebody at the command line.
fn event(app: &Shared, kind: &'static str, user: Option<i64>) -> Event {
    Event {
        user,
        ..app.event(kind, app.world.now(), at_the_command_line())
    }
}

/// Where whoever has the server's files acts.
fn desk(app: &Shared) -> Desk {
    Desk::of_operator(app, at_the_command_line())
}

/// A failure on the command line, where the operator may know the inside.
fn failure(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Store(error) => error.into(),
        other => anyhow::anyhow!("{}", other.sentence()),
    }
}

/// The user with this address, for a command.
async fn user(app: &Shared, email: &str) -> anyhow::Result<grantor_store::users::User> {
    let key = grantor_protocol::email::Email::parse(email)?.canonical();
    let found = app.store.user_by_email(&key).await?;
    found
        .map(|(user, _)| user)
        .with_context(|| format!("there is no user with the address {email}"))
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => return demo.run().await,
        Command::Serve(settings) => {
            let config = settings.config()?;
            let _logs = logs::start(&config.logs)?;
            serve::run(config).await?;
        }
        Command::User(command) => command.run().await?,
        Command::Passwords(command) => command.run()?,
        Command::App(command) => command.run().await?,
        Command::Token(command) => command.run().await?,
        Command::Grant(command) => command.run().await?,
        Command::Throttle(command) => command.run().await?,
        Command::Registration(command) => command.run().await?,
        Command::Keys(command) => command.run().await?,
        Command::Audit(command) => return command.run().await,
        Command::Migrate(offline) => operations::migrate(&offline).await?,
        Command::Move(command) => command.run().await?,
        Command::Backup(backup) => backup.run().await?,
        Command::Restore(restore) => restore.run().await?,
        Command::Epoch(epoch) => epoch.run().await?,
        Command::Ready(settings) => ready::run(&settings).await?,
        Command::Doctor(offline) => return operations::doctor(&offline).await,
    }
    Ok(ExitCode::SUCCESS)
}
