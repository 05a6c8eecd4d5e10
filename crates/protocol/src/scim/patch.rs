//! PATCH (RFC 7644 §3.5.2), over a resource as JSON: what comes out is read as if it had
//! been put there whole.

use super::{
    PATCH, ScimError,
    filter::{Filter, Path},
    get, name_in,
};
use serde_json::{Map, Value, json};

/// The most operations of a request.
pub const MAX_OPERATIONS: usize = 100;
/// Nobody changes them; in an operation without a path they are overlooked.
const READ_ONLY: [&str; 4] = ["id", "meta", "schemas", "groups"];
/// The most values of an attribute.
const MAX_VALUES: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// # Errors
/// At the first operation that cannot be done; `resource` is of no use then.
pub fn apply(
    resource: &mut Map<String, Value>,
    request: &Map<String, Value>,
) -> Result<(), ScimError> {
    let schemas = get(request, "schemas").and_then(Value::as_array);
    let named = |schema: &Value| {
        schema
            .as_str()
            .is_some_and(|it| it.eq_ignore_ascii_case(PATCH))
    };
    if !schemas.is_some_and(|schemas| schemas.iter().any(named)) {
        return Err(ScimError::syntax(format!("schemas must name {PATCH}.")));
    }
    let operations = get(request, "Operations").and_then(Value::as_array);
    let operations = operations.filter(|list| (1..=MAX_OPERATIONS).contains(&list.len()));
    let operations = operations.ok_or_else(|| {
        ScimError::syntax(format!(
            "Operations must be a list of 1 to {MAX_OPERATIONS}."
        ))
    })?;
    operations.iter().try_for_each(|operation| {
        let members = operation.as_object();
        let members = members.ok_or_else(|| ScimError::syntax("An operation is an object."))?;
        operate(resource, members)
    })
}

fn operate(
    resource: &mut Map<String, Value>,
    operation: &Map<String, Value>,
) -> Result<(), ScimError> {
    let name = get(operation, "op").and_then(Value::as_str).unwrap_or("");
    // Some directories write them in capitals.
    let op = match name.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(ScimError::syntax("op must be add, replace or remove.")),
    };
    let value = get(operation, "value");
    match (get(operation, "path"), op, value) {
        (Some(Value::String(text)), _, value) => {
            let path = Path::parse(text)?;
            if is_read_only(&path) {
                return Err(ScimError::mutability(&path.attribute.name));
            }
            change(resource, &path, op, value)
        }
        (Some(_), ..) => Err(ScimError::path("path must be a text.")),
        (None, Op::Remove, _) => Err(ScimError::no_target()),
        (None, _, Some(Value::Object(members))) => {
            for (name, value) in members {
                let path = Path::parse(name)?;
                if !is_read_only(&path) {
                    change(resource, &path, op, Some(value))?;
                }
            }
            Ok(())
        }
        (None, ..) => Err(ScimError::value("Without a path, value must be an object.")),
    }
}

fn is_read_only(path: &Path) -> bool {
    READ_ONLY.iter().any(|name| path.attribute.is(name))
}

fn change(
    resource: &mut Map<String, Value>,
    path: &Path,
    op: Op,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    // Of a schema that is not kept here.
    if path.attribute.foreign {
        return Ok(());
    }
    let name = name_in(resource, &path.attribute.name);
    let value = match (op, value) {
        // RFC 7644 §3.5.2.3 of replace, and the same of add: null is none.
        (Op::Remove, _) | (_, Some(Value::Null)) => None,
        (_, Some(value)) => Some(value),
        (_, None) => return Err(ScimError::value("The operation has no value.")),
    };
    match (&path.filter, &path.attribute.sub) {
        (Some(filter), sub) => {
            let list = resource.entry(name).or_insert_with(|| json!([]));
            change_some(list, filter, (op, sub.as_deref()), value)
        }
        (None, Some(sub)) => {
            let whole = resource.entry(name).or_insert_with(|| json!({}));
            match whole {
                Value::Array(list) => list.iter_mut().for_each(|element| set(element, sub, value)),
                whole => set(whole, sub, value),
            }
            Ok(())
        }
        (None, None) => change_whole(resource, name, op, value),
    }
}

fn change_whole(
    resource: &mut Map<String, Value>,
    name: String,
    op: Op,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let Some(value) = value else {
        resource.remove(&name);
        return Ok(());
    };
    match (resource.get_mut(&name), op, value) {
        (Some(Value::Array(list)), Op::Add, Value::Array(more)) => {
            more.iter().for_each(|element| add(list, element.clone()));
        }
        (Some(Value::Array(list)), Op::Add, element) => add(list, element.clone()),
        // Both: what is not named stays (RFC 7644 §3.5.2.1, §3.5.2.3).
        (Some(Value::Object(members)), _, Value::Object(more)) => {
            for (part, value) in more {
                let part = name_in(members, part);
                members.insert(part, value.clone());
            }
        }
        (_, _, value) => {
            resource.insert(name.clone(), value.clone());
        }
    }
    bounded(resource.get(&name))
}

/// Of the values that match; where none does, one is made that would, as directories
/// expect of `emails[type eq "work"].value`.
fn change_some(
    list: &mut Value,
    filter: &Filter,
    (op, sub): (Op, Option<&str>),
    value: Option<&Value>,
) -> Result<(), ScimError> {
    if !list.is_array() {
        *list = json!([list.take()]);
    }
    let Value::Array(elements) = list else {
        return Err(ScimError::no_target());
    };
    let Some(value) = value else {
        match sub {
            None => elements.retain(|element| !filter.matches(element)),
            Some(sub) => matching(elements, filter).for_each(|element| set(element, sub, None)),
        }
        return Ok(());
    };
    if !elements.iter().any(|element| filter.matches(element)) {
        let mut made = Value::Object(Map::new());
        for (attribute, text) in filter.equalities() {
            set(&mut made, &attribute.name, Some(&json!(text)));
        }
        if (op, sub) == (Op::Replace, None) || !filter.matches(&made) {
            return Err(ScimError::no_target());
        }
        elements.push(made);
    }
    for element in matching(elements, filter) {
        match (sub, value) {
            (Some(sub), value) => set(element, sub, Some(value)),
            (None, Value::Object(members)) => members
                .iter()
                .for_each(|(part, value)| set(element, part, Some(value))),
            (None, _) => return Err(ScimError::value("The value must be an object.")),
        }
    }
    bounded(Some(list))
}

fn matching<'a>(
    elements: &'a mut [Value],
    filter: &'a Filter,
) -> impl Iterator<Item = &'a mut Value> {
    let all = elements.iter_mut();
    all.filter(move |element| filter.matches(element))
}

fn bounded(value: Option<&Value>) -> Result<(), ScimError> {
    match value {
        Some(Value::Array(list)) if list.len() > MAX_VALUES => Err(ScimError::value(format!(
            "An attribute has at most {MAX_VALUES} values."
        ))),
        _ => Ok(()),
    }
}

/// No value twice; a new primary one is the only (RFC 7644 §3.5.2.1).
fn add(list: &mut Vec<Value>, element: Value) {
    if list.contains(&element) {
        return;
    }
    let is_primary = element.get("primary") == Some(&Value::Bool(true));
    if is_primary {
        for other in &mut *list {
            if let Some(primary) = other.get_mut("primary") {
                *primary = Value::Bool(false);
            }
        }
    }
    list.push(element);
}

/// Sets a part, or takes it away.
fn set(element: &mut Value, part: &str, value: Option<&Value>) {
    if !element.is_object() {
        *element = json!({"value": element.take()});
    }
    let Value::Object(members) = element else {
        return;
    };
    let part = name_in(members, part);
    match value {
        Some(value) => members.insert(part, value.clone()),
        None => members.remove(&part),
    };
}

#[cfg(test)]
mod tests;
