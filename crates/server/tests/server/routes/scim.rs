//! `/api/1.0/scim/v2`.

mod reach;

use crate::support::{Call, Person, Reply, Site};
use grantor_protocol::time::Millis;
use serde_json::{Value, json};
use std::fmt::Write;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A directory with its token, and what was said.
struct Directory {
    site: Site,
    token: String,
    text: String,
}

/// An administrator, as the first one is made.
async fn admin(site: &Site) -> Person {
    let ops = site.user("ops").await;
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let set = "UPDATE users SET admin_at = created_at WHERE id = ?1";
    assert_eq!(database.execute(set, [ops.id]).unwrap(), 1);
    ops.signed_in().await
}

impl Directory {
    async fn new() -> Self {
        let site = Site::open().await;
        let token = admin(&site).await.token("scim", "30").await;
        Self {
            site,
            token,
            text: String::new(),
        }
    }

    async fn ask(&mut self, method: &'static str, path: &str, body: Option<Value>) -> Reply {
        let target = format!("/api/1.0/scim/v2{path}");
        let mut call = Call::new(method, target).bearer(&self.token);
        if let Some(body) = &body {
            call.body = body.to_string().into();
            call = call.header("content-type", "application/scim+json");
        }
        let reply = self.site.send(call).await;
        let text = &mut self.text;
        writeln!(text, "\n{method} {path}").unwrap();
        if let Some(body) = body {
            writeln!(text, "{body:#}").unwrap();
        }
        writeln!(text, "=> {}", reply.code()).unwrap();
        if !reply.body.is_empty() {
            assert_eq!(reply.header("content-type"), "application/scim+json");
            writeln!(text, "{:#}", reply.json()).unwrap();
        }
        reply
    }

    /// What was said, with names for the ids.
    fn said(self, ids: &[(&str, &str)]) -> String {
        let named = |text: String, (id, name): &(&str, &str)| text.replace(id, name);
        ids.iter().fold(self.text, named)
    }

    async fn add(&mut self, user_name: &str) -> String {
        let body = json!({"schemas": [USER], "userName": user_name});
        let reply = self.ask("POST", "/Users", Some(body)).await;
        assert_eq!(reply.code(), 201, "{}", reply.body);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    async fn patch(&mut self, id: &str, operations: Value) -> Reply {
        let body = json!({"schemas": [PATCH], "Operations": operations});
        self.ask("PATCH", &format!("/Users/{id}"), Some(body)).await
    }

    async fn search(&mut self, query: &str) -> Vec<String> {
        let query = query.replace(' ', "%20").replace('"', "%22");
        let reply = self.ask("GET", &format!("/Users?{query}"), None).await;
        assert_eq!(reply.code(), 200, "{}", reply.body);
        let found = reply.json()["Resources"].as_array().unwrap().clone();
        let name = |user: &Value| user["userName"].as_str().unwrap_or("-").to_owned();
        found.iter().map(name).collect()
    }
}

/// The shape of what Okta asks, after its reference of SCIM 2.0
/// (developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20).
#[tokio::test]
async fn what_okta_asks() {
    let mut okta = Directory::new().await;
    let query = "filter=userName%20eq%20%22ada%40example.org%22&startIndex=1&count=100";
    okta.ask("GET", &format!("/Users?{query}"), None).await;
    let made = json!({
        "schemas": [USER], "userName": "ada@example.org", "externalId": "00ujl29u0le5T6Aj10h7",
        "name": {"givenName": "Ada", "familyName": "Lovelace"}, "displayName": "Ada Lovelace",
        "emails": [{"primary": true, "value": "ada@example.org", "type": "work"}],
        "locale": "en-US", "groups": [], "password": "1mz050nq-vier", "active": true,
    });
    let id = okta.ask("POST", "/Users", Some(made.clone())).await.json()["id"].clone();
    let id = id.as_str().unwrap().to_owned();
    okta.site.pass(Millis::minutes(1));
    okta.ask("GET", &format!("/Users?{query}"), None).await;
    okta.ask("GET", &format!("/Users/{id}"), None).await;
    let mut put = made;
    put["id"] = json!(id);
    put["name"]["familyName"] = json!("King");
    put["displayName"] = json!("Ada King");
    put["meta"] = json!({"resourceType": "User"});
    put.as_object_mut().unwrap().remove("password");
    okta.ask("PUT", &format!("/Users/{id}"), Some(put)).await;
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    okta.patch(&id, off).await;
    let password = json!([{"op": "replace", "value": {"password": "password"}}]);
    okta.patch(&id, password).await;
    insta::assert_snapshot!(okta.said(&[(&id, "ADA")]));
}

/// The shape of what Entra ID asks, after Microsoft's tutorial on developing a SCIM
/// endpoint and what its customers report of it.
#[tokio::test]
async fn what_entra_asks() {
    let mut entra = Directory::new().await;
    let made = json!({
        "schemas": [USER, ENTERPRISE], "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "Test_User_ab6490ee", "active": true,
        "emails": [{"primary": true, "type": "work", "value": "test@example.org"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "given family", "familyName": "family", "givenName": "given"},
        "title": "tester", "roles": [], ENTERPRISE: {"department": "Research"},
    });
    let id = entra.ask("POST", "/Users", Some(made.clone())).await.json()["id"].clone();
    let id = id.as_str().unwrap().to_owned();
    entra.ask("POST", "/Users", Some(made)).await;
    entra.site.pass(Millis::minutes(1));
    for filter in [
        r#"userName eq "TEST_USER_AB6490EE""#,
        r#"externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef""#,
        r#"userName eq "nobody""#,
    ] {
        entra.search(&format!("filter={filter}")).await;
    }
    entra
        .patch(&id, json!([
            {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updated@example.org"},
            {"op": "Replace", "path": "name.familyName", "value": "updated"},
            {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Tests"},
        ]))
        .await;
    entra
        .patch(
            &id,
            json!([{"op": "Replace", "path": "userName", "value": "5b50642d"}]),
        )
        .await;
    entra
        .patch(
            &id,
            json!([{"op": "Replace", "path": "active", "value": "False"}]),
        )
        .await;
    entra.ask("DELETE", &format!("/Users/{id}"), None).await;
    entra.ask("GET", &format!("/Users/{id}"), None).await;
    insta::assert_snapshot!(entra.said(&[(&id, "TEST")]));
}

#[tokio::test]
async fn the_server_describes_itself() {
    let mut directory = Directory::new().await;
    for path in [
        "/ServiceProviderConfig",
        "/ResourceTypes",
        "/ResourceTypes/User",
        &format!("/Schemas/{USER}"),
        "/Schemas/urn:other",
        "/Groups",
    ] {
        directory.ask("GET", path, None).await;
    }
    insta::assert_snapshot!(directory.said(&[]));
}

#[tokio::test]
async fn an_address_of_other_letters_is_found_as_it_is_written() {
    let mut directory = Directory::new().await;
    let olga = json!({
        "schemas": [USER], "userName": "olga",
        "emails": [{"value": "olga@exämple.org", "primary": true}],
    });
    let made = directory.ask("POST", "/Users", Some(olga)).await;
    assert_eq!(made.code(), 201, "{}", made.body);
    for address in ["Olga@ex%C3%84mple.org", "olga@xn--exmple-cua.org"] {
        let query = format!(r#"filter=emails.value eq "{address}""#);
        assert_eq!(directory.search(&query).await, ["olga"]);
    }
}

#[tokio::test]
async fn filters_pages_and_projections() {
    let mut directory = Directory::new().await;
    for name in ["b1", "b2", "b3", "c1"] {
        directory.add(&format!("{name}@example.org")).await;
    }
    let b = r#"filter=userName sw "b""#;
    assert_eq!(directory.search(b).await.len(), 3);
    assert_eq!(directory.search(&format!("{b}&count=2")).await.len(), 2);
    assert_eq!(
        directory
            .search(&format!("{b}&startIndex=3&count=2"))
            .await
            .len(),
        1
    );
    assert_eq!(directory.search("").await.len(), 5);
    assert_eq!(directory.search("startIndex=4").await.len(), 2);
    assert_eq!(directory.search("count=0").await.len(), 0);
    assert_eq!(directory.search("count=-5&startIndex=-5").await.len(), 0);
    let one = directory
        .search(r#"filter=emails.value eq "C1@example.org" and active eq true"#)
        .await;
    assert_eq!(one, ["c1@example.org"]);
    let page = directory
        .ask("GET", "/Users?count=1&startIndex=2", None)
        .await
        .json();
    let numbers = ["totalResults", "startIndex", "itemsPerPage"].map(|name| page[name].clone());
    assert_eq!(numbers, [json!(5), json!(2), json!(1)]);
    let trimmed = directory
        .ask("GET", "/Users?count=1&attributes=userName", None)
        .await
        .json();
    let members: Vec<_> = trimmed["Resources"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(members, ["schemas", "id", "userName"]);
    for (query, kind) in [
        ("filter=userName%20is%20x", "invalidFilter"),
        ("startIndex=x", "invalidValue"),
        ("attributes=id&excludedAttributes=id", "invalidValue"),
    ] {
        let refused = directory.ask("GET", &format!("/Users?{query}"), None).await;
        assert_eq!(
            (refused.code(), &refused.json()["scimType"]),
            (400, &json!(kind))
        );
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_scims_words() {
    let mut directory = Directory::new().await;
    let id = directory.add("ada@example.org").await;
    directory.add("bob@example.org").await;
    let user = |members: Value| {
        let mut user = json!({"schemas": [USER], "userName": "eve@example.org"});
        for (name, value) in members.as_object().unwrap() {
            user[name] = value.clone();
        }
        user
    };
    for (members, status, kind) in [
        (json!({"schemas": []}), 400, "invalidSyntax"),
        (json!({"userName": ""}), 400, "invalidValue"),
        (json!({"userName": 7}), 400, "invalidValue"),
        (json!({"userName": "eve"}), 400, "invalidValue"),
        (json!({"userName": "BOB@example.org"}), 409, "uniqueness"),
        (
            json!({"emails": [{"value": "bob@example.org"}]}),
            409,
            "uniqueness",
        ),
        (
            json!({"emails": [{"value": "no address"}]}),
            400,
            "invalidValue",
        ),
        (json!({"password": "password"}), 400, "invalidValue"),
        (json!({"active": "maybe"}), 400, "invalidValue"),
        (json!({"name": "Eve"}), 400, "invalidValue"),
        (json!({"timezone": "12:00"}), 400, "invalidValue"),
        (json!({"displayName": "x".repeat(300)}), 400, "invalidValue"),
        (json!({"displayName": "Grantor"}), 400, "invalidValue"),
    ] {
        let refused = directory
            .ask("POST", "/Users", Some(user(members.clone())))
            .await;
        assert_eq!(
            (refused.code(), &refused.json()["scimType"]),
            (status, &json!(kind)),
            "{members}"
        );
    }
    let taken = json!([{"op": "replace", "path": "userName", "value": "bob@example.org"}]);
    assert_eq!(directory.patch(&id, taken).await.code(), 409);
    for id in ["0", "x", "99999999999999999999"] {
        assert_eq!(
            directory
                .ask("GET", &format!("/Users/{id}"), None)
                .await
                .code(),
            404
        );
    }
    let target = "/api/1.0/scim/v2/Users";
    let mut call = Call::post(target).bearer(&directory.token);
    call.body = b"{\"userName\": 1".to_vec();
    let broken = directory
        .site
        .send(call.header("content-type", "application/scim+json"))
        .await;
    assert_eq!(
        (broken.code(), &broken.json()["scimType"]),
        (400, &json!("invalidSyntax"))
    );
    let put = directory
        .site
        .send(
            Call::new("PUT", target)
                .bearer(&directory.token)
                .json(&json!({})),
        )
        .await;
    assert_eq!((put.code(), &put.json()["status"]), (405, &json!("405")));
    let nobody = directory.site.send(Call::get(target)).await;
    assert_eq!(
        (nobody.code(), &nobody.json()["status"]),
        (401, &json!("401"))
    );
}

/// The same again changes nothing, and is no event.
#[tokio::test]
async fn what_is_so_already_is_not_written_again() {
    let mut directory = Directory::new().await;
    let id = directory.add("ada@example.org").await;
    let before = directory.site.contents();
    let same = json!([{"op": "replace", "value": {"active": true, "userName": "ada@example.org"}}]);
    assert_eq!(directory.patch(&id, same).await.code(), 200);
    let events = |contents: &str| {
        contents
            .lines()
            .filter(|it| it.starts_with("audit_events"))
            .count()
    };
    assert_eq!(events(&directory.site.contents()), events(&before));
}

#[tokio::test]
async fn a_directory_in_a_loop_is_slowed() {
    let mut directory = Directory::new().await;
    let site = directory.site.clone();
    let key = site
        .app
        .store
        .person_by_user_name("ops@example.org")
        .await
        .unwrap()
        .unwrap();
    let key = format!("scim:{}", key.user.id);
    for _ in 0..6000 {
        site.app
            .store
            .hit(&key, Millis::minutes(10), site.world.now())
            .await
            .unwrap();
    }
    let slowed = directory.ask("GET", "/Users", None).await;
    assert_eq!(slowed.code(), 429);
    assert!(!slowed.header("retry-after").is_empty());
}

/// Two things to a directory (RFC 7643 §4.1.1): what she reads, and where she is at home.
#[tokio::test]
async fn the_preferred_language_is_that_of_pages_and_mails() {
    let mut directory = Directory::new().await;
    let id = directory.add("ada@example.org").await;
    let locale = json!({"locale": "en-GB", "preferredLanguage": "fr-CA, en;q=0.5"});
    let said = directory
        .patch(&id, json!([{"op": "add", "value": locale}]))
        .await
        .json();
    assert_eq!(said["preferredLanguage"], locale["preferredLanguage"]);
    assert_eq!(said["locale"], "en-GB");
    let site = directory.site.clone();
    let ada = Person::again(&site, "ada", id.parse().unwrap()).await;
    let speaks = async |tag: &str| {
        let body = ada.get("/account").await.body;
        assert!(body.contains(&format!("<html lang=\"{tag}\"")), "{tag}");
    };
    speaks("fr").await;
    let alone = json!([{"op": "replace", "path": "preferredLanguage", "value": "de"}]);
    let said = directory.patch(&id, alone).await.json();
    assert_eq!(said["locale"], "en-GB");
    speaks("de").await;
    let gone = json!([{"op": "remove", "path": "preferredLanguage"}]);
    let said = directory.patch(&id, gone).await.json();
    assert_eq!(
        (said.get("preferredLanguage"), &said["locale"]),
        (None, &json!("en-GB"))
    );
    speaks("en").await;
    let path = format!("/Users/{id}");
    let put = json!({"schemas": [USER], "userName": "ada@example.org", "preferredLanguage": "es"});
    let said = directory.ask("PUT", &path, Some(put)).await.json();
    assert_eq!(said["preferredLanguage"], "es");
    assert!(said.get("locale").is_none());
    speaks("es").await;
    let wrong = json!([{"op": "replace", "path": "preferredLanguage", "value": "<fr>"}]);
    assert_eq!(directory.patch(&id, wrong).await.code(), 400);
}
