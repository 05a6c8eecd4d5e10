//! Input: a SCIM filter or path. What is accepted is answered over a resource, and what a
//! PATCH with it makes of the resource stays within its bounds.
#![no_main]

use grantor_protocol::scim::{
    PATCH,
    filter::{Filter, Path},
    patch,
    projection::Projection,
};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|text: &str| {
    let ada = json!({
        "id": "1", "userName": "ada", "active": true, "name": {"familyName": "King"},
        "emails": [{"value": "ada@example.org", "type": "work", "primary": true}],
    });
    if let Ok(filter) = Filter::parse(text) {
        let matches = filter.matches(&ada);
        assert_ne!(Filter::Not(Box::new(filter)).matches(&ada), matches);
    }
    let _ = Path::parse(text);
    let members = ada.as_object().expect("an object");
    if let Ok(projection) = Projection::parse(Some(text), None) {
        assert_eq!(projection.apply(ada.clone())["id"], "1");
    }
    for op in ["add", "replace", "remove"] {
        let operation = json!({"op": op, "path": text, "value": text});
        let request = json!({"schemas": [PATCH], "Operations": [operation]});
        let mut resource = members.clone();
        if patch::apply(&mut resource, request.as_object().expect("an object")).is_ok() {
            assert_eq!(resource["id"], "1");
        }
    }
});
