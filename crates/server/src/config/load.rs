//! From file, environment and flags to one checked `Config`.
//!
//! Everything is written as the flag that it could have been, the strongest
//! source winning, and parsed by the one parser that also makes `--help`.
//! Each value is tried alone first, so that a bad one is reported with the
//! place where it stands.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use toml::de::{DeTable, DeValue};

use super::{Config, Scope, Upstream, upstream};

const DEFAULT_FILE: &str = "grantor.toml";
const VARIABLES: &str = "GRANTOR_";

/// All that is wrong, so that one start shows it all.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError(pub Vec<Problem>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `grantor.toml:12`, the environment variable or the flag; empty when
    /// several settings are at odds.
    pub place: String,
    pub reason: String,
}

impl Problem {
    fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
        }
    }

    pub(super) fn general(reason: &str) -> Self {
        Self::new("", reason)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Problem { place, reason }) in self.0.iter().enumerate() {
            let newline = if number == 0 { "" } else { "\n" };
            let colon = if place.is_empty() { "" } else { ": " };
            write!(f, "{newline}{place}{colon}{reason}")?;
        }
        Ok(())
    }
}

/// The settings among the arguments of a command: flatten it into the command.
#[derive(Clone, Debug, Default)]
pub struct Flags(Vec<(String, String)>);

impl Flags {
    /// For commands that take only some of the settings.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.0.push((key.to_owned(), value.into()));
        self
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        // The environment is read by `load`; here it is only shown.
        let shown = |arg: &Arg| {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            arg.clone().help(format!("{help} [env: {}]", variable(arg)))
        };
        command.args(settings().get_arguments().map(shown))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        for arg in settings().get_arguments() {
            let key = arg.get_id().as_str();
            if matches.value_source(key) == Some(ValueSource::CommandLine) {
                let raw = matches.get_raw(key).into_iter().flatten();
                let values: Vec<_> = raw.map(|value| value.to_string_lossy()).collect();
                flags = flags.with(key, values.join(","));
            }
        }
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The variables of this process that concern us.
pub fn environment() -> Vec<(String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let all = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
    all.filter(|(name, _)| name.starts_with(VARIABLES))
        .collect()
}

impl Config {
    /// Flags win over the environment, which wins over the file: `file`, or
    /// `GRANTOR_CONFIG`, or `grantor.toml` when the working folder has one.
    pub fn load(
        file: Option<&Path>,
        environment: &[(String, String)],
        flags: &Flags,
    ) -> Result<Self, ConfigError> {
        let mut loading = Loading {
            settings: settings(),
            given: vec![],
            upstream_secrets: BTreeMap::new(),
            problems: vec![],
        };
        let named = environment
            .iter()
            .find(|(name, _)| name == "GRANTOR_CONFIG");
        let named = file
            .map(Path::to_owned)
            .or_else(|| named.map(|(_, path)| path.into()));
        loading.take_upstream_secrets(environment);
        let tables = loading.file(named);
        let secrets = loading.environment(environment);
        for (key, value) in &flags.0 {
            loading.give(&format!("--{}", key.replace('_', "-")), key, value);
        }
        loading.finish(tables, secrets)
    }
}

/// The declarations of `Config`, as flags.
pub(super) fn settings() -> Command {
    let command = Command::new("settings")
        .no_binary_name(true)
        .disable_help_flag(true);
    // A switch is on by its name alone, and off by `--name=false`.
    Config::augment_args(command).mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .value_parser(clap::value_parser!(bool))
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        _ => arg,
    })
}

pub(super) fn variable(arg: &Arg) -> String {
    format!("{VARIABLES}{}", arg.get_id().as_str().to_ascii_uppercase())
}

/// What comes from the environment alone: flags are seen by all users of a machine, and
/// files of settings are handed around.
#[derive(Default)]
struct Secrets {
    master_key: Option<super::GivenMasterKey>,
    smtp_password: Option<super::GivenSmtpPassword>,
}

/// What stands in the file alone.
#[derive(Default)]
struct Tables {
    scopes: Vec<Scope>,
    upstream: Vec<Upstream>,
}

struct Loading {
    settings: Command,
    /// Key and value, the stronger later.
    given: Vec<(String, String)>,
    /// By variable, in small letters and without what all begin with; each is taken out by
    /// the provider that it is for.
    upstream_secrets: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Loading {
    fn problem(&mut self, place: &str, reason: impl Into<String>) {
        self.problems.push(Problem::new(place, reason));
    }

    fn give(&mut self, place: &str, key: &str, value: &str) {
        let Some(arg) = self
            .settings
            .get_arguments()
            .find(|arg| arg.get_id() == key)
        else {
            let hint = "there is no such setting; `grantor serve --help` lists them all";
            return self.problem(place, format!("{key}: {hint}"));
        };
        let alone = Command::new("one")
            .no_binary_name(true)
            .disable_help_flag(true);
        match alone.arg(arg).try_get_matches_from([flag(key, value)]) {
            Ok(_) => {
                self.given.retain(|(earlier, _)| earlier != key);
                self.given.push((key.to_owned(), value.to_owned()));
            }
            Err(error) => self.problem(place, format!("{key}: {}", reason(&error))),
        }
    }

    /// Before the file, whose providers look for them.
    fn take_upstream_secrets(&mut self, variables: &[(String, String)]) {
        for (name, value) in variables.iter().filter(|(_, value)| !value.is_empty()) {
            let key = name.strip_prefix(VARIABLES).map(str::to_ascii_lowercase);
            if let Some(key) = key.filter(|key| upstream::is_variable(key)) {
                self.upstream_secrets.insert(key, value.clone());
            }
        }
    }

    fn environment(&mut self, variables: &[(String, String)]) -> Secrets {
        let mut secrets = Secrets::default();
        for (name, value) in variables {
            let Some(key) = name.strip_prefix(VARIABLES).map(str::to_ascii_lowercase) else {
                continue;
            };
            // Compose files write `NAME: ${NAME:-}` for "not set".
            if key == "config" || value.is_empty() || is_of_an_orchestrator(&key) {
                continue;
            }
            match key.as_str() {
                "master_key" => match value.parse() {
                    Ok(given) => secrets.master_key = Some(given),
                    Err(error) => self.problem(name, error),
                },
                "smtp_password" => secrets.smtp_password = Some(value.as_str().into()),
                key if upstream::is_variable(key) => {
                    if self.upstream_secrets.contains_key(key) {
                        self.problem(name, "there is no [[upstream]] of this id");
                    }
                }
                key => self.give(name, key, value),
            }
        }
        secrets
    }

    fn file(&mut self, named: Option<PathBuf>) -> Tables {
        let path = named.clone().unwrap_or_else(|| DEFAULT_FILE.into());
        let place = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => self.text(&place, &text),
            Err(error) if named.is_none() && error.kind() == ErrorKind::NotFound => {
                Tables::default()
            }
            Err(error) => {
                self.problem(&place, format!("cannot be read: {error}"));
                Tables::default()
            }
        }
    }

    fn text(&mut self, file: &str, text: &str) -> Tables {
        let line = |position: usize| {
            let before = text.get(..position).unwrap_or(text);
            format!("{file}:{}", before.matches('\n').count() + 1)
        };
        let mut tables = Tables::default();
        let table = match DeTable::parse(text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let place = line(error.span().map_or(0, |span| span.start));
                self.problem(&place, error.message());
                return tables;
            }
        };
        for (key, value) in &table {
            let place = line(key.span().start);
            let (key, value) = (key.get_ref(), value.get_ref());
            match (key.as_ref(), value) {
                ("scopes", DeValue::Array(items)) => {
                    for item in items {
                        let place = line(item.span().start);
                        match Scope::read(item, &tables.scopes) {
                            Ok(scope) => tables.scopes.push(scope),
                            Err(reason) => self.problem(&place, format!("scopes: {reason}")),
                        }
                    }
                }
                ("upstream", DeValue::Array(items)) => {
                    for item in items {
                        let place = line(item.span().start);
                        let secret = |name: &str| self.upstream_secrets.remove(name);
                        match Upstream::read(item, &tables.upstream, secret) {
                            Ok(upstream) => tables.upstream.push(upstream),
                            Err(reason) => self.problem(&place, format!("upstream: {reason}")),
                        }
                    }
                }
                // None: the same as leaving the key out.
                ("trusted_proxies" | "outbound_allow", DeValue::Array(items))
                    if items.is_empty() => {}
                (key, value) => match written(value) {
                    Some(value) => self.give(&place, key, &value),
                    None => self.problem(&place, format!("{key}: is no table of settings")),
                },
            }
        }
        tables
    }

    fn finish(mut self, tables: Tables, secrets: Secrets) -> Result<Config, ConfigError> {
        if !self.problems.is_empty() {
            return Err(ConfigError(self.problems));
        }
        let flags = self.given.iter().map(|(key, value)| flag(key, value));
        let config = self
            .settings
            .try_get_matches_from_mut(flags)
            .and_then(|matches| Config::from_arg_matches(&matches));
        let mut config =
            config.map_err(|error| ConfigError(vec![Problem::general(&reason(&error))]))?;
        config.scopes = tables.scopes;
        config.upstream = tables.upstream;
        config.storage.given_master_key = secrets.master_key;
        config.mail.given_password = secrets.smtp_password;
        let contradictions = config.contradictions();
        if contradictions.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(contradictions))
        }
    }
}

fn flag(key: &str, value: &str) -> String {
    format!("--{}={value}", key.replace('_', "-"))
}

/// Of clap's message only what is wrong with the value: the rest speaks of
/// flags, which the operator may not have used.
fn reason(error: &clap::Error) -> String {
    if let Some(source) = error.source() {
        return source.to_string();
    }
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => format!("must be one of {}", values.join(", ")),
        _ => "needs a value".to_owned(),
    }
}

/// For a service called "grantor", Kubernetes sets GRANTOR_PORT and the like
/// in every container beside it.
fn is_of_an_orchestrator(key: &str) -> bool {
    let parts: Vec<&str> = key.split('_').collect();
    parts.contains(&"port") || parts.ends_with(&["service", "host"])
}

/// A value of the file as a flag would have it.
fn written(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Array(items) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| written(item.get_ref())).collect();
            items.map(|items| items.join(","))
        }
        DeValue::Table(_) => None,
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(switch) => Some(switch.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
    }
}
