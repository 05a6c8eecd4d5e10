//! Filters (RFC 7644 §3.4.2.2) and the paths of attributes, read within bounds of length,
//! depth and number, and answered over JSON.

use super::{ScimError, USER, get};
use crate::email::Email;
use serde_json::Value;

mod parser;

/// The longest filter, in bytes.
pub const MAX_LENGTH: usize = 1000;
/// The deepest nesting of parentheses and brackets.
pub const MAX_DEPTH: usize = 8;
/// The most comparisons.
pub const MAX_TERMS: usize = 50;

/// Which attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Of another schema than ours: nobody here has it.
    pub foreign: bool,
    pub name: String,
    pub sub: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    Compare(Attribute, Operator, Value),
    Present(Attribute),
    /// `emails[type eq "work"]`: one of its values matches whole.
    Any(Attribute, Box<Filter>),
    All(Vec<Filter>),
    Either(Vec<Filter>),
    Not(Box<Filter>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// What a PATCH points at (RFC 7644 §3.5.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub attribute: Attribute,
    /// Only these of its values.
    pub filter: Option<Filter>,
}

impl Filter {
    /// # Errors
    /// [`ScimError`], as `invalidFilter`.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        parser::filter(text).map_err(ScimError::filter)
    }

    pub fn matches(&self, resource: &Value) -> bool {
        match self {
            Self::Compare(attribute, operator, wanted) => {
                compare(attribute, *operator, wanted, resource)
            }
            Self::Present(attribute) => values(attribute, resource).into_iter().any(is_present),
            Self::Any(attribute, filter) => elements(attribute, resource)
                .into_iter()
                .any(|element| filter.matches(element)),
            Self::All(filters) => filters.iter().all(|filter| filter.matches(resource)),
            Self::Either(filters) => filters.iter().any(|filter| filter.matches(resource)),
            Self::Not(filter) => !filter.matches(resource),
        }
    }

    /// What must be equal for it to match, where that is plain: an attribute and a text.
    pub fn equalities(&self) -> Vec<(&Attribute, &str)> {
        match self {
            Self::Compare(attribute, Operator::Equal, Value::String(text)) => {
                vec![(attribute, text)]
            }
            Self::All(filters) => filters.iter().flat_map(Self::equalities).collect(),
            _ => vec![],
        }
    }
}

impl Path {
    /// # Errors
    /// [`ScimError`], as `invalidPath`.
    pub fn parse(text: &str) -> Result<Self, ScimError> {
        parser::path(text).map_err(ScimError::path)
    }
}

impl Attribute {
    /// `urn:…:User:name.familyName`, with or without its schema.
    fn parse(text: &str) -> Option<Self> {
        let start = text.get(..4);
        let is_urn = start.is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
        let (schema, rest) = match text.rsplit_once(':') {
            Some((schema, rest)) if is_urn => (Some(schema), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let foreign = schema.is_some_and(|schema| !schema.eq_ignore_ascii_case(USER));
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        let sound = |name: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte);
            !name.is_empty() && name.bytes().all(plain)
        };
        (sound(name) && sub.is_none_or(sound)).then(|| Self {
            foreign,
            name: name.to_owned(),
            sub: sub.map(str::to_owned),
        })
    }

    /// RFC 7643 §3.1: the ids of resources are told apart by case, names of people are not.
    fn is_case_exact(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        ["id", "externalid", "meta"].contains(&name.as_str())
    }

    pub fn is(&self, name: &str) -> bool {
        !self.foreign && self.name.eq_ignore_ascii_case(name)
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    get(value.as_object()?, name)
}

/// The values of an attribute, without regard to its parts.
fn elements<'a>(attribute: &Attribute, resource: &'a Value) -> Vec<&'a Value> {
    match member(resource, &attribute.name) {
        _ if attribute.foreign => vec![],
        None => vec![],
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    }
}

/// The values to compare: of what has parts, the one that is asked for, or `value`.
fn values<'a>(attribute: &Attribute, resource: &'a Value) -> Vec<&'a Value> {
    let part = |element: &'a Value| match &attribute.sub {
        Some(sub) => member(element, sub),
        None => Some(member(element, "value").unwrap_or(element)),
    };
    elements(attribute, resource)
        .into_iter()
        .filter_map(part)
        .collect()
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

fn compare(attribute: &Attribute, operator: Operator, wanted: &Value, resource: &Value) -> bool {
    let found = values(attribute, resource);
    let exact = attribute.is_case_exact();
    let equal = || match wanted {
        Value::Null => !found.iter().any(|value| is_present(value)),
        wanted => found.iter().any(|value| same(value, wanted, exact)),
    };
    match operator {
        Operator::Equal => equal(),
        Operator::NotEqual => !equal(),
        other => found
            .iter()
            .any(|value| ordered(value, other, wanted, exact)),
    }
}

fn folded(text: &str, exact: bool) -> String {
    if exact {
        return text.to_owned();
    }
    // A domain of other letters is kept as it is looked up.
    let address = Email::parse(text).ok().filter(|_| !text.is_ascii());
    address.map_or_else(|| text.to_lowercase(), |address| address.canonical())
}

fn same(value: &Value, wanted: &Value, exact: bool) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => {
            folded(value, exact) == folded(wanted, exact)
        }
        (value, wanted) => value == wanted,
    }
}

fn ordered(value: &Value, operator: Operator, wanted: &Value, exact: bool) -> bool {
    let order = match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => {
            let (value, wanted) = (folded(value, exact), folded(wanted, exact));
            match operator {
                Operator::Contains => return value.contains(&wanted),
                Operator::StartsWith => return value.starts_with(&wanted),
                Operator::EndsWith => return value.ends_with(&wanted),
                _ => Some(value.cmp(&wanted)),
            }
        }
        (Value::Number(value), Value::Number(wanted)) => {
            let numbers = value.as_f64().zip(wanted.as_f64());
            numbers.and_then(|(value, wanted)| value.partial_cmp(&wanted))
        }
        _ => None,
    };
    order.is_some_and(|order| match operator {
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        _ => false,
    })
}

#[cfg(test)]
mod tests;
