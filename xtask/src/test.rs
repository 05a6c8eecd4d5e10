//! `cargo xtask test`: everything that must hold, in order, and a table at the end.

use crate::{
    arguments::Arguments,
    deny, fuzz, instructions, setup,
    shell::{command, run as sh, run_reading},
};
use anyhow::bail;
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// A part of the run. A failure stops nothing: one run shows all that is wrong.
struct Stage {
    name: &'static str,
    /// Installs what this stage needs.
    needs: fn() -> anyhow::Result<()>,
    /// Answers with what is worth a note.
    run: fn(&mut Run) -> anyhow::Result<String>,
}

const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        needs: setup::lints,
        run: |_| quiet("cargo fmt --all --check"),
    },
    Stage {
        name: "clippy",
        needs: setup::lints,
        run: |_| quiet("cargo clippy --workspace --all-targets -- -D warnings"),
    },
    Stage {
        name: "deny",
        needs: deny::install,
        run: |_| deny::check(),
    },
    Stage {
        name: "test",
        needs: setup::tests,
        run: tests,
    },
    Stage {
        name: "instructions",
        needs: setup::instructions,
        run: |_| instructions::check(),
    },
    Stage {
        name: "fuzz",
        needs: setup::fuzz,
        run: |run| fuzz::fuzz(&fuzz::targets()?, fuzz::SECONDS * run.patience()),
    },
];

/// One run of the stages.
#[derive(Default)]
struct Run {
    long: bool,
    counts: Counts,
    failures: Failures,
}

impl Run {
    /// How much longer a long run may take.
    fn patience(&self) -> u32 {
        if self.long { 10 } else { 1 }
    }
}

pub fn run(arguments: &mut Arguments) -> anyhow::Result<ExitCode> {
    let only: Vec<String> = arguments.values("--only")?;
    let mut run = Run {
        long: arguments.switch("--long"),
        ..Run::default()
    };
    arguments.finish()?;
    let names = || STAGES.iter().map(|stage| stage.name);
    if let Some(unknown) = only.iter().find(|only| !names().any(|name| name == *only)) {
        let names: Vec<_> = names().collect();
        bail!(
            "there is no stage {unknown}; there are {}",
            names.join(", ")
        );
    }
    let wanted = |stage: &&Stage| only.is_empty() || only.iter().any(|name| name == stage.name);
    let rows: Vec<_> = STAGES
        .iter()
        .filter(wanted)
        .map(|stage| stage.run(&mut run))
        .collect();
    for failure in &run.failures.0 {
        println!("\n{}", failure.join("\n"));
    }
    println!("\n{:<12} {:<8} {:>9} {:>9}", "stage", "", "install", "run");
    for row in &rows {
        println!("{row}");
    }
    let failed = rows.iter().filter(|row| row.result.is_err()).count();
    if failed > 0 {
        println!("\n{failed} of {} stages failed", rows.len());
    }
    // The last line, in the form that programs which start this look for.
    println!("\n{}", run.counts);
    Ok(ExitCode::from(u8::from(failed > 0)))
}

impl Stage {
    fn run(&self, run: &mut Run) -> Row {
        println!("\n=== {} ===", self.name);
        let mut clock = Clock::start();
        let installed = (self.needs)();
        let install = clock.lap();
        let result = installed.and_then(|()| (self.run)(run));
        if let Err(error) = &result {
            println!("\n{} failed: {error:#}", self.name);
        }
        Row {
            name: self.name,
            install,
            took: clock.lap(),
            result,
        }
    }
}

/// How a stage went.
struct Row {
    name: &'static str,
    install: Duration,
    took: Duration,
    result: anyhow::Result<String>,
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (word, note) = match &self.result {
            Ok(note) => ("ok", note.clone()),
            Err(error) => ("FAILED", format!("{error:#}").replace('\n', " ")),
        };
        let (install, took) = (self.install.as_secs(), self.took.as_secs());
        let row = format!(
            "{:<12} {word:<8} {install:>7} s {took:>7} s  {note}",
            self.name
        );
        f.write_str(row.trim_end())
    }
}

fn quiet(line: &str) -> anyhow::Result<String> {
    sh(&mut command(line)).map(|()| String::new())
}

/// The unit and integration tests, also the slow ones of a long run.
fn tests(run: &mut Run) -> anyhow::Result<String> {
    let mut tests = command("cargo test --workspace --no-fail-fast");
    if run.long {
        // How often the fault tests kill the server.
        tests.env("GRANTOR_FAULT_ROUNDS", "300");
        tests.args(["--", "--include-ignored"]);
    }
    let (counts, failures) = (&mut run.counts, &mut run.failures);
    run_reading(&mut tests, |line| {
        counts.read(line);
        failures.read(line);
    })?;
    Ok(run.counts.to_string())
}

/// What failed and why, once more where it is not lost among what succeeded.
#[derive(Default)]
struct Failures(Vec<Vec<String>>);

impl Failures {
    /// Of what a failed test prints, the lines that say what it expected.
    const LINES: usize = 12;

    /// Reads on from the lines before: a block begins with where a thread panicked, and ends
    /// with the stack, or where it is long.
    fn read(&mut self, line: &str) {
        let begins = line.starts_with("thread '") && line.contains(" panicked at ");
        if begins {
            self.0.push(vec![line.to_owned()]);
        } else if let Some(last) = self.0.last_mut() {
            let ended = last.len() > Self::LINES || last.last().is_some_and(String::is_empty);
            match line {
                _ if ended => {}
                "stack backtrace:" => last.push(String::new()),
                line => last.push(line.to_owned()),
            }
        }
    }
}

/// How many tests, by their end.
#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Adds what a test binary says at its end:
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; …`
    fn read(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<_> = result
            .split([' ', ';', '.'])
            .filter(|word| !word.is_empty())
            .collect();
        for pair in words.windows(2) {
            let count = pair[0].parse().unwrap_or(0);
            match pair[1] {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} skipped", self.ignored)?;
        }
        Ok(())
    }
}

/// A stopwatch.
struct Clock(Instant);

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a stage takes is no rule"
    )]
    fn start() -> Self {
        Self(Instant::now())
    }

    fn lap(&mut self) -> Duration {
        let start = std::mem::replace(self, Self::start());
        self.0 - start.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Failures};

    #[test]
    fn repeats_why_a_test_failed() {
        let mut failures = Failures::default();
        for line in [
            "test one ... FAILED",
            "---- one stdout ----",
            "thread 'one' (26337) panicked at tests/one.rs:40:9:",
            "a read stopped",
            "stack backtrace:",
            "   0: begin_unwind",
            "thread 'two' panicked at tests/two.rs:1:2:",
            "no answer",
        ] {
            failures.read(line);
        }
        let said: Vec<_> = failures.0.iter().map(|lines| lines.join(" ")).collect();
        let one = "thread 'one' (26337) panicked at tests/one.rs:40:9: a read stopped ";
        assert_eq!(
            said,
            [one, "thread 'two' panicked at tests/two.rs:1:2: no answer"]
        );
    }

    #[test]
    fn counts_what_test_binaries_say() {
        let mut counts = Counts::default();
        for line in [
            "running 3 tests",
            "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s",
            "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
            "error: 1 passed; is not a result",
        ] {
            counts.read(line);
        }
        assert_eq!(counts.to_string(), "14 passed, 3 failed, 1 skipped");
    }
}
