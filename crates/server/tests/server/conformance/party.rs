//! A provider, a user at a browser, and the two clients of the suite.

use super::{
    reader::{Answer, Outcome, Place},
    variant::Variant,
};
use crate::support::{App, Ask, Browser, PASSWORD, Person, Reply, Site, Tokens};
use grantor_protocol::time::Millis;

/// As long as the suite's longest.
pub const STATE: &str = "4Jq0ZkLrE8mXv1TsYb6NcGwPhUa9DfRi-4Jq0ZkLrE8mXv1TsYb6NcGwPhUa9DfR_4Jq0ZkLrE8mXv1TsYb6NcGwPhUa9DfR~4Jq0ZkLrE8mXv1TsYb6NcGwPhUa9.==";
pub const NONCE: &str = "n-0S6_WzA2Mj~c2xvdw";

pub struct Party {
    pub site: Site,
    pub alice: Person,
    pub app: App,
    pub other: App,
}

impl Party {
    /// Alice has been signed in for a minute.
    pub async fn new() -> Self {
        let site = Site::open().await;
        let dora = site.user("dora").await;
        let app = site.app("Suite").implicit().of(&dora).await;
        let other = site.app("Second").implicit().of(&dora).await;
        let alice = site.user("alice").await.with_password().await;
        let alice = alice.signed_in().await;
        site.pass(Millis::minutes(1));
        Self {
            site,
            alice,
            app,
            other,
        }
    }

    /// What the suite's client asks for in this flow.
    pub fn ask(&self, variant: Variant) -> Ask {
        let ask = self.app.ask();
        let ask = ask.with("response_type", variant.response.name());
        let ask = ask.with("scope", "openid").with("nonce", NONCE);
        let ask = ask.with("state", STATE);
        match variant.form_post {
            true => ask.with("response_mode", "form_post"),
            false => ask,
        }
    }

    /// Opens the request, logs in and consents as far as she is asked to, and stops where
    /// the browser is sent back, or where it stays.
    pub async fn open(&self, at: &Browser, url: &str) -> Reply {
        let mut url = url.to_owned();
        for _ in 0..3 {
            let reply = at.get(&url).await;
            if reply.brief() == "303 login" {
                let to = reply.sent("return_to").unwrap();
                let back = at.log_in_to(&to, &self.alice.email, PASSWORD).await;
                back.location().clone_into(&mut url);
            } else if reply.body.contains("name=\"decision\"") {
                return at.post(&url, &[("decision", "allow")]).await;
            } else {
                return reply;
            }
        }
        unreachable!("three logins and still at {url}")
    }

    /// The answer to the app, in the right place and with the request's state.
    pub async fn answer(&self, variant: Variant, ask: &Ask) -> Answer {
        let reply = self.open(&self.alice, &ask.url()).await;
        self.read(variant, ask, &reply)
    }

    pub fn read(&self, variant: Variant, ask: &Ask, reply: &Reply) -> Answer {
        let place = match (variant.form_post, variant.response.is_front_channel()) {
            (true, _) => Place::Form,
            (false, true) => Place::Fragment,
            (false, false) => Place::Query,
        };
        let answer = Answer::read(reply, place, &self.app.redirect);
        assert_eq!(answer.get("state"), ask.get("state"), "{variant:?}");
        answer
    }

    /// The whole flow, with every check that the suite makes on the way.
    pub async fn run(&self, variant: Variant, ask: &Ask) -> Outcome {
        let answer = self.answer(variant, ask).await;
        self.finish(variant, ask, answer).await
    }

    pub async fn finish(&self, variant: Variant, ask: &Ask, answer: Answer) -> Outcome {
        answer.check_members(variant);
        let mut outcome = Outcome::default();
        let client_id = self.app.client_id();
        let nonce = ask.get("nonce");
        let keys = super::reader::keys(&self.site).await;
        if let Some(token) = answer.get("id_token") {
            let claims = keys.read(&self.site, &client_id, token);
            claims.check(nonce, answer.get("code"), answer.get("access_token"));
            outcome.id_token = claims;
            outcome.hint = token.to_owned();
        }
        outcome.access = answer.get("access_token").map(str::to_owned);
        if let Some(code) = answer.get("code") {
            let reply = self.app.exchange(code).await;
            super::reader::check_token_answer(&reply);
            let tokens = Tokens::of(&reply);
            let token = reply.member("id_token");
            let claims = keys.read(&self.site, &client_id, &token);
            claims.check(nonce, None, Some(&tokens.access));
            if variant.response.id_token {
                claims.check_same_login(&outcome.id_token);
            }
            outcome.id_token = claims;
            outcome.hint = token;
            outcome.access = Some(tokens.access);
            outcome.refresh = Some(tokens.refresh);
            outcome.code = Some(code.to_owned());
        }
        if let Some(access) = &outcome.access {
            let reply = self.site.api(access, "/openid_connect/userinfo").await;
            assert_eq!(reply.code(), 200, "{variant:?} {}", reply.body);
            assert_eq!(reply.header("content-type"), "application/json");
            outcome.userinfo = reply.json();
            assert_eq!(outcome.userinfo["sub"], outcome.id_token.0["sub"]);
        }
        outcome
    }

    /// A browser at which nobody is signed in.
    pub fn fresh_browser(&self) -> Browser {
        self.alice.elsewhere()
    }
}
