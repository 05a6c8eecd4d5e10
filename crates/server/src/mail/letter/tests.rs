use super::*;
use crate::config::Branding;
use grantor_protocol::time::Timestamp;
use grantor_store::mails::TOLD;

const NOW: Timestamp = Timestamp(1_795_770_000_000);
const HOSTILE: &str = "<script>alert('x')</script>\"><img src=https://evil.example/x>";

fn branded() -> Arc<Look> {
    let branding = Branding {
        brand_color: "#7a1f5c".parse().ok(),
        terms_url: "https://example.com/terms?a=1&b=2".parse().ok(),
        support_url: "mailto:help@example.com".parse().ok(),
        ..Branding::default()
    };
    Look::open(&branding).unwrap().into()
}

fn letters(language: Language) -> Vec<Letter> {
    let purposes = [
        Purpose::Verify,
        Purpose::Change,
        Purpose::Reset,
        Purpose::Restore,
    ];
    let all = WORDS.into_iter().chain(SIGN_UPS);
    let all = all.chain(purposes.map(of_link));
    let letter = |words: Words| Letter {
        brand: HOSTILE.into(),
        home: "https://auth.example".into(),
        look: branded(),
        language,
        words,
        facts: vec![Fact::theirs("mail-app", HOSTILE)],
        url: format!("https://auth.example{}", words.path),
    };
    all.map(letter).collect()
}

/// A sign-in, for whom it may concern.
fn sign_in(language: Language) -> Letter {
    let mut all = letters(language).into_iter();
    let letter = all.find(|letter| letter.words.kind == "session.started");
    Letter {
        brand: "Example".into(),
        facts: vec![
            Fact::ours("mail-when", date_time(NOW, language)),
            Fact::theirs("mail-from-address", "192.0.2.7"),
            Fact::ours("mail-browser", device_said("Firefox on Linux", language)),
        ],
        ..letter.unwrap()
    }
}

#[test]
fn whatever_is_told_has_words() {
    let worded: Vec<_> = WORDS.iter().map(|words| words.kind).collect();
    assert_eq!(worded, TOLD);
}

/// Nothing breaks out, and nothing is fetched by whoever opens the mail.
#[test]
fn a_mail_brings_only_itself_in_every_language() {
    for letter in Language::ALL.into_iter().flat_map(letters) {
        let (text, html) = (letter.text().unwrap(), letter.html().unwrap());
        for part in [letter.lead(), letter.url.clone(), letter.close()] {
            assert!(text.contains(&part), "{part} is missing in\n{text}");
        }
        for bad in [
            "<script", "<img", "src=\"", "url(", "@import", "<link", "onload", "mail-",
        ] {
            assert!(!html.contains(bad), "{bad} in\n{html}");
        }
        // The button, the service, and two of the platform's.
        assert_eq!(html.matches("href=").count(), 4, "{html}");
        assert!(text.contains(HOSTILE), "text is not escaped:\n{text}");
        assert!(!text.contains("mail-"), "{text}");
        let (tag, direction) = (letter.language.tag(), letter.language.direction());
        for element in ["<html", "<div"] {
            let start = format!("{element} lang=\"{tag}\" dir=\"{direction}\"");
            assert!(html.contains(&start), "{start} is missing in\n{html}");
        }
    }
}

/// Every letter is another one in another language, in each of its sentences.
#[test]
fn no_letter_stays_english() {
    let parts = |letter: &Letter| {
        [
            letter.subject(),
            letter.lead(),
            letter.button(),
            letter.close(),
        ]
    };
    let english = letters(Language::English);
    for language in Language::ALL.into_iter().skip(1) {
        for (there, here) in english.iter().zip(letters(language)) {
            for (there, here) in parts(there).into_iter().zip(parts(&here)) {
                assert_ne!(there, here, "{language:?}");
            }
            assert_eq!(here.english_subject(), there.subject());
        }
    }
}

#[test]
fn a_mail_in_each_language() {
    for language in Language::ALL {
        insta::assert_snapshot!(language.tag(), sign_in(language).text().unwrap());
    }
}

#[test]
fn a_mail_has_the_platforms_colour_and_links() {
    let html = sign_in(Language::German).html().unwrap();
    assert!(html.contains("background-color:#7a1f5c;color:#ffffff"));
    let terms = "<a href=\"https://example.com/terms?a=1&#38;b=2\" style=\"color:#5c5c58\">Nutzungsbedingungen</a>";
    assert!(html.contains(terms), "{html}");
    let plain = Letter {
        look: Arc::default(),
        ..sign_in(Language::German)
    };
    assert!(plain.html().unwrap().contains("background-color:#0d5c63"));
    assert!(plain.text().unwrap().ends_with("\nhttps://auth.example"));
}

/// For whoever wants to look at them.
#[test]
fn mails_are_left_to_be_looked_at() {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        Into::into,
    );
    for language in Language::ALL {
        let folder = target.join("mails").join(language.tag());
        std::fs::create_dir_all(&folder).unwrap();
        for (number, letter) in letters(language).into_iter().enumerate() {
            let letter = Letter {
                words: letter.words,
                ..sign_in(language)
            };
            let path = folder.join(format!("{number:02}"));
            std::fs::write(path.with_extension("html"), letter.html().unwrap()).unwrap();
            std::fs::write(path.with_extension("txt"), letter.text().unwrap()).unwrap();
        }
    }
}
