//! An answer, and what a test wants to know of it.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub async fn of(answer: Response) -> Self {
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// `""` when the header is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.headers.get_all(name).iter();
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    pub fn is_html(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }

    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{error} in {} {}", self.status, self.body),
        }
    }

    /// A text member of a JSON answer, `""` when it is not there.
    pub fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// A parameter of the redirect, in its query or fragment.
    pub fn sent(&self, name: &str) -> Option<String> {
        let location = self.location();
        let (_, params) = location.split_once(['?', '#'])?;
        let mut pairs = url::form_urlencoded::parse(params.as_bytes());
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// What a page's form carries against forgery.
    pub fn csrf(&self) -> Option<&str> {
        self.between("name=\"csrf\" value=\"", "\"")
    }

    /// The first text between two others.
    pub fn between(&self, before: &str, after: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(before)?;
        Some(rest.split_once(after)?.0)
    }

    /// The first whole secret of a kind in the answer.
    pub fn secret(&self, prefix: &str) -> Option<String> {
        const REST: usize = 49;
        let starts = self.body.match_indices(prefix);
        let mut texts = starts.filter_map(|(at, _)| {
            let text = self.body.get(at..at + prefix.len() + REST)?;
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                .then_some(text)
        });
        texts.next().map(str::to_owned)
    }

    /// The title of a page without the platform's name.
    pub fn title(&self) -> String {
        let title = self.between("<title>", "</title>").unwrap_or_default();
        let title = title.split(" · ").next().unwrap_or_default();
        title.replace(['\u{2068}', '\u{2069}'], "")
    }

    /// The first heading of a page, as text.
    pub fn heading(&self) -> String {
        let heading = self
            .between("<h1", "</h1>")
            .and_then(|it| it.split_once('>'));
        text_of(heading.map_or("", |(_, heading)| heading))
    }

    /// What a page says of the last action or of what is wrong.
    pub fn notice(&self) -> String {
        let notice = self
            .between("<p class=\"notice ", "</p>")
            .and_then(|it| it.split_once('>'));
        text_of(notice.map_or("", |(_, notice)| notice))
    }

    /// The one line that a matrix has room for.
    pub fn brief(&self) -> String {
        let code = self.code();
        let to_login = self.location().starts_with("/login");
        match code {
            303 if to_login && self.location().contains("confirm=1") => "303 confirm".into(),
            303 if to_login => "303 login".into(),
            303 if self.location().ends_with("done=already") => "303 already".into(),
            _ => code.to_string(),
        }
    }
}

/// Markup without its tags and entities.
fn text_of(markup: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&#38;", "&")
        .replace("&#39;", "'")
        .replace("&#34;", "\"");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
