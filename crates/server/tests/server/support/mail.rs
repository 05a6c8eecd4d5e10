//! Mails as a site writes them into a folder, and links without their mail.

use super::{Browser, Person, Site};
use base64::{Engine, prelude::BASE64_STANDARD};
use grantor::{
    config::Config,
    language::Language,
    mail::{
        links::{self, For},
        outbox,
    },
    pages::join::Invitation,
};
use grantor_protocol::{email::Email, time::Millis};
use grantor_store::user_links::{NewLink, Purpose};

/// A mail, and its text as a mail program shows it.
#[derive(Clone)]
pub struct Mail {
    pub raw: String,
    pub text: String,
    pub html: String,
}

/// The site writes mails into a folder of its own.
pub fn with_mail(config: &mut Config) {
    config.mail.mail_from = Some(Email::parse("accounts@auth.example").unwrap());
    config.mail.mail_folder = Some(config.storage.data.join("mails"));
}

impl Site {
    /// The mails that wait, sent; in the order in which they were made.
    pub async fn mails(&self) -> Vec<Mail> {
        outbox::send_due(&self.app).await.unwrap();
        let folder = self.app.config.mail.mail_folder.clone().unwrap();
        let Ok(files) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort_by_key(|path| {
            path.file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .parse::<i64>()
                .unwrap()
        });
        let take = |path| {
            let raw = std::fs::read_to_string(&path).unwrap();
            std::fs::remove_file(path).unwrap();
            Mail::of(raw)
        };
        paths.into_iter().map(take).collect()
    }

    /// The one mail that waits.
    pub async fn mail(&self) -> Mail {
        let mut mails = self.mails().await;
        let subjects: Vec<_> = mails.iter().map(Mail::subject).collect();
        assert_eq!(mails.len(), 1, "{subjects:?}");
        mails.remove(0)
    }

    /// What a mail brings to whoever asked for an account with this address.
    pub fn invitation(&self, email: &str, return_to: &str) -> String {
        let invitation = Invitation {
            email: Email::parse(email).unwrap(),
            return_to: return_to.to_owned(),
        };
        invitation.sign(&self.app, self.world.now() + Millis::days(1))
    }

    /// The secret of a link for `person` as her account is now, of which no mail is kept.
    pub async fn mail_link(&self, person: &Person, purpose: Purpose, about: &str) -> String {
        let (app, now) = (&self.app, self.world.now());
        let password = app.store.password_of(person.id).await.unwrap();
        let account = For {
            user: person.id,
            email: &person.email,
            password: password.as_deref(),
            language: Language::English,
        };
        let about = Email::parse(about).unwrap();
        let link = links::make(app, purpose, account, &about, now).unwrap();
        let opened = links::open(app, link.id, &link.sealed).unwrap();
        let quiet = NewLink {
            mail_to: "nobody@example.org".into(),
            ..link
        };
        app.store.mail_user_link(&quiet, None, now).await.unwrap();
        opened
    }
}

/// A site that mails.
pub async fn mailing() -> Site {
    Site::with(with_mail).await
}

/// Signed in, with a password, and an address that is hers.
pub async fn verified(site: &Site) -> Person {
    let alice = site.user("alice").await.with_password().await;
    let alice = alice.signed_in().await;
    let link = site.mail_link(&alice, Purpose::Verify, &alice.email).await;
    let reply = alice.post("/address/confirm", &[("token", &link)]).await;
    assert_eq!(reply.location(), "/account/address?done=verified");
    site.mails().await;
    alice
}

/// Asks for a link to set a new password; the answer, without what was typed.
pub async fn forgot(browser: &Browser, email: &str) -> String {
    let reply = browser.post("/password/forgot", &[("email", email)]).await;
    assert_eq!(reply.code(), 200, "{}", reply.body);
    let token = reply.csrf().map(str::to_owned);
    let body = token.map_or(reply.body.clone(), |token| reply.body.replace(&token, ""));
    body.replace(email, "")
}

impl Mail {
    fn of(raw: String) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let part = |kind: &str| {
            let (_, rest) = raw.split_once(&format!("Content-Type: {kind}")).unwrap();
            let (head, body) = rest.split_once("\n\n").unwrap();
            let (body, _) = body.split_once("\n--").unwrap();
            match head {
                head if head.contains("quoted-printable") => printable(body),
                head if head.contains("base64") => {
                    let bytes = BASE64_STANDARD.decode(body.replace('\n', "")).unwrap();
                    String::from_utf8(bytes).unwrap()
                }
                _ => body.to_owned(),
            }
        };
        let (text, html) = (part("text/plain"), part("text/html"));
        Self { raw, text, html }
    }

    pub fn header(&self, name: &str) -> &str {
        let (head, _) = self.raw.split_once("\n\n").unwrap();
        let line = head
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default()
    }

    pub fn to(&self) -> &str {
        self.header("To")
    }

    pub fn subject(&self) -> &str {
        self.header("Subject")
    }

    /// Where its button leads, as a path; and the secret in it.
    pub fn link(&self) -> (String, String) {
        let line = self
            .text
            .lines()
            .find(|line| line.starts_with("https://auth.example/"));
        let path = line
            .expect("a link")
            .strip_prefix("https://auth.example")
            .unwrap();
        let token = path.split_once("token=").map_or("", |(_, token)| token);
        (path.to_owned(), token.to_owned())
    }
}

/// RFC 2045 §6.7.
fn printable(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'=', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}
