use super::super::{
    breached::{Breached, Lines, make},
    rules::*,
    *,
};
use crate::world::World;

fn rules(strength: u8) -> Rules {
    Rules {
        strength,
        brand: "Grantor".into(),
        breached: None,
    }
}

fn verdict(rules: &Rules, text: &str) -> Result<(), String> {
    let about = ["Ada Lovelace", "ada.lovelace@analytical.example"].map(str::to_owned);
    let password = Password::new(text.to_owned()).unwrap();
    let checked = rules.check(password, &about);
    checked.map(|_| ()).map_err(|refused| refused.to_string())
}

/// Each is refused in other words.
#[test]
fn what_is_easy_to_guess_is_refused_with_a_word_on_why() {
    let rules = rules(3);
    for (text, why) in [
        ("password", "most common"),
        ("iloveyou", "most common"),
        ("p@ssw0rd1", "too much like a common one"),
        ("qwertyuiop[]", "keyboard"),
        ("zxcvfrewq", "keyboard"),
        ("aaaaaaaaaaaa", "repeats itself"),
        ("abcabcabcabc", "repeats itself"),
        ("abcdefghijkl", "sequence"),
        ("12/31/1990", "date"),
        ("lovelace1815", "your name, your address"),
        ("Grantor2026", "name of this service"),
    ] {
        let refused = verdict(&rules, text).expect_err(text);
        assert!(refused.contains(why), "{text}: {refused}");
    }
    for text in [
        "correct horse battery staple",
        "Xk9#mQ2$vL7p",
        "vier Wörter und eine Tür",
    ] {
        assert_eq!(verdict(&rules, text), Ok(()), "{text}");
    }
}

#[test]
fn the_operator_says_how_strong() {
    assert_eq!(verdict(&rules(0), "password"), Ok(()));
    let text = "mountain bicycle";
    let passed: Vec<u8> = (0..=4)
        .filter(|strength| verdict(&rules(*strength), text).is_ok())
        .collect();
    assert_eq!(passed, [0, 1, 2, 3]);
}

/// Whatever it is of 128 characters, it is scored in no more than a fraction of a second;
/// the time is printed.
#[test]
fn no_password_takes_long_to_score() {
    let rules = rules(3);
    let long = |text: &str| -> String { text.chars().cycle().take(MAX_CHARACTERS).collect() };
    for text in [
        long("a"),
        long("ab1!"),
        long("4@8({[<369&#!1/|0$5+7%2"),
        long("p4$$w0rd"),
        long("passwordqwerty123456"),
        long("1234567890qwertyuiop"),
        long("2026-12-31 1.1.11"),
        long("🔑ß"),
        long("Ada Lovelace"),
        long("thequickbrownfoxjumpsoverthelazydog"),
    ] {
        let world = World::real();
        let started = world.monotonic();
        let _ = verdict(&rules, &text);
        let took = world.monotonic() - started;
        println!(
            "{:>6} µs  {}",
            took.as_micros(),
            &text.chars().take(24).collect::<String>()
        );
        assert!(took.as_millis() < 2000, "{text}: {took:?}");
    }
}

#[test]
fn a_breached_password_is_refused_however_strong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("breached");
    let list = "Xk9#mQ2$vL7p\r\nhunter2hunter\n\nXk9#mQ2$vL7p\nlast without an end";
    assert_eq!(make(list.as_bytes(), Lines::Passwords, &path).unwrap(), 3);
    let listed = Breached::open(&path).unwrap();
    assert_eq!(listed.entries(), 3);
    let rules = Rules {
        breached: Some(listed),
        ..rules(3)
    };
    for text in ["Xk9#mQ2$vL7p", "last without an end"] {
        assert_eq!(verdict(&rules, text), Err(Refused::Breached.to_string()));
    }
    assert_eq!(verdict(&rules, "Xk9#mQ2$vL7q"), Ok(()));
}

/// SHA-1 of "password", "hello" and "test", as Have I Been Pwned writes them.
const HASHES: &str = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9545824\r\n\
                      A94A8FE5CCB19BA61C4C0873D391E987982FBBD3:80\r\n\
                      AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D:300\r\n";

#[test]
fn a_list_of_hashes_is_taken_in_order_and_from_a_number_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("breached");
    for (at_least, entries, has_test) in [(0, 3, true), (81, 2, false)] {
        let lines = Lines::Hashes { at_least };
        assert_eq!(make(HASHES.as_bytes(), lines, &path).unwrap(), entries);
        let listed = Breached::open(&path).unwrap();
        assert!(listed.contains("password") && listed.contains("hello"));
        assert_eq!(listed.contains("test"), has_test);
        assert!(!listed.contains("Password"));
    }
    let backwards: String = HASHES
        .lines()
        .rev()
        .map(|line| format!("{line}\n"))
        .collect();
    let refused = |list: &str| {
        let made = make(list.as_bytes(), Lines::Hashes { at_least: 0 }, &path);
        made.unwrap_err().to_string()
    };
    assert!(refused(&backwards).contains("line 2 is not in order"));
    assert!(refused("password\n").contains("line 1 is no SHA-1"));
    assert_eq!(
        Breached::open(&path).unwrap().entries(),
        2,
        "the one before is still there"
    );
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        1,
        "and nothing half done"
    );
}

#[test]
fn another_file_is_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("breached");
    assert!(Breached::open(&path).is_err(), "no file");
    for content in [&b""[..], b"grantor", b"grantor breached1", &[0; 22]] {
        std::fs::write(&path, content).unwrap();
        assert!(Breached::open(&path).is_err(), "{content:?}");
    }
    std::fs::write(&path, b"grantor breached").unwrap();
    assert!(
        !Breached::open(&path).unwrap().contains("password"),
        "an empty one"
    );
}
