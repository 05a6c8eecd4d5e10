//! Names that look alike (after Unicode UTS #39 §4, with a table small enough to read).

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How a letter is read before its case is taken away: В looks like B, but в like nothing
/// Latin. So names are compared by what capitals look like, and by what they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    Looks,
    Case,
}

pub(super) const READINGS: [Reading; 2] = [Reading::Looks, Reading::Case];

/// Whether a reader may take one name for the other: their skeletons are the
/// same. For reserved and verified names; it errs on the side of yes.
pub fn confusable_with(a: &str, b: &str) -> bool {
    READINGS.into_iter().any(|reading| {
        let a = skeleton(a, reading);
        !a.is_empty() && a == skeleton(b, reading)
    })
}

/// What is left of a name when case, accents, spaces and punctuation are taken
/// away and look-alikes are made one. For comparing only, never for showing.
pub(super) fn skeleton(name: &str, reading: Reading) -> String {
    let mut skeleton = letters(name, reading).replace("rn", "m").replace("vv", "w");
    // ä is an a without its dots, and is written ae where there are none; so is æ.
    let mut last = ' ';
    skeleton.retain(|c| {
        let stands_for_dots = matches!((last, c), ('a', 'a' | 'e') | ('o' | 'u', 'e'));
        if !stands_for_dots {
            last = c;
        }
        !stands_for_dots
    });
    skeleton
}

/// The same, before two letters that look like one or stand for one are made one.
pub(super) fn letters(name: &str, reading: Reading) -> String {
    let letter = |c: char| match (c, reading) {
        // The one accent that is a letter in capitals: ᾳ is ΑΙ.
        ('\u{345}', _) => Some('ι'),
        (c, _) if is_combining_mark(c) => None,
        (c, Reading::Looks) => Some(from_capital(c)),
        (c, Reading::Case) => Some(c),
    };
    name.nfkd()
        .filter_map(letter)
        .flat_map(fold)
        .nfkd() // Lower-casing İ leaves an i and a mark.
        .flat_map(from_ligature)
        .filter_map(from_small)
        .collect()
}

/// Full case folding: what has several letters in capitals has them here (ß and ẞ are ss).
fn fold(c: char) -> impl Iterator<Item = char> {
    let capitals = c.to_lowercase().flat_map(char::to_uppercase);
    capitals.flat_map(char::to_lowercase)
}

fn from_ligature(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

/// Capitals of other scripts that are drawn as Latin ones, and what is drawn as ß.
fn from_capital(c: char) -> char {
    match c {
        'β' => 'ß',
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
        // Letters to Unicode, but apostrophes and a stretched line to a reader.
        '\u{2b9}'..='\u{2df}' | '\u{640}' | '\u{a78b}' | '\u{a78c}' => return None,
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
                skeleton(twin, Reading::Looks)
            );
        }
        for (a, b) in [
            ("Intercom", "lntercom"),
            ("Intercom", "1ntercorn"),
            ("Wave", "VVave"),
            ("İstanbul", "Istanbul"),
            ("PАYРАL", "Paypal"),
            ("SÜSSWASSER", "Süßwasser"),
            ("SÜẞWASSER", "Süßwasser"),
            ("Süβwasser", "Süßwasser"),
            ("Suesswasser", "Süßwasser"),
            ("Oekologie", "Ökologie"),
            ("0kologie", "Oekologie"),
            ("Aerzte", "Ärzte"),
            ("Aarhus", "Århus"),
            ("Archaologie", "Archæologie"),
            ("Oeuvre", "Œuvre"),
            ("Tromso", "Tromsoe"),
            ("Tromsø", "Tromsö"),
            ("Office", "O\u{fb03}ce"),
            ("n day", "\u{149} day"),
            ("d\u{2bc}or", "d’or"),
            ("Ветер", "ВЕТЕР"),
            ("Νοσος", "ΝΟΣΟΣ"),
            ("منصــة", "منصة"),
        ] {
            assert!(confusable_with(a, b), "{a} {b}");
        }
    }

    #[test]
    fn others_are_left_alone() {
        for other in [
            "Grantors",
            "Granter",
            "Grant",
            "日本語",
            "Vendor",
            "Gränter",
            "",
        ] {
            assert!(!confusable_with(other, "Grantor"), "{other}");
        }
        assert!(!confusable_with("!!", "??"), "nothing looks like nothing");
    }

    #[test]
    fn case_makes_no_other_name_in_any_script() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphabetic()) {
            let name = c.to_string();
            for other in [name.to_uppercase(), name.to_lowercase()] {
                let same = skeleton(&name, Reading::Case) == skeleton(&other, Reading::Case);
                assert!(same, "{name} {other}");
            }
        }
    }

    proptest! {
        #[test]
        fn neither_case_nor_spacing_makes_another_name(name in "[a-zA-Z0-9]{1,12}") {
            prop_assert!(confusable_with(&name, &name.to_uppercase()));
            prop_assert!(confusable_with(&name, &name.chars().flat_map(|c| [c, ' ']).collect::<String>()));
        }
    }
}
