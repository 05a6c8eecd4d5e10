//! The login with OpenID Connect, as an app walks it.

use super::{Speaker, Walk, owned, place, say, shorten, text};
use crate::{
    demo::{
        EMAIL,
        id_token::{Expected, verified},
    },
    world::World,
};
use anyhow::{Context, ensure};
use grantor_protocol::form::{Params, encode};
use serde_json::{Map, Value};

const NONCE: &str = "kept-by-the-app";

impl Walk<'_> {
    pub(super) async fn log_in(&self) -> anyhow::Result<()> {
        say("The app only asks who the user is: a login with OpenID Connect");
        let code = self.agree_to_login().await?;
        let (url, form) = (self.server("/-/oauth_token"), self.redemption(&code));
        let tokens = self.post(Speaker::App, &url, &form);
        let tokens = tokens.await?.expect(200)?.json()?;
        let expected = Expected {
            issuer: &self.site.url,
            client_id: &self.site.client_id,
            nonce: NONCE,
            now: World::real().now(),
        };
        let claims = verified(&self.app, &expected, text(&tokens["id_token"])?).await?;
        let said = claims
            .iter()
            .map(|(name, value)| (name.to_owned(), value.clone()));
        let said = Value::Object(said.collect::<Map<_, _>>());
        println!(
            "  The ID token verifies, and says {}",
            shorten(&said.to_string())
        );

        let access = Some(text(&tokens["access_token"])?);
        let userinfo = self.server("/api/1.0/openid_connect/userinfo");
        let userinfo = self.get(Speaker::App, &userinfo, access).await?;
        let userinfo = userinfo.expect(200)?.json()?;
        ensure!(
            userinfo["sub"] == said["sub"] && userinfo["email"] == EMAIL,
            "userinfo names somebody else"
        );
        Ok(())
    }

    /// The user, who is signed in, agrees; the code that comes back.
    async fn agree_to_login(&self) -> anyhow::Result<String> {
        let (redirect, challenge) = (self.redirect(), self.challenge());
        let query = encode([
            ("client_id", self.site.client_id.as_str()),
            ("redirect_uri", &redirect),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "a-login"),
            ("nonce", NONCE),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let url = self.server(&format!("/-/oauth_authorize?{query}"));
        let consent = self.get(Speaker::Browser, &url, None).await?.expect(200)?;
        ensure!(
            consent.text.contains("Sign in to"),
            "a login does not read as one"
        );
        let mut form = consent.hidden();
        form.push(owned(("decision", "allow")));
        let answer = self
            .post(Speaker::Browser, &url, &form)
            .await?
            .expect(303)?;
        let location = place(&answer)?;
        let (_, query) = location
            .split_once('?')
            .context("the redirect has no query")?;
        let params = Params::parse(query.as_bytes())?;
        Ok(params.get("code").context("no code came back")?.to_owned())
    }
}
