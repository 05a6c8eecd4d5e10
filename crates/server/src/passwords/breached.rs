//! A list of passwords that were stolen elsewhere, as a file to look into.
//!
//! The file is a mark and, in order, the first 48 bits of the SHA-1 of each: small enough
//! for a billion of them (6 GB), and it stays on the disk. One in 300,000 good passwords is
//! taken for one of a billion bad ones.

use anyhow::{Context, bail};
use aws_lc_rs::digest;
use std::{
    fs::{self, File},
    io::{BufRead, BufWriter, Write},
    os::unix::fs::FileExt,
    path::Path,
};

const MARK: &[u8; 16] = b"grantor breached";
const WIDTH: usize = 6;

pub struct Breached {
    file: File,
    entries: u64,
}

type Prefix = [u8; WIDTH];

/// What the lines of a list are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// SHA-1 in hexadecimal, in order, perhaps with a colon and how often it was seen:
    /// what Have I Been Pwned offers for download.
    Hashes {
        at_least: u64,
    },
    Passwords,
}

fn prefix(password: &[u8]) -> Prefix {
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, password);
    std::array::from_fn(|at| digest.as_ref()[at])
}

impl Breached {
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        let length = file.metadata()?.len();
        let mut mark = [0; MARK.len()];
        let whole = length
            .checked_sub(MARK.len() as u64)
            .filter(|rest| rest.is_multiple_of(WIDTH as u64));
        match (file.read_exact_at(&mut mark, 0), whole) {
            (Ok(()), Some(rest)) if mark == *MARK => Ok(Self {
                file,
                entries: rest / WIDTH as u64,
            }),
            _ => bail!("{shown} is no list made by `grantor passwords import-breached`"),
        }
    }

    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Whether it is in the list. Where the list cannot be read any more, nothing is.
    pub fn contains(&self, password: &str) -> bool {
        self.find(prefix(password.as_bytes()))
            .unwrap_or_else(|error| {
                tracing::error!(%error, "the list of breached passwords cannot be read");
                false
            })
    }

    fn find(&self, wanted: Prefix) -> std::io::Result<bool> {
        let (mut from, mut to) = (0, self.entries);
        while from < to {
            let middle = from + (to - from) / 2;
            let mut found = Prefix::default();
            let at = MARK.len() as u64 + middle * WIDTH as u64;
            self.file.read_exact_at(&mut found, at)?;
            match found.cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        Ok(false)
    }
}

/// Makes the file of a list; how many it holds. Nothing is there under that name until all
/// is, so that a running server keeps the list it has.
pub fn make(list: impl BufRead, lines: Lines, path: &Path) -> anyhow::Result<u64> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = Path::new(&name);
    let mut file = BufWriter::new(
        File::create(part).with_context(|| format!("cannot write {}", part.display()))?,
    );
    file.write_all(MARK)?;
    let entries = match lines {
        Lines::Passwords => write_passwords(list, &mut file),
        Lines::Hashes { at_least } => write_hashes(list, at_least, &mut file),
    };
    let synced = file.flush().and_then(|()| file.get_ref().sync_all());
    match entries.and_then(|entries| Ok(synced.map(|()| entries)?)) {
        Ok(entries) => {
            fs::rename(part, path)?;
            Ok(entries)
        }
        Err(error) => {
            fs::remove_file(part)?;
            Err(error)
        }
    }
}

/// In memory: lists of passwords are in no order, and seldom of more than some millions.
fn write_passwords(mut list: impl BufRead, file: &mut impl Write) -> anyhow::Result<u64> {
    let (mut all, mut line) = (Vec::new(), Vec::new());
    while list.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if !text.is_empty() {
            all.push(prefix(text));
        }
        line.clear();
    }
    all.sort_unstable();
    all.dedup();
    for prefix in &all {
        file.write_all(prefix)?;
    }
    Ok(all.len() as u64)
}

fn write_hashes(
    mut list: impl BufRead,
    at_least: u64,
    file: &mut impl Write,
) -> anyhow::Result<u64> {
    let (mut entries, mut number, mut line) = (0, 0_u64, String::new());
    let (mut last, mut written) = (None, None);
    while list.read_line(&mut line)? > 0 {
        number += 1;
        let text = line.trim_end();
        let (hash, seen) = text.split_once(':').unwrap_or((text, ""));
        let sound = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let prefix = u64::from_str_radix(hash.get(..2 * WIDTH).unwrap_or(""), 16).ok();
        let Some(prefix) = prefix.filter(|_| sound) else {
            bail!("line {number} is no SHA-1 in hexadecimal");
        };
        if last.is_some_and(|last| last > prefix) {
            bail!("line {number} is not in order: sort the list by hash");
        }
        let often = seen.trim().parse().is_ok_and(|seen: u64| seen < at_least);
        if !often && written != Some(prefix) {
            file.write_all(&prefix.to_be_bytes()[8 - WIDTH..])?;
            written = Some(prefix);
            entries += 1;
        }
        last = Some(prefix);
        line.clear();
    }
    Ok(entries)
}
