//! Everything that the tests need and cargo does not bring.

use crate::{arguments::Arguments, debian, deny, interop, shell};
use anyhow::Context;
use std::process::ExitCode;

pub fn run(arguments: &mut Arguments) -> anyhow::Result<ExitCode> {
    arguments.finish()?;
    for install in [lints, deny::install, tests, instructions, fuzz] {
        install()?;
    }
    println!("\nEverything that the tests need is there.");
    Ok(ExitCode::SUCCESS)
}

/// rustfmt and clippy, which a minimal Rust leaves out.
pub fn lints() -> anyhow::Result<()> {
    if shell::succeeds("cargo fmt --version") && shell::succeeds("cargo clippy --version") {
        return Ok(());
    }
    println!("\nMissing in this Rust:\n  rustfmt, clippy  the checks of form");
    shell::run(&mut shell::command("rustup component add rustfmt clippy"))
        .context("install rustfmt and clippy of this Rust by hand")
}

pub fn tests() -> anyhow::Result<()> {
    debian::install(&[debian::BROWSER, debian::INTEROP, debian::NODES].concat())?;
    interop::install()
}

pub fn fuzz() -> anyhow::Result<()> {
    debian::install(debian::FUZZ)
}

pub fn instructions() -> anyhow::Result<()> {
    debian::install(debian::INSTRUCTIONS)
}
