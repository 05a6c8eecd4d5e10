//! Mails to users: what they say, and how they leave.
//!
//! 1. What happens puts a mail into the outbox, in the batch that makes it happen
//!    (`store/mails.rs`).
//! 2. One node takes what is due ([`outbox`]) and finds the words for it ([`letter`]).
//! 3. It hands the mail to the mail server ([`smtp`]), and forgets it when that has taken it.

pub mod expiry;
mod letter;
pub mod links;
pub mod outbox;
mod smtp;

use crate::config::Config;
use anyhow::Context;
use grantor_protocol::{email::Email, time::Timestamp};
use letter::Letter;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use parking_lot::Mutex;
use smtp::Smtp;
use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

/// How mails leave, if they do.
pub struct Mailer {
    way: Way,
    from: Option<Mailbox>,
    /// What Message-IDs end in.
    host: String,
    pause: Mutex<Pause>,
}

enum Way {
    Off,
    Smtp(Smtp),
    /// Written into files, for whoever develops.
    Folder(PathBuf),
    /// For whoever looks at the demo.
    Printed,
}

/// While the mail server cannot be reached: until when it is left alone.
#[derive(Default)]
struct Pause {
    fails: u32,
    until: Option<Timestamp>,
}

impl Mailer {
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let settings = &config.mail;
        let way = match (&settings.smtp_server, &settings.mail_folder) {
            (Some(server), _) => Way::Smtp(Smtp::open(server, config)?),
            (None, Some(folder)) => Way::Folder(folder.clone()),
            (None, None) if settings.printed => Way::Printed,
            (None, None) => Way::Off,
        };
        let brand = config.service.brand.as_str().to_owned();
        let from = settings.mail_from.as_ref().map(address).transpose();
        let from = from.context("mail_from is no address that mail servers know")?;
        Ok(Self {
            way,
            from: from.map(|address| Mailbox::new(Some(brand), address)),
            host: config.service.public_url.host().to_owned(),
            pause: Mutex::default(),
        })
    }

    /// Whether what needs mail is offered.
    pub fn is_on(&self) -> bool {
        !matches!(self.way, Way::Off)
    }

    /// Whether the mail server lets us in; in words for the operator.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), String> {
        match &self.way {
            Way::Smtp(smtp) => smtp.connect().await.map(drop),
            Way::Off | Way::Folder(_) | Way::Printed => Ok(()),
        }
    }

    /// As mail servers read it (RFC 5322). `None`: it has no address that can be written to.
    fn message(
        &self,
        letter: &Letter,
        (id, to): (i64, &str),
        now: Timestamp,
    ) -> anyhow::Result<Message> {
        let from = self.from.clone().context("mail is off")?;
        let to = address(&Email::from_stored(to.to_owned()))?;
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(now.0.max(0).unsigned_abs());
        let message = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(one_line(&letter.subject()))
            .date(date)
            // The same at each attempt: who gets it twice can tell.
            .message_id(Some(format!("<{id}@{}>", self.host)))
            .header(AutoSubmitted);
        let parts = MultiPart::alternative_plain_html(letter.text()?, letter.html()?);
        Ok(message.multipart(parts)?)
    }
}

fn address(email: &Email) -> anyhow::Result<Address> {
    Ok(email.as_str().parse()?)
}

/// What a header can hold, whoever named what it names.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(200).collect()
}

/// Nobody need be told that somebody is on holiday (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        let hostile = "Clock\r\nBcc: eve@example.org\u{0}\u{2028}x  y";
        assert_eq!(one_line(hostile), "Clock Bcc: eve@example.org x y");
        assert_eq!(one_line(&"x".repeat(900)).len(), 200);
    }
}
