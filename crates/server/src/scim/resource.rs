//! A user as a SCIM resource (RFC 7643 §4.1), and back.

use super::BASE;
use crate::api::instant;
use grantor_protocol::{
    email::Email,
    name::DisplayName,
    openid::profile::Profile,
    scim::{ScimError, USER, get},
};
use grantor_store::provisioned::{Called, Person};
use serde_json::{Map, Value, json};

/// Attributes, by path, and the claims that they are here.
const CLAIMS: [((&str, Option<&str>), &str); 7] = [
    (("name", Some("givenName")), "given_name"),
    (("name", Some("familyName")), "family_name"),
    (("name", Some("middleName")), "middle_name"),
    (("nickName", None), "nickname"),
    (("profileUrl", None), "profile"),
    (("locale", None), "locale"),
    (("timezone", None), "zoneinfo"),
];
/// For pages and mails; `locale` is what apps are told, and counts where this is not said.
const PREFERRED_LANGUAGE: &str = "preferredLanguage";
/// The longest user name or external id, in characters.
const LONGEST: usize = 255;
const WORK: &str = "work";

pub fn document(person: &Person, origin: &str) -> Value {
    let (user, called) = (&person.user, &person.called);
    let changed = person
        .changed
        .map_or(user.updated, |at| at.max(user.updated));
    let mut document = json!({});
    let mut put = |name: &str, value: Value| document[name] = value;
    put("schemas", json!([USER]));
    put("id", json!(user.id.to_string()));
    if let Some(id) = &called.external_id {
        put("externalId", json!(id));
    }
    let name = called.user_name.as_ref().unwrap_or(&user.email);
    put("userName", json!(name));
    put("displayName", json!(user.name));
    put("active", json!(!user.disabled));
    let kind = called.email_type.as_deref().unwrap_or(WORK);
    put(
        "emails",
        json!([{"value": user.email, "type": kind, "primary": true}]),
    );
    let meta = json!({
        "resourceType": "User",
        "created": instant(user.created),
        "lastModified": instant(changed),
        "location": format!("{origin}{BASE}/Users/{}", user.id),
    });
    put("meta", meta);
    if let Some(list) = &user.profile.preferred_language {
        document[PREFERRED_LANGUAGE] = json!(list);
    }
    for ((name, sub), claim) in CLAIMS {
        match (user.profile.get(claim), sub) {
            (None, _) => {}
            (Some(value), None) => document[name] = json!(value),
            (Some(value), Some(sub)) => document[name][sub] = json!(value),
        }
    }
    document
}

/// What a directory wants somebody to be. What is not kept here is overlooked.
pub struct Wanted {
    pub user_name: String,
    pub external_id: Option<String>,
    pub name: DisplayName,
    pub email: Email,
    pub email_type: Option<String>,
    pub profile: Profile,
    pub active: Option<bool>,
    pub password: Option<String>,
}

impl Wanted {
    /// `present`: who she is until then. What is said of her here alone stays.
    pub fn read(body: &Map<String, Value>, present: Option<&Person>) -> Result<Self, ScimError> {
        let schemas = get(body, "schemas").and_then(Value::as_array);
        if !schemas.is_some_and(|list| list.iter().any(|it| it == USER)) {
            return Err(ScimError::syntax(format!("schemas must name {USER}.")));
        }
        let user_name = text(body, "userName")?;
        let user_name = user_name.ok_or_else(|| ScimError::value("userName is missing."))?;
        check_name("userName", user_name)?;
        let external_id = text(body, "externalId")?;
        external_id.map_or(Ok(()), |id| check_name("externalId", id))?;
        let (email, email_type) = email(body, user_name, present)?;
        let profile = Profile {
            preferred_language: preferred_language(body)?,
            ..profile(body, present)?
        };
        Ok(Self {
            name: display_name(body, &profile, user_name)?,
            user_name: user_name.to_owned(),
            external_id: external_id.map(str::to_owned),
            email,
            email_type,
            profile,
            active: active(body)?,
            password: text(body, "password")?.map(str::to_owned),
        })
    }

    pub fn called(&self) -> Called {
        Called {
            external_id: self.external_id.clone(),
            user_name: Some(self.user_name.clone()),
            email_type: self.email_type.clone(),
        }
    }
}

/// A text that is not empty.
fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, ScimError> {
    match get(object, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(ScimError::value(format!("{name} must be a text."))),
    }
}

fn check_name(name: &str, text: &str) -> Result<(), ScimError> {
    let fits = text.chars().take(LONGEST + 1).count() <= LONGEST;
    match fits && !text.contains(char::is_control) {
        true => Ok(()),
        false => Err(ScimError::value(format!(
            "{name} must have at most {LONGEST} characters, on one line."
        ))),
    }
}

/// A language, or several as in the header Accept-Language (RFC 7643 §4.1.1).
fn preferred_language(body: &Map<String, Value>) -> Result<Option<String>, ScimError> {
    let Some(list) = text(body, PREFERRED_LANGUAGE)? else {
        return Ok(None);
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*,;=. ".contains(&byte);
    match list.len() <= LONGEST && list.bytes().all(plain) {
        true => Ok(Some(list.to_owned())),
        false => Err(ScimError::value(
            "preferredLanguage must be a language as fr or en-GB, or a list of them as in the header Accept-Language.",
        )),
    }
}

/// Some directories send it as a text.
fn active(body: &Map<String, Value>) -> Result<Option<bool>, ScimError> {
    match get(body, "active") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(active)) => Ok(Some(*active)),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(_) => Err(ScimError::value("active must be true or false.")),
    }
}

/// The one address of the account: the primary one, or the first; then the user name,
/// where that is one, and the present one at last.
fn email(
    body: &Map<String, Value>,
    user_name: &str,
    present: Option<&Person>,
) -> Result<(Email, Option<String>), ScimError> {
    let list = match get(body, "emails") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(one)) => vec![one],
        None | Some(Value::Null) => vec![],
        Some(_) => return Err(ScimError::value("emails must be a list of objects.")),
    };
    let is_primary = |email: &&Map<String, Value>| match get(email, "primary") {
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        primary => primary == Some(&Value::Bool(true)),
    };
    let chosen = list
        .iter()
        .copied()
        .find(is_primary)
        .or(list.first().copied());
    let parse =
        |text: &str| Email::parse(text).map_err(|error| ScimError::value(error.to_string()));
    if let Some(chosen) = chosen
        && let Some(value) = text(chosen, "value")?
    {
        let kind = text(chosen, "type")?;
        kind.map_or(Ok(()), |kind| check_name("type", kind))?;
        // As it is called anyway.
        let kind = kind.filter(|kind| *kind != WORK);
        return Ok((parse(value)?, kind.map(str::to_owned)));
    }
    if let Ok(email) = Email::parse(user_name) {
        return Ok((email, None));
    }
    match present {
        Some(person) => Ok((Email::from_stored(person.user.email.clone()), None)),
        None => Err(ScimError::value(
            "An account needs an address: in emails, or as userName.",
        )),
    }
}

fn display_name(
    body: &Map<String, Value>,
    profile: &Profile,
    user_name: &str,
) -> Result<DisplayName, ScimError> {
    let parts = [&profile.given_name, &profile.family_name];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let joined = Some(parts.join(" ")).filter(|joined| !joined.is_empty());
    let formatted = match get(body, "name") {
        Some(Value::Object(name)) => text(name, "formatted")?,
        _ => None,
    };
    let said = text(body, "displayName")?.or(formatted);
    let name = said.or(joined.as_deref()).unwrap_or(user_name);
    DisplayName::parse(name).map_err(|error| ScimError::value(format!("displayName {error}.")))
}

/// What the directory says, over what she has said here of other things.
fn profile(body: &Map<String, Value>, present: Option<&Person>) -> Result<Profile, ScimError> {
    let mut said: [&str; CLAIMS.len()] = [""; CLAIMS.len()];
    for (((name, sub), _), said) in CLAIMS.iter().zip(&mut said) {
        let found = match (sub, get(body, name)) {
            (None, _) => text(body, name)?,
            (Some(sub), Some(Value::Object(whole))) => text(whole, sub)?,
            (Some(_), None | Some(Value::Null)) => None,
            (Some(_), Some(_)) => {
                return Err(ScimError::value(format!("{name} must be an object.")));
            }
        };
        *said = found.unwrap_or("");
    }
    let field = |field: &'static str| {
        let mut claims = CLAIMS.iter().zip(said);
        let of_directory = claims.find(|((_, claim), _)| *claim == field);
        let kept = || present.and_then(|person| person.user.profile.get(field));
        of_directory.map_or_else(|| kept().unwrap_or(""), |(_, said)| said)
    };
    let none = Profile::default();
    let before = present.map_or(&none, |person| &person.user.profile);
    before.parse_next(field).map_err(|wrong| {
        let name = |field: &str| {
            let found = CLAIMS.iter().find(|(_, claim)| *claim == field);
            found.map_or("profile", |((name, sub), _)| sub.unwrap_or(name))
        };
        let words = wrong
            .iter()
            .map(|(field, why)| format!("{}: {why}", name(field)));
        ScimError::value(words.collect::<Vec<_>>().join(" "))
    })
}
