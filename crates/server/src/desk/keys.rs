//! Keys: what there is, the next one, and the emergency in which older ones end at once.

use super::Desk;
use crate::{
    failure::Failure,
    keys::{KeyKind, Rotation},
};
use grantor_protocol::role::Act;
use grantor_store::keys::StoredKey;

/// All keys, never their contents.
pub async fn list(desk: &Desk) -> Result<Vec<StoredKey>, Failure> {
    if !desk.may(Act::ReadKeys, None) {
        return Err(Failure::NotFound);
    }
    Ok(desk.app.store.keys().await?)
}

/// Of a kind that has successors.
pub fn kind(name: &str) -> Result<KeyKind, Failure> {
    let kind = KeyKind::parse(name).filter(|kind| kind.loss().is_some());
    kind.ok_or(Failure::NotFound)
}

/// Makes the next key of a kind; its number.
pub async fn rotate(desk: &Desk, kind: KeyKind, retire_older: bool) -> Result<i64, Failure> {
    let app = &desk.app;
    let rotation = Rotation {
        kind,
        retire_older,
        // The ring makes the event; whether there may be one is decided here.
        actor: desk.event((Act::RotateKeys, "keys.rotated"), None)?.actor,
    };
    let made = app.keys.rotate(rotation, &app.store, &app.world).await;
    let id = made.map_err(|error| match error.downcast::<grantor_store::Error>() {
        Ok(error) => error.into(),
        Err(error) => Failure::Internal(format!("cannot rotate a key: {error:#}")),
    })?;
    // Here and now; other nodes hear of it.
    let reloaded = app.keys.reload(&app.store, &app.world).await;
    reloaded.map_err(|error| Failure::Internal(format!("cannot reload the keys: {error:#}")))?;
    Ok(id)
}
