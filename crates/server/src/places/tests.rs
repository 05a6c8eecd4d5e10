use super::*;

/// A value in the format's own encoding (MaxMind DB specification 2.0, "data section").
enum Value<'a> {
    Text(&'a str),
    Number { kind: u8, value: u64 },
    Map(Vec<(&'a str, Value<'a>)>),
    List(Vec<Value<'a>>),
}

fn number(kind: u8, value: u64) -> Value<'static> {
    Value::Number { kind, value }
}

fn head(kind: u8, size: usize, into: &mut Vec<u8>) {
    let size = u8::try_from(size).ok().filter(|size| *size < 29).unwrap();
    match kind {
        ..=7 => into.push(kind << 5 | size),
        _ => into.extend([size, kind - 7]),
    }
}

fn write(value: &Value<'_>, into: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            head(2, text.len(), into);
            into.extend(text.as_bytes());
        }
        Value::Number { kind, value } => {
            let bytes = value.to_be_bytes();
            let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(8);
            head(*kind, 8 - first, into);
            into.extend(&bytes[first..]);
        }
        Value::Map(members) => {
            head(7, members.len(), into);
            for (name, value) in members {
                write(&Value::Text(name), into);
                write(value, into);
            }
        }
        Value::List(values) => {
            head(11, values.len(), into);
            values.iter().for_each(|value| write(value, into));
        }
    }
}

/// A database that knows one network of 24 bits.
fn database(network: [u8; 3], record: &Value<'_>) -> Vec<u8> {
    const NODES: u32 = 24;
    let bits = u32::from_be_bytes([0, network[0], network[1], network[2]]);
    let mut file = Vec::new();
    for node in 0..NODES {
        let next = match node + 1 {
            NODES => NODES + 16,
            next => next,
        };
        let other = NODES;
        let one = bits >> (NODES - 1 - node) & 1 == 1;
        let (left, right) = if one { (other, next) } else { (next, other) };
        file.extend(&left.to_be_bytes()[1..]);
        file.extend(&right.to_be_bytes()[1..]);
    }
    file.extend([0; 16]);
    write(record, &mut file);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let about = Value::Map(vec![
        ("node_count", number(6, NODES.into())),
        ("record_size", number(5, 24)),
        ("ip_version", number(5, 4)),
        ("database_type", Value::Text("Test")),
        ("languages", Value::List(vec![Value::Text("en")])),
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", number(9, 1)),
        ("description", Value::Map(Vec::new())),
    ]);
    write(&about, &mut file);
    file
}

fn names<'a>(names: &[(&'a str, &'a str)]) -> Value<'a> {
    let names = names.iter().map(|(tag, name)| (*tag, Value::Text(name)));
    Value::Map(vec![("names", Value::Map(names.collect()))])
}

fn opened(file: &[u8]) -> anyhow::Result<Places> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.mmdb");
    std::fs::write(&path, file).unwrap();
    Places::open(Some(&path))
}

#[test]
fn a_place_is_said_in_the_language_of_the_page() {
    let record = Value::Map(vec![
        ("city", names(&[("de", "Wien"), ("en", "Vienna")])),
        ("country", names(&[("de", "Österreich"), ("en", "Austria")])),
    ]);
    let places = opened(&database([203, 0, 113], &record)).unwrap();
    let said = |address, language| places.words(address, language);
    let vienna = Some("Vienna, Austria".to_owned());
    assert_eq!(said("203.0.113.7", Language::English), vienna);
    assert_eq!(said("::ffff:203.0.113.7", Language::English), vienna);
    let wien = said("203.0.113.7", Language::German);
    assert_eq!(wien.as_deref(), Some("Wien, Österreich"));
    let arabic = said("203.0.113.7", Language::Arabic);
    assert_eq!(arabic.as_deref(), Some("Vienna، Austria"));
    for unknown in ["203.0.114.7", "10.0.0.1", "2001:db8::1", "", "nowhere"] {
        assert_eq!(said(unknown, Language::English), None, "{unknown}");
    }
}

#[test]
fn a_country_alone_is_a_place_and_nothing_is_none() {
    let country = Value::Map(vec![("country", names(&[("en", "Austria")]))]);
    let places = opened(&database([203, 0, 113], &country)).unwrap();
    let said = places.words("203.0.113.7", Language::French);
    assert_eq!(said.as_deref(), Some("Austria"));
    let places = opened(&database([203, 0, 113], &Value::Map(Vec::new()))).unwrap();
    assert_eq!(places.words("203.0.113.7", Language::English), None);
    let none = Places::open(None).unwrap();
    assert_eq!(none.words("203.0.113.7", Language::English), None);
}

#[test]
fn what_is_no_database_is_refused_by_name() {
    let refused = opened(b"GeoLite").err().unwrap();
    assert!(format!("{refused:#}").contains("places.mmdb is no database of places"));
}

/// It is refused, or says nothing or something else; it takes no page with it.
#[test]
fn a_damaged_database_stops_nobody() {
    let names = names(&[("de", "Österreich"), ("en", "Austria")]);
    let record = Value::Map(vec![("country", names)]);
    let whole = database([203, 0, 113], &record);
    let mut opened_anyway = 0;
    for place in 0..whole.len() {
        for byte in [0, 0x1f, 0x7f, 0xff] {
            let mut file = whole.clone();
            file[place] = byte;
            if let Ok(places) = opened(&file) {
                opened_anyway += 1;
                let _ = places.words("203.0.113.7", Language::German);
            }
        }
    }
    assert!(opened_anyway > 500, "{opened_anyway}");
    for length in 0..whole.len() {
        if let Ok(places) = opened(&whole[..length]) {
            let _ = places.words("203.0.113.7", Language::German);
        }
    }
}
