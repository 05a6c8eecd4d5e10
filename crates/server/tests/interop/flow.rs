//! What must have come of a client's flow, whatever library it was.

use crate::scene::{EMAIL, NAME, SCOPE, Scene};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a client reports at its end, in the words of `clients/*/conversation.*`.
pub struct Report(pub Value);

impl Report {
    /// The whole flow of an app whose refresh token stays the same, or does not.
    pub fn check(&self, user: &Value, rotates: bool) {
        self.check_token(user);
        self.check_api("me", user);
        let (first, second) = (&self.0["token"], &self.0["refreshed"]);
        assert_ne!(first["access_token"], second["access_token"]);
        assert_eq!(first["refresh_token"] != second["refresh_token"], rotates);
        self.check_api("me_refreshed", user);
        assert_eq!(self.0["revoked"], true, "{}", self.0);
        let after = &self.0["me_after"];
        assert_eq!(after["status"], 401, "{after}");
        assert_eq!(after["body"]["errors"][0]["message"], "Not Authorized");
        self.refused("refresh_after", "invalid_grant", "was revoked");
    }

    /// The answer of the token endpoint, as the library hands it to its caller.
    fn check_token(&self, user: &Value) {
        let token = &self.0["token"];
        let text = |name: &str| token[name].as_str().unwrap_or_default();
        assert!(text("access_token").starts_with("gr_at_"), "{token}");
        assert!(text("refresh_token").starts_with("gr_rt_"), "{token}");
        assert!(text("token_type").eq_ignore_ascii_case("bearer"), "{token}");
        assert_eq!(token["expires_in"], 3600);
        assert_eq!(words(&token["scope"]), words(&SCOPE.into()));
        let data = &token["data"];
        assert_eq!(data["gid"], user["gid"]);
        assert_eq!(
            data["id"].to_string(),
            user["gid"].as_str().unwrap_or_default()
        );
        assert_eq!(
            (&data["name"], &data["email"]),
            (&NAME.into(), &EMAIL.into())
        );
    }

    fn check_api(&self, name: &str, user: &Value) {
        let answer = &self.0[name];
        assert_eq!(answer["status"], 200, "{name}: {answer}");
        assert_eq!(answer["body"]["data"]["gid"], user["gid"], "{name}");
    }

    /// Who logged in: by the ID token, once the library accepted it, and by userinfo where
    /// the client asks there.
    pub fn check_login(&self, scene: &Scene) {
        let claims = &self.0["claims"];
        assert_eq!(claims["iss"], scene.server.url(), "{}", self.0);
        assert_eq!(claims["sub"], scene.user["gid"]);
        let audience = &claims["aud"];
        let first = audience.get(0).unwrap_or(audience);
        assert_eq!(*first, *scene.app.client_id);
        let about = match self.0.get("userinfo") {
            Some(userinfo) => userinfo,
            None => claims,
        };
        assert_eq!(about["sub"], claims["sub"]);
        assert_eq!(
            (&about["name"], &about["email"]),
            (&NAME.into(), &EMAIL.into())
        );
    }

    /// An ID token of a refresh tells of the same login.
    pub fn check_refreshed_login(&self) {
        let (first, second) = (&self.0["claims"], &self.0["refreshed"]);
        for name in ["iss", "sub", "auth_time", "sid"] {
            assert!(!first[name].is_null(), "{name} in {first}");
            assert_eq!(first[name], second[name], "{name}");
        }
    }

    /// The library made an error of a refusal, with its code and a cause to read.
    pub fn refused(&self, name: &str, error: &str, cause: &str) {
        let refusal = &self.0[name];
        assert_eq!(refusal["error"], error, "{name}");
        let description = refusal["description"].as_str().unwrap_or_default();
        assert!(description.contains(cause), "{name}: {description}");
    }

    pub fn wrong_secret_was_refused(&self) {
        self.refused(
            "wrong_secret",
            "invalid_client",
            "client_secret is not a current secret",
        );
    }

    pub fn replay_was_refused(&self) {
        self.refused("replayed", "invalid_grant", "was already used");
    }

    pub fn was_introspected(&self, client_id: &str) {
        let answer = &self.0["introspected"];
        assert_eq!(answer["active"], true, "{answer}");
        assert_eq!(answer["client_id"], client_id);
        assert_eq!(words(&answer["scope"]), words(&SCOPE.into()));
    }
}

/// A scope: some libraries keep the text, others a list.
pub fn words(scope: &Value) -> BTreeSet<&str> {
    match scope {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().split(' ').collect(),
    }
}
