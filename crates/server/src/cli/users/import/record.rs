//! One line: a person, or why not.

use crate::passwords::check_hash;
use grantor_protocol::{
    email::Email,
    name::DisplayName,
    openid::profile::{FIELDS, Profile},
};
use std::collections::BTreeMap;

/// By name, as text. An empty one counts as none.
pub type Fields = BTreeMap<String, String>;

/// Beside the claims of a profile.
const NAMES: [&str; 6] = [
    "external_id",
    "email",
    "email_verified",
    "name",
    "password_hash",
    "disabled",
];
const LONGEST_ID: usize = 255;

#[derive(Debug)]
pub struct Record {
    pub external_id: String,
    pub email: Email,
    pub email_verified: bool,
    pub name: DisplayName,
    pub profile: Profile,
    pub password_hash: Option<String>,
    pub disabled: bool,
}

impl Record {
    pub fn parse(fields: Fields) -> Result<Self, String> {
        let known = |name: &str| NAMES.contains(&name) || FIELDS.contains(&name);
        if let Some(unknown) = fields.keys().find(|name| !known(name)) {
            return Err(format!("there is no field {unknown}"));
        }
        let text = |name: &str| fields.get(name).map_or("", |text| text.trim());
        let external_id = text("external_id");
        let plain = !external_id.contains(char::is_control);
        if !(1..=LONGEST_ID).contains(&external_id.len()) || !plain {
            return Err(format!(
                "external_id must have 1 to {LONGEST_ID} bytes on one line: it says who is whom when this is done again"
            ));
        }
        let email = Email::parse(text("email")).map_err(|error| error.to_string())?;
        let profile = Profile::parse(|name| text(name)).map_err(|wrong| {
            let words = wrong.into_iter().map(|(name, why)| {
                let why = why.to_string();
                format!("{name}: {}", why.trim_end_matches('.'))
            });
            words.collect::<Vec<_>>().join("; ")
        })?;
        let password_hash = Some(text("password_hash")).filter(|hash| !hash.is_empty());
        if let Some(hash) = password_hash {
            check_hash(hash).map_err(|error| format!("password_hash: {error}"))?;
        }
        Ok(Self {
            external_id: external_id.to_owned(),
            name: name(text("name"), &profile, &email)?,
            email,
            email_verified: switch("email_verified", text("email_verified"))?,
            password_hash: password_hash.map(str::to_owned),
            disabled: switch("disabled", text("disabled"))?,
            profile,
        })
    }
}

/// Some systems have none: her given and family name then, or what is before the @.
fn name(typed: &str, profile: &Profile, email: &Email) -> Result<DisplayName, String> {
    let parts = [&profile.given_name, &profile.family_name];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let joined = parts.join(" ");
    let address = email.as_str().split('@').next().unwrap_or("");
    let name = [typed, &joined, address]
        .into_iter()
        .find(|it| !it.is_empty());
    DisplayName::parse(name.unwrap_or("")).map_err(|error| format!("the name {error}"))
}

fn switch(name: &str, text: &str) -> Result<bool, String> {
    match text {
        "true" | "t" | "1" => Ok(true),
        "false" | "f" | "0" | "" => Ok(false),
        _ => Err(format!("{name} must be true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<Record, String> {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        Record::parse(pairs.iter().map(owned).collect())
    }

    #[test]
    fn what_a_line_lacks_is_made_up_for_or_refused() {
        let named = |pairs: &[(&str, &str)]| {
            let both = [&[("external_id", "7"), ("email", "ada@example.org")], pairs].concat();
            parse(&both).map(|record| record.name.to_string())
        };
        assert_eq!(named(&[("name", "Ada")]), Ok("Ada".into()));
        assert_eq!(
            named(&[("given_name", "Ada"), ("family_name", "King")]),
            Ok("Ada King".into())
        );
        assert_eq!(named(&[]), Ok("ada".into()));
        for (pairs, why) in [
            (vec![("email", "ada@example.org")], "external_id must have"),
            (vec![("external_id", "1")], "the e-mail address is empty"),
            (
                vec![("external_id", "1"), ("admin", "true")],
                "there is no field admin",
            ),
        ] {
            let refused = parse(&pairs).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        for (pair, why) in [
            (
                ("email_verified", "yes"),
                "email_verified must be true or false",
            ),
            (
                ("birthdate", "31.12.1990"),
                "birthdate: Write it as 1990-12-31",
            ),
            (
                ("password_hash", "secret"),
                "password_hash: this is no hash",
            ),
        ] {
            let refused = named(&[pair]).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        assert_eq!(
            named(&[("locale", "klingon"), ("zoneinfo", "Mars")]).unwrap_err(),
            "zoneinfo: Write it like Europe/Paris; locale: Write it like en or fr-CA"
        );
    }

    #[test]
    fn nobody_becomes_an_administrator() {
        let record = parse(&[
            ("external_id", "1"),
            ("email", "a@b.example"),
            ("admin", "1"),
        ]);
        assert_eq!(record.unwrap_err(), "there is no field admin");
    }
}
