use super::*;
use grantor_jose::algorithm::Algorithm;
use tokio::task::{JoinHandle, yield_now};

/// One that signs the same text always the same way.
fn key() -> Arc<SigningKey> {
    let der = SigningKey::generate(Algorithm::EdDsa).unwrap();
    let key = SigningKey::from_pkcs8(Algorithm::EdDsa, &der).unwrap();
    key.into()
}

fn ask(
    signers: &Signers,
    key: &Arc<SigningKey>,
    payload: usize,
) -> JoinHandle<Result<String, SigningFailed>> {
    let (signers, key) = (signers.clone(), key.clone());
    tokio::spawn(async move { signers.sign(key, None, payload.to_string()).await })
}

/// So many who wait, and nobody at work before the permit is gone.
async fn queue(
    signers: &Signers,
    key: &Arc<SigningKey>,
    length: usize,
) -> (
    OwnedSemaphorePermit,
    Vec<JoinHandle<Result<String, SigningFailed>>>,
) {
    let turns = signers.turns.clone();
    let all = turns.available_permits().try_into().unwrap();
    let held = turns.acquire_many_owned(all).await.unwrap();
    let mut asked = Vec::new();
    for payload in 0..length {
        asked.push(ask(signers, key, payload));
        while signers.waiting.lock().len() <= payload {
            yield_now().await;
        }
    }
    (held, asked)
}

#[tokio::test]
async fn everybody_gets_the_signature_of_her_own_text() {
    let (signers, key) = (Signers::default(), key());
    let (held, asked) = queue(&signers, &key, 50).await;
    drop(held);
    for (payload, signed) in asked.into_iter().enumerate() {
        let own = key.sign(None, payload.to_string().as_bytes());
        assert_eq!(signed.await.unwrap(), own);
    }
}

#[tokio::test]
async fn a_quarter_of_those_who_wait_is_signed_for_together_and_one_alone_at_once() {
    let (signers, key) = (Signers::default(), key());
    let (_held, asked) = queue(&signers, &key, 9).await;
    asked[1].abort();
    while !asked[1].is_finished() {
        yield_now().await;
    }
    let lengths: Vec<_> = std::iter::from_fn(|| signers.next())
        .map(|group| group.len())
        .collect();
    assert_eq!(lengths, [2, 2, 1, 1, 1, 1], "of the eight who are left");
}

#[tokio::test]
async fn no_group_keeps_the_others_waiting_for_long() {
    let (signers, key) = (Signers::default(), key());
    let (_held, _asked) = queue(&signers, &key, 5 * GROUP).await;
    let lengths: Vec<_> = std::iter::from_fn(|| signers.next())
        .map(|group| group.len())
        .collect();
    assert_eq!(lengths[..2], [GROUP, GROUP]);
    assert_eq!(lengths.iter().sum::<usize>(), 5 * GROUP);
}

#[tokio::test]
async fn the_others_are_signed_for_when_those_before_them_go() {
    let (signers, key) = (Signers::default(), key());
    let (held, mut asked) = queue(&signers, &key, 3).await;
    let last = asked.pop().unwrap();
    for gone in asked {
        gone.abort();
    }
    drop(held);
    assert_eq!(last.await.unwrap(), key.sign(None, b"2"));
    assert!(signers.waiting.lock().is_empty());
}

#[tokio::test]
async fn what_was_begun_is_answered_though_the_first_of_them_goes() {
    let (signers, key) = (Signers::default(), key());
    let (held, asked) = queue(&signers, &key, 8).await;
    drop(held);
    // The first one takes the turn, and goes.
    while signers.waiting.lock().len() == 8 {
        yield_now().await;
    }
    asked[0].abort();
    for (payload, signed) in asked.into_iter().enumerate().skip(1) {
        let own = key.sign(None, payload.to_string().as_bytes());
        assert_eq!(signed.await.unwrap(), own);
    }
}

#[tokio::test]
async fn all_turns_are_free_again_afterwards() {
    let (signers, key) = (Signers::default(), key());
    let turns = signers.turns.available_permits();
    for payload in 0..20 {
        assert!(ask(&signers, &key, payload).await.unwrap().is_ok());
    }
    while signers.turns.available_permits() < turns {
        yield_now().await;
    }
}
