//! Servers of others, under the same driver in the same run. `bench/peers` has what each
//! needs: how it is set up, and its description for the driver.

use super::{Driver, Process, Row, free_port, start, wait_for};
use crate::{
    debian, interop,
    shell::{run as sh, target},
};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf, absolute},
    process::{Command, Stdio},
};

/// All of them, one after another; every code and refresh with an ID token in ES256.
pub fn measure(driver: &Driver) -> Result<Vec<(&'static str, Vec<Row>)>> {
    let folder = &*driver.folder;
    debian::install(debian::PEERS)?;
    println!("\npeers, with an ID token in ES256");
    println!("node-oidc-provider, which keeps everything in memory:");
    let first = Peer::make("oidc-provider", folder)?.measure(driver, oidc_provider)?;
    println!("Glewlwyd, on SQLite:");
    let second = Peer::make("glewlwyd", folder)?.measure(driver, glewlwyd)?;
    Ok(vec![
        ("node-oidc-provider, in memory", first),
        ("Glewlwyd, SQLite", second),
    ])
}

struct Peer {
    /// What the repository has of it.
    given: PathBuf,
    /// What it keeps of this run.
    folder: PathBuf,
    port: u16,
}

impl Peer {
    fn make(name: &str, folder: &Path) -> Result<Self> {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self {
            given: absolute(Path::new("bench/peers").join(name))?,
            folder,
            port: free_port()?,
        })
    }

    /// A file with the port filled in.
    fn fill(&self, name: &str) -> Result<PathBuf> {
        let text = fs::read_to_string(self.given.join(name))?;
        let filled = self.folder.join(name);
        fs::write(&filled, text.replace("{port}", &self.port.to_string()))?;
        Ok(filled)
    }

    fn script(&self, name: &str) -> Result<()> {
        let mut script = Command::new(self.given.join(name));
        script.arg(self.port.to_string()).stdout(Stdio::null());
        sh(script.current_dir(&self.folder))
    }

    fn measure(self, driver: &Driver, begin: fn(&Self) -> Result<Process>) -> Result<Vec<Row>> {
        let server = begin(&self)?;
        let description = self.fill("target.toml")?;
        driver.measure_each(&description, server.0.id())
    }
}

fn oidc_provider(peer: &Peer) -> Result<Process> {
    let installed = target()?.join("peers/oidc-provider");
    interop::install_node(&peer.given.join("package-lock.json"), &installed)?;
    let script = installed.join("server.mjs");
    fs::copy(peer.given.join("server.mjs"), &script)?;
    let (script, port) = (script.to_string_lossy(), peer.port.to_string());
    let arguments = [&script, &*port, "https://bench.example/cb"];
    let server = start(Path::new("node"), &arguments, &peer.folder)?;
    wait_for(peer.port)?;
    Ok(server)
}

fn glewlwyd(peer: &Peer) -> Result<Process> {
    peer.script("prepare.sh")?;
    let config = peer.fill("glewlwyd.conf")?;
    let arguments = ["--config-file", &config.to_string_lossy()];
    let server = start(Path::new("glewlwyd"), &arguments, &peer.folder)?;
    wait_for(peer.port)?;
    peer.script("setup.sh")?;
    Ok(server)
}
