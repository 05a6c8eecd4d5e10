//! Apps that register themselves.

use super::{App, Call, Person, Reply, Site};
use grantor::config::{Config, DynamicRegistration};
use grantor_protocol::{secret::Kind, time::Millis};
use grantor_store::{audit::Actor, registrations::InitialToken};
use serde_json::Value;

/// The configuration under which `who` may register.
pub fn register_with(who: DynamicRegistration) -> impl FnOnce(&mut Config) {
    move |config| {
        let owner = grantor_protocol::email::Email::parse("ops@example.org");
        config.registration.dynamic_registration = who;
        config.registration.dynamic_registration_owner = owner.ok();
    }
}

impl Site {
    /// An initial access token, as the command line makes it.
    pub async fn initial_token(&self, owner: &Person, uses: i64) -> String {
        let now = self.world.now();
        let id = self.world.new_id(now);
        let entropy = self.world.random();
        let keys = self.app.keys.now();
        let secret = keys.format.mint(Kind::InitialAccess, id, &entropy);
        let token = InitialToken {
            id,
            digest: secret.digest(),
            owner: owner.id,
            hint: secret.hint(),
            uses_left: uses,
            created: now,
            expires: now + Millis::days(30),
        };
        let event = self
            .app
            .event("registration.token_added", now, Actor::default());
        let added = self.app.store.add_initial_token(&token, event).await;
        added.unwrap();
        secret.reveal_for_response().to_owned()
    }

    pub async fn register(&self, token: Option<&str>, members: &Value) -> Reply {
        let mut call = Call::post("/-/oauth_register").json(members);
        if let Some(token) = token {
            call = call.bearer(token);
        }
        self.learning("an app", call).await
    }

    /// Calls the address of a registration, with its token and perhaps with a body.
    pub async fn manage(
        &self,
        method: &'static str,
        registration: &Value,
        members: Option<&Value>,
    ) -> Reply {
        let uri = registration["registration_client_uri"].as_str().unwrap();
        let path = uri.strip_prefix(self.origin()).unwrap();
        let token = registration["registration_access_token"].as_str().unwrap();
        let mut call = Call::new(method, path).bearer(token);
        if let Some(members) = members {
            call = call.json(members);
        }
        self.learning("an app", call).await
    }

    /// Sends a call; the app in the answer is known by its name from then on.
    async fn learning(&self, who: &str, call: Call) -> Reply {
        let line = format!("{} {}", call.method, call.target);
        let body = String::from_utf8_lossy(&call.body).into_owned();
        let reply = self.send(call).await;
        if reply.status.is_success() && !reply.body.is_empty() {
            let id = reply.member("client_id").parse().unwrap();
            self.names.learn(id, &reply.member("client_name"));
        }
        self.transcript
            .note(self, who, (&line, &[("body", &body)]), &reply);
        reply
    }

    /// The app that has just registered itself.
    pub fn self_registered(&self, owner: &Person, reply: &Reply) -> App {
        assert_eq!(reply.code(), 201, "{}", reply.body);
        let answer = reply.json();
        let plan = App::plan(self, &reply.member("client_name"));
        let secret = answer["client_secret"].as_str().map(str::to_owned);
        App {
            site: self.clone(),
            id: reply.member("client_id").parse().unwrap(),
            name: reply.member("client_name"),
            owner: owner.id,
            redirect: answer["redirect_uris"][0].as_str().unwrap().to_owned(),
            pkce: secret.is_none(),
            secret,
            form: plan.form,
        }
    }
}
