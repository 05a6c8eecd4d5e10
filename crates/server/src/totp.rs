//! The secret that an authenticator app shares with us (RFC 6238), as every such app
//! understands it: SHA-1, six digits, thirty seconds.

use crate::{app::App, world::World};
use fast_qr::{
    convert::svg::SvgBuilder,
    qr::{QRBuilder, QRCodeError},
};
use grantor_protocol::{digits::folded, time::Timestamp};
use std::fmt::Write;
use zeroize::Zeroizing;

/// The length that RFC 4226 §4 recommends.
const LENGTH: usize = 20;

pub struct SharedSecret(Zeroizing<[u8; LENGTH]>);

impl SharedSecret {
    pub fn new(world: &World) -> Self {
        Self(Zeroizing::new(world.random()))
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        <[u8; LENGTH]>::try_from(bytes)
            .ok()
            .map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0[..]
    }

    fn totp(&self) -> totp_rs::Totp {
        totp_rs::Builder::new()
            .with_secret(*self.0)
            .build_noncompliant()
    }

    /// To be typed into an app that cannot read the picture: base32 in groups.
    pub fn text(&self) -> String {
        let text = self.totp().secret().to_base32();
        let groups: Vec<_> = text
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        groups.join(" ")
    }

    /// What apps read: whose account this is, and where.
    pub fn uri(&self, brand: &str, email: &str) -> String {
        let secret = self.totp().secret().to_base32();
        let (brand, email) = (percent(brand), percent(email));
        format!("otpauth://totp/{brand}:{email}?secret={secret}&issuer={brand}")
    }

    /// The step of the code, if it is one of the last, this or the next (RFC 6238 §5.2).
    pub fn step(&self, code: &str, now: Timestamp) -> Option<i64> {
        let code = &folded(code);
        let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = u64::try_from(now.0 / 1000).ok().filter(|_| digits)?;
        let step = self.totp().check(code, seconds)?;
        i64::try_from(step).ok()
    }

    /// The code of this moment.
    pub fn code(&self, now: Timestamp) -> String {
        let seconds = u64::try_from(now.0 / 1000).unwrap_or_default();
        self.totp().generate(seconds).to_string()
    }
}

/// A colon parts the two names, so none may stand in one.
fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                encoded.push(byte.into());
            }
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// A picture of a text, to stand in a page: elements and attributes that the policy of our
/// pages lets be, no style and no script.
pub fn picture(text: &str) -> Result<String, QRCodeError> {
    let code = QRBuilder::new(text).build()?;
    Ok(SvgBuilder::default().to_str(&code))
}

/// The secret of `user`, to be stored. `None`: there is no key.
pub fn seal(app: &App, user: i64, secret: &SharedSecret) -> Option<Vec<u8>> {
    let keys = app.keys.now();
    keys.secrets
        .seal(&context(user), secret.bytes(), app.world.random())
}

pub fn open(app: &App, user: i64, sealed: &[u8]) -> Option<SharedSecret> {
    let opened = app.keys.now().secrets.open(&context(user), sealed)?;
    SharedSecret::from_bytes(&opened)
}

fn context(user: i64) -> String {
    format!("totp:{user}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> SharedSecret {
        SharedSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    /// RFC 6238 Appendix B, the last six digits.
    #[test]
    fn the_vectors_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let now = Timestamp(seconds * 1000);
            assert_eq!(secret().code(now), code);
            assert_eq!(secret().step(code, now), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_before_and_after() {
        let at = |step: i64| Timestamp(step * 30_000);
        let code = secret().code(at(1000));
        for (step, good) in [(998, false), (999, true), (1001, true), (1002, false)] {
            assert_eq!(secret().step(&code, at(step)), good.then_some(1000));
        }
        for wrong in ["", "28708", "2870820", "28708a", " 287082", "٢٨٧٠٨"] {
            assert_eq!(secret().step(wrong, Timestamp(59_000)), None);
        }
        for typed in ["２８７０８２", "٢٨٧٠٨٢", "۲۸۷۰۸۲"] {
            assert_eq!(secret().step(typed, Timestamp(59_000)), Some(1));
        }
    }

    #[test]
    fn what_apps_read() {
        assert_eq!(secret().text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let uri = secret().uri("A & B: C", "a+b@example.org");
        assert_eq!(
            uri,
            "otpauth://totp/A%20%26%20B%3A%20C:a%2Bb@example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A%20%26%20B%3A%20C"
        );
        let svg = picture(&uri).unwrap();
        assert!(
            svg.starts_with("<svg viewBox=") && !svg.contains("style"),
            "{svg}"
        );
    }
}
