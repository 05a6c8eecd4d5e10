//! `grantor demo`.
use std::process::ExitCode;
#[derive(clap::Args)]
pub struct Demo {}
impl Demo {
    pub async fn run(&self) -> anyhow::Result<ExitCode> {
        Ok(ExitCode::SUCCESS)
    }
}
