//! Names that could pass for the platform's own: a consent page that says "Grantor
//! Security wants to…" is believed.
//!
//! A name is cut into words, and every run of words is compared with the brand by its
//! [`skeleton`]: neither look-alike letters nor spaces between them hide it.

use super::confusable::{confusable_with, letters, skeleton};

/// Words that make a name official and say nothing else.
const OFFICIAL: &[&str] = &[
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "app",
    "auth",
    "help",
    "inc",
    "login",
    "official",
    "operator",
    "security",
    "service",
    "sign",
    "signin",
    "staff",
    "support",
    "system",
    "team",
    "the",
    "in",
    "verification",
    "verified",
];

/// Brands shorter than this are words, syllables and initials: only a whole name is one.
const SHORTEST: usize = 3;
/// From this length on, a single word with the brand in it is taken for it ("GrantorPay",
/// "TheGrantorTeam"); shorter ones stand in too many other words.
const UNMISTAKABLE: usize = 5;

/// Whether an app's name passes for the platform's. Its brand may stand at the end, after
/// "for" and what the app itself is called: "Clock for Grantor".
pub fn app_imitates(name: &str, brand: &str) -> bool {
    let words = words(name);
    match brand_in(&words, brand).as_slice() {
        [] => confusable_with(name, brand),
        [(from, to)] if *to == words.len() => {
            let (own, of) = words[..*from].split_at(from.saturating_sub(1));
            !matches!(of, [word] if word.eq_ignore_ascii_case("for")) || own.iter().all(is_official)
        }
        _ => true,
    }
}

/// Whether a person's name passes for the platform's: the brand, alone or with words that
/// only sound official. Other words make it a person's: brands are surnames too.
pub fn person_imitates(name: &str, brand: &str) -> bool {
    let words = words(name);
    let runs = brand_in(&words, brand);
    let outside = |at: usize| !runs.iter().any(|(from, to)| (*from..*to).contains(&at));
    let others = words.iter().enumerate().filter(|(at, _)| outside(*at));
    let official = !runs.is_empty() && others.map(|(_, word)| word).all(is_official);
    official || confusable_with(name, brand)
}

fn words(name: &str) -> Vec<&str> {
    let words = name.split(|c: char| skeleton(c.encode_utf8(&mut [0; 4])).is_empty());
    words.filter(|word| !word.is_empty()).collect()
}

fn is_official(word: &&str) -> bool {
    OFFICIAL
        .iter()
        .any(|official| confusable_with(word, official))
}

/// The runs of words that read as the brand, as ranges.
fn brand_in(words: &[&str], brand: &str) -> Vec<(usize, usize)> {
    let (whole, brand) = (letters(brand), skeleton(brand));
    let length = brand.chars().count();
    if length < SHORTEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // "GrantorNews" has an "rn" that is no "m".
        let grown = skeleton(word).contains(&brand) || letters(word).contains(&whole);
        if length >= UNMISTAKABLE && grown {
            found.push((at, at + 1));
            continue;
        }
        let mut run = String::new();
        for (more, word) in words[at..].iter().enumerate() {
            run.push_str(word);
            if skeleton(&run) == brand {
                found.push((at, at + more + 1));
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn apps_that_pass_for_the_platform() {
        for name in [
            "Grantor",
            "Gran tor",
            "G r a n t o r",
            "G.R.A.N.T.O.R.",
            "Grantor Security",
            "Gr\u{430}ntor Login",
            "Official Gran-tor App",
            "The GRANT0R",
            "GrantorPay",
            "MyGrantor",
            "TheGrantorTeam",
            "GrantorNews",
            "\u{a4d6}\u{a4e3}\u{a4ee}\u{a4e0}\u{a4d4}\u{a4f3}\u{a4e3}",
            "Grantors",
            "Grantor for Clock",
            "Grantor for Grantor",
            "for Grantor",
            "Login for Grantor",
            "Security team for Grantor",
            "Clock by Grantor",
            "Clock for Grantor Login",
            "Ｇｒａｎｔｏｒ 🎉 Support",
            "Gran 🎉 tor",
        ] {
            assert!(app_imitates(name, "Grantor"), "{name}");
        }
    }

    #[test]
    fn apps_that_may_name_the_platform_or_do_not() {
        for name in [
            "Clock for Grantor",
            "Clock FOR Grantor",
            "Team clock for Grantor",
            "Часы for Grantor",
            "Grant Orange",
            "Grant",
            "Vagrant Organizer",
            "Granter",
            "Clock",
            "日本語",
        ] {
            assert!(!app_imitates(name, "Grantor"), "{name}");
        }
    }

    #[test]
    fn brands_of_every_length() {
        assert!(app_imitates("Acme-Cloud login", "Acme Cloud"));
        assert!(app_imitates("AcmeCloud", "Acme Cloud"));
        assert!(!app_imitates("Acme weather", "Acme Cloud"));
        assert!(app_imitates("Bar n", "Barn"), "r and n make an m in both");
        assert!(app_imitates("Doo mail", "Doo") && !app_imitates("Doodle", "Doo"));
        assert!(app_imitates("X", "X") && !app_imitates("X mail", "X"));
    }

    #[test]
    fn people_who_pass_for_the_platform() {
        for name in [
            "Grantor",
            "Gr\u{e4}ntor",
            "Grantor Security",
            "Grantor Support Team",
            "The Gran tor Team",
            "Official Grantor",
        ] {
            assert!(person_imitates(name, "Grantor"), "{name}");
        }
        for name in [
            "Sam Grantor",
            "Ada Lovelace",
            "Security Team",
            "Grant Orange",
            "X",
        ] {
            assert!(!person_imitates(name, "Grantor"), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_names_make_it_panic(name in any::<String>(), brand in "\\PC{0,12}") {
            let _ = (app_imitates(&name, &brand), person_imitates(&name, &brand));
        }

        #[test]
        fn the_brand_as_a_word_is_found_anywhere(
            before in "[a-z]{0,6}", after in "[a-z]{1,6}", gap in "[ .,_-]{1,2}"
        ) {
            let name = format!("{before}{gap}Grantor{gap}{after}");
            prop_assert!(app_imitates(&name, "Grantor"), "{}", name);
        }
    }
}
