//! What a user says of herself beside her name and address (OpenID Connect Core §5.1).

use super::claims::{Claim, ClaimSet};
use crate::{
    app_url::{AppUrl, AppUrlError},
    digits::folded,
    name::{Text, TextError},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Everything that is optional. Empty fields are `None`, and absent from what apps get
/// (§5.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// What she would rather read, in the form of an `Accept-Language` header: a directory
    /// knows it (RFC 7643 §4.1.1), and no claim has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Address::is_empty")]
    pub address: Address,
}

/// A postal address (§5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// The fields of the form, by the names of their claims.
pub const FIELDS: [&str; 17] = [
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
];

/// What is wrong with a field, in a sentence for the user.
pub type Wrong = (&'static str, String);

/// Why a field is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error(transparent)]
    Url(#[from] AppUrlError),
    #[error("This {0}.")]
    Text(#[from] TextError),
    #[error("Write it as 1990-12-31, as 1990, or as 0000-12-31 without the year.")]
    Birthdate,
    #[error("Write it like Europe/Paris.")]
    Zoneinfo,
    #[error("Write it like en or fr-CA.")]
    Locale,
    #[error("Write it with the country code, like +1 425 555 1212.")]
    Phone,
}

impl Profile {
    /// Reads what the user typed: `typed` gives each of [`FIELDS`], `""` when it is empty.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse<'a>(
        typed: impl Fn(&'static str) -> &'a str,
    ) -> Result<Self, Vec<(&'static str, FieldError)>> {
        Self::default().parse_next(typed)
    }

    /// The same of who has a profile: what stays as it is, by whatever rules it came in, is
    /// nothing to refuse another change for.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse_next<'a>(
        &self,
        typed: impl Fn(&'static str) -> &'a str,
    ) -> Result<Self, Vec<(&'static str, FieldError)>> {
        let mut wrong = Vec::new();
        let mut field = |name: &'static str| -> Option<String> {
            let text = typed(name).trim();
            if text.is_empty() {
                return None;
            }
            if self.get(name) == Some(text) {
                return Some(text.to_owned());
            }
            match parse_field(name, text) {
                Ok(value) => Some(value),
                Err(error) => {
                    wrong.push((name, error));
                    None
                }
            }
        };
        let profile = Self {
            given_name: field("given_name"),
            family_name: field("family_name"),
            middle_name: field("middle_name"),
            nickname: field("nickname"),
            preferred_username: field("preferred_username"),
            profile: field("profile"),
            website: field("website"),
            gender: field("gender"),
            birthdate: field("birthdate"),
            zoneinfo: field("zoneinfo"),
            locale: field("locale"),
            preferred_language: None,
            phone_number: field("phone_number"),
            address: Address {
                street_address: field("street_address"),
                locality: field("locality"),
                region: field("region"),
                postal_code: field("postal_code"),
                country: field("country"),
            },
        };
        if wrong.is_empty() {
            Ok(profile)
        } else {
            Err(wrong)
        }
    }

    /// The value of one of [`FIELDS`].
    pub fn get(&self, field: &str) -> Option<&str> {
        let address = &self.address;
        let value = match field {
            "given_name" => &self.given_name,
            "family_name" => &self.family_name,
            "middle_name" => &self.middle_name,
            "nickname" => &self.nickname,
            "preferred_username" => &self.preferred_username,
            "profile" => &self.profile,
            "website" => &self.website,
            "gender" => &self.gender,
            "birthdate" => &self.birthdate,
            "zoneinfo" => &self.zoneinfo,
            "locale" => &self.locale,
            "phone_number" => &self.phone_number,
            "street_address" => &address.street_address,
            "locality" => &address.locality,
            "region" => &address.region,
            "postal_code" => &address.postal_code,
            "country" => &address.country,
            _ => &None,
        };
        value.as_deref()
    }
}

fn parse_field(name: &str, text: &str) -> Result<String, FieldError> {
    let text = &match name {
        "birthdate" | "phone_number" => folded(text),
        _ => text.to_owned(),
    };
    let (sound, error) = match name {
        "profile" | "website" => return Ok(AppUrl::parse(text)?.as_str().to_owned()),
        "birthdate" => (is_birthdate(text), FieldError::Birthdate),
        "zoneinfo" => (is_zone(text), FieldError::Zoneinfo),
        "locale" => (is_locale(text), FieldError::Locale),
        "phone_number" => (is_phone_number(text), FieldError::Phone),
        _ => return Ok(Text::<200>::parse(text)?.as_str().to_owned()),
    };
    sound.then(|| text.to_owned()).ok_or(error)
}

/// How names of time zones begin (IANA), beside short ones as UTC and EST5EDT.
const AREAS: [&str; 16] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Etc",
    "Europe",
    "Indian",
    "Mexico",
    "Pacific",
    "US",
];

/// Names of the IANA's without an area that are words.
const COUNTRIES: [&str; 27] = [
    "Cuba",
    "Egypt",
    "Eire",
    "Factory",
    "GB",
    "GB-Eire",
    "GMT+0",
    "GMT-0",
    "Greenwich",
    "Hongkong",
    "Iceland",
    "Iran",
    "Israel",
    "Jamaica",
    "Japan",
    "Kwajalein",
    "Libya",
    "NZ",
    "NZ-CHAT",
    "Navajo",
    "Poland",
    "Portugal",
    "Singapore",
    "Turkey",
    "Universal",
    "W-SU",
    "Zulu",
];

/// A name as the IANA's; which there are changes too often to know.
fn is_zone(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
    let short = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    match text.split_once('/') {
        Some((area, place)) => {
            text.len() <= 64
                && AREAS.contains(&area)
                && place.starts_with(|first: char| first.is_ascii_alphabetic())
                && place.bytes().all(plain)
        }
        None => {
            COUNTRIES.contains(&text) || (3..=7).contains(&text.len()) && text.bytes().all(short)
        }
    }
}

/// A language of two or three letters and what follows it (RFC 5646 §2.1), also with `_`.
fn is_locale(text: &str) -> bool {
    let (language, rest) = text.split_at(text.find(['-', '_']).unwrap_or(text.len()));
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.len() <= 35
        && (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && rest.split(['-', '_']).skip(1).all(is_part)
}

/// E.164 with the usual separators (§5.1).
fn is_phone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = |byte: u8| byte.is_ascii_digit() || b" ().-;=ext".contains(&byte);
    text.len() <= 40
        && (6..=20).contains(&digits)
        && text
            .strip_prefix('+')
            .is_some_and(|rest| rest.bytes().all(plain))
}

/// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY` (§5.1).
fn is_birthdate(text: &str) -> bool {
    let number = |part: &str, length: usize| -> Option<u32> {
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits)
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [year] => number(year, 4).is_some(),
        [year, month, day] => {
            let (Some(year), Some(month), Some(day)) =
                (number(year, 4), number(month, 2), number(day, 2))
            else {
                return false;
            };
            (1..=12).contains(&month) && (1..=days(year, month)).contains(&day)
        }
        _ => false,
    }
}

/// How many days a month has; without a year, February has all it can have.
fn days(year: u32, month: u32) -> u32 {
    let leap = year == 0
        || (year.is_multiple_of(4) && !year.is_multiple_of(100))
        || year.is_multiple_of(400);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl Address {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The lines of a label, joined by newlines (§5.1.1).
    fn formatted(&self) -> String {
        let town = [&self.postal_code, &self.locality].map(|part| part.as_deref());
        let town: Vec<&str> = town.into_iter().flatten().collect();
        let lines = [
            self.street_address.clone(),
            (!town.is_empty()).then(|| town.join(" ")),
            self.region.clone(),
            self.country.clone(),
        ];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    fn claim(&self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let mut claim = serde_json::to_value(self).ok()?;
        claim["formatted"] = json!(self.formatted());
        Some(claim)
    }
}

/// A user, as far as claims are made of her.
pub struct Person<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub email_verified: bool,
    /// The address of her photo.
    pub picture: Option<&'a str>,
    pub profile: &'a Profile,
    /// When any of this was last changed.
    pub updated: Timestamp,
}

impl Person<'_> {
    /// What is known of `wanted`; the rest is left out (§5.3.2).
    pub fn claims(&self, wanted: ClaimSet) -> Map<String, Value> {
        let known = wanted.iter().filter_map(|claim| {
            let value = self.claim(claim)?;
            Some((claim.name().to_owned(), value))
        });
        known.collect()
    }

    fn claim(&self, claim: Claim) -> Option<Value> {
        let phone = &self.profile.phone_number;
        match claim {
            Claim::Name => Some(json!(self.name)),
            Claim::Email => Some(json!(self.email)),
            Claim::EmailVerified => Some(json!(self.email_verified)),
            Claim::Picture => self.picture.map(|url| json!(url)),
            Claim::UpdatedAt => Some(json!(self.updated.seconds())),
            Claim::Address => self.profile.address.claim(),
            // Nobody has called it.
            Claim::PhoneNumberVerified => phone.as_ref().map(|_| json!(false)),
            other => self.profile.get(other.name()).map(|value| json!(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(fields: &[(&str, &'static str)]) -> Result<Profile, Vec<(&'static str, FieldError)>> {
        Profile::parse(|name| {
            let found = fields.iter().find(|(field, _)| *field == name);
            found.map_or("", |(_, value)| value)
        })
    }

    #[test]
    fn a_full_profile_gives_every_standard_claim() {
        let profile = parse(&[
            ("given_name", "Ada"),
            ("family_name", "Lovelace"),
            ("middle_name", "King"),
            ("nickname", "Countess"),
            ("preferred_username", "ada"),
            ("profile", "https://ada.example/"),
            ("website", "https://ada.example/notes"),
            ("gender", "female"),
            ("birthdate", "1815-12-10"),
            ("zoneinfo", "Europe/London"),
            ("locale", "en-GB"),
            ("phone_number", "+44 20 7946 0000"),
            ("street_address", "12 St James's Square"),
            ("locality", "London"),
            ("postal_code", "SW1Y 4JH"),
            ("country", "United Kingdom"),
        ])
        .unwrap();
        let person = Person {
            name: "Ada Lovelace",
            email: "ada@example.org",
            email_verified: true,
            picture: Some("https://id.example/images/1.png"),
            profile: &profile,
            updated: Timestamp(1_700_000_000_999),
        };
        let all: ClaimSet = Claim::ALL.iter().copied().collect();
        let claims = person.claims(all);
        assert_eq!(claims.len(), Claim::ALL.len());
        assert_eq!(claims["updated_at"], 1_700_000_000);
        assert_eq!(
            claims["address"]["formatted"],
            "12 St James's Square\nSW1Y 4JH London\nUnited Kingdom"
        );
        assert_eq!(claims["phone_number_verified"], false);
        let stored: Profile =
            serde_json::from_str(&serde_json::to_string(&profile).unwrap()).unwrap();
        assert_eq!(stored, profile);
        assert!(
            FIELDS
                .iter()
                .all(|field| *field == "region" || profile.get(field).is_some())
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let profile = Profile::default();
        let person = Person {
            name: "Ada",
            email: "ada@example.org",
            email_verified: false,
            picture: None,
            profile: &profile,
            updated: Timestamp(0),
        };
        let all: ClaimSet = Claim::ALL.iter().copied().collect();
        let claims = person.claims(all).into_iter();
        let mut names: Vec<_> = claims.map(|(name, _)| name).collect();
        names.sort_unstable();
        assert_eq!(names, ["email", "email_verified", "name", "updated_at"]);
        assert_eq!(serde_json::to_string(&profile).unwrap(), "{}");
    }

    #[test]
    fn each_field_has_its_form() {
        let right = [
            ("birthdate", "1990"),
            ("birthdate", "0000-02-29"),
            ("birthdate", "2000-02-29"),
            ("zoneinfo", "America/Argentina/Buenos_Aires"),
            ("zoneinfo", "Etc/GMT+5"),
            ("zoneinfo", "UTC"),
            ("zoneinfo", "EST5EDT"),
            ("zoneinfo", "Japan"),
            ("locale", "zh-Hant-TW"),
            ("locale", "ast"),
            ("locale", "en_US"),
            ("phone_number", "+1 (425) 555-1212;ext=5678"),
        ];
        for (field, text) in right {
            assert_eq!(parse(&[(field, text)]).unwrap().get(field), Some(text));
        }
        let wrong = [
            ("birthdate", "1900-02-29"),
            ("birthdate", "1990-13-01"),
            ("birthdate", "90"),
            ("birthdate", "1990-1-1"),
            ("zoneinfo", "/etc/passwd"),
            ("zoneinfo", "Mars"),
            ("zoneinfo", "Mars/Olympus"),
            ("zoneinfo", "Europe/"),
            ("locale", "en GB"),
            ("locale", "klingon"),
            ("locale", "en-"),
            ("locale", "é"),
            ("phone_number", "555 1212"),
            ("phone_number", "+<script>"),
            ("website", "javascript:alert(1)"),
            ("nickname", "a\u{202e}b"),
        ];
        for (field, text) in wrong {
            let errors = parse(&[(field, text)]).unwrap_err();
            assert_eq!(errors.len(), 1, "{text}");
            assert_eq!(errors[0].0, field);
        }
    }

    #[test]
    fn what_stays_as_it_is_refuses_no_other_change() {
        let before = Profile {
            locale: Some("x-klingon".into()),
            zoneinfo: Some("Mars/Olympus".into()),
            ..Profile::default()
        };
        let next = |locale: &'static str| {
            before.parse_next(|name| match name {
                "locale" => locale,
                "zoneinfo" => "Mars/Olympus",
                "nickname" => "Olly",
                _ => "",
            })
        };
        let kept = next("x-klingon").unwrap();
        assert_eq!(kept.nickname.as_deref(), Some("Olly"));
        assert_eq!(kept.zoneinfo, before.zoneinfo);
        assert_eq!(
            next("y-klingon").unwrap_err(),
            [("locale", FieldError::Locale)]
        );
    }
}
