//! `cargo xtask package`: a Debian package of this checkout.
//!
//! No debhelper: one binary, one unit, one file of settings, and the few lines that
//! maintainer scripts need for them (`deploy/debian`).

use crate::{
    arguments::Arguments,
    shell::{answer, command, run as sh, target},
};
use anyhow::{Context, Result};
use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAINTAINER: &str = "The Grantor authors <maintainers@grantor.example>";

/// From, to, mode.
const FILES: [(&str, &str, u32); 6] = [
    (
        "deploy/grantor.service",
        "lib/systemd/system/grantor.service",
        0o644,
    ),
    (
        "deploy/debian/grantor.toml",
        "etc/grantor/grantor.toml",
        0o644,
    ),
    (
        "deploy/debian/copyright",
        "usr/share/doc/grantor/copyright",
        0o644,
    ),
    ("deploy/debian/postinst", "DEBIAN/postinst", 0o755),
    ("deploy/debian/prerm", "DEBIAN/prerm", 0o755),
    ("deploy/debian/postrm", "DEBIAN/postrm", 0o755),
];

pub fn run(arguments: &mut Arguments) -> Result<ExitCode> {
    let profile: Vec<String> = arguments.values("--profile")?;
    arguments.finish()?;
    let profile = profile.last().map_or("release", String::as_str);
    let build = format!("cargo build --locked --package grantor --profile {profile}");
    sh(&mut command(&build))?;
    let folder = target()?.join("debian");
    let _ = fs::remove_dir_all(&folder);
    let root = folder.join("grantor");
    let built = match profile {
        "dev" => "debug",
        other => other,
    };
    let binary = root.join("usr/bin/grantor");
    place(&target()?.join(built).join("grantor"), &binary, 0o755)?;
    sh(command("strip --remove-section=.comment --remove-section=.note").arg(&binary))?;
    for (from, to, mode) in FILES {
        place(Path::new(from), &root.join(to), mode)?;
    }
    documents(&root)?;
    let settings = b"/etc/grantor/grantor.toml\n";
    write(&root.join("DEBIAN/conffiles"), settings)?;
    let control = control(&folder, &binary)?;
    write(&root.join("DEBIAN/control"), control.as_bytes())?;
    sh(command("dpkg-deb --root-owner-group --build")
        .arg(&root)
        .arg(&folder))?;
    Ok(ExitCode::SUCCESS)
}

fn place(from: &Path, to: &Path, mode: u32) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    write(to, &bytes)?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

/// Folders and files as everybody may see them, whatever the umask.
fn write(to: &Path, bytes: &[u8]) -> Result<()> {
    let folder = to.parent().context("a file has a folder")?;
    fs::create_dir_all(folder)?;
    for folder in folder.ancestors().take_while(|it| !it.ends_with("debian")) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    fs::write(to, bytes)?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(0o644))?)
}

/// What is new, Debian's own changelog, and the manual.
fn documents(root: &Path) -> Result<()> {
    let date = answer("git log -1 --format=%aD")?;
    let changelog = format!(
        "grantor ({VERSION}) unstable; urgency=medium\n\n  * NEWS.gz beside this file says what is new.\n\n -- {MAINTAINER}  {date}"
    );
    for (to, text) in [
        ("doc/grantor/NEWS.gz", fs::read("CHANGELOG.md")?),
        ("doc/grantor/changelog.gz", changelog.into_bytes()),
        (
            "man/man1/grantor.1.gz",
            fs::read("deploy/debian/grantor.1")?,
        ),
    ] {
        write(&root.join("usr/share").join(to), &compressed(&text)?)?;
    }
    Ok(())
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = Command::new("gzip")
        .args(["-9", "-n"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run gzip")?;
    // Few enough bytes for both pipes.
    if let Some(mut input) = gzip.stdin.take() {
        input.write_all(bytes)?;
    }
    Ok(gzip.wait_with_output()?.stdout)
}

/// Which libraries the binary needs says `dpkg-shlibdeps`, from a folder that looks like a
/// source package.
fn control(folder: &Path, binary: &Path) -> Result<String> {
    write(
        &folder.join("debian/control"),
        b"Source: grantor\n\nPackage: grantor\nArchitecture: any\n",
    )?;
    let needs = Command::new("dpkg-shlibdeps")
        .arg("-O")
        .arg(binary)
        .current_dir(folder)
        .output();
    let needs = needs.context("cannot run dpkg-shlibdeps (Debian's dpkg-dev)")?;
    let needs = String::from_utf8(needs.stdout)?;
    let needs = needs
        .trim()
        .strip_prefix("shlibs:Depends=")
        .unwrap_or_default()
        .to_owned();
    let architecture = answer("dpkg --print-architecture")?;
    Ok(format!(
        "Package: grantor\n\
         Version: {VERSION}\n\
         Architecture: {}\n\
         Maintainer: {MAINTAINER}\n\
         Depends: {needs}\n\
         Recommends: ca-certificates\n\
         Section: net\n\
         Priority: optional\n\
         Homepage: https://github.com/grantor/grantor\n\
         Description: authorization server: apps, consent, tokens, in one binary\n\
         \u{20}OAuth 2 and OpenID Connect for a platform with an API: developers register\n\
         \u{20}apps, users connect them to their account and can end that any day, the API\n\
         \u{20}accepts the bearer tokens. The database is SQLite, or a PostgreSQL that any\n\
         \u{20}number of servers share.\n",
        architecture.trim()
    ))
}
