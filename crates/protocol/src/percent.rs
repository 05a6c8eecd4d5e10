//! Percent-encoding (RFC 3986 §2.1) and its form dialect, once for the whole crate.

/// The byte that the escape at the start of `rest` stands for; `None` when no
/// whole `%XX` stands there.
pub(crate) fn escape(rest: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = rest else {
        return None;
    };
    Some(hex(*high)? << 4 | hex(*low)?)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Appends `piece` to `out`, `+` as space and every `%XX` as its byte. `None`
/// when an escape is malformed; `out` then holds rubbish.
pub(crate) fn decode_form(piece: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = piece;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'+' | b'%')) {
        let (plain, from) = rest.split_at(at);
        out.extend_from_slice(plain);
        let (byte, taken) = match from[0] {
            b'+' => (b' ', 1),
            _ => (escape(from)?, 3),
        };
        out.push(byte);
        rest = &from[taken..];
    }
    out.extend_from_slice(rest);
    Some(())
}

/// Appends `text` with everything but RFC 3986's unreserved characters
/// escaped. A space becomes `%20`, which form, query and fragment readers all
/// understand; `+` is only understood by some.
pub(crate) fn push_encoded(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Appends `name=value` pairs, joined by `&`.
pub(crate) fn push_pairs<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    out: &mut String,
) {
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        if at > 0 {
            out.push('&');
        }
        push_encoded(name, out);
        out.push('=');
        push_encoded(value, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_escape_is_a_percent_sign_and_two_digits() {
        assert_eq!(escape(b"%2Frest"), Some(b'/'));
        assert_eq!(escape(b"%2f"), Some(b'/'));
        for bad in ["", "%", "%2", "%2g", "%+1", "2F"] {
            assert_eq!(escape(bad.as_bytes()), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(text in ".*") {
            let mut encoded = String::new();
            push_encoded(&text, &mut encoded);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            let mut decoded = Vec::new();
            prop_assert!(decode_form(encoded.as_bytes(), &mut decoded).is_some());
            prop_assert_eq!(decoded, text.as_bytes());
        }
    }
}
