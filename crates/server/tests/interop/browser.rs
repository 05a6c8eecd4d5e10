//! As much of a browser as our pages need: cookies, redirects and forms.

use crate::{process::PASSWORD, scene::EMAIL};
use reqwest::{Client, Response, Url, header::LOCATION, redirect::Policy};

/// More steps than any way through our pages has.
const STEPS: usize = 12;

/// The button of the consent page.
#[derive(Clone, Copy, Debug)]
pub enum Decision {
    Allow,
    Deny,
}

/// What somebody types into the form that has `marker` in it.
#[derive(Clone, Copy)]
pub struct Rule<'r> {
    marker: &'r str,
    typed: &'r [(&'r str, &'r str)],
}

impl<'r> Rule<'r> {
    pub fn new(marker: &'r str, typed: &'r [(&'r str, &'r str)]) -> Self {
        Self { marker, typed }
    }
}

pub struct Browser {
    http: Client,
    server: Url,
}

impl Browser {
    pub fn new(server: &str) -> Self {
        let http = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .no_proxy()
            .build();
        Self {
            http: http.expect("a client"),
            server: server.parse().expect("a URL"),
        }
    }

    /// Opens `start`, signs in, decides, and stops where the server sends the user
    /// back to the app. The callback is not opened.
    pub async fn connect(&self, start: &str, decision: Decision) -> String {
        let mut at: Url = start.parse().expect("a URL");
        let mut answer = self.get(&at).await;
        for _ in 0..STEPS {
            if let Some(next) = location(&at, &answer) {
                // The first way is to the server, the next one away from it.
                if at.origin() == self.server.origin() && next.origin() != at.origin() {
                    return next.into();
                }
                answer = self.get(&next).await;
                at = next;
            } else {
                let page = answer.text().await.expect("a page");
                let form = next_form(&page, decision);
                let target = at.join(&form.action).expect("an action");
                let post = self.http.post(target.clone()).form(&form.fields);
                answer = post.send().await.expect("an answer");
                at = target;
            }
        }
        unreachable!("{STEPS} steps, and still at {at}")
    }

    /// The first link of a page that begins so.
    pub async fn link(&self, page: &str, start: &str) -> String {
        let page = self.server.join(page).expect("a path");
        let text = self.get(&page).await.text().await.expect("a page");
        let (_, rest) = text
            .split_once(&format!("href=\"{start}"))
            .unwrap_or_else(|| unreachable!("no link to {start}: {text}"));
        let rest = rest.split('"').next().unwrap_or_default();
        let link = format!("{start}{}", rest.replace("&#38;", "&"));
        self.server.join(&link).expect("a link").into()
    }

    /// Follows what it is sent to and fills in what a rule is for, on whichever server, until
    /// a page comes that none is for: its address and text.
    pub async fn walk(&self, start: &str, rules: &[Rule<'_>]) -> (String, String) {
        let mut at: Url = start.parse().expect("a URL");
        let mut answer = self.get(&at).await;
        for _ in 0..2 * STEPS {
            if let Some(next) = location(&at, &answer) {
                answer = self.get(&next).await;
                at = next;
                continue;
            }
            let page = answer.text().await.expect("a page");
            let Some(rule) = rules.iter().find(|rule| page.contains(rule.marker)) else {
                return (at.into(), page);
            };
            (at, answer) = self.fill(&at, &page, rule).await;
        }
        unreachable!("too many steps, and still at {at}")
    }

    /// As [`Browser::walk`], but the rule is followed once.
    pub async fn walk_once(&self, start: &str, rule: &Rule<'_>) -> (String, String) {
        let (at, page) = self.walk(start, &[]).await;
        let at = at.parse().expect("a URL");
        let (at, answer) = self.fill(&at, &page, rule).await;
        (at.into(), answer.text().await.expect("a page"))
    }

    async fn fill(&self, at: &Url, page: &str, rule: &Rule<'_>) -> (Url, Response) {
        let forms = page.split("<form").skip(1);
        let mut forms = forms.filter_map(|form| form.split("</form>").next());
        let form = forms.find(|form| form.contains(rule.marker));
        let form = Form::read(form.expect("the marker is in a form"));
        let form = rule.typed.iter().copied().fold(form, Form::with);
        let target = at.join(&form.action).expect("an action");
        let post = self.http.post(target.clone()).form(&form.fields);
        (target, post.send().await.expect("an answer"))
    }

    /// Opens the callback, where a server of the app waits for it.
    pub async fn open(&self, url: &str) -> String {
        let answer = self.get(&url.parse().expect("a URL")).await;
        answer.text().await.expect("a page")
    }

    /// Opens the callback, and what it leads to.
    pub async fn follow(&self, url: &str) -> Response {
        let mut at: Url = url.parse().expect("a URL");
        for _ in 0..STEPS {
            let answer = self.get(&at).await;
            match location(&at, &answer) {
                Some(next) => at = next,
                None => return answer,
            }
        }
        unreachable!("{STEPS} steps, and still at {at}")
    }

    async fn get(&self, url: &Url) -> Response {
        let answer = self.http.get(url.clone()).send().await;
        answer.expect("an answer")
    }
}

fn location(at: &Url, answer: &Response) -> Option<Url> {
    let location = answer.headers().get(LOCATION)?;
    at.join(location.to_str().expect("a URL")).ok()
}

/// A form with the button that was pressed.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// Fills in the form of the page: the login, or the consent.
fn next_form(page: &str, decision: Decision) -> Form {
    let forms = page.split("<form").skip(1);
    let having = |button: &str| {
        let mut forms = forms
            .clone()
            .filter_map(|form| form.split("</form>").next());
        forms.find(|form| form.contains(button)).map(Form::read)
    };
    let value = match decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
    };
    if let Some(login) = having("name=\"action\" value=\"login\"") {
        let typed = [
            ("email", EMAIL),
            ("password", PASSWORD),
            ("action", "login"),
        ];
        return typed.into_iter().fold(login, Form::with);
    }
    let consent = having(&format!("name=\"decision\" value=\"{value}\""));
    consent
        .unwrap_or_else(|| unreachable!("neither login nor consent: {page}"))
        .with(("decision", value))
}

impl Form {
    /// The action and the hidden fields.
    fn read(form: &str) -> Self {
        let hidden = form.split("<input ").skip(1);
        let hidden = hidden.filter(|input| input.starts_with("type=\"hidden\""));
        Self {
            action: attribute(form, "action"),
            fields: hidden
                .map(|input| (attribute(input, "name"), attribute(input, "value")))
                .collect(),
        }
    }

    fn with(mut self, (name, value): (&str, &str)) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
}

/// The value of the first attribute of this name.
fn attribute(tag: &str, name: &str) -> String {
    let (_, rest) = tag
        .split_once(&format!(" {name}=\""))
        .expect("the attribute");
    let text = rest.split('"').next().unwrap_or_default();
    let escapes = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    escapes
        .into_iter()
        .fold(text.to_owned(), |text, (escape, plain)| {
            text.replace(escape, plain)
        })
}
