//! The stylesheet, the scripts and the icon, built into the binary; the platform's own beside
//! them, each under a hash of its own.
//!
//! All files that are built in share one hash, made of every name and every byte, and it is part
//! of their address: an address never changes its content, so a browser may
//! keep it for ever, and one script can import its neighbour by a plain
//! `./name.js`. An address with another hash (a page rendered by another
//! version of this program, during a rolling update) still gets the file, but
//! nobody may keep it.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::State;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};

use crate::app::Shared;
use crate::failure::{Answer, Failure};
use crate::look::Look;

/// Every address that this module answers begins so.
pub const PREFIX: &str = "/assets/";

const SVG: &str = "image/svg+xml";

struct Asset {
    name: &'static str,
    bytes: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "style.css",
        // One stylesheet for the browser, four short ones for us.
        bytes: concat!(
            include_str!("../assets/style/base.css"),
            include_str!("../assets/style/frame.css"),
            include_str!("../assets/style/form.css"),
            include_str!("../assets/style/slip.css"),
            include_str!("../assets/style/console.css"),
        )
        .as_bytes(),
    },
    Asset {
        name: "enhance.js",
        bytes: include_bytes!("../assets/enhance.js"),
    },
    Asset {
        name: "copy.js",
        bytes: include_bytes!("../assets/copy.js"),
    },
    Asset {
        name: "preview.js",
        bytes: include_bytes!("../assets/preview.js"),
    },
    Asset {
        name: "confirm.js",
        bytes: include_bytes!("../assets/confirm.js"),
    },
    Asset {
        name: "passkey.js",
        bytes: include_bytes!("../assets/passkey.js"),
    },
    Asset {
        name: "submit.js",
        bytes: include_bytes!("../assets/submit.js"),
    },
    Asset {
        name: "check_session.js",
        bytes: include_bytes!("../assets/check_session.js"),
    },
    Asset {
        name: "onward.js",
        bytes: include_bytes!("../assets/onward.js"),
    },
    Asset {
        name: "mark.svg",
        bytes: include_bytes!("../assets/mark.svg"),
    },
];

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut all = Vec::new();
    for asset in ASSETS {
        // The lengths keep a byte from moving between neighbours unnoticed.
        all.extend_from_slice(&(asset.name.len() as u64).to_be_bytes());
        all.extend_from_slice(asset.name.as_bytes());
        all.extend_from_slice(&(asset.bytes.len() as u64).to_be_bytes());
        all.extend_from_slice(asset.bytes);
    }
    hash(&all)
});

/// The first 64 bits of SHA-256, in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    let sum = digest(&SHA256, bytes);
    sum.as_ref()[..8]
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Where a page finds the asset of this name: `/assets/<hash>/<name>`.
pub fn url(name: &str) -> String {
    debug_assert!(ASSETS.iter().any(|a| a.name == name), "no asset {name}");
    url_of(&HASH, name)
}

pub fn url_of(hash: &str, name: &str) -> String {
    format!("{PREFIX}{hash}/{name}")
}

/// Every asset as (address, bytes), for whoever wants to lay them out as files.
pub fn all() -> impl Iterator<Item = (String, &'static [u8])> {
    ASSETS.iter().map(|a| (url(a.name), a.bytes))
}

/// What is served under its hash: one of ours, or the platform's own (`look`).
pub struct File<'a> {
    pub name: &'a str,
    pub hash: &'a str,
    pub bytes: Bytes,
}

fn ours(name: &str) -> Option<File<'static>> {
    let asset = ASSETS.iter().find(|a| a.name == name)?;
    Some(File {
        name: asset.name,
        hash: &HASH,
        bytes: Bytes::from_static(asset.bytes),
    })
}

/// Answers a request for `path`, or says `None` where there is no such asset.
pub fn answer(
    look: &Look,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Response<Bytes>> {
    let (hash, name) = path.strip_prefix(PREFIX)?.split_once('/')?;
    let file = ours(name).or_else(|| look.file(name))?;
    Some(file.answer(method, hash, headers))
}

impl File<'_> {
    fn mime(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("png") => "image/png",
            Some("webp") => "image/webp",
            _ => SVG,
        }
    }

    /// To whoever asked for it under this hash.
    fn answer(self, method: &Method, asked: &str, headers: &HeaderMap) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        let out = response.headers_mut();
        if method != Method::GET && method != Method::HEAD {
            out.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            return response;
        }
        self.dress(asked, out);
        let etag = format!("\"{}\"", self.hash);
        let unchanged = known(headers, &etag);
        if let Ok(etag) = HeaderValue::try_from(etag) {
            out.insert(ETAG, etag);
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        out.insert(CONTENT_TYPE, HeaderValue::from_static(self.mime()));
        out.insert(CONTENT_LENGTH, HeaderValue::from(self.bytes.len()));
        if method == Method::GET {
            *response.body_mut() = self.bytes;
        }
        response
    }

    fn dress(&self, asked: &str, out: &mut HeaderMap) {
        let keep = if asked == self.hash {
            "public, max-age=31536000, immutable"
        } else {
            "no-store"
        };
        out.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        out.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        out.insert(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        );
        if self.mime() == SVG {
            // An SVG opened as a document is a page: let it do nothing but look right.
            let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
            out.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(policy),
            );
        }
    }
}

/// Whether the browser already holds what `etag` names (RFC 9110 §13.1.2: the
/// comparison is weak, and `*` stands for anything).
fn known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim())
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// The route of all assets.
pub async fn show(
    State(app): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let found = answer(&app.look, &method, uri.path(), &headers);
    Ok(found.ok_or(Failure::NotFound)?.map(axum::body::Body::from))
}

/// For browsers that ask before they read a page.
pub async fn favicon(State(app): State<Shared>) -> axum::response::Response {
    crate::front::see_other(&app.look.logo().0)
}

/// Nothing here is for a search engine but the front page.
pub async fn robots() -> &'static str {
    "User-agent: *\nAllow: /$\nDisallow: /\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, headers: &HeaderMap) -> Response<Bytes> {
        answer(&Look::default(), &Method::GET, path, headers).expect("an asset")
    }

    #[test]
    fn an_asset_is_kept_for_ever_at_its_own_address_only() {
        let none = HeaderMap::new();
        let fresh = get(&url("style.css"), &none);
        assert_eq!(fresh.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(
            fresh.headers()[CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert!(!fresh.body().is_empty());
        let other = get("/assets/0000000000000000/style.css", &none);
        assert_eq!(other.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(other.body(), fresh.body());
    }

    #[test]
    fn what_the_browser_holds_is_not_sent_again() {
        let etag = get(&url("copy.js"), &HeaderMap::new()).headers()[ETAG].clone();
        let etag = etag.to_str().unwrap().to_owned();
        for sent in [
            etag.clone(),
            format!("W/{etag}"),
            format!("\"a\", {etag}"),
            "*".into(),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, sent.parse().unwrap());
            let again = get(&url("copy.js"), &headers);
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{sent}");
            assert!(again.body().is_empty());
        }
    }

    #[test]
    fn only_known_names_and_methods() {
        let (look, none) = (Look::default(), HeaderMap::new());
        for path in [
            "/assets/",
            "/assets/x",
            "/assets/x/",
            "/assets/x/../style.css",
            "/style.css",
        ] {
            assert!(answer(&look, &Method::GET, path, &none).is_none(), "{path}");
        }
        let head = answer(&look, &Method::HEAD, &url("mark.svg"), &none).unwrap();
        assert!(head.body().is_empty());
        assert!(
            head.headers()[CONTENT_LENGTH]
                .to_str()
                .unwrap()
                .parse::<u32>()
                .unwrap()
                > 0
        );
        let post = answer(&look, &Method::POST, &url("mark.svg"), &none).unwrap();
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
