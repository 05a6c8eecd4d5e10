//! The console's form: the same members, typed by a developer.

use super::{
    AuthMethod, Encryption, Registration, Signing, Terms,
    members::{Members, MetadataError, Reason},
    metadata, only_host, rules,
};
use crate::{
    authorize::ResponseType, client::ClientKind, openid::subject::SubjectType,
    redirect::RedirectUri,
};
use grantor_jose::{
    algorithm::Algorithm,
    json::parse_object,
    jwe::KeyManagement,
    jwk::{JwkSet, MAX_SET_BYTES},
};
use serde_json::{Map, Value, json};

/// The algorithms that the form offers for what this server signs.
pub const SIGNED_BY_US: [Algorithm; 4] = [
    Algorithm::Rs256,
    Algorithm::Es256,
    Algorithm::EdDsa,
    Algorithm::Ps256,
];
/// The fields of the form, by the names of their members; lists have one a line.
pub const FIELDS: [&str; 19] = [
    "response_types",
    "id_token_signed_response_alg",
    "id_token_claims",
    "subject_type",
    "userinfo_signed_response_alg",
    "token_endpoint_auth_method",
    "jwks",
    "jwks_uri",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "default_max_age",
    "initiate_login_uri",
    "post_logout_redirect_uris",
    "frontchannel_logout_uri",
    "backchannel_logout_uri",
    "policy_uri",
    "tos_uri",
];

/// A field, and what is wrong with it.
pub type Wrong = (&'static str, Reason);

/// What the form does not change.
pub struct Facts<'a> {
    pub kind: ClientKind,
    pub redirects: &'a [RedirectUri],
    /// What the app had chosen before; what the form does not have stays.
    pub before: &'a Registration,
    /// Whether users know the app by the subjects that it has now.
    pub connected: bool,
    pub terms: Terms<'a>,
}

/// Where a developer starts from: safe choices for what she builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Server,
    SinglePage,
    Installed,
    /// For a library that knows other flows, or never asks userinfo.
    Legacy,
}

impl Preset {
    /// Those that fit an app of this kind.
    pub fn of(kind: ClientKind) -> [Self; 2] {
        let safe = match kind {
            ClientKind::Confidential => Self::Server,
            ClientKind::Browser => Self::SinglePage,
            ClientKind::Native => Self::Installed,
        };
        [safe, Self::Legacy]
    }

    /// The name in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::SinglePage => "single-page",
            Self::Installed => "installed",
            Self::Legacy => "legacy",
        }
    }

    /// `before` with what the preset decides; keys, addresses and subjects are nobody's
    /// default.
    pub fn apply(self, before: &Registration) -> Registration {
        let legacy = self == Self::Legacy;
        Registration {
            response_types: (!legacy).then(|| vec!["code".to_owned()]),
            id_token_claims: legacy,
            id_token_signed_response_alg: None,
            userinfo_signed_response_alg: None,
            id_token_encryption: None,
            userinfo_encryption: None,
            token_endpoint_auth_method: None,
            ..before.clone()
        }
    }
}

/// How an app of this kind may prove itself.
pub fn methods(kind: ClientKind) -> &'static [AuthMethod] {
    match kind {
        ClientKind::Confidential => &[
            AuthMethod::ClientSecretBasic,
            AuthMethod::ClientSecretPost,
            AuthMethod::ClientSecretJwt,
            AuthMethod::PrivateKeyJwt,
        ],
        ClientKind::Native | ClientKind::Browser => &[AuthMethod::None],
    }
}

/// Reads the form: `typed` gives each of [`FIELDS`], `""` when it is empty.
///
/// # Errors
/// Every field that is wrong.
pub fn parse<'a>(
    facts: &Facts<'_>,
    typed: impl Fn(&'static str) -> &'a str,
) -> Result<Registration, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut sent = as_sent(&typed, &mut wrong);
    // A member that is refused is left out, so that the next one is read too.
    let read = loop {
        match read(&sent, facts) {
            Ok(read) => break Some(read),
            Err(error) => {
                let member = error.member;
                wrong.push((member, error.reason));
                if sent.remove(member).is_none() {
                    break None;
                }
            }
        }
    };
    let subject_type = subject_type(facts, typed("subject_type"));
    let chosen = Registration {
        response_types: match typed("response_types") {
            "code" => Some(vec!["code".to_owned()]),
            "any" => None,
            _ => facts.before.response_types.clone(),
        },
        id_token_claims: typed("id_token_claims") == "1",
        ..merged(read.unwrap_or_default(), facts)
    };
    let chosen = match subject_type {
        Ok(subject_type) => of_subjects(chosen, subject_type, facts.redirects),
        Err(error) => {
            wrong.push(error);
            chosen
        }
    };
    if wrong.is_empty() {
        let objection = together(&chosen, facts).err();
        let objection = objection.map(|error| (error.member, error.reason));
        wrong.extend(objection.or_else(|| misfit(&chosen, facts.kind)));
    }
    match wrong.is_empty() {
        true => Ok(chosen),
        false => Err(wrong),
    }
}

/// What is typed as a registration that was sent; what is no JSON at all is `wrong`.
fn as_sent<'a>(
    typed: &impl Fn(&'static str) -> &'a str,
    wrong: &mut Vec<Wrong>,
) -> Map<String, Value> {
    // Read by another reader, or nothing that an app sends.
    const OTHERS: [&str; 3] = ["response_types", "id_token_claims", "subject_type"];
    let mut sent = Map::new();
    for field in FIELDS.into_iter().filter(|field| !OTHERS.contains(field)) {
        let text = typed(field).trim();
        let value = match field {
            _ if text.is_empty() => continue,
            "post_logout_redirect_uris" => {
                let lines = text.lines().map(str::trim);
                json!(lines.filter(|line| !line.is_empty()).collect::<Vec<_>>())
            }
            "default_max_age" => text.parse::<u64>().map_or(json!(text), |age| json!(age)),
            "jwks" => match parse_object(text.as_bytes(), MAX_SET_BYTES) {
                Ok(set) => Value::Object(set),
                Err(error) => {
                    wrong.push((field, error.into()));
                    continue;
                }
            },
            _ => json!(text),
        };
        sent.insert(field.to_owned(), value);
    }
    sent
}

/// The members as a registration request has them.
fn read(sent: &Map<String, Value>, facts: &Facts<'_>) -> Result<Registration, MetadataError> {
    let members = Members {
        sent,
        terms: facts.terms,
    };
    let mut read = metadata::chosen(members)?;
    metadata::addresses(members, facts.kind, &mut read)?;
    Ok(read)
}

/// The rules between members.
fn together(chosen: &Registration, facts: &Facts<'_>) -> Result<(), MetadataError> {
    rules::check_authentication(facts.kind, chosen)?;
    rules::check_keys(chosen)?;
    rules::check_frame(chosen, facts.redirects)
}

/// With the subjects that it is known by; a sector that there was stays.
fn of_subjects(
    chosen: Registration,
    subject_type: SubjectType,
    redirects: &[RedirectUri],
) -> Registration {
    let sector = match subject_type {
        SubjectType::Public => None,
        SubjectType::Pairwise => chosen.sector.or_else(|| only_host(redirects)),
    };
    Registration {
        subject_type,
        sector,
        ..chosen
    }
}

/// What the form has, and of the rest what was there before.
fn merged(read: Registration, facts: &Facts<'_>) -> Registration {
    Registration {
        token_endpoint_auth_method: read.token_endpoint_auth_method,
        jwks: read.jwks,
        jwks_uri: read.jwks_uri,
        id_token_signed_response_alg: read.id_token_signed_response_alg,
        id_token_encryption: read.id_token_encryption,
        userinfo_signed_response_alg: read.userinfo_signed_response_alg,
        userinfo_encryption: read.userinfo_encryption,
        default_max_age: read.default_max_age,
        initiate_login_uri: read.initiate_login_uri,
        post_logout_redirect_uris: read.post_logout_redirect_uris,
        frontchannel_logout_uri: read.frontchannel_logout_uri,
        backchannel_logout_uri: read.backchannel_logout_uri,
        policy_uri: read.policy_uri,
        tos_uri: read.tos_uri,
        ..facts.before.clone()
    }
}

/// A proof that this kind of app has not, a missing signature, or keys that nothing can
/// be encrypted to.
fn misfit(chosen: &Registration, kind: ClientKind) -> Option<Wrong> {
    let method = chosen.token_endpoint_auth_method;
    if method.is_some_and(|method| !methods(kind).contains(&method)) {
        return Some(("token_endpoint_auth_method", Reason::OtherKind));
    }
    let with_id_token = |it: &&ResponseType| it.id_token && chosen.allows(**it);
    if chosen.id_token_signed_response_alg == Some(Signing::Unsigned)
        && ResponseType::ALL.iter().any(|it| with_id_token(&it))
    {
        return Some(("id_token_signed_response_alg", Reason::Unsigned));
    }
    let set = JwkSet::parse(chosen.jwks.as_ref()?.as_bytes()).ok()?;
    let encryptions = [&chosen.id_token_encryption, &chosen.userinfo_encryption];
    let missing = encryptions.into_iter().flatten().find(|encryption| {
        let alg = KeyManagement::parse(&encryption.alg);
        alg.is_none_or(|alg| set.to_encrypt(alg).is_err())
    })?;
    Some(("jwks", Reason::NoKeyFor(missing.alg.clone())))
}

/// Another kind of subject would make strangers of everybody who knows the app.
fn subject_type(facts: &Facts<'_>, typed: &str) -> Result<SubjectType, Wrong> {
    let before = facts.before.subject_type;
    let wanted = match typed {
        "public" => SubjectType::Public,
        "pairwise" => SubjectType::Pairwise,
        _ => before,
    };
    let pairwise = wanted == SubjectType::Pairwise;
    let wrong = |reason| Err(("subject_type", reason));
    if wanted == before {
        return Ok(wanted);
    }
    if facts.connected {
        return wrong(Reason::Connected);
    }
    if pairwise && facts.before.sector.is_none() && only_host(facts.redirects).is_none() {
        return wrong(Reason::SeveralHosts);
    }
    Ok(wanted)
}

impl Registration {
    /// What the form shows for one of [`FIELDS`].
    pub fn shown(&self, field: &str) -> String {
        let signing = |it: &Option<Signing>| it.map_or("", Signing::as_str).to_owned();
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let encryption = |it: &Option<Encryption>| it.clone().map(|it| [it.alg, it.enc]);
        let of = |it: &Option<Encryption>, part: usize| {
            encryption(it).map_or_else(String::new, |parts| parts[part].clone())
        };
        match field {
            "response_types" => match self.response_types.as_deref() {
                None => "any".into(),
                Some([only]) if only == "code" => "code".into(),
                Some(_) => String::new(),
            },
            "id_token_signed_response_alg" => signing(&self.id_token_signed_response_alg),
            "userinfo_signed_response_alg" => signing(&self.userinfo_signed_response_alg),
            "id_token_claims" => if self.id_token_claims { "1" } else { "" }.into(),
            "subject_type" => match self.subject_type {
                SubjectType::Public => "public".into(),
                SubjectType::Pairwise => "pairwise".into(),
            },
            "token_endpoint_auth_method" => {
                let method = self.token_endpoint_auth_method;
                method.map_or("", AuthMethod::as_str).into()
            }
            "jwks" => text(&self.jwks),
            "jwks_uri" => text(&self.jwks_uri),
            "id_token_encrypted_response_alg" => of(&self.id_token_encryption, 0),
            "id_token_encrypted_response_enc" => of(&self.id_token_encryption, 1),
            "userinfo_encrypted_response_alg" => of(&self.userinfo_encryption, 0),
            "userinfo_encrypted_response_enc" => of(&self.userinfo_encryption, 1),
            "default_max_age" => {
                let age = self.default_max_age;
                age.map_or_else(String::new, |seconds| seconds.to_string())
            }
            "initiate_login_uri" => text(&self.initiate_login_uri),
            "post_logout_redirect_uris" => self.post_logout_redirect_uris.join("\n"),
            "frontchannel_logout_uri" => text(&self.frontchannel_logout_uri),
            "backchannel_logout_uri" => text(&self.backchannel_logout_uri),
            "policy_uri" => text(&self.policy_uri),
            "tos_uri" => text(&self.tos_uri),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
