use super::*;

fn ada() -> Map<String, Value> {
    let ada = json!({
        "id": "1", "userName": "ada", "displayName": "Ada", "active": true,
        "name": {"givenName": "Ada", "familyName": "King"},
        "emails": [{"value": "ada@example.org", "type": "work", "primary": true}],
    });
    ada.as_object().cloned().unwrap()
}

fn patched(operations: Value) -> Result<Value, ScimError> {
    let mut resource = ada();
    let request = json!({"schemas": [PATCH], "Operations": operations});
    apply(&mut resource, request.as_object().unwrap())?;
    Ok(Value::Object(resource))
}

fn one(operation: Value) -> Result<Value, ScimError> {
    patched(json!([operation]))
}

#[test]
fn attributes_and_their_parts_are_set_and_taken_away() {
    let done = |operation| one(operation).unwrap();
    let replaced = done(json!({"op": "Replace", "path": "displayName", "value": "A. King"}));
    assert_eq!(replaced["displayName"], "A. King");
    let part = done(json!({"op": "add", "path": "name.middleName", "value": "Byron"}));
    assert_eq!(
        part["name"],
        json!({"givenName": "Ada", "familyName": "King", "middleName": "Byron"})
    );
    let merged =
        done(json!({"op": "replace", "value": {"ACTIVE": false, "name": {"familyName": "Byron"}}}));
    assert_eq!(merged["active"], false);
    assert_eq!(
        merged["name"],
        json!({"givenName": "Ada", "familyName": "Byron"})
    );
    let dotted = done(json!({"op": "replace", "value": {"name.givenName": "Augusta"}}));
    assert_eq!(dotted["name"]["givenName"], "Augusta");
    let removed = done(json!({"op": "remove", "path": "name.familyName"}));
    assert_eq!(removed["name"], json!({"givenName": "Ada"}));
    let null = done(json!({"op": "replace", "path": "displayName", "value": null}));
    assert!(null.get("displayName").is_none());
    let foreign = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for path in [format!("{foreign}:department"), foreign.to_owned()] {
        let operation = json!({"op": "add", "path": path, "value": "x"});
        assert_eq!(done(operation), Value::Object(ada()));
    }
}

#[test]
fn values_are_chosen_by_a_filter() {
    let emails = |operation| one(operation).map(|it| it["emails"].clone());
    let work = r#"emails[type eq "work"].value"#;
    let replaced = emails(json!({"op": "Replace", "path": work, "value": "a@b.example"}));
    assert_eq!(
        replaced.unwrap(),
        json!([{"value": "a@b.example", "type": "work", "primary": true}])
    );
    let home = r#"emails[type eq "home"].value"#;
    let made = emails(json!({"op": "Add", "path": home, "value": "h@b.example"})).unwrap();
    assert_eq!(made[1], json!({"type": "home", "value": "h@b.example"}));
    let none = emails(json!({"op": "replace", "path": r#"emails[type eq "home"]"#, "value": {}}));
    assert_eq!(none, Err(ScimError::no_target()));
    let vague = emails(
        json!({"op": "add", "path": "emails[type pr and value sw \"x\"].value", "value": "x"}),
    );
    assert_eq!(vague, Err(ScimError::no_target()));
    let removed = emails(json!({"op": "remove", "path": r#"emails[type eq "work"]"#}));
    assert_eq!(removed.unwrap(), json!([]));
    let more = json!([{"value": "h@b.example", "primary": true}]);
    let added = emails(json!({"op": "add", "path": "emails", "value": more})).unwrap();
    assert_eq!(added[0]["primary"], false);
    assert_eq!(added[1], more[0]);
    let whole = emails(json!({"op": "replace", "path": "emails", "value": more})).unwrap();
    assert_eq!(whole, more);
}

#[test]
fn what_cannot_be_done_is_refused() {
    let refused = |operation| one(operation).unwrap_err().kind;
    for (operation, kind) in [
        (
            json!({"op": "move", "path": "displayName"}),
            "invalidSyntax",
        ),
        (json!("remove"), "invalidSyntax"),
        (
            json!({"op": "add", "path": "id", "value": "2"}),
            "mutability",
        ),
        (
            json!({"op": "replace", "path": "META.created", "value": "x"}),
            "mutability",
        ),
        (
            json!({"op": "add", "path": "a b", "value": "2"}),
            "invalidPath",
        ),
        (json!({"op": "add", "path": 7, "value": "2"}), "invalidPath"),
        (json!({"op": "add", "path": "displayName"}), "invalidValue"),
        (json!({"op": "add", "value": "x"}), "invalidValue"),
        (json!({"op": "remove"}), "noTarget"),
    ] {
        assert_eq!(refused(operation.clone()), Some(kind), "{operation}");
    }
    let kind = |operations| patched(operations).unwrap_err().kind;
    let add = json!({"op": "add", "path": "displayName", "value": "x"});
    for operations in [json!([]), json!({}), json!(vec![add; MAX_OPERATIONS + 1])] {
        assert_eq!(kind(operations), Some("invalidSyntax"));
    }
    let many: Vec<_> = (0..=MAX_VALUES)
        .map(|it| json!({"value": it.to_string()}))
        .collect();
    assert_eq!(
        refused(json!({"op": "add", "path": "emails", "value": many})),
        Some("invalidValue")
    );
    let mut resource = ada();
    let without = json!({"Operations": []});
    assert!(apply(&mut resource, without.as_object().unwrap()).is_err());
}
