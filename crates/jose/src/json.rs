//! JSON objects, read without guessing (RFC 8725 §2.4, RFC 7515 §4, RFC 7519 §4).
//!
//! Readers disagree about what a member that comes twice means, so it is
//! refused at every level; so are great depth and anything after the object.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{cell::Cell, fmt};

/// The deepest nesting that is read, the object itself counted.
pub const MAX_DEPTH: usize = 32;

/// Why a text is not an object this crate reads. No variant holds a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("the JSON text has more than {0} bytes")]
    TooLong(usize),
    #[error("the JSON text is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("the JSON text has {0} more than once")]
    Duplicate(MemberName),
    #[error("the JSON text is not an object")]
    NotAnObject,
    #[error("the JSON text is broken in line {line}, column {column}")]
    Syntax { line: usize, column: usize },
}

/// A member's name, shown only when it is plain enough for a log: at most 40
/// characters of `a-z A-Z 0-9 _ - . # :`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName(Option<Box<str>>);

impl MemberName {
    fn of(name: &str) -> Self {
        let plain = (1..=40).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-.#:".contains(&byte));
        Self(plain.then(|| name.into()))
    }
}

impl MemberName {
    /// Unless it is not plain enough to be shown.
    pub fn shown(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, "the member {name}"),
            None => f.write_str("a member"),
        }
    }
}

/// Reads one object of at most `max` bytes, and nothing around it but white space.
///
/// # Errors
/// [`JsonError`], at the first thing wrong.
pub fn parse_object(text: &[u8], max: usize) -> Result<Map<String, Value>, JsonError> {
    if text.len() > max {
        return Err(JsonError::TooLong(max));
    }
    let fault = Cell::new(None);
    let strict = Strict {
        depth: 0,
        fault: &fault,
    };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = strict.deserialize(&mut reader).and_then(|value| {
        reader.end()?;
        Ok(value)
    });
    match read {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(JsonError::NotAnObject),
        Err(error) => Err(fault.take().unwrap_or(JsonError::Syntax {
            line: error.line(),
            column: error.column(),
        })),
    }
}

/// A value at some depth. serde's errors are text, so the typed cause goes by `fault`.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    fault: &'a Cell<Option<JsonError>>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            self.fault.set(Some(JsonError::TooDeep));
            return Err(E::custom("too deep"));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if read.contains_key(&name) {
                self.fault
                    .set(Some(JsonError::Duplicate(MemberName::of(&name))));
                return Err(A::Error::custom("duplicate"));
            }
            let value = members.next_value_seed(inner)?;
            read.insert(name, value);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Map<String, Value>, JsonError> {
        parse_object(text.as_bytes(), 4096)
    }

    #[test]
    fn a_member_comes_once_at_every_level() {
        let twice = [
            r#"{"a":1,"a":1}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[{"a":1,"b":2,"a":3}]}"#,
            r#"{"a":1,"\u0061":2}"#,
        ];
        for text in twice {
            let error = parse(text).unwrap_err();
            assert_eq!(error, JsonError::Duplicate(MemberName::of("a")), "{text}");
        }
        assert!(parse(r#"{"a":{"a":{"a":1}},"A":2}"#).is_ok());
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(MAX_DEPTH - 1)).is_ok());
        assert_eq!(parse(&nested(MAX_DEPTH)), Err(JsonError::TooDeep));
        assert_eq!(parse(&"[".repeat(4000)), Err(JsonError::TooDeep));
    }

    #[test]
    fn only_one_object_and_nothing_else() {
        assert!(parse(" {\"a\":null}\r\n").is_ok());
        for text in ["[]", "1", "\"{}\"", "null"] {
            assert_eq!(parse(text), Err(JsonError::NotAnObject), "{text}");
        }
        let broken = [
            "",
            "{",
            "{}{}",
            "{} x",
            "{a:1}",
            "{'a':1}",
            "{\"a\":01}",
            "{\"a\":1,}",
            "\u{feff}{}",
            "{\"a\":NaN}",
            "{\"a\":1e999}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\u{1}\"}",
            "{/**/}",
        ];
        for text in broken {
            let error = parse(text).unwrap_err();
            assert!(matches!(error, JsonError::Syntax { .. }), "{text}: {error}");
        }
        assert!(parse_object(b"{\"a\":\"\xff\"}", 99).is_err());
    }

    #[test]
    fn size_is_bounded() {
        assert_eq!(parse_object(b"{\"a\":1}", 6), Err(JsonError::TooLong(6)));
        assert!(parse_object(b"{\"a\":1}", 7).is_ok());
    }

    #[test]
    fn an_error_shows_a_name_only_if_it_is_plain() {
        let error = parse("{\"a\\nb\":1,\"a\\nb\":2}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the JSON text has a member more than once"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse_object(&bytes, 256);
        }

        #[test]
        fn what_it_reads_is_what_others_read(text in r#"[{}\[\]",:a0-9. eE+-]{0,40}"#) {
            if let Ok(members) = parse(&text) {
                let other: Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(Value::Object(members), other);
            }
        }
    }
}
