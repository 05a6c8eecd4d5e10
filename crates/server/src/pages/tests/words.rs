//! What the samples say: everything in the language of their reader, but names.

use super::rendered_in;
use crate::language::Language;
use std::collections::{BTreeMap, BTreeSet};

/// What people and machines call things.
const NAMES: [&str; 6] = ["bdi", "code", "pre", "script", "textarea", "time"];
/// Attributes that are read out or shown.
const SPOKEN: [&str; 4] = ["aria-label", "alt", "title", "placeholder"];

/// The texts of a page, without names.
fn texts(html: &str) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    // The element that is skipped, and how many of its kind are open.
    let mut skipped: Option<(&str, usize)> = None;
    for rest in html.split('<').skip(1) {
        let (tag, text) = rest.split_once('>').expect("a tag's end");
        let name = tag.split_whitespace().next().unwrap_or_default();
        let closed = name.strip_prefix('/');
        match &mut skipped {
            Some((element, open)) if name == *element => *open += 1,
            Some((element, open)) if closed == Some(*element) => *open -= 1,
            Some(_) => {}
            None if NAMES.contains(&name) || tag.contains(" translate=\"no\"") => {
                skipped = Some((name, 1));
            }
            None => texts.extend(spoken(tag)),
        }
        skipped = skipped.filter(|(_, open)| *open > 0);
        if skipped.is_none() {
            texts.insert(without_names(text));
        }
    }
    texts
}

fn spoken(tag: &str) -> impl Iterator<Item = String> {
    SPOKEN.iter().filter_map(move |name| {
        let (_, value) = tag.split_once(&format!(" {name}=\""))?;
        value.split('"').next().map(without_names)
    })
}

/// Without what stands between marks that isolate it.
fn without_names(text: &str) -> String {
    let mut parts = text.split('\u{2068}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |left, part| {
        left + part.split_once('\u{2069}').map_or("", |(_, after)| after)
    })
}

/// In three words at least: two may be the same in several languages.
fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace();
    words.filter(|it| it.contains(char::is_alphabetic)).count() > 2
}

/// Of a message that nobody said.
fn is_id(text: &str) -> bool {
    let plain = |it| matches!(it, 'a'..='z' | '-');
    text.contains('-') && text.trim().chars().all(plain)
}

#[test]
fn samples_speak_the_language_of_their_reader() {
    let english: BTreeMap<_, _> = rendered_in(Language::English).into_iter().collect();
    let mut left = BTreeSet::new();
    for language in Language::ALL {
        for (name, html) in rendered_in(language) {
            let english = texts(&english[name]);
            let is_left = |text: &String| {
                let same = language != Language::English && english.contains(text);
                (same && is_sentence(text)) || is_id(text)
            };
            let found = texts(&html).into_iter().filter(is_left);
            left.extend(found.map(|text| (name, language.tag(), text)));
        }
    }
    assert!(left.is_empty(), "not said in the reader's words: {left:#?}");
}
