//! People who set up more than a password, and sign in with it.

use super::{Asked, Browser, Device, Person, Reply};
use grantor::totp::SharedSecret;
use grantor_protocol::time::{Millis, Timestamp};

/// An authenticator app.
pub struct Authenticator {
    secret: SharedSecret,
}

impl Authenticator {
    /// Reads the secret that a page shows.
    pub fn scan(page: &Reply) -> Self {
        let text = page
            .between("translate=\"no\">", "</code>")
            .expect("a secret");
        let bytes = base32(text);
        Self {
            secret: SharedSecret::from_bytes(&bytes).expect("twenty bytes"),
        }
    }

    /// The code of this moment at that site.
    pub fn code(&self, browser: &Browser) -> String {
        self.code_at(browser.site.world.now())
    }

    pub fn code_at(&self, now: Timestamp) -> String {
        self.secret.code(now)
    }

    /// The next code that was not used yet: half a minute later.
    pub fn next(&self, browser: &Browser) -> String {
        browser.site.pass(Millis::seconds(30));
        self.code(browser)
    }
}

fn base32(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digits = text.chars().filter_map(|digit| DIGITS.find(digit));
    let bits: String = digits.map(|digit| format!("{digit:05b}")).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    let byte = |bits: &[u8]| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap();
    bytes.map(byte).collect()
}

/// What a form of a page carries.
pub fn hidden(page: &Reply, name: &str) -> String {
    let before = format!("name=\"{name}\" value=\"");
    page.between(&before, "\"")
        .expect("a hidden field")
        .to_owned()
}

/// The recovery codes that a page shows.
pub fn recovery_codes(page: &Reply) -> Vec<String> {
    let text = page
        .between("<code id=\"codes\">", "</code>")
        .unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

impl Person {
    /// Sets up an authenticator app; it, and what she writes down.
    pub async fn with_app(&self) -> (Authenticator, Vec<String>) {
        let page = self.get("/account/factors/code").await;
        assert_eq!(page.code(), 200, "{}", page.location());
        let app = Authenticator::scan(&page);
        let (code, setup) = (app.code(self), hidden(&page, "setup"));
        let fields = [("code", &*code), ("setup", &*setup)];
        let done = self.post("/account/factors/code", &fields).await;
        assert!([201, 303].contains(&done.code()), "{}", done.body);
        (app, recovery_codes(&done))
    }

    /// Makes a passkey on this device.
    pub async fn with_passkey(&self, device: &mut Device) -> Reply {
        let page = self.get("/account/factors/passkey").await;
        assert_eq!(page.code(), 200, "{}", page.location());
        let asked = Asked::of(&page);
        let credential = device.create(&asked);
        self.keep_passkey(&asked, &credential).await
    }

    pub async fn keep_passkey(&self, asked: &Asked, credential: &str) -> Reply {
        let fields = [
            ("name", "My phone"),
            ("state", &*asked.state),
            ("credential", credential),
        ];
        self.post("/account/factors/passkey", &fields).await
    }
}

impl Browser {
    /// Types a code on the page that asks for the rest.
    pub async fn second(&self, code: &str) -> Reply {
        let fields = [("code", code), ("action", "code"), ("return_to", "/")];
        self.post("/login/second", &fields).await
    }

    /// Signs in by passkey at the page of this path.
    pub async fn sign_in_with(&self, device: &mut Device, path: &str) -> Reply {
        let asked = Asked::of(&self.get(path).await);
        let credential = device.answer(&asked);
        self.answer(&asked, &credential).await
    }

    pub async fn answer(&self, asked: &Asked, credential: &str) -> Reply {
        let fields = [
            ("state", &*asked.state),
            ("credential", credential),
            ("return_to", "/"),
        ];
        self.post("/login/passkey", &fields).await
    }
}
