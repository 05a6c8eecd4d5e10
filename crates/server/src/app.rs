//! Everything a request can reach, in one value that is passed along.

use crate::{
    config::Config,
    hand_over::HandOver,
    icons::Icons,
    keys::Keyring,
    language::Language,
    leases::Leases,
    look::Look,
    mail::Mailer,
    metrics::Metrics,
    oauth::{metadata::Document, request_object::RequestObjects},
    openid::{keys::ClientKeys, signers::Signers},
    outbound::Outbound,
    passkeys::Passkeys,
    passwords::Passwords,
    places::Places,
    refusals::RefusalLog,
    throttle::Throttle,
    upstream::Providers,
    world::World,
};
use grantor_protocol::{
    authorize::Policy,
    scope::{self, Scope},
    time::Timestamp,
};
use grantor_store::{
    Store,
    audit::{Actor, Event},
    users::User,
};
use std::sync::{Arc, atomic::AtomicBool};

pub struct App {
    /// Told to stop: unready, and soon gone.
    pub stopping: AtomicBool,
    pub config: Config,
    pub policy: Policy,
    pub store: Store,
    pub keys: Keyring,
    pub signers: Signers,
    pub passwords: Passwords,
    pub places: Places,
    /// `None`: not at such an address.
    pub passkeys: Option<Passkeys>,
    pub metrics: Metrics,
    pub throttle: Throttle,
    pub leases: Leases,
    pub refusals: RefusalLog,
    pub icons: Icons,
    pub look: Arc<Look>,
    pub outbound: Outbound,
    pub mailer: Mailer,
    pub providers: Providers,
    pub hand_over: Option<HandOver>,
    pub client_keys: ClientKeys,
    pub request_objects: RequestObjects,
    pub metadata: Document,
    pub openapi: Document,
    pub world: World,
}

pub type Shared = Arc<App>;

impl App {
    /// What the instance offers, as its configuration says.
    pub fn policy_of(config: &Config) -> Policy {
        let built_in = scope::BUILT_IN
            .into_iter()
            .filter_map(|name| Scope::parse(name).ok());
        Policy {
            issuer: config.service.public_url.issuer().to_owned(),
            scopes: built_in
                .chain(
                    config
                        .scopes
                        .iter()
                        .filter_map(|declared| Scope::parse(&declared.name).ok()),
                )
                .collect(),
            implicit: config.legacy.implicit_flow,
            out_of_band: config.legacy.out_of_band,
            refresh_absolute: config.tokens.refresh_token_absolute.0,
        }
    }

    /// The sentence that says what a scope allows, on the consent page and in
    /// lists of tokens.
    pub fn scope_sentence(&self, scope: &str, language: Language) -> String {
        Self::sentence(&self.config, scope, language)
    }

    pub fn sentence(config: &Config, scope: &str, language: Language) -> String {
        let brand = config.service.brand.as_str();
        built_in_sentence(scope, brand, language).unwrap_or_else(|| {
            let first = config.service.languages.first();
            let declared = config.scopes.iter().find(|declared| declared.name == scope);
            declared
                .map_or(scope, |it| it.description(language, first))
                .to_owned()
        })
    }

    /// The tag of the language that a user is written in, where she or her directory says one
    /// of ours.
    pub fn language_of(&self, user: &User) -> Option<String> {
        let language = self.config.service.languages.of_profile(&user.profile);
        language.map(|language| language.tag().to_owned())
    }

    /// Writes what memory still holds of uses and refused requests.
    pub async fn write_collected(&self) {
        let idle = self.config.tokens.refresh_token_idle;
        let written = async {
            self.store.write_usage(idle).await?;
            self.write_refusals().await
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "cannot write when things were last used");
        }
    }

    /// Writes what memory still holds, and closes the database.
    pub async fn close(&self) {
        self.write_collected().await;
        self.yield_leases().await;
        self.store.close().await;
    }

    /// An audit event of this moment.
    pub fn event(&self, kind: &'static str, now: Timestamp, actor: Actor) -> Event {
        Event {
            id: self.world.new_id(now),
            at: now,
            kind,
            user: None,
            app: None,
            actor,
            detail: String::new(),
        }
    }
}

/// `None`: the operator has declared it, in words of her own.
pub fn built_in_sentence(scope: &str, brand: &str, language: Language) -> Option<String> {
    let id = match scope {
        scope::DEFAULT => "scope-default",
        scope::OPENID => "scope-openid",
        scope::EMAIL => "scope-email",
        scope::PROFILE => "scope-profile",
        scope::ADDRESS => "scope-address",
        scope::PHONE => "scope-phone",
        scope::OFFLINE_ACCESS => "scope-offline",
        scope::SCIM => "scope-scim",
        scope::ADMIN => "scope-admin",
        scope::ADMIN_READ => "scope-admin-read",
        _ => return None,
    };
    Some(language.say(id).words("brand", brand).plain())
}
