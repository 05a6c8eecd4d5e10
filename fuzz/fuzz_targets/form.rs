//! Input: a form. What is accepted, the URL Standard's parser reads the same
//! way, names are unique, and writing it again reads back the same.
#![no_main]

use std::collections::HashSet;

use grantor_protocol::form::{MAX_PARAMS, Params, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(params) = Params::parse(data) else {
        return;
    };
    let ours: Vec<(&str, &str)> = params.iter().collect();
    let theirs: Vec<_> = url::form_urlencoded::parse(data).collect();
    assert!(
        ours.iter()
            .copied()
            .eq(theirs.iter().map(|(name, value)| (&**name, &**value)))
    );

    assert!(ours.len() <= MAX_PARAMS);
    let names: HashSet<&str> = ours.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), ours.len());
    for (name, value) in &ours {
        assert!(!name.contains('\0') && !value.contains('\0'));
        assert_eq!(params.get_raw(name), Some(*value));
        assert_eq!(params.get(name).unwrap_or_default(), *value);
    }

    let written = encode(ours.iter().copied());
    if let Ok(again) = Params::parse(written.as_bytes()) {
        assert!(again.iter().eq(ours.iter().copied()));
    } else {
        assert!(
            written.len() > data.len(),
            "only escapes can make it too long"
        );
    }
});
