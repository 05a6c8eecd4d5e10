//! Names that could pass for the platform's own: a consent page that says "Grantor
//! Security wants to…" is believed.
//!
//! A name is cut into words, and every run of words is compared with the brand by its
//! [`skeleton`]: neither look-alike letters nor spaces between them hide it.

use super::confusable::{READINGS, Reading, confusable_with, letters, skeleton};
use std::{collections::HashSet, sync::LazyLock};
use unicode_normalization::char::is_combining_mark;

/// What stands between an app's name and the brand that it is for, in each language of the
/// pages. The Arabic word is written as one with the next, or with a line between.
const FOR: &[&str] = &["for", "für", "pour", "para", AR_FOR];
const AR_FOR: &str = "ل";

/// What joins words in those languages, and says nothing.
const JOINING: &[&str] = &[
    "and", "d", "de", "del", "der", "des", "du", "et", "of", "und", "von", "y", "zum", "zur",
];

/// Words that make a name official and say nothing else, in those languages.
const OFFICIAL: &[&str] = &[
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "app",
    "auth",
    "center",
    "centre",
    "client",
    "customer",
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
    // German
    "anmeldung",
    "anwendung",
    "das",
    "der",
    "die",
    "dienst",
    "hilfe",
    "hilfecenter",
    "kundendienst",
    "kundenservice",
    "kundensupport",
    "konto",
    "kontoverwaltung",
    "offiziell",
    "offizielle",
    "offizieller",
    "offizielles",
    "plattform",
    "sicherheit",
    "sicherheitsteam",
    "verwaltung",
    // French
    "aide",
    "administration",
    "assistance",
    "compte",
    "connexion",
    "equipe",
    "l",
    "la",
    "le",
    "les",
    "officiel",
    "officielle",
    "plateforme",
    "securite",
    "application",
    // Spanish
    "acceso",
    "administracion",
    "administrador",
    "aplicacion",
    "ayuda",
    "centro",
    "cliente",
    "cuenta",
    "el",
    "equipo",
    "oficial",
    "plataforma",
    "seguridad",
    "servicio",
    "soporte",
    // Arabic
    "إدارة",
    "أمان",
    "الأمان",
    "الإدارة",
    "الحساب",
    "الخدمة",
    "الدخول",
    "الدعم",
    "الرسمي",
    "الرسمية",
    "الفريق",
    "المساعدة",
    "المنصة",
    "تسجيل",
    "تطبيق",
    "حساب",
    "خدمة",
    "دعم",
    "رسمي",
    "فريق",
    "مساعدة",
    "منصة",
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
    if let Some(own) = before_attached(&words, brand) {
        return are_official(own) || !brand_in(own, brand).is_empty();
    }
    match brand_in(&words, brand).as_slice() {
        [] => confusable_with(name, brand),
        [(from, to)] if *to == words.len() => {
            let (own, of) = words[..*from].split_at(from.saturating_sub(1));
            !matches!(of, [word] if is_for(word)) || are_official(own)
        }
        _ => true,
    }
}

fn is_for(word: &str) -> bool {
    FOR.contains(&word.to_lowercase().as_str())
}

/// What stands before the brand where the Arabic "for" is one word with it. The article
/// loses its first letter then.
fn before_attached<'a>(words: &'a [&'a str], brand: &str) -> Option<&'a [&'a str]> {
    if letters(brand, Reading::Case).chars().count() < SHORTEST {
        return None;
    }
    let at = words.iter().enumerate().position(|(at, word)| {
        word.strip_prefix(AR_FOR).is_some_and(|bare| {
            let rest = words[at + 1..].concat();
            let article = bare.starts_with(AR_FOR);
            confusable_with(&format!("{bare}{rest}"), brand)
                || article && confusable_with(&format!("ا{bare}{rest}"), brand)
        })
    });
    at.map(|at| &words[..at])
}

/// Whether a person's name passes for the platform's: the brand, alone or with words that
/// only sound official. Other words make it a person's: brands are surnames too.
pub fn person_imitates(name: &str, brand: &str) -> bool {
    let words = words(name);
    let runs = brand_in(&words, brand);
    let outside = |at: usize| !runs.iter().any(|(from, to)| (*from..*to).contains(&at));
    let others = words.iter().enumerate().filter(|(at, _)| outside(*at));
    let others: Vec<_> = others.map(|(_, word)| *word).collect();
    // What joins words is the beginning of a surname, too.
    let names_somebody = !others.is_empty() && !others.iter().any(|word| is_official(word));
    let official = !runs.is_empty() && !names_somebody && are_official(&others);
    official || confusable_with(name, brand)
}

fn words(name: &str) -> Vec<&str> {
    let is_letter = |c: char| !letters(c.encode_utf8(&mut [0; 4]), Reading::Case).is_empty();
    let words = name.split(|c: char| !is_letter(c) && !is_combining_mark(c));
    words.filter(|word| !word.is_empty()).collect()
}

/// Whether nothing of these is a name: official words, and what joins them.
fn are_official(words: &[&str]) -> bool {
    let joins = |word: &str| JOINING.contains(&word.to_lowercase().as_str());
    words.iter().all(|word| joins(word) || is_official(word))
}

fn is_official(word: &str) -> bool {
    static READ: LazyLock<HashSet<(Reading, String)>> = LazyLock::new(|| {
        let read = |reading| {
            OFFICIAL
                .iter()
                .map(move |word| (reading, skeleton(word, reading)))
        };
        READINGS.into_iter().flat_map(read).collect()
    });
    let mut read = READINGS.into_iter();
    read.any(|reading| READ.contains(&(reading, skeleton(word, reading))))
}

/// The runs of words that read as the brand, as ranges.
fn brand_in(words: &[&str], brand: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<_> = READINGS
        .into_iter()
        .flat_map(|reading| read_in(words, brand, reading))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn read_in(words: &[&str], brand: &str, reading: Reading) -> Vec<(usize, usize)> {
    let (whole, brand) = (letters(brand, reading), skeleton(brand, reading));
    let (length, most) = (whole.chars().count(), brand.chars().count());
    if length < SHORTEST {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        // "GrantorNews" has an "rn" that is no "m".
        let grown =
            skeleton(word, reading).contains(&brand) || letters(word, reading).contains(&whole);
        if length >= UNMISTAKABLE && grown {
            found.push((at, at + 1));
            continue;
        }
        let mut run = String::new();
        for (more, word) in words[at..].iter().enumerate() {
            run.push_str(word);
            let read = skeleton(&run, reading);
            if read == brand {
                found.push((at, at + more + 1));
            }
            // More words make it no shorter.
            if read == brand || read.chars().count() > most {
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
            "GRA\u{274}TOR",
            "Anmeldung für Grantor",
            "Équipe sécurité pour Grantor",
            "Seguridad para Grantor",
            "Équipe de sécurité pour Grantor",
            "Centro de ayuda para Grantor",
            "Service client pour Grantor",
            "Kundenservice für Grantor",
            "دعم لـGrantor",
            "لـ Grantor",
            "Uhr von Grantor",
            "Uhr fur Grantor",
            "Grantor für Grantor",
            "Grantor لـ Grantor",
        ] {
            assert!(app_imitates(name, "Grantor"), "{name}");
        }
    }

    #[test]
    fn neither_case_nor_spelling_hides_a_brand() {
        for name in [
            "SÜSSWASSER ÖKOLOGIE",
            "Süsswasser 0kologie",
            "SÜẞWASSER ÖKOLOGIE",
            "Suesswasser Oekologie",
            "Susswasser Oekologie",
            "Süβwasser-Ökologie",
            "SÜSSWАSSER ÖKОLОGІЕ Login",
            "Clock by SUESSWASSEROEKOLOGIE",
        ] {
            assert!(app_imitates(name, "Süßwasser Ökologie"), "{name}");
        }
        assert!(!app_imitates("Süßwasser Angeln", "Süßwasser Ökologie"));
        assert!(!app_imitates(
            "Uhr für SÜSSWASSER ÖKOLOGIE",
            "Süßwasser Ökologie"
        ));
        assert!(app_imitates("ВЕТЕР", "Ветер") && app_imitates("ΝΟΒΗ login", "Νοβη"));
        assert!(app_imitates("Fjørd", "Fjœrd") && person_imitates("FJOERD", "Fjørd"));
    }

    #[test]
    fn an_arabic_brand_is_one_word_with_its_for() {
        for name in [
            "لمنصة الماء",
            "دعم لمنصة الماء",
            "منصــة الماء",
            "منصة الماء لمنصة الماء",
        ] {
            assert!(app_imitates(name, "منصة الماء"), "{name}");
        }
        for name in [
            "ساعة لمنصة الماء",
            "ساعة لـ منصة الماء",
            "ساعة لـمنصة الماء",
        ] {
            assert!(!app_imitates(name, "منصة الماء"), "{name}");
        }
        assert!(!app_imitates("ساعة للمنصة", "المنصة"));
        assert!(app_imitates("للمنصة", "المنصة"));
    }

    #[test]
    fn apps_that_may_name_the_platform_or_do_not() {
        for name in [
            "Clock for Grantor",
            "Clock FOR Grantor",
            "Team clock for Grantor",
            "Часы for Grantor",
            "Uhr für Grantor",
            "Uhr FÜR Grantor",
            "Horloge pour Grantor",
            "Reloj para Grantor",
            "ساعة لـGrantor",
            "ساعة لـ Grantor",
            "ساعة ل Grantor",
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
            "Équipe Grantor",
            "Grantor Sicherheit",
            "Equipo de soporte Grantor",
        ] {
            assert!(person_imitates(name, "Grantor"), "{name}");
        }
        for name in [
            "Sam Grantor",
            "Sam de Grantor",
            "De Grantor",
            "Ada Lovelace",
            "Security Team",
            "Grant Orange",
            "X",
        ] {
            assert!(!person_imitates(name, "Grantor"), "{name}");
        }
    }

    /// A letter that stands for eighteen, in every word: what is read grows with the words of
    /// a name, not with their square.
    #[test]
    fn a_name_of_many_long_letters_is_read_in_no_time() {
        let name = "\u{fdfa} ".repeat(2_000);
        assert!(!app_imitates(&name, "Grantor") && !person_imitates(&name, "Grantor"));
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
