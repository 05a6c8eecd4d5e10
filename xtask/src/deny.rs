//! `cargo deny`: licences, sources and banned crates; known vulnerabilities too
//! where their database can be reached.

use crate::shell::{self, command, run};
use std::{
    net::{TcpStream, ToSocketAddrs},
    path::PathBuf,
    time::Duration,
};

const VERSION: &str = "0.20.2";
/// The advisory database is a repository there.
const DATABASE: &str = "github.com:443";
const PATIENCE: Duration = Duration::from_secs(5);

/// In the target folder: a clean checkout installs it, and no other one is touched.
fn binary() -> anyhow::Result<PathBuf> {
    Ok(tools()?.join("bin/cargo-deny"))
}

fn tools() -> anyhow::Result<PathBuf> {
    Ok(shell::target()?.join("tools"))
}

pub fn install() -> anyhow::Result<()> {
    let binary = binary()?;
    let present = shell::succeeds(&format!("{} --version", binary.display()))
        && shell::answer(&format!("{} --version", binary.display()))?
            .trim()
            .ends_with(VERSION);
    if present {
        return Ok(());
    }
    println!(
        "\nMissing in the target folder:\n  cargo-deny       checks the dependencies; compiling it takes some minutes, once"
    );
    let tools = tools()?;
    let mut install = command("cargo install --quiet --locked cargo-deny --version");
    install.arg(VERSION).arg("--root").arg(&tools);
    run(install.arg("--target-dir").arg(tools.join("build")))?;
    // What it was built from is ten times what was built.
    std::fs::remove_dir_all(tools.join("build"))?;
    Ok(())
}

/// Runs the checks; says what could not be checked.
pub fn check() -> anyhow::Result<String> {
    let deny = |arguments: &str| {
        let mut command = std::process::Command::new(binary()?);
        run(command.args(arguments.split(' ')))
    };
    deny("--log-level error check bans licenses sources")?;
    if !database_is_near() || deny("--log-level error fetch db").is_err() {
        return Ok("advisories not checked: their database cannot be reached".into());
    }
    deny("--log-level error check --disable-fetch advisories")?;
    Ok("advisories too".into())
}

fn database_is_near() -> bool {
    let addresses = DATABASE.to_socket_addrs().into_iter().flatten();
    addresses
        .take(2)
        .any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
}
