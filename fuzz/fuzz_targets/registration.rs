//! Input: a registration request.
//!
//! - What is accepted and written back is accepted again, as the same app.
//! - Every address in it is a URL without user-info, and https unless the operator
//!   allowed its host.
//! - No private key survives, and a refusal keeps to the characters of RFC 6749 §5.2.
#![no_main]

use grantor_jose::json::parse_object;
use grantor_protocol::{
    authorize::Policy,
    openid::registration::{ClientMetadata, MetadataError, Terms},
};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use url::Url;

const ALLOWED: &str = "http://intranet.example/";

fn parse(sent: &Map<String, Value>) -> Result<ClientMetadata, MetadataError> {
    let policy = Policy {
        issuer: "https://id.example".into(),
        scopes: Vec::new(),
        implicit: true,
        out_of_band: true,
        refresh_absolute: None,
    };
    let terms = Terms {
        policy: &policy,
        plain_http: &|uri| uri.starts_with(ALLOWED),
    };
    ClientMetadata::parse(sent, terms)
}

fuzz_target!(|data: &[u8]| {
    let Ok(sent) = parse_object(data, 1 << 16) else {
        return;
    };
    let app = match parse(&sent) {
        Ok(app) => app,
        Err(error) => {
            let allowed = |byte: u8| (0x20..=0x7e).contains(&byte) && !b"\"\\".contains(&byte);
            assert!(error.to_string().bytes().all(allowed));
            return;
        }
    };
    let answer = app.to_json();
    let text = Value::Object(answer.clone()).to_string();
    let read = parse_object(text.as_bytes(), 1 << 17).expect("our own text");
    let again = parse(&read).expect("what was answered registers again");
    assert_eq!(again.to_json(), answer);
    for uri in &app.redirect_uris {
        assert_eq!(Url::parse(uri.as_str()).expect("a URL").fragment(), None);
    }
    let chosen = &app.registration;
    let addresses = [
        &chosen.jwks_uri,
        &chosen.sector_identifier_uri,
        &chosen.logo_uri,
        &chosen.policy_uri,
        &chosen.tos_uri,
        &chosen.initiate_login_uri,
        &chosen.backchannel_logout_uri,
    ];
    for address in addresses.into_iter().flatten().chain(&chosen.request_uris) {
        let url = Url::parse(address).expect("a URL");
        assert!(url.scheme() == "https" || address.starts_with(ALLOWED));
        assert!(url.username().is_empty() && url.password().is_none());
    }
    let keys = answer.get("jwks").and_then(|set| set["keys"].as_array());
    for key in keys.into_iter().flatten() {
        assert!(key.get("d").is_none() && key.get("k").is_none());
    }
});
