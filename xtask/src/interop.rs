//! The clients of the interop tests, in their own languages: installed into the
//! target folder from lists with exact versions and digests.

use crate::{
    arguments::Arguments,
    debian,
    shell::{self, command, run as sh},
};
use anyhow::Context;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const CLIENTS: &str = "crates/server/tests/interop/clients";

pub fn run(arguments: &mut Arguments) -> anyhow::Result<ExitCode> {
    arguments.finish()?;
    install()?;
    sh(&mut command("cargo test --package grantor --test interop"))?;
    Ok(ExitCode::SUCCESS)
}

pub fn install() -> anyhow::Result<()> {
    debian::install(debian::INTEROP)?;
    let target = shell::target()?.join("interop");
    let clients = Path::new(CLIENTS);
    List {
        language: "Python",
        given: clients.join("python/requirements.txt"),
        folder: target.join("python"),
        fill: python,
    }
    .install()?;
    List {
        language: "Node",
        given: clients.join("node/package-lock.json"),
        folder: target.join("node"),
        fill: node,
    }
    .install()?;
    List {
        language: "Go",
        given: clients.join("go/go.sum"),
        folder: target.join("go"),
        fill: go,
    }
    .install()?;
    List {
        language: "Java",
        given: clients.join("java/pom.xml"),
        folder: target.join("java"),
        fill: java,
    }
    .install()
}

/// The packages of such a list into a folder, for what else needs them.
pub fn install_node(lock: &Path, folder: &Path) -> anyhow::Result<()> {
    List {
        language: "Node",
        given: lock.to_owned(),
        folder: folder.to_owned(),
        fill: node,
    }
    .install()
}

/// The packages that one language's clients need.
struct List {
    language: &'static str,
    given: PathBuf,
    folder: PathBuf,
    fill: fn(&Path, &Path) -> anyhow::Result<()>,
}

impl List {
    /// A copy of the list, written last, says what the folder holds: the tests
    /// compare it with the list too.
    fn install(&self) -> anyhow::Result<()> {
        let given = fs::read(&self.given);
        let given = given.with_context(|| format!("cannot read {}", self.given.display()))?;
        let stamp = self.folder.join("installed");
        if fs::read(&stamp).is_ok_and(|installed| installed == given) {
            return Ok(());
        }
        println!(
            "\nMissing in the target folder:\n  {:<16} packages with exact versions",
            self.language
        );
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        fs::create_dir_all(&self.folder)?;
        (self.fill)(&self.given, &self.folder)?;
        Ok(fs::write(stamp, given)?)
    }
}

fn python(requirements: &Path, folder: &Path) -> anyhow::Result<()> {
    sh(command("python3 -m venv").arg(folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--require-hashes"]);
    pip.args(["--disable-pip-version-check", "--only-binary", ":all:"]);
    sh(pip.arg("--requirement").arg(requirements))
}

fn node(lock: &Path, folder: &Path) -> anyhow::Result<()> {
    let package = lock.with_file_name("package.json");
    for file in [lock, &package] {
        fs::copy(file, folder.join(file.file_name().unwrap_or_default()))?;
    }
    let mut npm = command("npm ci --no-audit --no-fund --ignore-scripts --loglevel=error");
    sh(npm.current_dir(folder))
}

/// Compiles the client too: what it takes longest for is Go's own library.
fn go(sums: &Path, folder: &Path) -> anyhow::Result<()> {
    let (modules, cache) = (folder.join("modules"), folder.join("cache"));
    let mut go = command("go build -mod=readonly -modcacherw -o");
    go.arg(folder.join("client")).env_remove("GOFLAGS");
    go.env("GOMODCACHE", modules).env("GOCACHE", cache);
    sh(go.current_dir(sums.parent().unwrap_or(sums)))
}

fn java(pom: &Path, folder: &Path) -> anyhow::Result<()> {
    let plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
    let mut mvn = command("mvn --batch-mode --quiet");
    mvn.arg(plugin).arg("--file").arg(pom);
    let mut output = std::ffi::OsString::from("-DoutputDirectory=");
    output.push(folder);
    sh(mvn.arg(output))
}
