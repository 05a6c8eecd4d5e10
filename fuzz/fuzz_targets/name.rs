//! Input: what somebody typed as a name, an address or a website. What is
//! accepted is accepted again unchanged, and keeps its promises.
#![no_main]

use grantor_protocol::app_url::AppUrl;
use grantor_protocol::email::Email;
use grantor_protocol::name::{AppName, app_imitates, confusable_with, person_imitates};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    if let Ok(name) = AppName::parse(text) {
        assert_eq!(AppName::parse(name.as_str()).as_ref(), Ok(&name));
        assert!((1..=64).contains(&name.as_str().chars().count()));
        assert!(
            !name
                .as_str()
                .chars()
                .any(|c| c.is_control() || (c.is_whitespace() && c != ' '))
        );
        // What is the brand to every reader is refused to apps and people.
        if confusable_with(name.as_str(), "Grantor") {
            assert!(app_imitates(name.as_str(), "Grantor"));
            assert!(person_imitates(name.as_str(), "Grantor"));
        }
    }
    if let Ok(email) = Email::parse(text) {
        assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
        assert_eq!(email.as_str().matches('@').count(), 1);
        assert_eq!(email.canonical(), email.canonical().to_lowercase());
    }
    if let Ok(app_url) = AppUrl::parse(text) {
        assert_eq!(AppUrl::parse(app_url.as_str()).as_ref(), Ok(&app_url));
        let url = Url::parse(app_url.as_str()).expect("a URL");
        assert!(matches!(url.scheme(), "http" | "https"));
        assert!(url.username().is_empty() && url.password().is_none());
        assert!(app_url.host().starts_with(url.host_str().expect("a host")));
    }
});
