//! Examples that the RFCs print, read and written by our code. Whole sections:
//! what is not here is in the unit tests beside the parsers.

use crate::facts::*;
use grantor_protocol::{
    authorize::{Delivery, Granted, Rejection, ReturnTo, validate},
    basic,
    client::{ClientKind, Credential, authenticate},
    error::Cause,
    form::{self, Params},
    pkce::Challenge,
    redirect::{Place, RedirectUri, with_params},
    secret::{Kind, SecretFormat},
    time::Millis,
    token::TokenRequest,
};

const CLIENT: &str = "https://client.example.com/cb";

/// The road back to the RFCs' example client.
fn return_to(response_type: &str) -> ReturnTo {
    let mut client = client(ClientKind::Confidential);
    client.redirect_uris = vec![RedirectUri::parse(CLIENT, client.kind).unwrap()];
    client.implicit = true;
    let params = query(&[
        ("response_type", Some(response_type)),
        ("client_id", Some("s6BhdRkqt3")),
        ("state", Some("xyz")),
        ("redirect_uri", Some(CLIENT)),
        ("scope", Some("unheard-of")),
    ]);
    match validate(&params, Some(&client), &policy()) {
        Err(Rejection::SendBack {
            to,
            cause: Cause::ScopeUnknown,
            ..
        }) => to,
        other => panic!("{other:?}"),
    }
}

/// The address that the browser is sent to.
fn redirect(delivery: Delivery) -> String {
    match delivery {
        Delivery::Redirect(address) => address,
        Delivery::Post { .. } => panic!("{delivery:?}"),
    }
}

#[test]
fn rfc6749_section_4_1_1_authorization_request() {
    let text = "response_type=code&client_id=s6BhdRkqt3&state=xyz&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb";
    let params = Params::parse(text.as_bytes()).unwrap();
    let mut client = client(ClientKind::Confidential);
    client.redirect_uris = vec![RedirectUri::parse(CLIENT, client.kind).unwrap()];
    let request = validate(&params, Some(&client), &policy()).unwrap();
    assert_eq!(request.return_to.uri().as_str(), CLIENT);
}

#[test]
fn rfc6749_section_4_1_2_code_in_the_query() {
    let params = [("code", "SplxlOBeZQQYbYS6WxSbIA"), ("state", "xyz")];
    assert_eq!(
        with_params(CLIENT, &params, Place::Query),
        "https://client.example.com/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz"
    );
}

#[test]
fn rfc6749_section_4_1_2_1_error_in_the_query() {
    let answer = redirect(return_to("code").with_error(Cause::Denied));
    let (uri, params) = answer.split_once('?').unwrap();
    let params = Params::parse(params.as_bytes()).unwrap();
    assert_eq!(uri, CLIENT);
    assert!(answer.starts_with("https://client.example.com/cb?error=access_denied&"));
    assert_eq!(params.get("state"), Some("xyz"));
    assert_eq!(
        params.get("error_description"),
        Some(Cause::Denied.description())
    );
}

/// %x20-21 / %x23-5B / %x5D-7E, and a code of the same alphabet.
#[test]
fn rfc6749_section_5_2_characters_of_errors() {
    let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    for cause in Cause::ALL {
        assert!(cause.description().bytes().all(allowed), "{cause:?}");
        assert!(
            cause
                .code()
                .as_str()
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
        );
        let answer = redirect(return_to("code").with_error(*cause));
        let params = Params::parse(answer.split_once('?').unwrap().1.as_bytes()).unwrap();
        assert_eq!(params.get("error"), Some(cause.code().as_str()));
        assert_eq!(params.get("error_description"), Some(cause.description()));
    }
}

#[test]
fn rfc6749_section_4_1_3_token_request() {
    let found = basic::credentials(b"Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW").unwrap();
    assert_eq!(found.client_id, "s6BhdRkqt3");
    assert_eq!(found.client_secret.unwrap().as_str(), "gX1fBat3bV");

    let body = "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient%2Eexample%2Ecom%2Fcb";
    let params = Params::parse(body.as_bytes()).unwrap();
    let TokenRequest::Code(ask) = TokenRequest::parse(&params).unwrap() else {
        panic!()
    };
    assert_eq!(
        (ask.code, ask.redirect_uri, ask.verifier),
        ("SplxlOBeZQQYbYS6WxSbIA", Some(CLIENT), None)
    );
}

#[test]
fn rfc6749_section_6_refresh_request() {
    let params =
        Params::parse(b"grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA").unwrap();
    let TokenRequest::Refresh(ask) = TokenRequest::parse(&params).unwrap() else {
        panic!()
    };
    assert_eq!((ask.token, ask.scope), ("tGzv3JOkF0XG5Qx2TlKWIA", None));
}

#[test]
fn a_token_request_names_a_grant_type_and_what_it_needs() {
    for (body, cause) in [
        ("", Cause::GrantTypeMissing),
        ("grant_type=", Cause::GrantTypeMissing),
        (
            "grant_type=password&username=a&password=b",
            Cause::GrantTypeUnknown,
        ),
        (
            "grant_type=Authorization_Code&code=x",
            Cause::GrantTypeUnknown,
        ),
        (
            "grant_type=authorization_code&refresh_token=x",
            Cause::CodeMissing,
        ),
        ("grant_type=refresh_token&code=x", Cause::RefreshMissing),
    ] {
        let params = Params::parse(body.as_bytes()).unwrap();
        assert_eq!(TokenRequest::parse(&params).err(), Some(cause), "{body}");
    }
}

#[test]
fn rfc6749_section_4_2_2_token_in_the_fragment() {
    let token = SecretFormat::new("gr", &[7; 32]).mint(Kind::Access, 1, &[1; 32]);
    let scopes = scopes("default email");
    let answer = redirect(return_to("token").with_answer(Granted {
        token: Some((&token, Millis::hours(1), &scopes)),
        ..Granted::default()
    }));
    let (uri, fragment) = answer.split_once('#').unwrap();
    let params = Params::parse(fragment.as_bytes()).unwrap();
    let text = token.reveal_for_response();
    assert_eq!(uri, CLIENT);
    let pairs: Vec<_> = params.iter().collect();
    assert_eq!(
        pairs,
        [
            ("access_token", text),
            ("token", text),
            ("token_type", "bearer"),
            ("expires_in", "3600"),
            ("scope", "default email"),
            ("state", "xyz"),
            ("iss", "https://id.example"),
        ]
    );
}

/// Space, percent, ampersand, plus, pound and euro.
#[test]
fn rfc6749_appendix_b_form_encoding() {
    let params = Params::parse(b"x=+%25%26%2B%C2%A3%E2%82%AC").unwrap();
    assert_eq!(params.get("x"), Some(" %&+\u{a3}\u{20ac}"));
    let again = Params::parse(form::encode(params.iter()).as_bytes()).unwrap();
    assert_eq!(again, params);
}

#[test]
fn rfc6750_section_2_1_bearer_header() {
    assert_eq!(
        basic::bearer(b"Bearer mF_9.B5f-4.1JqM"),
        Ok("mF_9.B5f-4.1JqM")
    );
}

#[test]
fn rfc7009_section_2_1_revocation_request() {
    let body = b"token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token";
    let params = Params::parse(body).unwrap();
    assert_eq!(params.get("token"), Some("45ghiukldjahdnhzdauz"));
    let found = basic::credentials(b"Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW").unwrap();
    let mut client = client(ClientKind::Confidential);
    client.secrets = vec![secret(1, "gX1fBat3bV", None)];
    let sent = found.client_secret.as_ref().map(|secret| secret.as_str());
    assert!(authenticate(Some(&client), &Credential::posted(sent), NOW).is_ok());
}

#[test]
fn rfc7636_appendix_b_challenge_and_verifier() {
    let challenge = Challenge::parse(CHALLENGE).unwrap();
    assert!(challenge.proved_by(VERIFIER));
    // Section 4.1: 43 to 128 characters, unreserved ones only.
    for wrong in [
        &VERIFIER[1..],
        &VERIFIER.replace('-', "+"),
        &VERIFIER.to_lowercase(),
        "",
    ] {
        assert!(!challenge.proved_by(wrong), "{wrong}");
    }
}

/// Section 7.1 and both families of section 7.3.
#[test]
fn rfc8252_section_7_redirects_of_native_apps() {
    let native = ClientKind::Native;
    for (registered, asked) in [
        (
            "com.example.app:/oauth2redirect/example-provider",
            "com.example.app:/oauth2redirect/example-provider",
        ),
        (
            "http://127.0.0.1/oauth2redirect/example-provider",
            "http://127.0.0.1:51004/oauth2redirect/example-provider",
        ),
        (
            "http://[::1]/oauth2redirect/example-provider",
            "http://[::1]:61023/oauth2redirect/example-provider",
        ),
    ] {
        let uri = RedirectUri::parse(registered, native).unwrap();
        assert_eq!(
            uri.admit(asked, native).map(|it| it.to_string()),
            Some(asked.into())
        );
    }
}

#[test]
fn rfc9207_section_2_iss_in_every_answer() {
    let code = SecretFormat::new("gr", &[7; 32]).mint(Kind::Code, 1, &[1; 32]);
    let answer = redirect(return_to("code").with_answer(Granted {
        code: Some(&code),
        ..Granted::default()
    }));
    let text = code.reveal_for_response();
    let iss = "iss=https%3A%2F%2Fid.example";
    assert_eq!(answer, format!("{CLIENT}?code={text}&state=xyz&{iss}"));
    for flow in ["code", "token", "id_token"] {
        let refusal = redirect(return_to(flow).with_error(Cause::Denied));
        assert!(refusal.ends_with(&format!("&state=xyz&{iss}")), "{refusal}");
    }
}
