//! Input: `Cookie` header lines, separated by newlines. A naive reading finds
//! the same cookie, and never two where we return one.
#![no_main]

use grantor_protocol::cookie::find;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let lines = || data.split(|&b| b == b'\n');
    let Ok(text) = str::from_utf8(data) else {
        let _ = find(lines(), "sid");
        return;
    };
    let naive: Vec<&str> = text
        .split(['\n', ';'])
        .filter_map(|pair| pair.trim_ascii().split_once('='))
        .filter_map(|(name, value)| (name == "sid").then_some(value))
        .collect();
    match find(lines(), "sid") {
        Err(_) => assert!(naive.len() > 1),
        Ok(None) => assert!(naive.len() <= 1),
        Ok(Some(value)) => {
            assert_eq!(naive, [value]);
            assert!(!value.contains(|c: char| c.is_control() || c == ' ' || c == '"' || c == ','));
        }
    }
});
