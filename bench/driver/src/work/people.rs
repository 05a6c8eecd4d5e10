//! Many users, one after another: what the browser of each holds, and the app for her.

use std::{cell::Cell, fs, path::Path};

use anyhow::{Context, Result};

pub struct People {
    persons: Vec<Person>,
    next: Cell<usize>,
}

pub struct Person {
    /// Names and values.
    pub cookies: Vec<(String, String)>,
    pub refresh: String,
    pub access: String,
}

impl People {
    /// From lines of cookies, refresh token and access token, between tabs, in any order.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).context("reading the people")?;
        let persons: Option<Vec<_>> = text.lines().map(person).collect();
        let persons = persons.filter(|persons| !persons.is_empty());
        let persons = persons.context("people that cannot be read")?;
        let mut start = [0; 8];
        aws_lc_rs::rand::fill(&mut start).expect("randomness");
        let start = u64::from_le_bytes(start) % persons.len() as u64;
        Ok(Self {
            persons,
            next: Cell::new(start as usize),
        })
    }

    /// Whose turn it is; everybody's comes before anybody's comes again.
    pub fn next(&self) -> &Person {
        let at = self.next.get();
        self.next.set((at + 1) % self.persons.len());
        &self.persons[at]
    }
}

fn person(line: &str) -> Option<Person> {
    let mut parts = line.split('\t').map(str::to_owned);
    let (cookies, refresh, access) = (parts.next()?, parts.next()?, parts.next()?);
    let cookie = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    Some(Person {
        cookies: cookies.split("; ").map(cookie).collect::<Option<_>>()?,
        refresh,
        access,
    })
}
