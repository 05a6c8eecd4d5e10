//! Running other programs, in the open.

use anyhow::{Context, bail};
use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A command from a line of words.
pub fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or_default();
    let mut command = match program {
        "cargo" => Command::new(env::var_os("CARGO").unwrap_or("cargo".into())),
        _ => Command::new(program),
    };
    command.args(words);
    command
}

/// Shows the command, runs it, and fails when it fails.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    show(command);
    let line = line(command);
    let status = command.status();
    let status = status.with_context(|| format!("cannot run {line}"))?;
    if !status.success() {
        bail!("{line} failed: {status}");
    }
    Ok(())
}

/// As [`run`], and hands every line of the output on while it is printed.
pub fn run_reading(command: &mut Command, mut read: impl FnMut(&str)) -> anyhow::Result<()> {
    show(command);
    let line = line(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {line}"))?;
    if let Some(pipe) = child.stdout.take() {
        for line in BufReader::new(pipe).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            read(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{line} failed: {status}");
    }
    Ok(())
}

/// Whether a command can be started and succeeds, in silence.
pub fn succeeds(line: &str) -> bool {
    let mut command = command(line);
    command.stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What a command answers, in silence.
pub fn answer(line: &str) -> anyhow::Result<String> {
    let output = command(line).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot run {line}"))?;
    if !output.status.success() {
        bail!("{line} failed: {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Where cargo builds.
pub fn target() -> anyhow::Result<PathBuf> {
    let metadata = answer("cargo metadata --format-version 1 --no-deps")?;
    let (_, rest) = metadata
        .split_once("\"target_directory\":\"")
        .context("cargo metadata names no target_directory")?;
    let (path, _) = rest.split_once('"').context("cargo metadata is cut")?;
    Ok(path.into())
}

fn show(command: &Command) {
    println!("\n$ {}", line(command));
}

/// The command as somebody would type it.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
