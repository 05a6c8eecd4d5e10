//! The words after `cargo xtask`.

use anyhow::{Context, bail};
use std::{collections::VecDeque, str::FromStr};

pub struct Arguments(VecDeque<String>);

impl Arguments {
    pub fn of_process() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// The next word, if it is not a flag.
    pub fn word(&mut self) -> Option<String> {
        self.0.pop_front_if(|word| !word.starts_with('-'))
    }

    /// Takes `--name` out, if it is there.
    pub fn switch(&mut self, name: &str) -> bool {
        let found = self.0.iter().position(|word| word == name);
        found.and_then(|at| self.0.remove(at)).is_some()
    }

    /// Takes every `--name VALUE` out.
    pub fn values<T: FromStr>(&mut self, name: &str) -> anyhow::Result<Vec<T>> {
        let mut values = Vec::new();
        while let Some(at) = self.0.iter().position(|word| word == name) {
            self.0.remove(at);
            let value = self.0.remove(at).with_context(|| format!("{name} what?"))?;
            let parsed = value.parse().ok();
            values.push(parsed.with_context(|| format!("{name} cannot be {value}"))?);
        }
        Ok(values)
    }

    /// Whatever nobody took is a mistake.
    pub fn finish(&self) -> anyhow::Result<()> {
        match self.0.front() {
            None => Ok(()),
            Some(word) => bail!("'{word}' means nothing here; `cargo xtask` lists what does"),
        }
    }
}
