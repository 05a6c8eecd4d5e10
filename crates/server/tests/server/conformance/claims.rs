//! What an app learns of the user.

use super::{party::Party, variant::Variant};
use grantor_protocol::{
    openid::{
        claims::Claim,
        profile::{Address, Profile},
    },
    scope,
};
use grantor_store::{audit::Actor, users::About};
use serde_json::Value;

/// Alice with everything that a profile can hold.
async fn with_a_full_profile() -> Party {
    let party = Party::new().await;
    let some = |text: &str| Some(text.to_owned());
    let profile = Profile {
        preferred_language: Some("fr".into()),
        given_name: some("Alice"),
        family_name: some("Liddell"),
        middle_name: some("Pleasance"),
        nickname: some("Al"),
        preferred_username: some("alice"),
        profile: some("https://alice.example/"),
        website: some("https://alice.example/blog"),
        gender: some("female"),
        birthdate: some("1990-05-04"),
        zoneinfo: some("Europe/London"),
        locale: some("en-GB"),
        phone_number: some("+44 20 7946 0000"),
        address: Address {
            street_address: some("1 Deanery Garden"),
            locality: some("Oxford"),
            country: some("United Kingdom"),
            ..Address::default()
        },
    };
    let about = About {
        name: "Alice Liddell",
        photo: Some("0123"),
        profile: &profile,
    };
    let (app, now) = (&party.site.app, party.site.world.now());
    let event = app.event("account.profile", now, Actor::default());
    let saved = app.store.set_profile(party.alice.id, &about, event).await;
    saved.unwrap();
    party
}

/// OpenID Connect Core §5.1.
fn is_of_its_type(claim: Claim, value: &Value) -> bool {
    match claim {
        Claim::UpdatedAt => value.as_i64().is_some_and(|it| it > 1_500_000_000),
        Claim::EmailVerified | Claim::PhoneNumberVerified => value.is_boolean(),
        Claim::Address => value["formatted"].as_str().is_some_and(|it| !it.is_empty()),
        Claim::Picture | Claim::Profile | Claim::Website => {
            value.as_str().is_some_and(|it| it.starts_with("https://"))
        }
        _ => value.as_str().is_some_and(|it| !it.is_empty()),
    }
}

/// `scope-profile`, `scope-email`, `scope-address`, `scope-phone`, `scope-all`: every
/// claim of the scopes, in userinfo, and in an ID token only if it comes alone.
#[tokio::test]
async fn a_scope_brings_all_of_its_claims_to_one_place() {
    let party = with_a_full_profile().await;
    let all = [scope::PROFILE, scope::EMAIL, scope::ADDRESS, scope::PHONE];
    let scopes = all.map(|scope| vec![scope]).into_iter();
    for scopes in scopes.chain([all.to_vec()]) {
        for variant in Variant::all() {
            let scope = format!("openid {}", scopes.join(" "));
            let ask = party.ask(variant).with("scope", &scope);
            let outcome = party.run(variant, &ask).await;
            for claim in Claim::ALL {
                let wanted = scopes.contains(&claim.scope());
                let name = claim.name();
                let value = &outcome.about(variant)[name];
                let fits = match wanted {
                    true => is_of_its_type(*claim, value),
                    false => value.is_null(),
                };
                assert!(fits, "{variant:?} {scope}: {name} is {value}");
                let alone = variant.is_id_token_alone();
                assert!(alone || outcome.id_token.0[name].is_null());
            }
        }
    }
}

#[tokio::test]
async fn a_claim_is_asked_for_by_name() {
    let party = with_a_full_profile().await;
    for variant in Variant::all() {
        let place = match variant.is_id_token_alone() {
            true => "id_token",
            false => "userinfo",
        };
        let claims = format!(r#"{{"{place}":{{"name":{{"essential":true}}}}}}"#);
        let ask = party.ask(variant).with("claims", &claims);
        let outcome = party.run(variant, &ask).await;
        assert_eq!(outcome.about(variant)["name"], "Alice Liddell");
        assert!(outcome.about(variant)["email"].is_null());
    }
}
