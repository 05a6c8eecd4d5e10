//! A running server, a user and one app.

use crate::{
    browser::Browser,
    process::{App, Home, Server},
};
use serde_json::Value;

pub const EMAIL: &str = "ada@example.org";
pub const NAME: &str = "Ada Lovelace";
pub const SCOPE: &str = "default email profile";
pub const LOGIN: &str = "openid email profile offline_access";
/// Nobody listens there: the browser stops before it.
pub const CALLBACK: &str = "https://app.example/callback";

pub struct Scene {
    pub app: App,
    /// As `grantor user add` describes her.
    pub user: Value,
    pub server: Server,
    pub browser: Browser,
    /// Removed when everything else has ended.
    _home: Home,
}

impl Scene {
    /// `more` are further arguments of `grantor app add`.
    pub fn new(redirect_uri: &str, more: &[&str]) -> Self {
        let home = Home::new();
        let user = home.add_user(EMAIL, NAME);
        let app = home.add_app(EMAIL, redirect_uri, more);
        let server = Server::start(&home, &[]);
        Self {
            app,
            user,
            browser: Browser::new(server.url()),
            server,
            _home: home,
        }
    }
}
