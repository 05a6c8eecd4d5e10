//! Base62 digits, most significant first: `0-9A-Za-z` survives URLs, double
//! clicks and copying by hand.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Writes `value` as exactly `width` digits, with leading zeroes; digits that do
/// not fit are dropped from the left.
pub(crate) fn push_number(out: &mut String, mut value: u64, width: usize) {
    let mut digits = [b'0'; 11];
    for slot in digits.iter_mut().rev() {
        *slot = DIGITS[(value % 62) as usize];
        value /= 62;
    }
    out.extend(digits[11 - width..].iter().map(|&digit| digit as char));
}

/// Reads digits written by [`push_number`]; `None` for a foreign character or a
/// number over 64 bits.
pub(crate) fn parse_number(text: &str) -> Option<u64> {
    text.bytes().try_fold(0u64, |value, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'a'..=b'z' => byte - b'a' + 36,
            _ => return None,
        };
        value.checked_mul(62)?.checked_add(u64::from(digit))
    })
}

/// Turns 256 uniform bits into `count` uniform digits (`count` ≤ 32: the bias is
/// below 2⁻⁶⁵).
pub(crate) fn push_uniform(out: &mut String, bits: &[u8; 32], count: usize) {
    // Five digits a division: 62⁵ is the largest power of 62 below 2³².
    const CHUNK: u64 = 62u64.pow(5);
    let mut limbs = [0u32; 8];
    for (limb, bytes) in limbs.iter_mut().zip(bits.chunks_exact(4)) {
        *limb = bytes
            .iter()
            .fold(0, |word, &byte| word << 8 | u32::from(byte));
    }
    let mut left = count;
    while left > 0 {
        let mut rest = 0u64;
        for limb in &mut limbs {
            let value = rest << 32 | u64::from(*limb);
            *limb = (value / CHUNK) as u32;
            rest = value % CHUNK;
        }
        let width = left.min(5);
        push_number(out, rest % 62u64.pow(width as u32), width);
        left -= width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(value: u64) {
            let mut text = String::new();
            push_number(&mut text, value, 11);
            prop_assert_eq!(text.len(), 11);
            prop_assert_eq!(parse_number(&text), Some(value));
        }

        #[test]
        fn uniform_digits_have_the_asked_length(bits: [u8; 32], count in 0usize..=32) {
            let mut text = String::new();
            push_uniform(&mut text, &bits, count);
            prop_assert_eq!(text.len(), count);
            prop_assert!(text.bytes().all(|byte| DIGITS.contains(&byte)));
        }
    }

    #[test]
    fn foreign_or_oversized_numbers_are_refused() {
        assert_eq!(parse_number("zzzzzzzzzzz"), None);
        assert_eq!(parse_number("00000-00000"), None);
    }
}
