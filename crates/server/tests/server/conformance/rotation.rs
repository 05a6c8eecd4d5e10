//! Keys change while users log in.

use super::{
    party::Party,
    reader::{self, Keys},
    variant::Variant,
};
use crate::support::join_all;
use grantor::keys::{JWKS_LIFETIME, KeyKind, Rotation};
use grantor_protocol::time::{Millis, Timestamp};
use grantor_store::audit::Actor;
use std::collections::BTreeSet;

/// Clients at once, each in another flow.
const CLIENTS: usize = 4;
const STEP: Millis = Millis::seconds(60);
const STEPS: i64 = 40;
/// A rotation every so many steps: in quicker succession than any operator's.
const EVERY: i64 = 7;

/// What a client holds that fetches the keys as rarely as it may.
struct Cache {
    keys: Keys,
    fetched: Timestamp,
}

/// Every ID token verifies with the keys of a client that may have fetched them one
/// cache lifetime before; and with those of a client that fetches them after it.
#[tokio::test]
async fn no_client_misses_a_key_while_keys_rotate() {
    let party = Party::new().await;
    let app = &party.site.app;
    let mut caches = Vec::new();
    let (mut issued, mut kids) = (Vec::new(), BTreeSet::new());
    for step in 0..STEPS {
        if step % EVERY == 0 {
            let rotation = Rotation {
                kind: KeyKind::SignRs256,
                retire_older: false,
                actor: Actor::default(),
            };
            let rotated = app.keys.rotate(rotation, &app.store, &app.world).await;
            rotated.unwrap();
        }
        // In a process this happens every minute and at every change.
        app.keys.reload(&app.store, &app.world).await.unwrap();
        let now = app.world.now();
        caches.retain(|cache: &Cache| now - cache.fetched <= JWKS_LIFETIME);
        caches.push(Cache {
            keys: reader::keys(&party.site).await,
            fetched: now,
        });
        let variants = Variant::all().cycle().skip(step as usize).take(CLIENTS);
        let logins = variants.map(|variant| {
            let party = &party;
            async move { party.run(variant, &party.ask(variant)).await.hint }
        });
        for token in join_all(logins).await {
            let known = |cache: &Cache| cache.keys.verify(&party.app.client_id(), &token);
            assert!(caches.iter().all(|cache| known(cache).is_some()), "{step}");
            kids.insert(jsonwebtoken::decode_header(&token).unwrap().kid);
            issued.push(token);
        }
        party.site.pass(STEP);
    }
    assert!(kids.len() as i64 >= STEPS / EVERY - 2, "nothing rotated");
    let last = reader::keys(&party.site).await;
    let client_id = party.app.client_id();
    assert!(
        issued
            .iter()
            .all(|it| last.verify(&client_id, it).is_some())
    );
}
