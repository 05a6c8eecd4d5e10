//! Which attributes an answer has (RFC 7644 §3.9).

use super::{ScimError, filter::Path};
use serde_json::{Map, Value};

const MOST: usize = 50;
/// Always there.
const ALWAYS: [&str; 2] = ["schemas", "id"];

/// Either only some, or all but some.
#[derive(Debug, Default)]
pub struct Projection {
    only: Option<Vec<Path>>,
    but: Vec<Path>,
}

impl Projection {
    /// # Errors
    /// Both were asked for at once, or what is no attribute.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, ScimError> {
        let read = |text: &str| -> Result<Vec<Path>, ScimError> {
            let names = text
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            names.take(MOST).map(Path::parse).collect()
        };
        let value = |error: ScimError| ScimError::value(error.detail);
        match (attributes, excluded) {
            (Some(_), Some(_)) => Err(ScimError::value(
                "attributes and excludedAttributes exclude each other.",
            )),
            (only, but) => Ok(Self {
                only: only.map(read).transpose().map_err(value)?,
                but: but
                    .map(read)
                    .transpose()
                    .map_err(value)?
                    .unwrap_or_default(),
            }),
        }
    }

    pub fn apply(&self, mut resource: Value) -> Value {
        if let Value::Object(members) = &mut resource {
            self.trim(members);
        }
        resource
    }

    fn trim(&self, resource: &mut Map<String, Value>) {
        let named = |paths: &[Path], name: &str, whole: bool| {
            let mut named = paths.iter().filter(|path| path.attribute.is(name));
            named.any(|path| !whole || path.attribute.sub.is_none())
        };
        resource.retain(|name, value| {
            if ALWAYS.contains(&name.as_str()) {
                return true;
            }
            match &self.only {
                Some(only) if !named(only, name, false) => false,
                Some(only) if named(only, name, true) => true,
                Some(only) => {
                    let kept = parts(only, name);
                    trim(value, |part| {
                        kept.iter().any(|it| it.eq_ignore_ascii_case(part))
                    });
                    true
                }
                None if named(&self.but, name, true) => false,
                None => {
                    let gone = parts(&self.but, name);
                    trim(value, |part| {
                        !gone.iter().any(|it| it.eq_ignore_ascii_case(part))
                    });
                    true
                }
            }
        });
    }
}

/// The parts of `name` that are asked for.
fn parts<'a>(paths: &'a [Path], name: &str) -> Vec<&'a str> {
    let of_it = paths.iter().filter(|path| path.attribute.is(name));
    of_it
        .filter_map(|path| path.attribute.sub.as_deref())
        .collect()
}

fn trim(value: &mut Value, keep: impl Fn(&str) -> bool + Copy) {
    match value {
        Value::Object(members) => members.retain(|name, _| keep(name)),
        Value::Array(list) => list.iter_mut().for_each(|element| trim(element, keep)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_some_or_all_but_some() {
        let whole = json!({
            "schemas": ["x"], "id": "1", "userName": "ada", "name": {"givenName": "Ada", "familyName": "King"},
            "emails": [{"value": "a@b.example", "type": "work"}],
        });
        let project = |only, but| {
            let projection = Projection::parse(only, but).unwrap();
            projection.apply(whole.clone())
        };
        assert_eq!(project(None, None), whole);
        let some = project(Some("USERNAME, name.givenName,emails.value"), None);
        let expected = json!({"schemas": ["x"], "id": "1", "userName": "ada",
            "name": {"givenName": "Ada"}, "emails": [{"value": "a@b.example"}]});
        assert_eq!(some, expected);
        assert_eq!(
            project(Some("name,name.givenName"), None)["name"],
            whole["name"]
        );
        let but = project(None, Some("id,name.givenName,emails"));
        let expected =
            json!({"schemas": ["x"], "id": "1", "userName": "ada", "name": {"familyName": "King"}});
        assert_eq!(but, expected);
        assert!(Projection::parse(Some("a"), Some("b")).is_err());
        assert!(Projection::parse(Some("a b"), None).is_err());
    }
}
