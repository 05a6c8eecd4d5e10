//! Where an address is, in words: what a database of the operator's says, in MaxMind's format
//! (MMDB), which several publishers use. Good enough for "was that me?", and for nothing more.

use crate::{language::Language, pages::format};
use anyhow::Context;
use askama::filters::HtmlSafe;
use maxminddb::Reader;
use serde::Deserialize;
use std::{collections::BTreeMap, fmt, net::IpAddr, path::Path};

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

    pub fn spot(&self, address: String, language: Language) -> Spot {
        let place = self.words(&address, language);
        Spot { address, place }
    }

    /// `Berlin, Germany`, or the country alone; `None` where nothing is known of it.
    fn words(&self, address: &str, language: Language) -> Option<String> {
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

/// An address, and where it is as far as anybody knows.
pub struct Spot {
    address: String,
    place: Option<String>,
}

impl Spot {
    pub fn plain(self) -> String {
        match self.place {
            Some(place) => format!("{place} ({})", self.address),
            None => self.address,
        }
    }

    #[cfg(test)]
    pub fn sample(address: &str, place: Option<&str>) -> Self {
        let place = place.map(str::to_owned);
        let address = address.to_owned();
        Self { address, place }
    }
}

/// On a page.
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = format::escaped(&self.address);
        match &self.place {
            None => write!(f, "<bdi class=\"host\" dir=\"ltr\">{address}</bdi>"),
            Some(place) => {
                let place = format::escaped(place);
                write!(
                    f,
                    "<bdi>{place}</bdi> (<bdi class=\"host\" dir=\"ltr\">{address}</bdi>)"
                )
            }
        }
    }
}

impl HtmlSafe for Spot {}

#[cfg(test)]
mod tests;
