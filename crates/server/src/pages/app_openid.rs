//! `/apps/<id>/openid`: how users log in with an app, in words.

use askama::Template;
use grantor_protocol::client::ClientKind;

use super::{
    Field, Frame, Notice, Place,
    app::{AppFacts, facts, own_app},
    carry,
    page::{Named, Page, html, html_with},
    snippets::{ConnectButton, Endpoints, Example},
};
use crate::{
    context::Fields,
    failure::{Answer, Failure},
    front::see_other,
    language::Language,
    outbound::{Outbound, OutboundError},
    throttle::CONSOLE_WRITES,
};
use axum::http::StatusCode;
use grantor_jose::jwe::{ContentEncryption, KeyManagement};
use grantor_protocol::openid::registration::{
    Registration, Terms,
    form::{self, FIELDS, Facts, Preset, SIGNED_BY_US},
};
use grantor_store::apps as records;

/// Posts [`FIELDS`] to its own address. `?preset=<name>` fills the form with a safe
/// start; nothing is saved by that.
#[derive(Template)]
#[template(path = "app_openid.html")]
pub struct AppOpenid {
    pub frame: Frame,
    pub app: AppFacts,
    pub require_pkce: bool,
    /// One for each of [`FIELDS`].
    pub fields: Vec<(&'static str, Field)>,
    pub endpoints: Endpoints,
    /// Of this server.
    pub issuer: String,
}

/// A field, and what is wrong with it, in a sentence for the developer.
type Wrong = (&'static str, String);

/// Value and words of each choice.
type Choices = Vec<(String, String)>;

impl AppOpenid {
    fn new<'a>(
        page: (Frame, AppFacts),
        server: (&str, &str),
        value: impl Fn(&'static str) -> std::borrow::Cow<'a, str>,
        wrong: &[Wrong],
    ) -> Self {
        let field = |name: &'static str| {
            let error = wrong.iter().find(|(field, _)| *field == name);
            Field {
                value: value(name).into_owned(),
                error: error.map(|(_, sentence)| sentence.clone()),
            }
        };
        Self {
            frame: page.0,
            app: page.1,
            require_pkce: false,
            fields: FIELDS.map(|name| (name, field(name))).to_vec(),
            endpoints: Endpoints::at(server.0),
            issuer: server.1.to_owned(),
        }
    }

    fn field(&self, name: &str) -> Field {
        let found = self.fields.iter().find(|(field, _)| *field == name);
        found.map(|(_, field)| field.clone()).unwrap_or_default()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.field(name).value == value
    }

    fn is_wrong(&self) -> bool {
        self.fields.iter().any(|(_, field)| field.error.is_some())
    }

    /// Whether anything is encrypted, or was meant to be.
    fn is_encrypted(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|(name, field)| {
            name.contains("_encrypted_") && (!field.value.is_empty() || field.error.is_some())
        })
    }

    fn presets(&self) -> [(&'static str, &'static str, &'static str); 2] {
        Preset::of(self.app.kind).map(words_of)
    }

    /// The choices of a list; what was registered otherwise is one of them.
    fn choices(&self, name: &str) -> Choices {
        let mut choices = offered(name, self.frame.language);
        let value = self.field(name).value;
        let plain = name == "id_token_signed_response_alg" && value == "RS256";
        if !plain && !choices.iter().any(|(known, _)| *known == value) {
            let words = match value.is_empty() {
                true => self.frame.say("openid-as-registered"),
                false => self
                    .frame
                    .say("openid-as-registered-with")
                    .code("value", &value),
            };
            choices.push((value, words.plain()));
        }
        choices
    }

    fn example(&self) -> Example<'_> {
        let app = &self.app;
        Example {
            endpoints: &self.endpoints,
            client_id: &app.id,
            redirect_uri: app.redirect_urls.first().map_or("", String::as_str),
            secret: app.kind == ClientKind::Confidential,
            pkce: app.kind.is_public() || self.require_pkce,
        }
    }

    fn button(&self) -> ConnectButton {
        ConnectButton {
            url: self.example().login_url(),
            words: self.button_words(),
        }
    }

    fn button_words(&self) -> String {
        let words = self.frame.say("app-button-login");
        words.words("brand", &self.frame.brand).plain()
    }

    fn discovery(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer)
    }
}

/// What the form offers in a list.
fn offered(name: &str, language: Language) -> Choices {
    let pair = |value: &str, id| (value.to_owned(), language.text(id));
    let names = |first: &str, rest: &[&str]| {
        let rest = rest.iter().map(|it| ((*it).to_owned(), (*it).to_owned()));
        let first = (String::new(), first.to_owned());
        [first].into_iter().chain(rest).collect()
    };
    match name {
        "response_types" => vec![
            pair("code", "openid-answers-code"),
            pair("any", "openid-answers-any"),
        ],
        "id_token_signed_response_alg" => {
            let other = SIGNED_BY_US.iter().map(|it| it.name());
            let other: Vec<_> = other.filter(|it| *it != "RS256").collect();
            names(&language.text("openid-signature-rs256"), &other)
        }
        "userinfo_signed_response_alg" => {
            let signed = SIGNED_BY_US.map(|it| {
                let words = language.say("openid-answer-signed");
                let words = words.code("algorithm", it.name());
                (it.name().to_owned(), words.plain())
            });
            let plain = pair("", "openid-answer-plain");
            [plain].into_iter().chain(signed).collect()
        }
        "token_endpoint_auth_method" => vec![
            pair("", "openid-proof-either"),
            pair("client_secret_basic", "openid-proof-basic"),
            pair("client_secret_post", "openid-proof-post"),
            pair("client_secret_jwt", "openid-proof-secret-jwt"),
            pair("private_key_jwt", "openid-proof-key-jwt"),
        ],
        name if name.ends_with("_alg") => {
            let known = KeyManagement::ALL.iter().filter(|it| it.is_asymmetric());
            let known: Vec<_> = known.map(|it| it.name()).collect();
            names(&language.text("openid-not-encrypted"), &known)
        }
        _ => {
            let known: Vec<_> = ContentEncryption::ALL.iter().map(|it| it.name()).collect();
            names("–", &known)
        }
    }
}

/// The name of a preset, and the messages for its title and for what it chooses.
fn words_of(preset: Preset) -> (&'static str, &'static str, &'static str) {
    let (title, sentence) = match preset {
        Preset::Server => ("preset-server", "preset-server-why"),
        Preset::SinglePage => ("preset-single-page", "preset-single-page-why"),
        Preset::Installed => ("preset-installed", "preset-installed-why"),
        Preset::Legacy => ("preset-legacy", "preset-legacy-why"),
    };
    (preset.as_str(), title, sentence)
}

const DONE: &[(&str, &str)] = &[("saved", "openid-done-saved")];

async fn page_of<'a>(
    page: &Page,
    app: &records::App,
    value: impl Fn(&'static str) -> std::borrow::Cow<'a, str>,
    wrong: &[Wrong],
) -> Result<AppOpenid, Failure> {
    let frame = page.frame_telling(Place::Apps, &[DONE, carry::DONE].concat());
    let origin = page.app.config.service.public_url.origin();
    let server = (origin, page.app.policy.issuer.as_str());
    let facts = facts(page, app).await?;
    let form = AppOpenid::new((frame, facts), server, value, wrong);
    Ok(AppOpenid {
        require_pkce: app.client.pkce_required,
        ..form
    })
}

/// The settings as they are stored; or a preset's; or what was typed before a step-up.
pub async fn show(page: Page, Named(id): Named<i64>) -> Answer {
    let app = own_app(&page, id).await?;
    let stored = &app.client.registration;
    if let Some(fields) = carry::carried(&page) {
        let typed = |name| fields.text(name).to_owned().into();
        let mut form = page_of(&page, &app, typed, &[]).await?;
        form.frame.notice = Some(Notice::Done(page.context.language.text(carry::BACK)));
        return html(&form);
    }
    let asked = page.query("preset");
    let mut presets = Preset::of(app.client.kind).into_iter();
    let Some(preset) = presets.find(|it| Some(it.as_str()) == asked.as_deref()) else {
        return html(&page_of(&page, &app, |name| stored.shown(name).into(), &[]).await?);
    };
    let filled = preset.apply(stored);
    let mut form = page_of(&page, &app, |name| filled.shown(name).into(), &[]).await?;
    let language = page.context.language;
    let title = language.text(words_of(preset).1);
    let sentence = language.say("openid-filled-in").words("preset", &title);
    form.frame.notice = Some(Notice::Done(sentence.plain()));
    html(&form)
}

/// Keys, proofs and addresses are what an app is trusted by: the password is asked for
/// again. Who allowed the app is asked anew where the consent page would show other
/// policies; what the rest changes, she was not shown.
pub async fn save(page: Page, Named(id): Named<i64>, fields: Fields) -> Answer {
    let app = own_app(&page, id).await?;
    let (store, now) = (&page.app.store, page.context.now);
    page.app
        .count(CONSOLE_WRITES, &app.owner.to_string(), now)
        .await?;
    let connected = store.connections_of(id).await? > 0;
    let registration = match read(&page, &app, &fields, connected) {
        Ok(registration) => registration,
        Err(wrong) => {
            let typed = |name| fields.text(name).to_owned().into();
            let again = page_of(&page, &app, typed, &wrong).await?;
            return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    if !page.is_recent() {
        let typed = FIELDS
            .iter()
            .filter_map(|name| Some((*name, fields.get(name)?)));
        return Ok(carry::to_login(&page, page.uri.path(), typed));
    }
    let form = records::AppForm {
        registration,
        ..app.form()
    };
    let mut event = page.event("app.edited")?;
    event.app = Some(id);
    event.detail.clone_from(&app.name);
    match store.edit_app(&app, &form, event).await? {
        true => Ok(see_other(&format!("/apps/{id}/openid?done=saved"))),
        false => Err(Failure::Changed),
    }
}

fn read(
    page: &Page,
    app: &records::App,
    fields: &Fields,
    connected: bool,
) -> Result<Registration, Vec<Wrong>> {
    let (stored, outbound) = (&app.client.registration, &page.app.outbound);
    let facts = Facts {
        kind: app.client.kind,
        redirects: &app.client.redirect_uris,
        before: stored,
        connected,
        terms: Terms {
            policy: &page.app.policy,
            plain_http: &|uri| uri.starts_with("http://") && outbound.check(uri).is_ok(),
        },
    };
    let language = page.context.language;
    let chosen = form::parse(&facts, |name| fields.text(name)).map_err(|wrong| {
        let told = wrong.into_iter();
        told.map(|(field, reason)| (field, language.wrong_setting(&reason)))
            .collect::<Vec<_>>()
    })?;
    within_reach(outbound, stored, chosen).map_err(|wrong| {
        let told = wrong.into_iter();
        told.map(|(field, refused)| (field, language.wrong_outbound(refused)))
            .collect()
    })
}

/// What this server would have to call, it must be able to.
fn within_reach(
    outbound: &Outbound,
    stored: &Registration,
    chosen: Registration,
) -> Result<Registration, Vec<(&'static str, OutboundError)>> {
    let called = [
        ("jwks_uri", &chosen.jwks_uri, &stored.jwks_uri),
        (
            "backchannel_logout_uri",
            &chosen.backchannel_logout_uri,
            &stored.backchannel_logout_uri,
        ),
    ];
    let changed = called.into_iter().filter(|(_, new, old)| new != old);
    let wrong: Vec<_> = changed
        .filter_map(|(field, new, _)| Some((field, outbound.check(new.as_deref()?).err()?)))
        .collect();
    match wrong.is_empty() {
        true => Ok(chosen),
        false => Err(wrong),
    }
}

#[cfg(test)]
impl AppOpenid {
    pub fn samples() -> Vec<(&'static str, Self)> {
        use grantor_protocol::openid::registration::Reason;
        let hostile = super::tests::HOSTILE;
        let server = ("https://auth.example.org", "https://auth.example.org");
        let page = |app| (Frame::sample(Place::Apps), app);
        let new = |app| {
            Self::new(
                page(app),
                server,
                |name| Registration::default().shown(name).into(),
                &[],
            )
        };
        let full = |name: &'static str| {
            match name {
            "id_token_signed_response_alg" => "ES256".into(),
            "response_types" => "".into(),
            "id_token_claims" => "1".into(),
            "subject_type" => "pairwise".into(),
            "token_endpoint_auth_method" => "private_key_jwt".into(),
            "jwks" => r#"{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#.into(),
            "userinfo_encrypted_response_alg" => "ECDH-ES".into(),
            "userinfo_encrypted_response_enc" => "A128GCM".into(),
            "default_max_age" => "3600".into(),
            "post_logout_redirect_uris" => "https://clock.example/bye\nhttps://staging.clock.example/bye".into(),
            name if name.ends_with("_uri") => "https://clock.example/somewhere".into(),
            _ => "".into(),
        }
        };
        let unused = AppFacts {
            connections: 0,
            ..AppFacts::sample()
        };
        let reason = |name: &str| match name {
            "jwks" => Reason::NoUsableKey,
            "default_max_age" => Reason::Seconds,
            "subject_type" => Reason::Connected,
            name if name.contains("_uri") => Reason::NotHttps,
            _ => Reason::Choice("RS256, ES256".into()),
        };
        let wrong = FIELDS.map(|name| (name, super::spoken().wrong_setting(&reason(name))));
        vec![
            ("app-openid", new(unused)),
            (
                "app-openid-full",
                Self::new(page(AppFacts::sample()), server, full, &[]),
            ),
            (
                "app-openid-wrong",
                Self::new(
                    page(AppFacts::hostile()),
                    server,
                    |_| hostile.into(),
                    &wrong,
                ),
            ),
            (
                "app-openid-browser",
                new(AppFacts {
                    kind: ClientKind::Browser,
                    ..AppFacts::sample()
                }),
            ),
        ]
    }
}
