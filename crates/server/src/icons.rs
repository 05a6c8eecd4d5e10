//! Pictures that users upload: app icons and their own photos. What is served
//! is never what was sent: it is decoded under limits and drawn anew, so that
//! no metadata, trailing data or decoder trick survives.

use crate::language::Language;
use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use image::codecs::png::PngEncoder;
use image::imageops::{FilterType, resize};
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder as _, ImageFormat, ImageReader,
    Limits, Rgba32FImage, RgbaImage,
};
use tokio::sync::Semaphore;

pub const MAX_BYTES: usize = 1 << 20;
const MAX_PIXELS: u64 = 1 << 20;
pub const MIN_SIDE: u32 = 16;
/// Every picture is served as a square of this many pixels a side.
pub const SIDE: u32 = 128;
/// A megapixel at 16 bit RGBA is 8 MiB; decoders need some more beside it.
const MAX_DECODER_MEMORY: u64 = 32 << 20;
const WAITING: usize = 16;

/// A picture as we serve it.
#[derive(Clone, PartialEq, Eq)]
pub struct Icon {
    pub png: Bytes,
    /// SHA-256 of the bytes, in hex: the name under which it is served.
    pub name: String,
}

/// Why a picture cannot be used; `Language::wrong_picture` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconError {
    Empty,
    TooLarge,
    OtherFormat,
    TooFewPixels,
    TooManyPixels,
    Damaged,
    Busy,
}

/// For registrations and the command line.
impl fmt::Display for IconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::English.wrong_picture(*self))
    }
}

/// Draws one picture at a time.
#[derive(Clone)]
pub struct Icons {
    room: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Default for Icons {
    fn default() -> Self {
        Self {
            room: Arc::new(Semaphore::new(WAITING)),
            turn: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Icons {
    pub async fn make(&self, upload: Bytes) -> Result<Icon, IconError> {
        let _place = self.room.try_acquire().map_err(|_| IconError::Busy)?;
        let turn = self
            .turn
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| IconError::Busy)?;
        let drawing = tokio::task::spawn_blocking(move || {
            // Held here: whoever asked may leave, the work goes on.
            let _turn = turn;
            draw(&upload)
        });
        drawing.await.unwrap_or_else(|_| {
            tracing::error!("a picture could not be drawn: the decoder panicked");
            Err(IconError::Damaged)
        })
    }
}

fn draw(upload: &[u8]) -> Result<Icon, IconError> {
    let picture = decode(upload)?;
    let png = Bytes::from(encode(&square(picture))?);
    let hash = digest(&SHA256, &png);
    let name = hash
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Icon { png, name })
}

fn decode(upload: &[u8]) -> Result<DynamicImage, IconError> {
    if upload.is_empty() {
        return Err(IconError::Empty);
    }
    if upload.len() > MAX_BYTES {
        return Err(IconError::TooLarge);
    }
    let format = match image::guess_format(upload) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
        _ => return Err(IconError::OtherFormat),
    };
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits());
    // Reads the header only; pixels come after its numbers have been judged.
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(IconError::TooManyPixels);
    }
    if width.min(height) < MIN_SIDE {
        return Err(IconError::TooFewPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn limits() -> Limits {
    let longest = u32::try_from(MAX_PIXELS)
        .ok()
        .map(|pixels| pixels / MIN_SIDE);
    let mut limits = Limits::default();
    limits.max_image_width = longest;
    limits.max_image_height = longest;
    limits.max_alloc = Some(MAX_DECODER_MEMORY);
    limits
}

fn refusal(error: image::ImageError) -> IconError {
    match error {
        image::ImageError::Limits(_) => IconError::TooManyPixels,
        _ => IconError::Damaged,
    }
}

/// The largest square in the middle, scaled. Colours are weighted by their
/// alpha meanwhile: what a transparent pixel hides must not tint its neighbours.
fn square(picture: DynamicImage) -> RgbaImage {
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    let mut pixels: Rgba32FImage = picture.crop_imm(left, top, side, side).into_rgba32f();
    for pixel in pixels.pixels_mut() {
        let [r, g, b, a] = pixel.0;
        pixel.0 = [r * a, g * a, b * a, a];
    }
    let mut pixels = resize(&pixels, SIDE, SIDE, FilterType::CatmullRom);
    for pixel in pixels.pixels_mut() {
        let [r, g, b, a] = pixel.0;
        pixel.0 = if a > 0.0 {
            [r / a, g / a, b / a, a]
        } else {
            [0.0; 4]
        };
    }
    DynamicImage::ImageRgba32F(pixels).into_rgba8()
}

fn encode(picture: &RgbaImage) -> Result<Vec<u8>, IconError> {
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(picture, SIDE, SIDE, ExtendedColorType::Rgba8)
        .map_err(|_| IconError::Damaged)?;
    Ok(png)
}

#[cfg(test)]
mod tests;
