//! Decimal digits of other scripts, as keyboards type them.

/// The same text with the digits of Arabic, Persian and full-width keyboards as 0 to 9.
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

fn fold(typed: char) -> char {
    const ZEROS: [char; 3] = ['\u{660}', '\u{6F0}', '\u{FF10}'];
    let value = |zero: char| (typed as u32).checked_sub(zero as u32);
    let mut values = ZEROS.into_iter().filter_map(value);
    let value = values.find(|value| *value < 10);
    value
        .and_then(|it| char::from_digit(it, 10))
        .unwrap_or(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_keyboard_are_the_same() {
        for typed in [
            "0123456789",
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "０１２３４５６７８９",
        ] {
            assert_eq!(folded(typed), "0123456789");
        }
        // What is next to them is not one of them.
        for other in [
            "a\u{65F}\u{66A}",
            "\u{6EF}\u{6FA}",
            "\u{FF0F}\u{FF1A}",
            "é½",
        ] {
            assert_eq!(folded(other), other);
        }
    }
}
