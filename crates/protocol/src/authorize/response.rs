//! What comes back, and how (OAuth 2.0 Multiple Response Types; OAuth 2.0 Form Post
//! Response Mode).

use std::fmt;

/// The words of `response_type`, which have no order (RFC 6749 §3.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseType {
    pub code: bool,
    pub token: bool,
    pub id_token: bool,
}

impl ResponseType {
    pub const CODE: Self = Self::of(true, false, false);
    pub const TOKEN: Self = Self::of(false, true, false);
    pub const ID_TOKEN: Self = Self::of(false, false, true);

    pub const ALL: [Self; 7] = [
        Self::CODE,
        Self::TOKEN,
        Self::ID_TOKEN,
        Self::of(false, true, true),
        Self::of(true, false, true),
        Self::of(true, true, false),
        Self::of(true, true, true),
    ];

    const fn of(code: bool, token: bool, id_token: bool) -> Self {
        Self {
            code,
            token,
            id_token,
        }
    }

    /// `None` for a word that is unknown or comes twice, and for no word at all.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parsed = Self::of(false, false, false);
        for word in text.split(' ') {
            let place = match word {
                "code" => &mut parsed.code,
                "token" => &mut parsed.token,
                "id_token" => &mut parsed.id_token,
                _ => return None,
            };
            if std::mem::replace(place, true) {
                return None;
            }
        }
        Some(parsed)
    }

    /// The name under which it is registered (IANA's OAuth parameters).
    pub fn name(self) -> &'static str {
        match (self.code, self.token, self.id_token) {
            (true, false, false) => "code",
            (false, true, false) => "token",
            (false, false, true) => "id_token",
            (false, true, true) => "id_token token",
            (true, false, true) => "code id_token",
            (true, true, false) => "code token",
            (true, true, true) => "code id_token token",
            (false, false, false) => "none",
        }
    }

    /// Whether something secret beside a code travels through the browser.
    pub fn is_front_channel(self) -> bool {
        self.token || self.id_token
    }

    /// Where an answer goes when the request does not say (Multiple Response Types §2.1).
    pub fn default_mode(self) -> ResponseMode {
        match self.is_front_channel() {
            true => ResponseMode::Fragment,
            false => ResponseMode::Query,
        }
    }
}

impl fmt::Debug for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How an answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseMode {
    Query,
    Fragment,
    /// A form that the browser sends by itself.
    FormPost,
}

impl ResponseMode {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_in_any_order_and_once() {
        for response in ResponseType::ALL {
            assert_eq!(ResponseType::parse(response.name()), Some(response));
            let backwards: Vec<_> = response.name().rsplit(' ').collect();
            assert_eq!(ResponseType::parse(&backwards.join(" ")), Some(response));
        }
        for text in [
            "",
            " ",
            "code ",
            "code  token",
            "code code",
            "none",
            "Code",
            "code,token",
        ] {
            assert_eq!(ResponseType::parse(text), None, "{text:?}");
        }
    }
}
