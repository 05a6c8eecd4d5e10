use super::*;
use crate::pages::tests::HOSTILE;
use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use grantor_protocol::{authorize::Dead, error::Cause};
use std::collections::{BTreeMap, BTreeSet};

/// What the sentences of a message speak of: `$variable`s and `<tag>`s.
type Parts = BTreeSet<String>;

fn parts(pattern: &Pattern<&str>, into: &mut Parts) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                let tags = value
                    .split('<')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('>'));
                into.extend(tags.map(|(tag, _)| format!("<{tag}>")));
            }
            PatternElement::Placeable { expression } => expression_parts(expression, into),
        }
    }
}

fn expression_parts(expression: &Expression<&str>, into: &mut Parts) {
    match expression {
        Expression::Inline(inline) => inline_parts(inline, into),
        Expression::Select { selector, variants } => {
            inline_parts(selector, into);
            for variant in variants {
                parts(&variant.value, into);
            }
        }
    }
}

fn inline_parts(inline: &InlineExpression<&str>, into: &mut Parts) {
    match inline {
        InlineExpression::VariableReference { id } => {
            into.insert(format!("${}", id.name));
        }
        InlineExpression::Placeable { expression } => expression_parts(expression, into),
        InlineExpression::FunctionReference {
            arguments: CallArguments { positional, .. },
            ..
        } => {
            for argument in positional {
                inline_parts(argument, into);
            }
        }
        _ => {}
    }
}

/// Every message of a language and what it speaks of.
fn messages(language: Language) -> BTreeMap<String, Parts> {
    let mut all = BTreeMap::new();
    for text in language.messages() {
        let private = |c: char| ('\u{E000}'..='\u{F8FF}').contains(&c);
        assert!(
            !text.contains(private),
            "{language:?}: a character for private use"
        );
        let resource = fluent_syntax::parser::parse(*text)
            .unwrap_or_else(|(_, errors)| panic!("{language:?}: {errors:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let mut spoken = Parts::new();
            parts(
                message.value.as_ref().expect("a message says something"),
                &mut spoken,
            );
            let twice = all.insert(message.id.name.to_owned(), spoken);
            assert!(
                twice.is_none(),
                "{language:?} says {} twice",
                message.id.name
            );
        }
    }
    all
}

#[test]
fn every_language_says_every_sentence_of_the_same_things() {
    let english = messages(Language::English);
    for language in Language::ALL {
        let said = messages(language);
        for (id, parts) in &english {
            let there = said.get(id);
            assert_eq!(
                there,
                Some(parts),
                "{language:?} does not say {id} as English does"
            );
        }
        let more: Vec<_> = said
            .keys()
            .filter(|id| !english.contains_key(*id))
            .collect();
        assert!(
            more.is_empty(),
            "{language:?} says what English does not: {more:?}"
        );
    }
}

/// Every `"id"` in the sources that follows one of these. A sentence that only machines are
/// told is none, and stands nowhere among the pages.
const SAYING: [&str; 7] = [
    ".say(\"",
    "language.text(\"",
    "frame.text(\"",
    "Failure::BadRequest(\"",
    "Failure::Forbidden(\"",
    "Failure::Conflict(\"",
    "Failure::Invalid(\"",
];

fn files(folder: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn what_pages_say_is_there_and_nothing_else_is() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&here.join("templates"), &mut sources);
    files(&here.join("src"), &mut sources);
    let english = messages(Language::English);
    let mut words = BTreeSet::new();
    for source in sources
        .iter()
        .filter(|path| !path.ends_with("language/tests.rs"))
    {
        let text = std::fs::read_to_string(source).expect("a source");
        for saying in SAYING {
            for rest in text.split(saying).skip(1) {
                let id = rest.split('"').next().unwrap_or_default();
                let to_machines = id.contains(' ') && !source.starts_with(here.join("src/pages"));
                let known = english.contains_key(id) || to_machines;
                assert!(known, "{}: {id}", source.display());
            }
        }
        words.extend(text.split('"').map(str::to_owned));
    }
    // Refused requests say the name of the cause.
    words.extend(Cause::ALL.iter().map(|cause| cause.name().to_owned()));
    words.extend(Dead::ALL.iter().map(|dead| dead.name().to_owned()));
    let unsaid: Vec<_> = english.keys().filter(|id| !words.contains(*id)).collect();
    assert!(unsaid.is_empty(), "nobody says {unsaid:?}");
}

#[test]
fn developers_read_what_their_apps_are_told() {
    for cause in Cause::ALL {
        assert_eq!(Language::English.text(cause.name()), cause.description());
    }
    let english = messages(Language::English);
    for dead in Dead::ALL {
        assert!(english.contains_key(dead.name()), "{dead:?}");
    }
}

#[test]
fn the_reader_chooses_the_language() {
    let all: Languages = "en,de,fr,es,ar".parse().expect("all");
    let accepted = |header: &str| all.of_accept_language(header);
    for (header, language) in [
        ("de", Some(Language::German)),
        ("de-AT,de;q=0.9,en;q=0.8", Some(Language::German)),
        ("pt-BR,fr;q=0.5,es;q=0.7", Some(Language::Spanish)),
        ("en;q=0.1, AR ;q=0.2", Some(Language::Arabic)),
        ("fr;q=0", None),
        ("fr;q=2", None),
        ("fr;q=NaN", None),
        ("*", None),
        ("", None),
        (";;;,,,q=1", None),
    ] {
        assert_eq!(accepted(header), language, "{header}");
    }
    // What stands behind the twentieth wish is not read.
    assert_eq!(accepted(&format!("{}de", "pt,".repeat(20))), None);
    assert_eq!(all.of_ui_locales("pt fr-CA en"), Some(Language::French));
    assert_eq!(all.of_ui_locales(""), None);
    for language in Language::ALL {
        assert_eq!(Language::of_tag(language.tag()), Some(language));
    }
}

#[test]
fn what_is_not_offered_is_nobodys_language() {
    let some: Languages = "fr, de".parse().expect("two");
    assert_eq!(some.first(), Language::French);
    assert_eq!(some.tags(), ["fr", "de"]);
    assert_eq!(some.of_tag("ar-EG"), None);
    assert_eq!(some.of_ui_locales("ar de"), Some(Language::German));
    let accepted = some.of_accept_language("ar,en;q=0.9,de;q=0.1");
    assert_eq!(accepted, Some(Language::German));
}

#[test]
fn what_is_filled_in_cannot_break_out() {
    let english = Language::English;
    let html = english.say("app-by").name("owner", HOSTILE).to_string();
    assert!(
        html.starts_with("by <bdi>") && html.ends_with("</bdi>"),
        "{html}"
    );
    assert!(!html.contains("<script") && !html.contains("<b "), "{html}");
    // A stand-in that somebody types stands for nothing.
    let html = english
        .say("app-by")
        .name("owner", "\u{E000}<b>")
        .to_string();
    assert_eq!(html, "by <bdi>\u{E000}&#60;b&#62;</bdi>");
    let html = english
        .say("consent-end-any-day")
        .link("authorizations", "/a?\"b")
        .to_string();
    assert_eq!(
        html,
        "You can end this any day at <a href=\"/a?&#34;b\">Authorized apps</a>."
    );
    // Nobody said what the tag is: it is text.
    let html = english.say("consent-end-any-day").to_string();
    assert!(html.contains("&#60;authorizations&#62;"), "{html}");
    let plain = english.say("app-by").name("owner", "<Ada>").plain();
    assert_eq!(plain, "by \u{2068}<Ada>\u{2069}");
    let plain = english
        .say("consent-end-any-day")
        .link("authorizations", "/a")
        .plain();
    assert_eq!(plain, "You can end this any day at Authorized apps.");
}

#[test]
fn numbers_and_lists_read_as_people_say_them() {
    let count = |n: i64| {
        Language::English
            .say("home-count-apps")
            .number("n", n)
            .plain()
    };
    assert_eq!(
        [count(0), count(1), count(2)],
        ["No apps", "1 app", "2 apps"]
    );
    let list = |parts: &[&str]| {
        let parts: Vec<_> = parts.iter().map(|it| (*it).to_owned()).collect();
        Language::English.list(&parts)
    };
    assert_eq!(list(&[]), "");
    assert_eq!(list(&["a"]), "a");
    assert_eq!(list(&["a", "b"]), "a and b");
    assert_eq!(list(&["a", "b", "c", "d"]), "a, b, c and d");
}

#[test]
fn arabic_counts_by_rules_of_our_own() {
    for text in Language::Arabic.messages() {
        let by_itself = |line: &&str| line.contains(" = { $") && line.ends_with("->");
        for (line, next) in text.lines().zip(text.lines().skip(1)) {
            let counts = ["[zero]", "[one]", "[two]", "[few]", "[many]", "[0]"]
                .iter()
                .any(|it| next.trim().starts_with(it));
            assert!(!(by_itself(&line) && counts), "{line} lacks PLURAL");
        }
    }
}

/// Templates whose words are not a reader's of the product: the demo's own app.
const NOT_OURS: [&str; 2] = ["demo_app.html", "demo_nodes.html"];
/// Attributes that are read out or shown.
const SPOKEN: [&str; 6] = [
    "aria-label",
    "alt",
    "title",
    "placeholder",
    "data-done",
    "data-by-hand",
];

/// A template without what stands between these.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |left, part| {
        left + "\u{1}" + part.split_once(close).map_or("", |(_, after)| after)
    })
}

/// The words that a template says by itself, in English to everybody.
fn own_words(template: &str) -> Vec<String> {
    let shape = ("{% block shape %}", "{% endblock %}");
    let logic = [("{#", "#}"), shape, ("{%", "%}"), ("{{", "}}")];
    let text = logic
        .iter()
        .fold(template.to_owned(), |text, (open, close)| {
            without(&text, open, close)
        });
    let spoken = text.split('<').skip(1).flat_map(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        SPOKEN.iter().filter_map(move |name| {
            let (_, value) = tag.split_once(&format!(" {name}=\""))?;
            value.split('"').next().map(str::to_owned)
        })
    });
    let shown = without(&without(&text, "<code", "</code>"), "<", ">");
    let shown = shown.split('\u{1}').map(str::to_owned).collect::<Vec<_>>();
    // Attributes that a template hands to a macro are none, nor is what ends an id.
    let wordy = |text: &String| {
        let text = text.trim();
        let attribute = text.contains("=\"") || ["-hint", "-error"].contains(&text);
        !attribute && text.chars().any(char::is_alphabetic)
    };
    spoken.chain(shown).filter(wordy).collect()
}

#[test]
fn templates_say_nothing_but_messages() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut templates = Vec::new();
    files(&here.join("templates"), &mut templates);
    let mut wrong = Vec::new();
    for path in templates {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).expect("a template");
        let words = own_words(&text);
        let known = NOT_OURS.contains(&&*name);
        match (words.is_empty(), known) {
            (false, false) => wrong.push(format!("{name} says {words:?}")),
            (true, true) => wrong.push(format!("{name} says nothing by itself any more")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
