//! Finding one cookie in what a browser sent (RFC 6265 §4.2, §5.4).

/// Two cookies of the same name arrived. A sibling domain or an older path may
/// have planted one of them and the server cannot tell which is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser sent the same cookie twice; delete this site's cookies and try again")]
pub struct DuplicateCookie;

/// The value of the cookie `name` across all `Cookie` header lines.
///
/// Names compare byte for byte. A value with anything but RFC 6265's cookie
/// octets in it (a quote, a space, a control, a byte above 127) is not one we
/// set, so it counts as absent, but still as an occurrence.
///
/// # Errors
/// [`DuplicateCookie`] when the name occurs more than once.
pub fn find<'a>(
    header_values: impl IntoIterator<Item = &'a [u8]>,
    name: &str,
) -> Result<Option<&'a str>, DuplicateCookie> {
    let mut found = None;
    for pair in header_values
        .into_iter()
        .flat_map(|line| line.split(|&b| b == b';'))
    {
        let pair = pair.trim_ascii();
        let value = pair
            .strip_prefix(name.as_bytes())
            .and_then(|rest| rest.strip_prefix(b"="));
        let Some(value) = value else { continue };
        if found.replace(value).is_some() {
            return Err(DuplicateCookie);
        }
    }
    let octets = found.filter(|value| value.iter().all(is_cookie_octet));
    Ok(octets.and_then(|value| str::from_utf8(value).ok()))
}

fn is_cookie_octet(byte: &u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sid<'a>(lines: &[&'a str]) -> Result<Option<&'a str>, DuplicateCookie> {
        find(lines.iter().map(|line| line.as_bytes()), "__Host-sid")
    }

    #[test]
    fn finds_the_one_of_that_name() {
        assert_eq!(sid(&["__Host-sid=abc"]), Ok(Some("abc")));
        assert_eq!(sid(&["a=1; __Host-sid=abc=; b=2"]), Ok(Some("abc=")));
        assert_eq!(sid(&["a=1", "b=2;__Host-sid=x"]), Ok(Some("x")));
        assert_eq!(sid(&["__Host-sid="]), Ok(Some("")));
        assert_eq!(sid(&[]), Ok(None));
        assert_eq!(
            sid(&["__Host-sidx=1; x__Host-sid=1; __host-sid=1; __Host-sid; __Host-sid =1"]),
            Ok(None)
        );
    }

    #[test]
    fn two_of_that_name_are_refused() {
        assert_eq!(sid(&["__Host-sid=a; __Host-sid=b"]), Err(DuplicateCookie));
        assert_eq!(sid(&["__Host-sid=a", "__Host-sid=a"]), Err(DuplicateCookie));
        assert_eq!(sid(&["__Host-sid=\"; __Host-sid=b"]), Err(DuplicateCookie));
    }

    #[test]
    fn a_value_we_never_set_is_absent() {
        for value in ["\"abc\"", "a b", "a\tb", "a,b", "a\\b", "é"] {
            assert_eq!(sid(&[&format!("__Host-sid={value}")]), Ok(None), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(lines in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..4)) {
            let _ = find(lines.iter().map(Vec::as_slice), "s");
        }
    }
}
