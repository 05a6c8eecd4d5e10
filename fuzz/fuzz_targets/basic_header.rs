//! Input: an `Authorization` header, and the same bytes as the plain text of
//! Basic credentials. What is accepted has the parts that a second, naive
//! reading finds.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_protocol::basic::{
    Credentials, MAX_BASIC_BYTES, MAX_BEARER_BYTES, bearer, credentials,
};
use grantor_protocol::form::encode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(token) = bearer(data) {
        assert!(data.len() <= MAX_BEARER_BYTES && data.ends_with(token.as_bytes()));
        assert_eq!(data.len(), "Bearer ".len() + token.len());
        assert!(token.bytes().all(|b| b.is_ascii_graphic()));
        assert!(credentials(data).is_err(), "one header, one scheme");
    }
    accepted_means_readable(data);
    accepted_means_readable(format!("bAsIc {}", STANDARD.encode(data)).as_bytes());
});

fn accepted_means_readable(header: &[u8]) {
    let Ok(found) = credentials(header) else {
        return;
    };
    assert!(header.len() <= MAX_BASIC_BYTES && !found.client_id.is_empty());
    let secret = found.client_secret.as_deref().map_or("", String::as_str);
    assert!(
        !found
            .client_id
            .chars()
            .chain(secret.chars())
            .any(char::is_control)
    );
    let open = Credentials {
        client_id: found.client_id.clone(),
        client_secret: None,
    };
    assert_eq!(
        format!("{found:?}"),
        format!("{open:?}"),
        "Debug tells about the secret"
    );

    // Written the way RFC 6749 §2.3.1 says, it is read the same again.
    let part = |text: &str| encode([("", text)])[1..].to_owned();
    let plain = format!("{}:{}", part(&found.client_id), part(secret));
    let header = format!("Basic {}", STANDARD.encode(plain));
    if header.len() <= MAX_BASIC_BYTES {
        assert_eq!(credentials(header.as_bytes()), Ok(found));
    }
}
