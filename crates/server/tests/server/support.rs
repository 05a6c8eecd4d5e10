//! Actors for tests: a site, people at browsers, apps, and what they say.

mod app;
mod browser;
mod device;
mod elsewhere;
mod factors;
mod mail;
mod names;
mod provider;
mod registration;
mod reply;
mod signer;
mod site;
mod suspend;
mod transcript;

pub use app::{App, Ask, Tokens};
pub use browser::{Browser, Person, STALE, encoded, multipart};
pub use device::{Asked, Device};
pub use elsewhere::Elsewhere;
pub use factors::{Authenticator, hidden, recovery_codes};
pub use mail::{forgot, mailing, verified, with_mail};
pub use provider::{Provider, SetOut};
pub use registration::register_with;
pub use reply::Reply;
pub use signer::Signer;
pub use site::{Call, ISSUER, NOON, Site};
pub use transcript::sorted;

/// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// What users who sign in by password type.
pub const PASSWORD: &str = "four words and a door";

/// A small picture.
pub fn png() -> Vec<u8> {
    let picture = image::RgbaImage::from_pixel(32, 32, image::Rgba([200, 30, 30, 255]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// All at once, on this one thread.
pub async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|it| (Box::pin(it), None)).collect();
    std::future::poll_fn(|context| {
        for (future, done) in &mut waiting {
            if done.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *done = Some(value);
            }
        }
        match waiting.iter().all(|(_, done)| done.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}
