//! The console's form: the same members, typed by a developer.

mod checks;

pub use checks::{SIGNED_BY_US, methods, sector};

use super::{AuthMethod, Encryption, Registration, Signing};
use crate::{
    client::ClientKind,
    openid::{profile::Wrong, subject::SubjectType},
    redirect::RedirectUri,
};

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
/// The most addresses after a logout.
const POST_LOGOUT_URIS: usize = 20;

/// What the form does not change.
pub struct Facts<'a> {
    pub kind: ClientKind,
    pub redirects: &'a [RedirectUri],
    /// What the app had chosen before; what the form does not have stays.
    pub before: &'a Registration,
    /// Whether users know the app by the subjects that it has now.
    pub connected: bool,
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

/// Reads the form: `typed` gives each of [`FIELDS`], `""` when it is empty.
///
/// # Errors
/// Every field that is wrong, with its sentence.
pub fn parse<'a>(
    facts: &Facts<'_>,
    typed: impl Fn(&'static str) -> &'a str,
) -> Result<Registration, Vec<Wrong>> {
    let mut form = Form {
        typed,
        wrong: Vec::new(),
    };
    let before = facts.before;
    let kept = |text: &str, old: Option<Signing>| old.filter(|old| old.as_str() == text);
    let subject_type = form.subject_type(facts);
    let chosen = Registration {
        response_types: match (form.typed)("response_types") {
            "code" => Some(vec!["code".to_owned()]),
            "any" => None,
            _ => before.response_types.clone(),
        },
        id_token_signed_response_alg: form.read("id_token_signed_response_alg", |text| {
            let old = kept(text, before.id_token_signed_response_alg);
            old.map_or_else(|| checks::signed_by_us(text), Ok)
        }),
        userinfo_signed_response_alg: form.read("userinfo_signed_response_alg", |text| {
            let old = kept(text, before.userinfo_signed_response_alg);
            old.map_or_else(|| checks::signed_by_us(text), Ok)
        }),
        id_token_claims: (form.typed)("id_token_claims") == "1",
        token_endpoint_auth_method: form.read("token_endpoint_auth_method", |text| {
            AuthMethod::parse(text).ok_or_else(|| "choose one of the list".into())
        }),
        jwks: form.read("jwks", checks::keys),
        jwks_uri: form.read("jwks_uri", checks::https_uri),
        id_token_encryption: form.encryption([
            "id_token_encrypted_response_alg",
            "id_token_encrypted_response_enc",
        ]),
        userinfo_encryption: form.encryption([
            "userinfo_encrypted_response_alg",
            "userinfo_encrypted_response_enc",
        ]),
        default_max_age: form.read("default_max_age", checks::max_age),
        initiate_login_uri: form.read("initiate_login_uri", checks::https_uri),
        post_logout_redirect_uris: form.post_logout(facts.kind),
        frontchannel_logout_uri: form.read("frontchannel_logout_uri", checks::https_uri),
        backchannel_logout_uri: form.read("backchannel_logout_uri", checks::https_uri),
        policy_uri: form.read("policy_uri", checks::page_uri),
        tos_uri: form.read("tos_uri", checks::page_uri),
        subject_type,
        sector: match subject_type {
            SubjectType::Public => None,
            SubjectType::Pairwise => {
                let sector = before.sector.clone();
                sector.or_else(|| checks::sector(facts.redirects))
            }
        },
        ..before.clone()
    };
    if let Err((field, sentence)) = checks::together(&chosen, facts.kind)
        && form.wrong.is_empty()
    {
        form.object(field, &sentence);
    }
    match form.wrong.is_empty() {
        true => Ok(chosen),
        false => Err(form.wrong),
    }
}

/// What is typed, and what is wrong with it so far.
struct Form<T> {
    typed: T,
    wrong: Vec<Wrong>,
}

impl<'a, T: Fn(&'static str) -> &'a str> Form<T> {
    /// A field that may be empty.
    fn read<V>(
        &mut self,
        field: &'static str,
        parse: impl Fn(&str) -> Result<V, String>,
    ) -> Option<V> {
        let text = (self.typed)(field).trim();
        if text.is_empty() {
            return None;
        }
        let parsed = parse(text);
        parsed.map_err(|error| self.object(field, &error)).ok()
    }

    /// The members' errors follow a name; beside a field they are sentences.
    fn object(&mut self, field: &'static str, error: &str) {
        let mut letters = error.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let sentence: String = first.into_iter().chain(letters).collect();
        let end = if sentence.ends_with('.') { "" } else { "." };
        self.wrong.push((field, format!("{sentence}{end}")));
    }

    fn encryption(&mut self, [alg, enc]: [&'static str; 2]) -> Option<Encryption> {
        let content = (self.typed)(enc);
        self.read(alg, |text| checks::encryption(text, content))
    }

    fn post_logout(&mut self, kind: ClientKind) -> Vec<String> {
        let (mut uris, mut wrong) = (Vec::new(), Vec::new());
        let lines = (self.typed)("post_logout_redirect_uris")
            .lines()
            .map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            match checks::post_logout_uri(line, kind) {
                Ok(uri) if uris.contains(&uri) => {}
                Ok(uri) => uris.push(uri),
                Err(error) => wrong.push(format!("“{line}”: {error}.")),
            }
        }
        if uris.len() > POST_LOGOUT_URIS {
            wrong.push(format!("An app has {POST_LOGOUT_URIS} of these at most."));
        }
        if !wrong.is_empty() {
            self.wrong
                .push(("post_logout_redirect_uris", wrong.join("\n")));
        }
        uris
    }

    /// Another kind of subject would make strangers of everybody who knows the app.
    fn subject_type(&mut self, facts: &Facts<'_>) -> SubjectType {
        let before = facts.before;
        let wanted = match (self.typed)("subject_type") {
            "public" => SubjectType::Public,
            "pairwise" => SubjectType::Pairwise,
            _ => before.subject_type,
        };
        if wanted == before.subject_type {
            return wanted;
        }
        if facts.connected {
            let sentence = "people have connected this app, and each of them would come back to it as a stranger; register another app instead";
            self.object("subject_type", sentence);
        } else if wanted == SubjectType::Pairwise && checks::sector(facts.redirects).is_none() {
            let sentence = "ids of its own are made for one https host, and the app's redirect URLs have several or none";
            self.object("subject_type", sentence);
        }
        wanted
    }
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
