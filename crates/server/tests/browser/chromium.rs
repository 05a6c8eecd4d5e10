//! Browsers: one driver for all tests of the binary, two browsers at a time, a fresh
//! profile for each.

use crate::person::Person;
use serde_json::{Value, json};
use std::{
    convert::Infallible,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
};
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel, RequestData, SessionId,
    WebDriver, common::command::FormatRequestData,
};
use tokio::sync::Semaphore;

/// The log that tells which addresses were asked for.
pub const NETWORK: &str = "performance";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    On,
    /// Switched off by the preference that a user would set.
    Off,
}

/// More at once only make each other wait.
static PLACES: Semaphore = Semaphore::const_new(2);

/// A person sits down at a fresh browser. Afterwards its console must be empty.
pub async fn browse(scripts: Scripts, journey: impl AsyncFnOnce(&Person)) {
    browse_with(&preferences(scripts), journey).await;
}

/// The same with a browser that asks for pages in this language.
pub async fn browse_in(language: &str, journey: impl AsyncFnOnce(&Person)) {
    let mut preferences = preferences(Scripts::On);
    preferences["intl.accept_languages"] = json!(language);
    browse_with(&preferences, journey).await;
}

async fn browse_with(preferences: &Value, journey: impl AsyncFnOnce(&Person)) {
    let _place = PLACES.acquire().await.expect("the places stay open");
    let capabilities = capabilities(preferences).expect("capabilities are JSON");
    let driver = WebDriver::new(driver(), capabilities).await;
    let driver = driver.expect("Chromium starts");
    let whole = driver.run_and_quit(async |driver| {
        let person = Person::at(driver);
        journey(&person).await;
        person.expect_quiet_console().await;
        Ok::<_, Infallible>(())
    });
    whole.await.expect("the browser closes");
}

fn preferences(scripts: Scripts) -> Value {
    const BLOCK: u8 = 2;
    let mut preferences = json!({
        // No bubble of the browser's own over the page.
        "credentials_enable_service": false,
        "profile.password_manager_leak_detection": false,
    });
    if scripts == Scripts::Off {
        preferences["profile.managed_default_content_settings.javascript"] = json!(BLOCK);
    }
    preferences
}

fn capabilities(preferences: &Value) -> thirtyfour::error::WebDriverResult<ChromeCapabilities> {
    let mut wanted = ChromeCapabilities::new();
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
        // Nothing but the server and the site of the test exists.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
    ] {
        wanted.add_arg(argument)?;
    }
    wanted.add_experimental_option("prefs", preferences)?;
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    wanted.set_logging_prefs(NETWORK, LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}

/// The address of the one chromedriver. A shell waits for the end of our process,
/// which closes its input, and then ends the driver and with it all browsers.
fn driver() -> &'static str {
    const KEEP: &str = "chromedriver --port=0 & driver=$!; cat > /dev/null; kill $driver; { wait $driver; } 2> /dev/null";
    static DRIVER: OnceLock<(Child, String)> = OnceLock::new();
    let (_, address) = DRIVER.get_or_init(|| {
        let mut shell = Command::new("sh");
        shell.args(["-c", KEEP]).stdin(Stdio::piped());
        shell.stdout(Stdio::piped());
        let mut shell = shell.spawn().expect("a shell");
        let output = shell.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.rsplit_once("successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("these tests need chromedriver and chromium");
        // What it says later is of no interest, but must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        (shell, format!("http://127.0.0.1:{port}"))
    });
    address
}

/// A command of the Chrome DevTools Protocol.
#[derive(Debug)]
pub struct DevTools(pub &'static str, pub Value);

impl FormatRequestData for DevTools {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let address = format!("session/{session}/goog/cdp/execute");
        let body = json!({"cmd": self.0, "params": self.1});
        RequestData::new(http::Method::POST, address).add_body(body)
    }
}

/// A device that keeps passkeys, plugged into the browser: W3C Web Authentication §11.
#[derive(Debug)]
pub struct PlugIn;

impl FormatRequestData for PlugIn {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let address = format!("session/{session}/webauthn/authenticator");
        let device = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        RequestData::new(http::Method::POST, address).add_body(device)
    }
}

/// Whether that device recognises its user from now on.
#[derive(Debug)]
pub struct Recognise(pub String, pub bool);

impl FormatRequestData for Recognise {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let device = &self.0;
        let address = format!("session/{session}/webauthn/authenticator/{device}/uv");
        let body = json!({ "isUserVerified": self.1 });
        RequestData::new(http::Method::POST, address).add_body(body)
    }
}
