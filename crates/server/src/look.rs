//! What makes the pages the platform's own: its logo, colour, stylesheet and legal links.
//! Read and checked once, at start.

mod color;
mod logo;

pub use color::Color;

use crate::{
    assets::{self, File},
    config::{Branding, Contact, Link},
};
use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use logo::Logo;
use std::{io::Read, path::Path};

/// Of a logo and of a stylesheet; each is sent to every browser.
const MAX_BYTES: u64 = 256 << 10;

#[derive(Clone, Debug, Default)]
pub struct Look {
    logo: Option<Logo>,
    sheet: Option<Own>,
    color: Option<Color>,
    /// The message that names it, and where it leads.
    legal: Vec<(&'static str, String)>,
}

/// A file that is not built in, under its own digest.
#[derive(Clone, Debug)]
struct Own {
    name: &'static str,
    hash: String,
    bytes: Bytes,
}

impl Own {
    fn new(name: &'static str, bytes: Bytes) -> Self {
        let hash = assets::hash(&bytes);
        Self { name, hash, bytes }
    }

    fn url(&self) -> String {
        assets::url_of(&self.hash, self.name)
    }
}

impl Look {
    /// # Errors
    /// A file cannot be read, or is not what it should be.
    pub fn open(settings: &Branding) -> anyhow::Result<Self> {
        let logo = settings.brand_logo_file.as_deref().map(|path| {
            let logo = read(path).and_then(Logo::new);
            logo.with_context(|| format!("brand_logo_file {}", path.display()))
        });
        let css = settings.brand_css_file.as_deref().map(|path| {
            let css = read(path).and_then(stylesheet);
            css.with_context(|| format!("brand_css_file {}", path.display()))
        });
        let (css, color) = (css.transpose()?, settings.brand_color);
        // What the operator wrote has the last word.
        let sheet = color.map(Color::stylesheet).into_iter().chain(css);
        let sheet: String = sheet.collect();
        let own = || Own::new("brand.css", sheet.clone().into());
        let page = |link: &Option<Link>| link.as_ref().map(|it| it.as_str().to_owned());
        let support = settings.support_url.as_ref().map(Contact::as_str);
        let legal = [
            ("foot-privacy", page(&settings.privacy_policy_url)),
            ("foot-terms", page(&settings.terms_url)),
            ("foot-legal-notice", page(&settings.legal_notice_url)),
            ("foot-support", support.map(str::to_owned)),
        ];
        let there = legal.into_iter().filter_map(|(id, url)| Some((id, url?)));
        Ok(Self {
            logo: logo.transpose()?,
            sheet: (!sheet.is_empty()).then(own),
            color,
            legal: there.collect(),
        })
    }

    /// The asset of this name, if it is the platform's.
    pub fn file(&self, name: &str) -> Option<File<'_>> {
        let logo = self.logo.as_ref().map(|logo| &logo.file);
        let own = [logo, self.sheet.as_ref()].into_iter().flatten();
        let own = own.into_iter().find(|own| own.name == name)?;
        Some(File {
            name: own.name,
            hash: &own.hash,
            bytes: own.bytes.clone(),
        })
    }

    /// Where the logo is, and how large it is shown.
    pub fn logo(&self) -> (String, (u32, u32)) {
        let ours = || (assets::url("mark.svg"), (28, 28));
        let theirs = |logo: &Logo| (logo.file.url(), logo.shown());
        self.logo.as_ref().map_or_else(ours, theirs)
    }

    pub fn stylesheet(&self) -> Option<String> {
        self.sheet.as_ref().map(Own::url)
    }

    /// Of a button with white text.
    pub fn color(&self) -> Color {
        self.color.unwrap_or_default()
    }

    pub fn legal(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.legal.iter().map(|(id, url)| (*id, url.as_str()))
    }
}

fn read(path: &Path) -> anyhow::Result<Bytes> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).context("cannot be read")?;
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    match read.context("cannot be read")? as u64 {
        0 => bail!("is empty"),
        length => ensure!(length <= MAX_BYTES, "is larger than 256 KiB"),
    }
    Ok(bytes.into())
}

fn stylesheet(bytes: Bytes) -> anyhow::Result<String> {
    let text = String::from_utf8(bytes.into()).context("is no text in UTF-8")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
