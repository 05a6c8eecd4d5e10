//! Input: a byte of switches, then the query of an authorization request.
//!
//! - Whatever may redirect leads to a registered URI, as the `url` crate reads it.
//! - Before client and redirect are verified, nothing may.
//! - What is accepted keeps the rules that need no fact beside the query.
#![no_main]

use grantor_protocol::{
    authorize::{
        Dead, Decision, Delivery, Granted, Hinted, Policy, Rejection, Request, ReturnTo, Session,
        Situation, Step, next_step, validate,
    },
    client::{Client, ClientKind},
    error::Cause,
    form::Params,
    openid::{login::Level, registration::Registration},
    redirect::RedirectUri,
    scope::Scope,
    secret::{Kind, SecretFormat},
    time::{Millis, Timestamp},
};
use libfuzzer_sys::fuzz_target;
use url::Url;

const REGISTERED: [&str; 5] = [
    "https://app.example/cb?x=1",
    "http://127.0.0.1/cb",
    "http://localhost:8080/cb",
    "com.example.app:/cb",
    "urn:ietf:wg:oauth:2.0:oob",
];

fuzz_target!(|data: &[u8]| {
    let Some((&switches, query)) = data.split_first() else {
        return;
    };
    let Ok(params) = Params::parse(query) else {
        return;
    };
    let (client, policy) = world(switches);
    assert!(matches!(
        validate(&params, None, &policy),
        Err(Rejection::Dead(Dead::ClientMissing | Dead::ClientUnknown))
    ));
    let result = validate(&params, Some(&client), &policy);
    match &result {
        Err(Rejection::Dead(_)) => {}
        Err(Rejection::SendBack { to, cause, .. }) => leads_home(to, *cause, &params, &client),
        Ok(request) => {
            leads_home(&request.return_to, Cause::Denied, &params, &client);
            keeps_the_rules(request, &params, &client, &policy);
        }
    }
    nobody_is_asked_or_sent_in_vain(result);
});

fn world(switches: u8) -> (Client, Policy) {
    let on = |bit: u8| switches & (1 << bit) != 0;
    let kind = ClientKind::ALL[usize::from(switches >> 5) % 3];
    let client = Client {
        id: 100,
        kind,
        redirect_uris: REGISTERED
            .map(|uri| RedirectUri::from_registered(uri.into()))
            .into(),
        implicit: on(0),
        stateless: on(1),
        pkce_required: on(2),
        resource_server: false,
        suspended: false,
        changed: Timestamp(0),
        secrets: Vec::new(),
        registration: Registration::default(),
    };
    let scopes = ["default", "email", "openid", "offline_access"]
        .map(|name| Scope::parse(name).expect("a scope"));
    let policy = Policy {
        issuer: "https://id.example".into(),
        scopes: scopes.into(),
        implicit: on(3),
        out_of_band: on(4),
        refresh_absolute: None,
    };
    (client, policy)
}

fn leads_home(to: &ReturnTo, cause: Cause, params: &Params, client: &Client) {
    let asked = params
        .get("redirect_uri")
        .expect("a redirect was asked for");
    assert_eq!(to.uri().as_str(), asked);
    let exact = REGISTERED.contains(&asked);
    assert!(exact || client.kind == ClientKind::Native);
    if to.is_out_of_band() {
        return;
    }
    let home = |url: &Url| {
        (
            url.scheme().to_owned(),
            url.host_str().map(str::to_owned),
            url.path().to_owned(),
        )
    };
    let url = Url::parse(&address(&to.with_error(cause))).expect("a URL");
    let registered = REGISTERED.iter().map(|uri| Url::parse(uri).expect("a URL"));
    assert!(registered.into_iter().any(|it| home(&it) == home(&url)));
    assert!(exact || url.host_str() == Some("127.0.0.1"));
    assert!(url.username().is_empty() && url.password().is_none());

    let code = SecretFormat::new("gr", &[7; 32]).mint(Kind::Code, 1, &[1; 32]);
    let granted = to.with_answer(Granted {
        code: Some(&code),
        ..Granted::default()
    });
    for answer in [to.with_error(cause), granted] {
        let pairs = sent(&answer);
        let value = |name: &str| {
            let mut found = pairs.iter().filter(|(key, _)| key == name);
            let first = found.next().map(|(_, value)| value.as_str());
            assert!(found.next().is_none(), "{name} twice");
            first
        };
        assert_eq!(value("state"), params.get("state"));
        assert_eq!(value("iss"), Some("https://id.example"));
        assert!(value("error").is_some() != value("code").is_some());
    }
}

/// Where the browser goes.
fn address(answer: &Delivery) -> String {
    match answer {
        Delivery::Redirect(address) => address.clone(),
        Delivery::Post { uri, .. } => uri.clone(),
    }
}

/// What it takes there.
fn sent(answer: &Delivery) -> Vec<(String, String)> {
    match answer {
        Delivery::Redirect(address) => {
            let url = Url::parse(address).expect("a URL");
            let text = url.fragment().or(url.query()).expect("an answer");
            let pairs = url::form_urlencoded::parse(text.as_bytes());
            pairs.into_owned().collect()
        }
        Delivery::Post { fields, .. } => {
            let fields = fields.iter();
            let pairs = fields.map(|(name, value)| ((*name).to_owned(), value.clone()));
            pairs.collect()
        }
    }
}

fn keeps_the_rules(request: &Request, params: &Params, client: &Client, policy: &Policy) {
    let proves = request.challenge.is_some();
    assert!(!request.scopes.is_empty());
    assert!(request.scopes.iter().all(|scope| policy.offers(scope)));
    let response = request.response_type;
    let has_state = params.get("state").is_some() || client.stateless;
    if response.token {
        assert!(client.implicit && policy.implicit);
    }
    if response.id_token {
        assert!(request.scopes.contains("openid") && request.nonce.is_some());
    }
    if response.is_front_channel() {
        assert!(request.return_to.uri().as_str().starts_with("https://"));
        assert!(has_state);
    }
    if response.code {
        assert!(has_state || proves);
        assert!(proves || !client.pkce_required);
        let excused = client.kind == ClientKind::Native && request.return_to.is_out_of_band();
        assert!(proves || client.kind == ClientKind::Confidential || excused);
    }
}

/// With nobody there, nothing but `prompt=none` answers; with a user and her
/// consent, the app always hears something or she logs in again.
fn nobody_is_asked_or_sent_in_vain(result: Result<Request, Rejection>) {
    let now = Timestamp(1_800_000_000_000);
    let silent = match &result {
        Ok(request) => request.prompt.none,
        Err(Rejection::SendBack { silent, .. }) => *silent,
        Err(Rejection::Dead(_)) => false,
    };
    let mut situation = Situation {
        session: None,
        approval: None,
        hinted: Hinted::Nobody,
        decision: Decision::Allow,
        asked_login: None,
        now,
    };
    match next_step(result.clone(), &situation) {
        Step::SendBack(..) => assert!(silent),
        Step::Login => assert!(!silent),
        Step::Dead(_) => return,
        Step::Consent(_) | Step::Answer(_) => panic!("nobody is there"),
    }
    let session = Session {
        has_role: false,
        id: 8,
        user: 7,
        email: "ann@a.example".into(),
        auth_time: now - Millis::seconds(10),
        level: Level::PASSWORD,
    };
    situation.session = Some(&session);
    match next_step(result, &situation) {
        Step::Answer(approved) => assert!(!silent && approved.user == 7),
        Step::SendBack(..) => {}
        Step::Login => assert!(!silent),
        Step::Consent(_) | Step::Dead(_) => panic!("she has decided"),
    }
}
