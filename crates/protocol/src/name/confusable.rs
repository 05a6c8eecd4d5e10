//! Names that look alike (after Unicode UTS #39 §4, with a table small enough to read).

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Whether a reader may take one name for the other: their skeletons are the
/// same. For reserved and verified names; it errs on the side of yes.
pub fn confusable_with(a: &str, b: &str) -> bool {
    let a = skeleton(a);
    !a.is_empty() && a == skeleton(b)
}

/// What is left of a name when case, accents, spaces and punctuation are taken
/// away and look-alikes are made one. For comparing only, never for showing;
/// store it, and a unique index finds the twins.
pub fn skeleton(name: &str) -> String {
    letters(name).replace("rn", "m").replace("vv", "w")
}

/// The same, before two letters that look like one are made one.
pub(super) fn letters(name: &str) -> String {
    name.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(from_capital) // Before lower-casing: В looks like B, but в like nothing Latin.
        .flat_map(char::to_lowercase)
        .nfkd() // Lower-casing İ leaves an i and a mark.
        .filter_map(from_small)
        .collect()
}

/// Capitals of other scripts that are drawn as Latin ones.
fn from_capital(c: char) -> char {
    match c {
        'А' | 'Α' | 'Ꭺ' | 'ꓮ' => 'A',
        'В' | 'Β' | 'Ᏼ' | 'ꓐ' => 'B',
        'С' | 'Ϲ' | 'Ꮯ' | 'ꓚ' => 'C',
        'Ꭰ' | 'ꓓ' => 'D',
        'Е' | 'Ε' | 'Ꭼ' | 'ꓰ' => 'E',
        'Ϝ' | 'ꓝ' => 'F',
        'Ԍ' | 'Ꮐ' | 'ꓖ' => 'G',
        'Н' | 'Η' | 'Ꮋ' | 'ꓧ' => 'H',
        'І' | 'Ӏ' | 'Ι' | 'ꓲ' => 'I',
        'Ј' | 'Ϳ' | 'Ꭻ' | 'ꓙ' => 'J',
        'К' | 'Κ' | 'Ꮶ' | 'ꓗ' => 'K',
        'Ꮮ' | 'ꓡ' => 'L',
        'М' | 'Μ' | 'Ϻ' | 'Ꮇ' | 'ꓟ' => 'M',
        'Ν' | 'ꓠ' => 'N',
        'О' | 'Ο' | 'Օ' | 'ꓳ' => 'O',
        'Р' | 'Ρ' | 'Ꮲ' | 'ꓑ' => 'P',
        'Ԛ' => 'Q',
        'Ꭱ' | 'ꓣ' => 'R',
        'Ѕ' | 'Տ' | 'Ꮪ' | 'ꓢ' => 'S',
        'Т' | 'Τ' | 'Ꭲ' | 'ꓔ' => 'T',
        'Ս' | 'ꓴ' => 'U',
        'Ѵ' | 'Ꮩ' | 'ꓦ' => 'V',
        'Ԝ' | 'Ꮃ' | 'ꓪ' => 'W',
        'Х' | 'Χ' | 'ꓫ' => 'X',
        'У' | 'Ү' | 'Υ' | 'ꓬ' => 'Y',
        'Ζ' | 'Ꮓ' | 'ꓜ' => 'Z',
        other => other,
    }
}

/// Small letters and digits that are drawn as Latin small letters, and those
/// Latin ones that no decomposition takes apart. `None` for what is no letter
/// or digit.
fn from_small(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' | 'ɑ' | 'ᴀ' | '@' => 'a',
        'ь' | 'ƅ' | 'ʙ' => 'b',
        'с' | 'ϲ' | 'ᴄ' | '¢' => 'c',
        'ԁ' | 'đ' | 'ɗ' | 'ᴅ' => 'd',
        'е' | 'ҽ' | 'ε' | 'є' | 'ᴇ' | '€' => 'e',
        'ƒ' => 'f',
        'ɡ' | 'ց' | 'ԍ' | 'ɢ' => 'g',
        'һ' | 'հ' | 'ħ' | 'н' | 'ʜ' => 'h',
        // One upright stroke, with or without a dot, is one letter here.
        '1' | 'i' | 'l' | 'ı' | 'і' | 'ι' | 'ɩ' | 'ӏ' | 'ł' | 'ɪ' | 'ʟ' | '|' | 'ǀ' => 'l',
        'ј' | 'ʝ' | 'ᴊ' => 'j',
        'к' | 'κ' | 'ᴋ' => 'k',
        'м' | 'ᴍ' => 'm',
        'п' | 'ո' | 'η' | 'ŋ' | 'ɴ' => 'n',
        '0' | 'о' | 'ο' | 'σ' | 'օ' | 'ø' | 'ᴏ' => 'o',
        'р' | 'ρ' | 'ᴘ' => 'p',
        'ԛ' | 'գ' => 'q',
        'г' | 'ʀ' => 'r',
        'ѕ' | 'ꜱ' | '$' => 's',
        'т' | 'τ' | 'ŧ' | 'ᴛ' => 't',
        'υ' | 'ս' | 'ʋ' | 'ᴜ' => 'u',
        'ν' | 'ѵ' | 'ᴠ' => 'v',
        'ω' | 'ѡ' | 'ԝ' | 'ᴡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'ү' | 'γ' | 'ʏ' => 'y',
        'ᴢ' => 'z',
        other if other.is_alphanumeric() => other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn twins_are_found() {
        for twin in [
            "Grantor",
            "GRANTOR",
            "grantor",
            "Gr antor",
            "g-r.a_n\u{2019}tor",
            "Gräntör",
            "Grаntor",
            "Grantοr",
            "Ｇｒａｎｔｏｒ",
            "𝐆𝐫𝐚𝐧𝐭𝐨𝐫",
            "Gr@nt0r",
            "ԌRАNТОR",
            "ɢʀᴀɴᴛᴏʀ",
            "Grantor!",
        ] {
            assert!(
                confusable_with(twin, "Grantor"),
                "{twin}: {}",
                skeleton(twin)
            );
        }
        for (a, b) in [
            ("Intercom", "lntercom"),
            ("Intercom", "1ntercorn"),
            ("Wave", "VVave"),
            ("İstanbul", "Istanbul"),
            ("PАYРАL", "Paypal"),
        ] {
            assert!(confusable_with(a, b), "{a} {b}");
        }
    }

    #[test]
    fn others_are_left_alone() {
        for other in ["Grantors", "Granter", "Grant", "日本語", "Vendor", ""] {
            assert!(!confusable_with(other, "Grantor"), "{other}");
        }
        assert!(!confusable_with("!!", "??"), "nothing looks like nothing");
    }

    proptest! {
        #[test]
        fn neither_case_nor_spacing_makes_another_name(name in "[a-zA-Z0-9]{1,12}") {
            prop_assert!(confusable_with(&name, &name.to_uppercase()));
            prop_assert!(confusable_with(&name, &name.chars().flat_map(|c| [c, ' ']).collect::<String>()));
        }
    }
}
