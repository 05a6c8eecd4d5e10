use super::*;
use proptest::prelude::*;
use serde_json::json;

fn ada() -> Value {
    json!({
        "id": "2819c223", "externalId": "E-7", "userName": "Ada@Example.org", "active": true,
        "name": {"familyName": "Lovelace", "givenName": "Ada"},
        "emails": [{"value": "ada@example.org", "type": "work", "primary": true},
                   {"value": "ada@home.example", "type": "home"}],
        "logins": 7, "nickName": "", "meta": {"lastModified": "2026-05-13T04:42:34Z"},
    })
}

/// The examples of RFC 7644, figure 2, and the shapes that Okta and Entra send.
#[test]
fn filters_match_what_they_say() {
    for (filter, matches) in [
        (r#"userName eq "ada@example.ORG""#, true),
        (r#"USERNAME Eq "ada@example.org""#, true),
        (r#"userName eq "bob""#, false),
        (r#"id eq "2819C223""#, false),
        (r#"externalId eq "e-7""#, false),
        (r#"externalId eq "E-7""#, true),
        (r#"name.familyName co "LOVE""#, true),
        (r#"userName sw "ada""#, true),
        (r#"userName ew ".org""#, true),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "A""#,
            true,
        ),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x""#,
            false,
        ),
        ("title pr", false),
        ("nickName pr", false),
        ("name pr", true),
        (r#"meta.lastModified gt "2011-05-13T04:42:34Z""#, true),
        (r#"meta.lastModified lt "2011-05-13T04:42:34Z""#, false),
        ("logins ge 7", true),
        ("logins gt 7.5", false),
        ("active eq true", true),
        ("active ne true", false),
        ("title eq null", true),
        (r#"emails eq "ada@home.example""#, true),
        (r#"emails.type eq "work""#, true),
        (
            r#"emails[type eq "work" and value co "@example.org"]"#,
            true,
        ),
        (
            r#"emails[type eq "home" and value co "@example.org"]"#,
            false,
        ),
        (
            r#"userName eq "bob" or active eq true and name.givenName eq "Ada""#,
            true,
        ),
        (
            r#"(userName eq "bob" or active eq true) and name.givenName eq "Bob""#,
            false,
        ),
        (r#"not (userName eq "bob")"#, true),
        (r#"not(active eq true)"#, false),
        (r#"userName eq "a\"b" or externalId eq "E\u002d7""#, true),
    ] {
        let parsed = Filter::parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
        assert_eq!(parsed.matches(&ada()), matches, "{filter}");
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    let many = vec!["a pr"; MAX_TERMS + 1].join(" or ");
    for filter in [
        "",
        " ",
        "userName",
        "userName eq",
        r#"userName eq "a"#,
        r#"userName eq 'a'"#,
        "userName is 1",
        "(a pr",
        "a pr)",
        "a pr b pr",
        "not a pr",
        "a[b pr",
        "a[]",
        "a eq {}",
        "a eq [1]",
        "a gt true",
        "a.b.c pr",
        ".a pr",
        "a. pr",
        "ä pr",
        "http://x:a pr",
        "and",
        "a pr and",
        "a pr or or b pr",
        &many,
        &"(".repeat(900),
        &"not (".repeat(180),
        &"a[".repeat(400),
        &"a".repeat(1001),
    ] {
        assert!(Filter::parse(filter).is_err(), "{filter}");
    }
    let nested = |depth: usize| format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::parse(&nested(MAX_DEPTH)).is_ok());
    assert!(Filter::parse(&nested(MAX_DEPTH + 1)).is_err());
}

#[test]
fn what_must_be_equal_shows() {
    let filter = |text| Filter::parse(text).unwrap();
    let names = |filter: &Filter| -> Vec<(String, String)> {
        let all = filter.equalities().into_iter();
        all.map(|(attribute, text)| (attribute.name.clone(), text.to_owned()))
            .collect()
    };
    let both = filter(r#"userName eq "a" and active eq true and externalId eq "b""#);
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(
        names(&both),
        [pair("userName", "a"), pair("externalId", "b")]
    );
    for none in [
        r#"userName eq "a" or externalId eq "b""#,
        r#"not (userName eq "a")"#,
        r#"userName ne "a""#,
    ] {
        assert!(names(&filter(none)).is_empty(), "{none}");
    }
}

#[test]
fn paths_have_at_most_one_filter_and_one_part() {
    let path = |text: &str| Path::parse(text);
    let work = path(r#"emails[type eq "work"].value"#).unwrap();
    assert!(work.filter.is_some());
    assert_eq!(work.attribute.sub.as_deref(), Some("value"));
    assert_eq!(
        path("name.familyName").unwrap().attribute.sub.as_deref(),
        Some("familyName")
    );
    assert!(
        path("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager")
            .unwrap()
            .attribute
            .foreign
    );
    for bad in [
        "",
        "a.b.c",
        "a[b pr].c.d",
        "a.b[c pr].d",
        "a[b pr]c",
        "a b",
        "a[b pr][c pr]",
        "a[urn:x:y]",
    ] {
        assert!(path(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in r#"[a-z ()\[\]"\\.:$0-9]{0,200}|(not |\(|a pr|a eq "b"| and | or |\)){0,60}"#) {
        if let Ok(filter) = Filter::parse(&text) {
            filter.matches(&ada());
        }
        let _ = Path::parse(&text);
    }
}
