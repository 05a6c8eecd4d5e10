//! Where an address is, in words: what a database of the operator's says, in MaxMind's format
//! (MMDB), which several publishers use. Good enough for "was that me?", and for nothing more.

use crate::language::Language;
use anyhow::Context;
use maxminddb::Reader;
use serde::Deserialize;
use std::{collections::BTreeMap, net::IpAddr, path::Path};

/// Knows no place where there is no database.
pub struct Places(Option<Reader<Vec<u8>>>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Record<'a> {
    #[serde(borrow)]
    city: Place<'a>,
    #[serde(borrow)]
    country: Place<'a>,
}

/// By language, `en` among them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    names: BTreeMap<&'a str, &'a str>,
}

impl<'a> Place<'a> {
    fn name(&self, language: Language) -> Option<&'a str> {
        let own = self.names.get(language.tag());
        own.or_else(|| self.names.get("en")).copied()
    }
}

impl Places {
    /// # Errors
    /// The file cannot be read, or is no such database.
    pub fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else {
            return Ok(Self(None));
        };
        let shown = file.display();
        let reader = Reader::open_readfile(file)
            .with_context(|| format!("{shown} is no database of places in MaxMind's format"))?;
        Ok(Self(Some(reader)))
    }

    /// `Berlin, Germany`, or the country alone; `None` where nothing is known of it.
    pub fn words(&self, address: &str, language: Language) -> Option<String> {
        let address: IpAddr = address.parse().ok()?;
        let found = self.0.as_ref()?.lookup(address.to_canonical()).ok()?;
        let record: Record<'_> = found.decode().ok()??;
        let country = record.country.name(language)?;
        Some(match record.city.name(language) {
            None => country.to_owned(),
            Some(city) => language
                .say("place-city")
                .words("city", city)
                .words("country", country)
                .plain(),
        })
    }
}

#[cfg(test)]
mod tests;
