use super::*;
use image::{Rgba, RgbaImage};

const RED: Rgba<u8> = Rgba([200, 0, 0, 255]);
const BLUE: Rgba<u8> = Rgba([0, 0, 200, 255]);

fn plain(width: u32, height: u32) -> DynamicImage {
    RgbaImage::from_pixel(width, height, RED).into()
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = match format {
        ImageFormat::Jpeg => DynamicImage::from(picture.to_rgb8()),
        _ => picture.clone(),
    };
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn refused(upload: &[u8]) -> IconError {
    draw(upload).err().expect("this is refused")
}

fn drawn(upload: &[u8]) -> RgbaImage {
    let icon = draw(upload).expect("this is drawn");
    let picture = image::load_from_memory_with_format(&icon.png, ImageFormat::Png).unwrap();
    assert_eq!((picture.width(), picture.height()), (SIDE, SIDE));
    picture.to_rgba8()
}

fn near(one: Rgba<u8>, other: Rgba<u8>) -> bool {
    one.0
        .iter()
        .zip(other.0)
        .all(|(one, other)| one.abs_diff(other) < 12)
}

/// A PNG of which only the header is true.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    png.extend(&chunk);
    png.extend(crc32(&chunk).to_be_bytes());
    png.extend(b"\0\0\0\x04IDAT\0\0\0\0");
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

fn riff(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = kind.to_vec();
    chunk.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    chunk.extend(body);
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

/// Two frames of 32 × 32, made of a still picture's bitstream.
fn animated_webp() -> Vec<u8> {
    let still = file(&plain(32, 32), ImageFormat::WebP);
    let bitstream = &still[12..]; // after "RIFF", length and "WEBP"
    let mut frame = vec![0, 0, 0, 0, 0, 0, 31, 0, 0, 31, 0, 0, 100, 0, 0, 0];
    frame.extend(bitstream);
    let mut body = b"WEBP".to_vec();
    body.extend(riff(b"VP8X", &[0b0001_0010, 0, 0, 0, 31, 0, 0, 31, 0, 0]));
    body.extend(riff(b"ANIM", &[0, 0, 0, 0, 0, 0]));
    body.extend(riff(b"ANMF", &frame));
    body.extend(riff(b"ANMF", &frame));
    riff(b"RIFF", &body)
}

/// An EXIF block that says "turn by 90°" and carries a comment.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    exif.extend(b"taken at home");
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend(b"\xff\xe1");
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn the_three_formats_become_png_squares() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        for (width, height) in [(16, 16), (300, 200), (1024, 1024), (16, 4000)] {
            let picture = drawn(&file(&plain(width, height), format));
            assert!(
                near(*picture.get_pixel(64, 64), RED),
                "{format:?} {width}×{height}"
            );
        }
    }
}

#[test]
fn the_middle_is_what_stays() {
    let mut wide = RgbaImage::from_pixel(300, 100, BLUE);
    for (x, _, pixel) in wide.enumerate_pixels_mut() {
        if (100..200).contains(&x) {
            *pixel = RED;
        }
    }
    let picture = drawn(&file(&wide.into(), ImageFormat::Png));
    assert!(picture.pixels().all(|pixel| near(*pixel, RED)));
}

#[test]
fn transparency_is_kept_and_does_not_tint() {
    let mut half = RgbaImage::from_pixel(64, 64, RED);
    for (x, _, pixel) in half.enumerate_pixels_mut() {
        if x < 32 {
            *pixel = Rgba([0, 255, 0, 0]);
        }
    }
    let picture = drawn(&file(&half.into(), ImageFormat::Png));
    assert_eq!(picture.get_pixel(10, 64).0[3], 0);
    assert!(near(*picture.get_pixel(120, 64), RED));
    let tinted = picture
        .pixels()
        .filter(|pixel| pixel.0[3] > 16 && pixel.0[1] > 12);
    assert_eq!(tinted.count(), 0);
}

#[test]
fn sizes_are_judged_by_the_header() {
    assert_eq!(
        refused(&png_header(30_000, 30_000)),
        IconError::TooManyPixels
    );
    assert_eq!(
        refused(&png_header(u32::MAX >> 1, 16)),
        IconError::TooManyPixels
    );
    assert_eq!(refused(&png_header(1024, 1025)), IconError::TooManyPixels);
    assert_eq!(refused(&png_header(15, 16)), IconError::TooFewPixels);
    assert_eq!(refused(&png_header(16, 15)), IconError::TooFewPixels);
}

#[test]
fn damaged_files_are_refused() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = file(&plain(64, 64), format);
        assert_eq!(refused(&whole[..1]), IconError::OtherFormat);
        for length in [12, 20, 30, 40] {
            assert_eq!(
                refused(&whole[..length]),
                IconError::Damaged,
                "{format:?} {length}"
            );
        }
    }
    assert_eq!(refused(b""), IconError::Empty);
    assert_eq!(refused(&vec![0; MAX_BYTES + 1]), IconError::TooLarge);
}

/// Every prefix and many flipped bytes: an error or a picture, never a panic.
#[test]
fn no_damage_panics() {
    let mut files = vec![
        with_exif(&file(&plain(24, 16), ImageFormat::Jpeg)),
        animated_webp(),
    ];
    files.push(file(&plain(24, 16), ImageFormat::Png));
    for whole in files {
        for length in 0..whole.len() {
            let _ = draw(&whole[..length]);
            let mut flipped = whole.clone();
            flipped[length] ^= 0x55;
            let _ = draw(&flipped);
        }
    }
}

#[test]
fn other_formats_are_refused_whatever_they_are_called() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let gif = b"GIF89a\x10\0\x10\0\0\0\0,\0\0\0\0\x10\0\x10\0\0\x02\x02\x44\x01\0;";
    for other in [&svg[..], gif, b"BM......", b"%PDF-1.7", b"<!doctype html>"] {
        assert_eq!(refused(other), IconError::OtherFormat);
    }
}

#[test]
fn of_an_animation_the_first_frame_stays() {
    let picture = drawn(&animated_webp());
    assert!(near(*picture.get_pixel(64, 64), RED));
}

#[test]
fn what_trails_the_picture_is_dropped() {
    let clean = file(&plain(64, 64), ImageFormat::Png);
    let mut polyglot = clean.clone();
    polyglot.extend(b"<script>alert(1)</script>PK\x03\x04");
    let (clean, polyglot) = (draw(&clean).unwrap(), draw(&polyglot).unwrap());
    assert!(clean.png == polyglot.png);
    assert_eq!(clean.name, polyglot.name);
    assert_eq!(clean.name.len(), 64);
}

#[test]
fn exif_turns_the_picture_and_is_dropped() {
    let mut halves = RgbaImage::from_pixel(64, 64, RED);
    for (x, _, pixel) in halves.enumerate_pixels_mut() {
        if x >= 32 {
            *pixel = BLUE;
        }
    }
    let jpeg = with_exif(&file(&halves.into(), ImageFormat::Jpeg));
    let icon = draw(&jpeg).unwrap();
    assert!(!icon.png.windows(5).any(|window| window == b"taken"));
    let picture = drawn(&jpeg);
    assert!(near(*picture.get_pixel(64, 10), RED), "left has become top");
    assert!(
        near(*picture.get_pixel(64, 118), BLUE),
        "right has become bottom"
    );
}

#[tokio::test]
async fn one_at_a_time_and_a_bounded_number_waiting() {
    let icons = Icons::default();
    let upload = Bytes::from(file(&plain(64, 64), ImageFormat::Png));
    assert!(icons.make(upload.clone()).await.is_ok());
    let _all = icons
        .room
        .acquire_many(u32::try_from(WAITING).unwrap())
        .await
        .unwrap();
    assert_eq!(icons.make(upload).await.err(), Some(IconError::Busy));
}
