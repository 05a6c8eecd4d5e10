//! The platform's logo. It is shown as a picture, in which no script runs; should somebody
//! open it by itself, its policy (see `assets`) lets it do nothing.

use super::Own;
use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// As tall as it is shown, and as wide as it may be.
const HEIGHT: f64 = 28.0;
const WIDTH: f64 = 196.0;
const LONGEST_SIDE: u32 = 2048;

#[derive(Clone, Debug)]
pub struct Logo {
    pub file: Own,
    /// Width by height.
    ratio: f64,
}

impl Logo {
    pub fn new(bytes: Bytes) -> anyhow::Result<Self> {
        let (name, (width, height)) = match image::guess_format(&bytes) {
            Ok(format @ ImageFormat::Png) => ("logo.png", pixels(&bytes, format)?),
            Ok(format @ ImageFormat::WebP) => ("logo.webp", pixels(&bytes, format)?),
            _ => ("logo.svg", drawing(&bytes)?),
        };
        let ratio = width / height;
        let file = Own::new(name, bytes);
        Ok(Self { file, ratio })
    }

    /// Width and height on a page, so that nothing moves when it arrives.
    pub fn shown(&self) -> (u32, u32) {
        let width = (HEIGHT * self.ratio).clamp(1.0, WIDTH);
        let height = (width / self.ratio).clamp(1.0, HEIGHT);
        (width.round() as u32, height.round() as u32)
    }
}

/// The size of a picture that can be decoded whole.
fn pixels(bytes: &[u8], format: ImageFormat) -> anyhow::Result<(f64, f64)> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let picture = reader.decode();
    let picture = picture.context("is damaged, or has a side of more than 2048 pixels")?;
    Ok((f64::from(picture.width()), f64::from(picture.height())))
}

/// The size that an SVG gives itself. What is looked for is what would make a browser show
/// nothing, and what has no place in a picture.
fn drawing(bytes: &[u8]) -> anyhow::Result<(f64, f64)> {
    let is_none = "is no SVG, PNG or WebP picture";
    let text = std::str::from_utf8(bytes).ok().context(is_none)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut root = text;
    while let Some(end) = prologue(root) {
        root = root.split_once(end).context(is_none)?.1.trim_start();
    }
    let tag = root
        .strip_prefix("<svg")
        .and_then(|it| it.split('>').next());
    let tag = tag.filter(|it| it.starts_with(char::is_whitespace));
    let tag = tag.context(is_none)?;
    ensure!(
        attribute(tag, "xmlns") == Some("http://www.w3.org/2000/svg"),
        "needs xmlns=\"http://www.w3.org/2000/svg\" in its <svg>: no browser shows it without"
    );
    ensure!(
        text.ends_with("</svg>"),
        "is cut short: it does not end with </svg>"
    );
    if text.to_ascii_lowercase().contains("<script") {
        bail!("has a script in it, which is nothing for a logo: take it out");
    }
    let side = |name| attribute(tag, name)?.trim_end_matches("px").parse().ok();
    let sides: Option<(f64, f64)> = side("width").zip(side("height")).or_else(|| {
        let numbers = attribute(tag, "viewBox")?.split([' ', ',']);
        let numbers: Vec<f64> = numbers.filter_map(|it| it.parse().ok()).collect();
        numbers.get(2).copied().zip(numbers.get(3).copied())
    });
    let sides = sides.filter(|(width, height)| *width >= 1.0 && *height >= 1.0);
    sides.context("needs a viewBox, or a width and a height, in its <svg>")
}

/// What ends the declaration, comment or document type that this begins with.
fn prologue(text: &str) -> Option<&'static str> {
    let kinds = [("<?", "?>"), ("<!--", "-->"), ("<!", ">")];
    let kind = kinds.into_iter().find(|(start, _)| text.starts_with(start));
    kind.map(|(_, end)| end)
}

/// The value of an attribute, in either kind of quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let value = after.trim_start();
        let quote = value.chars().next().filter(|c| ['"', '\''].contains(c))?;
        let (value, next) = value[1..].split_once(quote)?;
        if before.trim() == name {
            return Some(value);
        }
        rest = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 32"><path d="M0 0h96v32z"/></svg>"#;

    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbaImage::from_pixel(width, height, image::Rgba([13, 92, 99, 255]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_logo_is_a_whole_picture_and_keeps_its_shape() {
        let written = "\u{feff}<?xml version='1.0'?>\n<!-- <svg> -->\n<!DOCTYPE svg>\n";
        let sized = SVG.replace("viewBox=\"0 0 96 32\"", "width='28px' height = '56'");
        for (bytes, name, shown) in [
            (picture(ImageFormat::Png, 64, 64), "logo.png", (28, 28)),
            (picture(ImageFormat::WebP, 300, 100), "logo.webp", (84, 28)),
            (picture(ImageFormat::Png, 2000, 100), "logo.png", (196, 10)),
            (SVG.into(), "logo.svg", (84, 28)),
            (format!("{written}{sized}\n").into(), "logo.svg", (14, 28)),
        ] {
            let logo = Logo::new(bytes.into()).unwrap();
            assert_eq!((logo.file.name, logo.shown()), (name, shown));
        }
        // The page's own mark is one.
        let ours = include_bytes!("../../assets/mark.svg");
        assert_eq!(Logo::new(ours[..].into()).unwrap().shown(), (28, 28));
    }

    #[test]
    fn what_no_browser_would_show_is_refused() {
        let mut cut = picture(ImageFormat::Png, 64, 64);
        cut.truncate(60);
        for (bytes, says) in [
            (cut, "damaged"),
            (picture(ImageFormat::Png, 2049, 4), "2048"),
            (b"\xff\xd8\xff\xe0 a photo".to_vec(), "no SVG, PNG or WebP"),
            (b"<html></html>".to_vec(), "no SVG, PNG or WebP"),
            (b"<svgx></svgx>".to_vec(), "no SVG, PNG or WebP"),
            (b"<?xml".to_vec(), "no SVG, PNG or WebP"),
            (SVG.replace("xmlns", "x").into(), "xmlns"),
            (SVG.replace("</svg>", "").into(), "cut short"),
            (SVG.replace("viewBox", "viewbox").into(), "viewBox"),
            (
                SVG.replace("<path", "<SCRIPT>x</SCRIPT><path").into(),
                "script",
            ),
        ] {
            let error = Logo::new(bytes.into()).unwrap_err().to_string();
            assert!(error.contains(says), "{says}: {error}");
        }
    }
}
