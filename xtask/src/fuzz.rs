//! Fuzzing every parser; `fuzz/README.md` says what each target promises.

use crate::{
    arguments::Arguments,
    setup,
    shell::{command, run as sh},
};
use anyhow::{Context, bail};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, ExitCode, Stdio},
    thread::available_parallelism,
};

const FOLDER: &str = "fuzz";
pub const SECONDS: u32 = 60;

pub fn run(arguments: &mut Arguments) -> anyhow::Result<ExitCode> {
    let seconds = arguments.values("--seconds")?;
    let only: Vec<String> = arguments.values("--only")?;
    arguments.finish()?;
    setup::fuzz()?;
    let mut wanted = targets()?;
    if let Some(unknown) = only.iter().find(|name| !wanted.contains(name)) {
        bail!(
            "there is no target {unknown}; there are {}",
            wanted.join(", ")
        );
    }
    wanted.retain(|name| only.is_empty() || only.contains(name));
    fuzz(&wanted, seconds.last().copied().unwrap_or(SECONDS))?;
    Ok(ExitCode::SUCCESS)
}

/// Every target, by its file.
pub fn targets() -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(Path::new(FOLDER).join("fuzz_targets"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into()));
        }
    }
    names.sort();
    Ok(names)
}

/// Runs the targets for so long each, as many at once as there are processors.
pub fn fuzz(targets: &[String], seconds: u32) -> anyhow::Result<String> {
    sh(command("cargo build --quiet --release").current_dir(FOLDER))?;
    let at_once = available_parallelism().map_or(1, usize::from);
    println!("\nfuzzing for {seconds} seconds each:");
    let mut findings = Vec::new();
    for batch in targets.chunks(at_once) {
        let running = batch.iter().map(|name| Running::start(name, seconds));
        for target in running.collect::<anyhow::Result<Vec<_>>>()? {
            findings.extend(target.finish()?);
        }
    }
    if !findings.is_empty() {
        bail!("findings in {}: see fuzz/artifacts", findings.join(", "));
    }
    Ok(format!("{} targets, {seconds} s each", targets.len()))
}

/// A target at work.
struct Running {
    name: String,
    process: Child,
    log: PathBuf,
}

impl Running {
    fn start(name: &str, seconds: u32) -> anyhow::Result<Self> {
        let (corpus, artifacts) = (format!("corpus/{name}"), format!("artifacts/{name}/"));
        for folder in [&corpus, &artifacts] {
            fs::create_dir_all(Path::new(FOLDER).join(folder))?;
        }
        let log = Path::new(FOLDER).join(&artifacts).join("log");
        let mut fuzz = command("cargo run --quiet --release --bin");
        fuzz.args([name, "--", "-max_len=4096", "-timeout=5"]);
        fuzz.arg(format!("-max_total_time={seconds}"));
        fuzz.arg(format!("-artifact_prefix={artifacts}"));
        fuzz.args([corpus, format!("seeds/{name}")]);
        fuzz.current_dir(FOLDER);
        fuzz.stdout(Stdio::null()).stderr(File::create(&log)?);
        Ok(Self {
            name: name.to_owned(),
            process: fuzz.spawn().context("cannot start a target")?,
            log,
        })
    }

    /// Waits for the end; the name of the target if it found something.
    fn finish(mut self) -> anyhow::Result<Option<String>> {
        let status = self.process.wait()?;
        let log = fs::read(&self.log)?;
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        if status.success() {
            let done = lines.iter().rfind(|line| line.starts_with("Done "));
            println!("  {:<16} {}", self.name, done.unwrap_or(&"done"));
            return Ok(None);
        }
        println!("  {:<16} a finding ({status}):", self.name);
        for line in &lines[lines.len().saturating_sub(40)..] {
            println!("    {line}");
        }
        Ok(Some(self.name))
    }
}
