//! What an app's developer sends where, filled in with the app's own values.
//! Secrets and codes stand as shell variables: what is pasted into a terminal
//! ends up in its history.

use askama::Template;
use url::form_urlencoded::Serializer;

/// The addresses of this server that a developer needs.
#[derive(Clone, Debug)]
pub struct Endpoints {
    pub authorize: String,
    pub token: String,
    /// Of the API, without a slash at its end.
    pub api: String,
}

impl Endpoints {
    /// Of the server at this origin.
    pub fn at(origin: &str) -> Self {
        Self {
            authorize: format!("{origin}{}", crate::routes::AUTHORIZE),
            token: format!("{origin}/-/oauth_token"),
            api: format!("{origin}/api/1.0"),
        }
    }
}

/// The facts that the examples are made of.
pub struct Example<'a> {
    pub endpoints: &'a Endpoints,
    pub client_id: &'a str,
    pub redirect_uri: &'a str,
    /// Whether the token endpoint asks for the client secret.
    pub secret: bool,
    /// Whether the app has to (or should) use PKCE.
    pub pkce: bool,
}

impl Example<'_> {
    /// Where the app sends the user's browser.
    pub fn authorize_url(&self) -> String {
        self.asking(&[("state", "STATE")])
    }

    /// The same for a login.
    pub fn login_url(&self) -> String {
        let login = [("scope", "openid profile email"), ("state", "STATE")];
        self.asking(&[login[0], login[1], ("nonce", "NONCE")])
    }

    fn asking(&self, more: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("client_id", self.client_id)
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("response_type", "code")
            .extend_pairs(more);
        if self.pkce {
            query
                .append_pair("code_challenge", "CHALLENGE")
                .append_pair("code_challenge_method", "S256");
        }
        format!("{}?{}", self.endpoints.authorize, query.finish())
    }

    pub fn exchange(&self) -> String {
        let redirect = quoted(&format!("redirect_uri={}", self.redirect_uri));
        let redirect = format!("--data-urlencode {redirect}");
        let mut lines = self.opening("authorization_code");
        lines.push(redirect);
        lines.push("-d code=\"$CODE\"".into());
        if self.pkce {
            lines.push("-d code_verifier=\"$CODE_VERIFIER\"".into());
        }
        lines.join(" \\\n  ")
    }

    pub fn refresh(&self) -> String {
        let mut lines = self.opening("refresh_token");
        lines.push("-d refresh_token=\"$REFRESH_TOKEN\"".into());
        lines.join(" \\\n  ")
    }

    fn opening(&self, grant_type: &str) -> Vec<String> {
        let mut lines = vec![
            format!("curl {}", quoted(&self.endpoints.token)),
            format!("-d grant_type={grant_type}"),
            format!("-d client_id={}", quoted(self.client_id)),
        ];
        if self.secret {
            lines.push("-d client_secret=\"$CLIENT_SECRET\"".into());
        }
        lines
    }

    pub fn call(&self) -> String {
        self.get("/users/me")
    }

    pub fn userinfo(&self) -> String {
        self.get("/openid_connect/userinfo")
    }

    fn get(&self, path: &str) -> String {
        let url = quoted(&format!("{}{path}", self.endpoints.api));
        format!("curl {url} \\\n  -H \"Authorization: Bearer $ACCESS_TOKEN\"")
    }
}

/// The "Connect with …" or "Log in with …" link for the app's own page, with its look inside: it
/// must stand without our stylesheet.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<a href="{{ url }}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#0d5c63;color:#fff;font:600 16px system-ui,sans-serif;text-align:center;text-decoration:none">{{ words }}</a>"#
)]
pub struct ConnectButton {
    pub url: String,
    /// "Connect with Grantor"
    pub words: String,
}

impl ConnectButton {
    /// The way people write it: `&amp;` for what the escaper calls `&#38;`.
    pub fn html(&self) -> String {
        self.to_string().replace("&#38;", "&amp;")
    }
}

/// As one word of a POSIX shell; plain words stay as they are.
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints() -> Endpoints {
        Endpoints::at("https://auth.example.org")
    }

    #[test]
    fn the_documented_request_for_a_server_app() {
        let endpoints = endpoints();
        let example = Example {
            endpoints: &endpoints,
            client_id: "7416",
            redirect_uri: "https://clock.example/cb?a=1&b='x'",
            secret: true,
            pkce: false,
        };
        insta::assert_snapshot!(
            [example.authorize_url(), example.exchange(), example.refresh(), example.call()].join("\n\n"),
            @r#"
        https://auth.example.org/-/oauth_authorize?client_id=7416&redirect_uri=https%3A%2F%2Fclock.example%2Fcb%3Fa%3D1%26b%3D%27x%27&response_type=code&state=STATE

        curl https://auth.example.org/-/oauth_token \
          -d grant_type=authorization_code \
          -d client_id=7416 \
          -d client_secret="$CLIENT_SECRET" \
          --data-urlencode 'redirect_uri=https://clock.example/cb?a=1&b='\''x'\''' \
          -d code="$CODE"

        curl https://auth.example.org/-/oauth_token \
          -d grant_type=refresh_token \
          -d client_id=7416 \
          -d client_secret="$CLIENT_SECRET" \
          -d refresh_token="$REFRESH_TOKEN"

        curl https://auth.example.org/api/1.0/users/me \
          -H "Authorization: Bearer $ACCESS_TOKEN"
        "#
        );
    }

    #[test]
    fn a_public_app_proves_itself_by_pkce() {
        let endpoints = endpoints();
        let example = Example {
            endpoints: &endpoints,
            client_id: "7416",
            redirect_uri: "com.example.clock:/cb",
            secret: false,
            pkce: true,
        };
        insta::assert_snapshot!([example.authorize_url(), example.exchange()].join("\n\n"), @r#"
        https://auth.example.org/-/oauth_authorize?client_id=7416&redirect_uri=com.example.clock%3A%2Fcb&response_type=code&state=STATE&code_challenge=CHALLENGE&code_challenge_method=S256

        curl https://auth.example.org/-/oauth_token \
          -d grant_type=authorization_code \
          -d client_id=7416 \
          --data-urlencode redirect_uri=com.example.clock:/cb \
          -d code="$CODE" \
          -d code_verifier="$CODE_VERIFIER"
        "#);
    }

    #[test]
    fn a_login_asks_who_it_is() {
        let endpoints = endpoints();
        let example = Example {
            endpoints: &endpoints,
            client_id: "7416",
            redirect_uri: "https://clock.example/cb",
            secret: true,
            pkce: false,
        };
        insta::assert_snapshot!([example.login_url(), example.userinfo()].join("\n\n"), @r#"
        https://auth.example.org/-/oauth_authorize?client_id=7416&redirect_uri=https%3A%2F%2Fclock.example%2Fcb&response_type=code&scope=openid+profile+email&state=STATE&nonce=NONCE

        curl https://auth.example.org/api/1.0/openid_connect/userinfo \
          -H "Authorization: Bearer $ACCESS_TOKEN"
        "#);
    }

    #[test]
    fn the_button_escapes_its_values() {
        let button = ConnectButton {
            url: "https://a.example/?a=1&b=2".into(),
            words: "Connect with <A&B>".into(),
        };
        let html = button.html();
        assert!(html.contains("?a=1&amp;b=2\" style="), "{html}");
        assert!(
            html.ends_with("Connect with &#60;A&amp;B&#62;</a>"),
            "{html}"
        );
    }
}
