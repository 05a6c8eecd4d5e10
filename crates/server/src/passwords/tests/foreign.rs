//! Hashes that other programs made of one password: Django 5.2, passlib 1.7.4, bcrypt 5.0
//! and argon2-cffi 25.1 for Python, Werkzeug 3.1; the last by Python's hashlib, in the form
//! that docs/import.md makes of Keycloak's.

use super::super::{stored::*, *};
use crate::world::World;

const PASSWORD: &str = "correct horse battery";
const HASHES: [&str; 22] = [
    "pbkdf2_sha256$2000$seasalt12345$AF00wyRyIjft0+VkcrztYHLUj0jQrszvjTQuE8p4mXQ=",
    "pbkdf2_sha1$2000$seasalt12345$PROVP2hOGxRXLvlY7P7poh4igNA=",
    "scrypt$1024$seasalt12345$8$1$xpVs35hqv0sxQ60xyY3+H64TFd/sp5Jlm3i9UtaPv1ROyIvNo5UtxSOJaByDzzy2YChpe2nURQAdbkcXmF0OMA==",
    "argon2$argon2id$v=19$m=64,t=2,p=8$c2Vhc2FsdDEyMzQ1$rQ02Elba5AxwPndJX0OZtrJdmW2Zn3OMpwxbQG9cTy8",
    "bcrypt_sha256$$2b$04$pHEr7CS7hstwqaOolATnLuHxGuGqL8JIgO1GvQ5vABQsRJHbQiqNu",
    "bcrypt$$2b$04$pHEr7CS7hstwqaOolATnLu/.jYjYAaAhz8vFS6mnFgCfFd9yq.wrW",
    "$2b$04$ysFR2sd.nVwlfxNb9uZsAu5NLKerWibXNy7Yam8S.pFcPXaoHWUE6",
    "$2a$04$AuFvL7VcE/k9YjaoG2HUo.c1cYG5iuk.JiNWqs9GhP0KPIGr7ceFq",
    "$2y$04$ysFR2sd.nVwlfxNb9uZsAu5NLKerWibXNy7Yam8S.pFcPXaoHWUE6",
    "$pbkdf2$1000$K0VICWHsPWdMqfWeU8qZsw$EuSXA2McY8P7qAz8CMwIRhB0WH8",
    "$pbkdf2-sha256$1000$UQqBUEoJoXQu5RwDgNCakw$TyaVa8ig0Y9cQ2ksY6TOkxYjYQ6R048cKzipe/FAwu8",
    "$pbkdf2-sha512$1000$vpfSWuudkxKiVMrZW.sdow$R3prAAYwNxeQNHA4vV6TlBkItfcoxce/b.kUH0isp.0hsT1aci0i/R7kJstXeMzRjSI400cBeeEaTMvC3rcUzQ",
    "$scrypt$ln=10,r=8,p=1$eA9B6P1/752TslaqlRJirA$VPUl2l5X8/74ILJnlIZ0TBMC8yrxJp1cnUwc5puE5J4",
    "$argon2i$v=16$m=64,t=3,p=2$c2FsdHNhbHRzYWx0c2FsdA$GIWudoHSi9Wl0GVjLnepjI1cgRW3oT79R2wRe68427Y",
    "$argon2i$v=19$m=64,t=1,p=2$c2FsdHNhbHRzYWx0c2FsdA$l6KUS0I56bBRno2zLEMJ2mhUt/Vkgxo/xy8nXODVTZ4",
    "$argon2d$v=16$m=64,t=3,p=2$c2FsdHNhbHRzYWx0c2FsdA$ZPsF7BoEl0SXPAFB7LX8gnECBfQ8RBtRwF/uSVUHHVU",
    "$argon2d$v=19$m=64,t=1,p=2$c2FsdHNhbHRzYWx0c2FsdA$eCNnd+NU4FsoL8raQBFv8YR6Jf/Ty/7sNXTS1lRbezo",
    "$argon2id$v=16$m=64,t=3,p=2$c2FsdHNhbHRzYWx0c2FsdA$w/35+Y/c5y1/dXke+gWMFwUdQqBGsHHpeM1HyKURUac",
    "$argon2id$v=19$m=64,t=1,p=2$c2FsdHNhbHRzYWx0c2FsdA$/nMo9jlWd5Bng6izaW+rvfux+zAJP+XHYQeTY/JYAEY",
    "pbkdf2:sha512:1000$jBy2GfQihX36WlkD$76c76605f91d28a26dc1d3dc84127433ffd923bc88af713b4a3165e4ac29298fdf3786f18fdb2ad56c1ff80cbc9faefb4d3af32265ebe774e8979a492d19cca5",
    "scrypt:1024:8:1$3fQ2vCjCC8pFbgTp$56b76649ce28d0503e832041b508b1ef4a116620f40101da8b2efcd5cb10549ce014bea54d1db2822d3083d3d84584d745cb82b036539385e0e9fa9affb26da7",
    "$pbkdf2-sha512$i=1000$MDEyMzQ1Njc4OWFiY2RlZg$7F/Y1rnWXXurLCfFvAmyjyXtbABhgzBTBNcm//wlnvGBOz7OExlgRFs5qwaY5PzB3/WjR7P4yv/ACDQZpDXIfQ",
];

fn check(hash: &str, text: &str) -> Verification {
    let password = Password::new(text.to_owned()).unwrap();
    Stored::parse(hash)
        .unwrap_or_else(|error| panic!("{hash}: {error}"))
        .check(&password, &mut Memory::default())
}

#[test]
fn others_hashes_are_checked_and_want_to_become_ours() {
    for hash in HASHES {
        assert_eq!(
            check(hash, PASSWORD),
            Verification::MatchNeedsRehash,
            "{hash}"
        );
        assert_eq!(
            check(hash, "correct horse batterz"),
            Verification::Mismatch,
            "{hash}"
        );
    }
}

/// One character of the output changed: another hash.
#[test]
fn a_changed_hash_proves_nothing() {
    for hash in HASHES {
        let (kept, end) = hash.split_at(hash.len() - 6);
        let other = if end.starts_with('0') { '1' } else { '0' };
        let changed = format!("{kept}{other}{}", &end[1..]);
        assert_eq!(
            check(&changed, PASSWORD),
            Verification::Mismatch,
            "{changed}"
        );
    }
}

#[test]
fn what_cannot_be_checked_is_refused_with_the_reason() {
    use HashError::*;
    let out = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let of = |text: &str| text.replace("OUT", out);
    for (hash, error) in [
        ("", Unknown),
        ("plain", Unknown),
        ("5f4dcc3b5aa765d61d8327deb882cf99", Unknown),
        ("$1$abc$0123456789012345678901", Unknown),
        ("$6$rounds=5000$abc$OUT", Unknown),
        ("$2x$10$abcdefghijklmnopqrstuvOUT", Unknown),
        ("sha1$salt$OUT", Unknown),
        ("$2b$12$abc", Broken),
        (
            "$2b$14$ysFR2sd.nVwlfxNb9uZsAu5NLKerWibXNy7Yam8S.pFcPXaoHWUE6",
            TooDear("bcrypt with a cost above 13"),
        ),
        (
            "$argon2id$v=19$m=200000,t=1,p=1$c2FsdHNhbHQ$OUT",
            TooDear("Argon2 with more than 128 MiB"),
        ),
        (
            "$argon2id$v=19$m=65536,t=9,p=1$c2FsdHNhbHQ$OUT",
            TooDear("Argon2 whose memory times its passes exceeds 512 MiB"),
        ),
        ("$argon2id$v=19$m=65536$OUT", Broken),
        (
            "$scrypt$ln=18,r=8,p=1$c2FsdA$OUT",
            TooDear("scrypt with more than 128 MiB"),
        ),
        (
            "$scrypt$ln=16,r=8,p=9$c2FsdA$OUT",
            TooDear("scrypt whose memory times its parallelism exceeds 256 MiB"),
        ),
        ("$scrypt$ln=63,r=8,p=1$c2FsdA$OUT", Broken),
        ("$scrypt$ln=64,r=8,p=1$c2FsdA$OUT", Broken),
        (
            "$scrypt$ln=4,r=8,p=99999999$c2FsdA$OUT",
            TooDear("scrypt with more than 128 MiB"),
        ),
        ("scrypt$1000$salt$8$1$OUT", Broken),
        (
            "$pbkdf2-sha256$2000001$c2FsdA$OUT",
            TooDear("PBKDF2 with more than 2,000,000 rounds, or 500,000 of SHA-512"),
        ),
        (
            "$pbkdf2-sha1$1000001$c2FsdA$OUT",
            TooDear("PBKDF2 with more than 2,000,000 rounds, or 500,000 of SHA-512"),
        ),
        ("$pbkdf2-sha256$0$c2FsdA$OUT", Broken),
        ("$pbkdf2-md5$1000$c2FsdA$OUT", Unknown),
        ("$pbkdf2-sha256$1000$c2FsdA$AAAA", Length),
        ("$pbkdf2-sha256$1000$c2FsdA$***", Broken),
        ("pbkdf2:sha256:1000$salt$abc", Broken),
        ("pbkdf2:sha256:1000$salt$abcd", Length),
        ("ärgon", Unknown),
    ] {
        assert_eq!(check_hash(&of(hash)), Err(error), "{hash}");
    }
    assert_eq!(check_hash(&"$".repeat(100_000)), Err(Unknown));
}

/// The dearest that are accepted; printed, and far below the time that a request may take.
#[test]
fn the_dearest_accepted_hashes_are_bearable() {
    let out = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for hash in [
        "$argon2id$v=19$m=131072,t=4,p=1$c2FsdHNhbHQ$OUT",
        "$2b$13$ysFR2sd.nVwlfxNb9uZsAu5NLKerWibXNy7Yam8S.pFcPXaoHWUE6",
        "$scrypt$ln=17,r=8,p=1$c2FsdA$OUT",
        "$scrypt$ln=14,r=8,p=16$c2FsdA$OUT",
        "$pbkdf2-sha256$2000000$c2FsdA$OUT",
        "$pbkdf2-sha512$500000$c2FsdA$OUT",
        "$pbkdf2-sha1$1000000$c2FsdA$OUT",
    ] {
        let hash = hash.replace("OUT", out);
        let world = World::real();
        let started = world.monotonic();
        assert_eq!(check(&hash, PASSWORD), Verification::Mismatch);
        let took = world.monotonic() - started;
        println!("{:>5} ms  {hash}", took.as_millis());
        assert!(took.as_secs() < 8, "{hash}: {took:?}");
    }
}
