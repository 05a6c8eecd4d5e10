//! What new passwords have to be.

use super::values::number;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Clone)]
#[command(next_help_heading = "Passwords")]
pub struct Passwords {
    /// How hard to guess a new password must be, from 0 (8 characters are enough) to 4 (very
    /// hard), as zxcvbn scores it
    #[arg(long, value_name = "SCORE", default_value = "3", value_parser = number::<u8>(0..=4))]
    pub password_strength: u8,
    /// List of breached passwords, made by grantor passwords import-breached, that nobody may
    /// choose
    #[arg(long, value_name = "FILE")]
    pub breached_passwords_file: Option<PathBuf>,
}
