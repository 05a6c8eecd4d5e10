//! Which of the forms of a noun stands by a number, where Fluent does not know it.

use fluent_bundle::{FluentArgs, FluentValue};

/// `PLURAL($n)`: the category of a number in Arabic, by its last two digits. The crate that
/// Fluent asks looks at the whole number instead: to it, 103 is like 100.
pub(super) fn arabic<'a>(given: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    match given {
        [FluentValue::Number(number)] => category(number.into()).into(),
        _ => FluentValue::Error,
    }
}

/// CLDR's rules for cardinal numbers.
fn category(number: i64) -> &'static str {
    match (number, number % 100) {
        (0, _) => "zero",
        (1, _) => "one",
        (2, _) => "two",
        (_, 3..=10) => "few",
        (_, 11..=99) => "many",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use crate::language::Language;

    #[test]
    fn arabic_nouns_follow_the_last_two_digits() {
        for (n, said) in [
            (0, "لا تطبيقات"),
            (1, "تطبيق واحد"),
            (2, "تطبيقان"),
            (3, "3 تطبيقات"),
            (10, "10 تطبيقات"),
            (11, "11 تطبيقًا"),
            (99, "99 تطبيقًا"),
            (100, "100 تطبيق"),
            (101, "101 تطبيق"),
            (102, "102 تطبيق"),
            (103, "103 تطبيقات"),
            (110, "110 تطبيقات"),
            (111, "111 تطبيقًا"),
            (199, "199 تطبيقًا"),
            (200, "200 تطبيق"),
            (1204, "1204 تطبيقات"),
        ] {
            let count = Language::Arabic.say("home-count-apps").number("n", n);
            assert_eq!(count.plain(), said);
        }
    }
}
