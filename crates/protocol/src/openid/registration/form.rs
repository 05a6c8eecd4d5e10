//! The console's form: the same members, typed by a developer.

use super::{AuthMethod, Encryption, Registration, Signing, members};
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
            old.map_or_else(|| members::signed_by_us(text), Ok)
        }),
        userinfo_signed_response_alg: form.read("userinfo_signed_response_alg", |text| {
            let old = kept(text, before.userinfo_signed_response_alg);
            old.map_or_else(|| members::signed_by_us(text), Ok)
        }),
        id_token_claims: (form.typed)("id_token_claims") == "1",
        token_endpoint_auth_method: form.read("token_endpoint_auth_method", |text| {
            AuthMethod::parse(text).ok_or_else(|| "choose one of the list".into())
        }),
        jwks: form.read("jwks", members::keys),
        jwks_uri: form.read("jwks_uri", members::https_uri),
        id_token_encryption: form.encryption([
            "id_token_encrypted_response_alg",
            "id_token_encrypted_response_enc",
        ]),
        userinfo_encryption: form.encryption([
            "userinfo_encrypted_response_alg",
            "userinfo_encrypted_response_enc",
        ]),
        default_max_age: form.read("default_max_age", members::max_age),
        initiate_login_uri: form.read("initiate_login_uri", members::https_uri),
        post_logout_redirect_uris: form.post_logout(facts.kind),
        frontchannel_logout_uri: form.read("frontchannel_logout_uri", members::https_uri),
        backchannel_logout_uri: form.read("backchannel_logout_uri", members::https_uri),
        policy_uri: form.read("policy_uri", members::page_uri),
        tos_uri: form.read("tos_uri", members::page_uri),
        subject_type,
        sector: match subject_type {
            SubjectType::Public => None,
            SubjectType::Pairwise => {
                let sector = before.sector.clone();
                sector.or_else(|| members::sector(facts.redirects))
            }
        },
        ..before.clone()
    };
    if let Err((field, sentence)) = members::together(&chosen, facts.kind)
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
        self.read(alg, |text| members::encryption(text, content))
    }

    fn post_logout(&mut self, kind: ClientKind) -> Vec<String> {
        let (mut uris, mut wrong) = (Vec::new(), Vec::new());
        let lines = (self.typed)("post_logout_redirect_uris")
            .lines()
            .map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            match members::post_logout_uri(line, kind) {
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
        } else if wanted == SubjectType::Pairwise && members::sector(facts.redirects).is_none() {
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
mod tests {
    use super::*;

    const EC: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

    fn parse_as(
        kind: ClientKind,
        before: &Registration,
        fields: &[(&str, &'static str)],
    ) -> Result<Registration, Vec<Wrong>> {
        let redirects = [RedirectUri::parse("https://clock.example:8443/cb", kind).unwrap()];
        let facts = Facts {
            kind,
            redirects: &redirects,
            before,
            connected: before.sector.is_some(),
        };
        parse(&facts, |name| {
            let found = fields.iter().find(|(field, _)| *field == name);
            found.map_or("", |(_, value)| value)
        })
    }

    fn server(fields: &[(&str, &'static str)]) -> Result<Registration, Vec<Wrong>> {
        parse_as(ClientKind::Confidential, &Registration::default(), fields)
    }

    #[test]
    fn what_is_typed_is_what_is_shown() {
        let fields = [
            ("response_types", "code"),
            ("id_token_signed_response_alg", "ES256"),
            ("id_token_claims", "1"),
            ("subject_type", "pairwise"),
            ("userinfo_signed_response_alg", "EdDSA"),
            ("token_endpoint_auth_method", "private_key_jwt"),
            ("jwks", EC),
            ("id_token_encrypted_response_alg", "ECDH-ES"),
            ("id_token_encrypted_response_enc", "A128GCM"),
            ("default_max_age", "3600"),
            ("initiate_login_uri", "https://clock.example/login"),
            (
                "post_logout_redirect_uris",
                "https://clock.example/bye\nhttps://clock.example/ciao",
            ),
            ("frontchannel_logout_uri", "https://clock.example/front"),
            ("backchannel_logout_uri", "https://clock.example/back"),
            ("policy_uri", "https://clock.example/privacy"),
            ("tos_uri", "http://clock.example/terms"),
        ];
        let chosen = server(&fields).unwrap();
        assert_eq!(chosen.sector(), Some("clock.example"));
        for (field, value) in fields {
            if field != "jwks" {
                assert_eq!(chosen.shown(field), value, "{field}");
            }
        }
        let typed = FIELDS.map(|field| (field, chosen.shown(field)));
        let facts = Facts {
            kind: ClientKind::Confidential,
            redirects: &[],
            before: &chosen,
            connected: true,
        };
        let again = parse(&facts, |name| {
            let found = typed.iter().find(|(field, _)| *field == name);
            found.map_or("", |(_, value)| value.as_str())
        });
        assert_eq!(again, Ok(chosen));
        assert_eq!(
            server(&[("response_types", "any")]).unwrap(),
            Registration::default()
        );
    }

    #[test]
    fn each_mistake_stands_beside_its_field() {
        let one = |field, value: &'static str| {
            let wrong = server(&[(field, value)]).unwrap_err();
            assert_eq!(wrong.len(), 1, "{value}");
            assert_eq!(wrong[0].0, field);
            let sentence = &wrong[0].1;
            assert!(
                sentence.ends_with('.') && !sentence.contains(".."),
                "{sentence}"
            );
        };
        for (field, value) in [
            ("id_token_signed_response_alg", "none"),
            ("id_token_signed_response_alg", "HS256"),
            ("userinfo_signed_response_alg", "RS1"),
            ("token_endpoint_auth_method", "password"),
            ("token_endpoint_auth_method", "none"),
            ("jwks", "{}"),
            ("jwks", r#"{"keys":[]}"#),
            ("jwks", r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#),
            ("jwks_uri", "http://clock.example/jwks"),
            ("jwks_uri", "https://a@clock.example/jwks"),
            ("id_token_encrypted_response_alg", "dir"),
            ("id_token_encrypted_response_alg", "ECDH-ES"),
            ("default_max_age", "-1"),
            ("default_max_age", "99999999999"),
            ("initiate_login_uri", "javascript:alert(1)"),
            ("backchannel_logout_uri", "https://clock.example/#x"),
            ("post_logout_redirect_uris", "https://*.clock.example/"),
            ("policy_uri", "clock.example"),
            ("tos_uri", "ftp://clock.example/"),
        ] {
            one(field, value);
        }
    }

    #[test]
    fn what_belongs_together_is_asked_for_together() {
        let first = |fields: &[_]| server(fields).unwrap_err().remove(0).0;
        let signed = ("token_endpoint_auth_method", "private_key_jwt");
        assert_eq!(first(&[signed]), "jwks");
        let keys = ("jwks", EC);
        let place = ("jwks_uri", "https://clock.example/jwks");
        assert_eq!(first(&[keys, place]), "jwks_uri");
        assert!(server(&[signed, place]).is_ok());
        let encrypted = [
            ("userinfo_encrypted_response_alg", "RSA-OAEP"),
            ("userinfo_encrypted_response_enc", "A128GCM"),
        ];
        assert_eq!(first(&encrypted), "jwks");
        assert_eq!(first(&[encrypted[0], encrypted[1], keys]), "jwks");
        assert!(server(&[encrypted[0], encrypted[1], place]).is_ok());
        let public = parse_as(
            ClientKind::Browser,
            &Registration::default(),
            &[signed, keys],
        );
        assert_eq!(public.unwrap_err()[0].0, "token_endpoint_auth_method");
    }

    #[test]
    fn subjects_stay_what_users_are_known_by() {
        let pairwise = Registration {
            subject_type: SubjectType::Pairwise,
            sector: Some("old.example".into()),
            ..Registration::default()
        };
        let to = |value| {
            parse_as(
                ClientKind::Confidential,
                &pairwise,
                &[("subject_type", value)],
            )
        };
        assert_eq!(to("public").unwrap_err()[0].0, "subject_type");
        assert_eq!(to("pairwise").unwrap().sector(), Some("old.example"));
        assert_eq!(to("").unwrap(), pairwise);
    }

    #[test]
    fn a_sector_is_one_host_that_nobody_else_has() {
        let of = |uris: &[&str]| {
            let parse = |uri: &&str| RedirectUri::parse(uri, ClientKind::Native).unwrap();
            members::sector(&uris.iter().map(parse).collect::<Vec<_>>())
        };
        let one = of(&["https://a.example/cb", "https://a.example:8443/x"]);
        assert_eq!(one.as_deref(), Some("a.example"));
        for none in [
            &["https://a.example/cb", "https://b.example/cb"][..],
            &["http://127.0.0.1/cb"],
            &["com.example.app:/cb"],
            &["https://a.example/cb", "urn:ietf:wg:oauth:2.0:oob"],
            &[],
        ] {
            assert_eq!(of(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_preset_touches_no_key_and_no_address() {
        let before = Registration {
            jwks_uri: Some("https://clock.example/jwks".into()),
            id_token_claims: true,
            ..Registration::default()
        };
        for kind in ClientKind::ALL {
            let [safe, legacy] = Preset::of(kind).map(|preset| preset.apply(&before));
            assert_eq!(
                (safe.shown("response_types"), safe.id_token_claims),
                ("code".into(), false)
            );
            assert_eq!(
                (legacy.response_types, legacy.id_token_claims),
                (None, true)
            );
            assert_eq!(safe.jwks_uri, before.jwks_uri);
        }
    }
}
