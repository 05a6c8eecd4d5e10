mod foreign;
mod rules;

use super::*;
use crate::world::World;
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::mpsc;

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).expect("the length is right")
}

fn passwords() -> Passwords {
    Passwords::new(1, Rules::default()).unwrap()
}

async fn hash(passwords: &Passwords, text: &str) -> String {
    passwords
        .rehash(password(text), World::real().random())
        .await
        .unwrap()
}

/// A hash that an earlier release could have stored.
fn cheaper_hash(text: &str) -> String {
    use argon2::PasswordHasher;
    let params = Params::new(8 * 1024, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_with_salt(text.as_bytes(), &[7; 16])
        .unwrap()
        .to_string()
}

#[test]
fn length_counts_characters_and_not_bytes() {
    let long = Some(Refused::TooLong(PasswordError::TooLong));
    for (text, verdict) in [
        ("1234567".into(), Some(Refused::TooShort)),
        ("äöüäöü".into(), Some(Refused::TooShort)),
        ("12345678".into(), None),
        ("🔑".repeat(128), None),
        ("🔑".repeat(129), long),
        ("x".repeat(10_000_000), long),
    ] {
        assert_eq!(wrong_length(&text), verdict);
    }
    assert_eq!(
        Password::new(String::new()).err(),
        Some(PasswordError::Empty)
    );
    assert!(
        Password::new("1".into()).is_ok(),
        "it may come from elsewhere"
    );
}

#[tokio::test]
async fn a_hash_matches_its_password_only() {
    let passwords = passwords();
    let stored = hash(&passwords, "correct horse").await;
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    let verify = |text| passwords.verify(password(text), Some(stored.clone()));
    assert_eq!(verify("correct horse").await, Ok(Verification::Match));
    assert_eq!(verify("correct horsf").await, Ok(Verification::Mismatch));
}

#[tokio::test]
async fn our_strings_are_read_by_the_library_and_its_by_us() {
    use argon2::{PasswordHasher, PasswordVerifier};
    let passwords = passwords();
    let ours = hash(&passwords, "correct horse").await;
    Argon2::default()
        .verify_password(b"correct horse", ours.as_str())
        .unwrap();

    let library = Argon2::default().hash_password_with_salt(b"correct horse", &[7; 16]);
    let theirs = library.unwrap().to_string();
    let verdict = passwords
        .verify(password("correct horse"), Some(theirs))
        .await;
    assert_eq!(verdict, Ok(Verification::Match));
}

#[tokio::test]
async fn the_same_password_never_has_the_same_hash() {
    let passwords = passwords();
    assert_ne!(
        hash(&passwords, "correct horse").await,
        hash(&passwords, "correct horse").await
    );
}

#[tokio::test]
async fn older_parameters_match_and_ask_for_a_new_hash() {
    let passwords = passwords();
    let stored = cheaper_hash("correct horse");
    let verify = |text| passwords.verify(password(text), Some(stored.clone()));
    assert_eq!(
        verify("correct horse").await,
        Ok(Verification::MatchNeedsRehash)
    );
    assert_eq!(verify("wrong horse").await, Ok(Verification::Mismatch));
}

#[tokio::test]
async fn nothing_stored_and_nothing_checkable_are_mismatches() {
    let passwords = passwords();
    let costly = "$argon2id$v=19$m=165536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for stored in [
        None,
        Some(""),
        Some("$2b$12$abc"),
        Some("plain"),
        Some(costly),
    ] {
        let stored = stored.map(str::to_owned);
        let verdict = passwords.verify(password("correct horse"), stored).await;
        assert_eq!(verdict, Ok(Verification::Mismatch));
    }
}

#[test]
fn nothing_stored_costs_what_a_new_hash_does() {
    // Not a stopwatch: the same memory is filled under the same parameters.
    let known = Stored::parse(&argon::encode(&[7; 16], &[0; 32])).unwrap();
    assert!(known.is_as_new());
}

/// Occupies the only thread until the returned end is dropped.
async fn occupy(pool: &Arc<Pool>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (started, starting) = oneshot();
    let pool = pool.clone();
    tokio::spawn(async move {
        let wait = move |_: &mut Memory| {
            let _ = started.send(());
            let _ = released.recv();
        };
        pool.run(wait).await
    });
    starting.await.unwrap();
    release
}

fn oneshot() -> (
    tokio::sync::oneshot::Sender<()>,
    tokio::sync::oneshot::Receiver<()>,
) {
    tokio::sync::oneshot::channel()
}

#[tokio::test]
async fn a_full_queue_is_busy_and_an_emptied_one_is_not() {
    let pool = Arc::new(Pool::start(1, 2).unwrap());
    let release = occupy(&pool).await;
    let waiting: Vec<_> = (0..2)
        .map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.run(move |_| number).await })
        })
        .collect();
    while pool.queued() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.run(|_| 9).await, Err(Busy));
    drop(release);
    for (number, answer) in waiting.into_iter().enumerate() {
        assert_eq!(answer.await.unwrap(), Ok(number));
    }
    assert_eq!(pool.run(|_| 9).await, Ok(9));
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_skipped() {
    let pool = Arc::new(Pool::start(1, 8).unwrap());
    let release = occupy(&pool).await;
    let (done, abandoned) = mpsc::channel();
    {
        let mut asked = Box::pin(pool.run(move |_| done.send(())));
        assert!(futures_poll(&mut asked).is_pending());
    }
    drop(release);
    pool.run(|_| ()).await.unwrap();
    assert!(
        abandoned.try_recv().is_err(),
        "the job ran though its asker had gone"
    );
}

fn futures_poll<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    std::pin::Pin::new(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
}

#[tokio::test]
async fn a_panic_costs_one_answer_and_not_the_thread() {
    let pool = Pool::start(1, 8).unwrap();
    assert_eq!(pool.run::<()>(|_| panic!("a bug")).await, Err(Busy));
    assert_eq!(pool.run(|_| 1).await, Ok(1));
}

#[tokio::test]
async fn memory_is_taken_once_and_can_be_given_back() {
    let mut memory = Memory::default();
    memory.digest(&password("correct horse"), &[1; 16]);
    let first = memory.0.as_ptr();
    memory.digest(&password("correct horse"), &[2; 16]);
    assert_eq!(memory.0.as_ptr(), first);
    assert_eq!(memory.0.len(), 19 * 1024);
    memory.give_back();
    assert_eq!(memory.0.capacity(), 0);
}
