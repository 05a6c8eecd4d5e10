//! What a person can do at a browser: look, click, type. Things are found by the words
//! that stand on them.

use crate::chromium::{DevTools, NETWORK, PlugIn, Recognise};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use thirtyfour::{By, Key, WebDriver, WebElement, error::WebDriverResult};
use tokio::time::{sleep, timeout};

/// How long a person waits for something to appear.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(20);

pub struct Person {
    driver: WebDriver,
}

impl Person {
    pub fn at(driver: WebDriver) -> Self {
        Self { driver }
    }

    pub async fn open(&self, url: &str) {
        self.driver.goto(url).await.expect("the page opens");
    }

    /// Waits until the page shows this text.
    pub async fn see(&self, text: &str) {
        self.until(&format!("see “{text}”"), async || {
            self.page().await?.contains(text).then_some(())
        })
        .await;
    }

    /// The page in view does not show this text.
    pub async fn miss(&self, text: &str) {
        let page = self.page().await.expect("a page");
        assert!(!page.contains(text), "“{text}” is on the page:\n{page}");
    }

    /// Clicks the button or link of this name; where several begin so, the one whose
    /// whole name it is.
    pub async fn press(&self, name: &str) {
        self.press_in("//body", name).await;
    }

    /// The same in the list row that holds `text`.
    pub async fn press_beside(&self, text: &str, name: &str) {
        let row = format!("//li[contains(@class, 'row')][contains(., \"{text}\")]");
        self.press_in(&row, name).await;
    }

    pub async fn press_in(&self, place: &str, name: &str) {
        let whole = format!("(normalize-space(.)=\"{name}\" or @aria-label=\"{name}\")");
        let start = format!("starts-with(normalize-space(.), \"{name}\")");
        let paths = [whole, start]
            .map(|test| format!("{place}//*[self::button or self::a or self::summary][{test}]"));
        let what = format!("press “{name}”");
        let clicked = self.until(&what, async || {
            for path in &paths {
                if let Some(element) = self.shown(By::XPath(path.clone())).await {
                    return Some(element.click().await);
                }
            }
            None
        });
        clicked.await.expect("it can be clicked");
    }

    /// Types into the field with this label, in place of what stood there.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.expect("a field that can be cleared");
        field.send_keys(text).await.expect("a field to type into");
    }

    pub async fn press_enter_in(&self, label: &str) {
        let field = self.field(label).await;
        let typed = field.send_keys(Key::Enter + "").await;
        typed.expect("a field to type into");
    }

    /// What stands in the field with this label.
    pub async fn typed(&self, label: &str) -> String {
        let value = self.field(label).await.value().await;
        value.expect("a field").unwrap_or_default()
    }

    /// Chooses a file for the field with this label.
    pub async fn attach(&self, label: &str, file: &Path) {
        let field = self.field(label).await;
        let path = file.to_str().expect("a plain path");
        field.send_keys(path).await.expect("a field for files");
    }

    /// Ticks the box, radio button or list entry with these words.
    pub async fn choose(&self, words: &str) {
        let path = format!(
            "//label[.//input][contains(., \"{words}\")] | //option[contains(., \"{words}\")]"
        );
        self.find(words, By::XPath(path))
            .await
            .click()
            .await
            .expect("a choice");
    }

    async fn field(&self, label: &str) -> WebElement {
        let path = format!("//*[@id=//label[starts-with(normalize-space(.), \"{label}\")]/@for]");
        self.find(label, By::XPath(path)).await
    }

    /// The text of the one element that this CSS selector finds.
    pub async fn text(&self, css: &str) -> String {
        let element = self.find(css, By::Css(css.to_owned())).await;
        element.text().await.expect("an element with text")
    }

    /// Whether the page shows anything for this CSS selector right now.
    pub async fn shows(&self, css: &str) -> bool {
        self.shown(By::Css(css.to_owned())).await.is_some()
    }

    pub async fn wait_for(&self, css: &str) {
        self.find(css, By::Css(css.to_owned())).await;
    }

    pub async fn title(&self) -> String {
        self.driver.title().await.expect("a title")
    }

    pub async fn url(&self) -> String {
        self.driver.current_url().await.expect("an address").into()
    }

    /// What a script in the page says; for what a person sees but no text tells.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute(script, arguments).await;
        answer.expect("the script runs").json().clone()
    }

    /// The same for a script that calls its last argument when it is done.
    pub async fn long_script(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.driver.execute_async(script, arguments).await;
        answer.expect("the script runs").json().clone()
    }

    pub async fn dev_tools(&self, command: &'static str, params: Value) -> Value {
        let answer = self.driver.cmd(DevTools(command, params)).await;
        let answer = answer.and_then(|answer| answer.value_json());
        answer.expect("a command that Chromium knows")
    }

    /// Plugs in a device that keeps passkeys, and does what its user is asked for; its name.
    pub async fn plug_in_a_device(&self) -> String {
        let answer = self.driver.cmd(PlugIn).await;
        let answer = answer.and_then(|answer| answer.value_json());
        let name = answer.expect("a device");
        name.as_str().expect("a name").to_owned()
    }

    /// The device knows its user by her finger, or does not.
    pub async fn recognise(&self, device: &str, does: bool) {
        let told = self.driver.cmd(Recognise(device.to_owned(), does)).await;
        told.expect("a device");
    }

    /// Lets pages read and write the clipboard, as a person at a desktop would.
    pub async fn allow_clipboard(&self) {
        let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
        let wanted = json!({ "permissions": permissions });
        self.dev_tools("Browser.grantPermissions", wanted).await;
    }

    async fn find(&self, what: &str, by: By) -> WebElement {
        self.until(&format!("find “{what}”"), async || {
            self.shown(by.clone()).await
        })
        .await
    }

    async fn shown(&self, by: By) -> Option<WebElement> {
        for element in self.driver.find_all(by).await.ok()? {
            // File inputs and radio buttons count as shown when they can be used.
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }

    async fn page(&self) -> Option<String> {
        let body = self.driver.find(By::Tag("body")).await.ok()?;
        body.text().await.ok()
    }

    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let watching = async {
            loop {
                match look().await {
                    Some(found) => return found,
                    None => sleep(GLANCE).await,
                }
            }
        };
        match timeout(PATIENCE, watching).await {
            Ok(found) => found,
            Err(_) => self.give_up(what).await,
        }
    }

    async fn give_up(&self, what: &str) -> ! {
        let page = self.page().await.unwrap_or_default();
        let said = self.console().await.join("\n");
        panic!("cannot {what} at {}:\n{page}\n{said}", self.url().await)
    }

    /// Waits until the browser goes, or tries to go, to an address with this text in it.
    pub async fn follow_to(&self, text: &str) {
        self.until(&format!("follow to “{text}”"), async || {
            let log = self.driver.get_log(NETWORK).await.ok()?;
            log.iter()
                .any(|entry| entry.message.contains(text))
                .then_some(())
        })
        .await
    }

    pub async fn forget_cookies(&self) {
        self.dev_tools("Network.clearBrowserCookies", json!({}))
            .await;
    }

    /// Fails on every warning and error of the console.
    pub async fn expect_quiet_console(&self) {
        let said = self.console().await;
        assert!(said.is_empty(), "the console says:\n{}", said.join("\n"));
    }

    /// The warnings and errors of the console. That a refused form is answered with a
    /// status of 4xx is no fault of the page.
    async fn console(&self) -> Vec<String> {
        let log: WebDriverResult<_> = self.driver.browser_log().await;
        let loud = |level: &str| level == "SEVERE" || level == "WARNING";
        let refused = |message: &str| {
            message.contains("the server responded with a status of 4")
                && !message.contains("/assets/")
                && !message.contains("/images/")
        };
        log.expect("the console's log")
            .into_iter()
            .filter(|entry| loud(&entry.level) && !refused(&entry.message))
            .map(|entry| format!("{}: {}", entry.level, entry.message))
            .collect()
    }
}
