//! An app as it registers itself: read from what it sends, and written back (RFC 7591 §2,
//! OpenID Connect Dynamic Client Registration §2, OpenID Connect RP-Initiated Logout §3,
//! Front-Channel Logout §2, Back-Channel Logout §2.2).

use super::{
    AuthMethod, Registration, Signing,
    members::{Members, MetadataError, Reason, SIGNATURES, Terms, https},
    rules,
};
use crate::{
    app_url::AppUrl,
    authorize::ResponseType,
    client::ClientKind,
    name::AppName,
    openid::subject::SubjectType,
    redirect::{RedirectTarget, RedirectUri},
};
use grantor_jose::{algorithm::Algorithm, jwk::JwkSet};
use serde_json::{Map, Value, json};

/// What an app is, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMetadata {
    pub name: AppName,
    pub url: AppUrl,
    pub kind: ClientKind,
    pub redirect_uris: Vec<RedirectUri>,
    /// Whether it registered a response type with `token`.
    pub implicit: bool,
    pub registration: Registration,
}

impl ClientMetadata {
    /// Reads a registration request. Members that this server does not know are passed
    /// over; what it cannot do is refused by name.
    ///
    /// # Errors
    /// [`MetadataError`], at the first thing wrong.
    pub fn parse(sent: &Map<String, Value>, terms: Terms<'_>) -> Result<Self, MetadataError> {
        let members = Members { sent, terms };
        let kind = kind(members)?;
        let redirect_uris = redirects(members, kind)?;
        let response_types = rules::response_types(members)?;
        let implicit = response_types.iter().any(|(response, _)| response.token);
        let mut registration = Registration {
            response_types: Some(response_types.iter().map(|(_, it)| it.clone()).collect()),
            ..chosen(members)?
        };
        addresses(members, kind, &mut registration)?;
        let parsed = Self {
            name: name(members, &redirect_uris)?,
            url: url(members, &redirect_uris)?,
            kind,
            redirect_uris,
            implicit,
            registration,
        };
        let responses: Vec<_> = response_types.iter().map(|(it, _)| *it).collect();
        rules::check(parsed, &responses)
    }

    /// Whether the app is given a secret.
    pub fn has_secret(&self) -> bool {
        uses_secret(self.kind, &self.registration)
    }

    /// Everything that is registered, as it is answered (RFC 7591 §3.2.1).
    pub fn to_json(&self) -> Map<String, Value> {
        let mut written = match serde_json::to_value(&self.registration) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        // Of this server alone, or under other names in the standards.
        let encryptions = [
            (
                "id_token_encrypted_response",
                written.remove("id_token_encryption"),
            ),
            (
                "userinfo_encrypted_response",
                written.remove("userinfo_encryption"),
            ),
            (
                "request_object_encryption",
                written.remove("request_object_encryption"),
            ),
        ];
        for (name, encryption) in encryptions {
            let Some(mut encryption) = encryption else {
                continue;
            };
            for part in ["alg", "enc"] {
                written.insert(format!("{name}_{part}"), encryption[part].take());
            }
        }
        written.remove("id_token_claims");
        written.remove("sector");
        let responses = self.responses();
        if let Some(text) = &self.registration.jwks
            && let Ok(set) = JwkSet::parse(text.as_bytes())
        {
            written.insert("jwks".into(), set.to_json());
        }
        let application_type = match self.kind {
            ClientKind::Native => "native",
            _ => "web",
        };
        let uris: Vec<_> = self.redirect_uris.iter().map(RedirectUri::as_str).collect();
        let method = self.registration.token_endpoint_auth_method;
        let method = method.unwrap_or(default_method(self.kind));
        let names: Vec<_> = responses.iter().map(|response| response.name()).collect();
        let more = [
            ("client_name", json!(self.name.as_str())),
            ("client_uri", json!(self.url.as_str())),
            ("application_type", json!(application_type)),
            ("redirect_uris", json!(uris)),
            ("grant_types", json!(rules::grant_types(&responses))),
            ("token_endpoint_auth_method", json!(method.as_str())),
        ];
        written.entry("response_types").or_insert(json!(names));
        written.extend(more.map(|(name, value)| (name.to_owned(), value)));
        written
    }

    /// Every response type that the app may use.
    fn responses(&self) -> Vec<ResponseType> {
        let possible =
            |it: &&ResponseType| self.registration.allows(**it) && (self.implicit || !it.token);
        ResponseType::ALL.iter().filter(possible).copied().collect()
    }
}

/// Whether an app of this kind proves itself by a secret of ours.
pub fn uses_secret(kind: ClientKind, registration: &Registration) -> bool {
    let method = registration.token_endpoint_auth_method;
    !matches!(
        method.unwrap_or(default_method(kind)),
        AuthMethod::None | AuthMethod::PrivateKeyJwt
    )
}

fn default_method(kind: ClientKind) -> AuthMethod {
    match kind {
        ClientKind::Browser => AuthMethod::None,
        _ => AuthMethod::ClientSecretBasic,
    }
}

fn kind(members: Members<'_>) -> Result<ClientKind, MetadataError> {
    let method = auth_method(members)?;
    match members.text("application_type")? {
        Some("native") => Ok(ClientKind::Native),
        None | Some("web") if method == Some(AuthMethod::None) => Ok(ClientKind::Browser),
        None | Some("web") => Ok(ClientKind::Confidential),
        Some(_) => {
            let reason = "choose web or native";
            Err(MetadataError::of("application_type", reason))
        }
    }
}

fn auth_method(members: Members<'_>) -> Result<Option<AuthMethod>, MetadataError> {
    const NAME: &str = "token_endpoint_auth_method";
    let Some(text) = members.text(NAME)? else {
        return Ok(None);
    };
    let names = || AuthMethod::ALL.into_iter().map(AuthMethod::as_str);
    let parsed = AuthMethod::parse(text);
    parsed
        .map(Some)
        .ok_or_else(|| MetadataError::of(NAME, Reason::choice(names())))
}

fn redirects(members: Members<'_>, kind: ClientKind) -> Result<Vec<RedirectUri>, MetadataError> {
    let texts = members.texts("redirect_uris");
    let mut uris = Vec::new();
    for text in texts.map_err(|error| MetadataError::redirect(error.reason))? {
        let uri = RedirectUri::parse(text, kind)?;
        if uri.is_oob() && !members.terms.policy.out_of_band {
            let reason = "this server does not show codes on a page; use a loopback address";
            return Err(MetadataError::redirect(reason));
        }
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    match uris.is_empty() {
        true => Err(MetadataError::redirect(
            "send a list of at least one redirect URI", // RFC 7591 §2
        )),
        false => Ok(uris),
    }
}

/// What the app is called; without a name, as the place that it answers from.
fn name(members: Members<'_>, redirects: &[RedirectUri]) -> Result<AppName, MetadataError> {
    const NAME: &str = "client_name";
    let place = redirects.iter().find_map(|uri| match uri.target() {
        RedirectTarget::Host(_) => rules::host(uri.as_str()),
        RedirectTarget::Scheme(scheme) => Some(scheme.to_owned()),
        RedirectTarget::Screen => None,
    });
    let given = members.text(NAME)?.map(str::to_owned);
    let Some(text) = given.or(place) else {
        let reason = "send the name that users are asked to trust";
        return Err(MetadataError::of(NAME, reason));
    };
    AppName::parse(&text).map_err(|error| MetadataError::of(NAME, format!("the name {error}")))
}

/// The app's own page; without one, the origin that it answers from.
fn url(members: Members<'_>, redirects: &[RedirectUri]) -> Result<AppUrl, MetadataError> {
    const NAME: &str = "client_uri";
    let given = members.text(NAME)?;
    let mut origins = redirects.iter().filter_map(RedirectUri::origin);
    let text = match given {
        // In development the page is where the answers go.
        Some(text) if origins.any(|own| rules::origin(text).as_ref() == Some(&own)) => {
            text.to_owned()
        }
        Some(text) => https(NAME, text)?,
        None => origins.next().ok_or_else(|| {
            let reason = "needed where no redirect URI is a web address: send the app's website";
            MetadataError::of(NAME, reason)
        })?,
    };
    AppUrl::parse(&text).map_err(|error| MetadataError::of(NAME, error))
}

/// What stands for itself.
pub fn chosen(members: Members<'_>) -> Result<Registration, MetadataError> {
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    let signed = |algorithm| Signing::Signed(algorithm);
    let assertions = Algorithm::ALL.map(signed);
    let subject_type = match members.text("subject_type")? {
        None | Some("public") => SubjectType::Public,
        Some("pairwise") => SubjectType::Pairwise,
        Some(_) => {
            let reason = "choose public or pairwise";
            return Err(MetadataError::of("subject_type", reason));
        }
    };
    Ok(Registration {
        token_endpoint_auth_method: auth_method(members)?,
        token_endpoint_auth_signing_alg: members
            .signing("token_endpoint_auth_signing_alg", &assertions)?,
        jwks: jwks(members)?,
        subject_type,
        id_token_signed_response_alg: members
            .signing("id_token_signed_response_alg", &SIGNATURES)?,
        id_token_encryption: members.encryption(
            "id_token_encrypted_response_alg",
            "id_token_encrypted_response_enc",
        )?,
        userinfo_signed_response_alg: members
            .signing("userinfo_signed_response_alg", &SIGNATURES)?,
        userinfo_encryption: members.encryption(
            "userinfo_encrypted_response_alg",
            "userinfo_encrypted_response_enc",
        )?,
        request_object_signing_alg: members.signing("request_object_signing_alg", &SIGNATURES)?,
        request_object_encryption: members.encryption(
            "request_object_encryption_alg",
            "request_object_encryption_enc",
        )?,
        default_max_age: members.seconds("default_max_age")?,
        require_auth_time: members.flag("require_auth_time")?,
        default_acr_values: owned(members.texts("default_acr_values")?),
        frontchannel_logout_session_required: members
            .flag("frontchannel_logout_session_required")?,
        backchannel_logout_session_required: members.flag("backchannel_logout_session_required")?,
        contacts: owned(members.texts("contacts")?),
        software_id: members.text("software_id")?.map(str::to_owned),
        software_version: members.text("software_version")?.map(str::to_owned),
        ..Registration::default()
    })
}

/// Public keys, as this server understands them.
fn jwks(members: Members<'_>) -> Result<Option<String>, MetadataError> {
    let read = |value: &Value| {
        let set = JwkSet::parse(value.to_string().as_bytes());
        let set = set.map_err(|error| MetadataError::of("jwks", error))?;
        match set.keys().is_empty() {
            true => Err(MetadataError::of("jwks", Reason::NoUsableKey)),
            false => Ok(set.to_json().to_string()),
        }
    };
    members.object("jwks")?.map(read).transpose()
}

/// Where this server, or a browser that it sends, may be asked to go.
pub fn addresses(
    members: Members<'_>,
    kind: ClientKind,
    registration: &mut Registration,
) -> Result<(), MetadataError> {
    registration.jwks_uri = members.called("jwks_uri")?;
    registration.sector_identifier_uri = members.called("sector_identifier_uri")?;
    registration.initiate_login_uri = members.https("initiate_login_uri")?; // OpenID Connect Dynamic Client Registration §2
    registration.policy_uri = members.https("policy_uri")?;
    registration.tos_uri = members.https("tos_uri")?;
    registration.logo_uri = members.called("logo_uri")?;
    registration.backchannel_logout_uri = members.called("backchannel_logout_uri")?;
    for text in members.texts("request_uris")? {
        let uri = match (members.terms.plain_http)(text) {
            true => text.to_owned(),
            false => https("request_uris", text)?,
        };
        registration.request_uris.push(uri);
    }
    let place = |name: &'static str, text: &str| match RedirectUri::parse(text, kind) {
        Ok(uri) if uri.is_oob() => Err(MetadataError::of(name, Reason::Urn)),
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(MetadataError::of(name, error)),
    };
    const RETURN: &str = "post_logout_redirect_uris";
    for text in members.texts(RETURN)? {
        let uri = place(RETURN, text)?;
        registration.post_logout_redirect_uris.push(uri);
    }
    const FRAME: &str = "frontchannel_logout_uri";
    let frame = members.text(FRAME)?.map(|text| place(FRAME, text));
    registration.frontchannel_logout_uri = frame.transpose()?;
    Ok(())
}

/// Whether the document at `sector_identifier_uri` vouches for every redirect URI.
///
/// # Errors
/// [`MetadataError`]: it is no list of texts, or one of them is missing.
pub fn check_sector(document: &[u8], redirects: &[RedirectUri]) -> Result<(), MetadataError> {
    const NAME: &str = "sector_identifier_uri";
    let list: Vec<String> = serde_json::from_slice(document).map_err(|_| {
        let reason = "the document there must be a JSON array of redirect URIs";
        MetadataError::of(NAME, reason)
    })?;
    let listed = |uri: &RedirectUri| list.iter().any(|it| it == uri.as_str());
    match redirects.iter().all(listed) {
        true => Ok(()),
        false => Err(MetadataError::of(
            NAME,
            "the document there must list every redirect URI of the app", // OpenID Connect Dynamic Client Registration §5
        )),
    }
}
