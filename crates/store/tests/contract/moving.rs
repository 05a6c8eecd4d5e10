//! From one engine to the other, and back.

use crate::{
    actors::{form, new_pat},
    world::{Db, NOW, after, event},
};
use grantor_protocol::client::ClientKind::{Confidential, Native};
use grantor_store::{Error, keys::StoredKey, moving::Moved};

fn sentence(answer: Result<Vec<Moved>, Error>) -> String {
    answer.unwrap_err().to_string()
}

/// A database with something of each kind in it.
async fn lived_in(db: &Db) {
    let pair = db.pair(Native).await;
    let it = db.connect(&pair).await;
    db.session(pair.user).await;
    let pat = new_pat(pair.user, 50);
    assert!(db.store.add_personal_token(&pat, event()).await.unwrap());
    db.store.add_image("icon", b"\0\x01png", NOW).await.unwrap();
    let other = db.app(pair.user, Confidential).await;
    let mut changed = form(Confidential);
    changed.icon = Some("icon".into());
    assert!(db.store.edit_app(&other, &changed, event()).await.unwrap());
    db.store.end_family(it.family, event()).await.unwrap();
    add_key(db, b"sealed").await;
}

async fn add_key(db: &Db, sealed: &[u8]) {
    let key = StoredKey {
        id: 1,
        kind: "seal".into(),
        sealed: sealed.to_vec(),
        created: NOW,
        active: NOW,
        retires: None,
    };
    assert!(db.store.add_key(&key, NOW, event()).await.unwrap());
}

async fn there_and_back(from: Db, through: Db, to: Db) {
    lived_in(&from).await;
    let sum = |moved: &[Moved]| moved.iter().map(|it| it.rows).sum::<u64>();
    let moved = from.store.move_to(&through.store, after(1)).await.unwrap();
    assert!(sum(&moved) > 20 && !through.store.is_half_moved().await.unwrap());
    assert!(sentence(from.store.move_to(&through.store, after(2)).await).contains("already"));
    // What gives itself a number goes on after the others.
    through.store.end_token(77, event()).await.unwrap();
    let back = through.store.move_to(&to.store, after(3)).await.unwrap();
    assert_eq!(sum(&back), sum(&moved) + 2, "a change and its event");
    let app = to.store.apps(0, 10).await.unwrap();
    assert_eq!(app.iter().filter(|app| app.icon.is_some()).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_through_postgres() {
    there_and_back(Db::sqlite().await, Db::postgres().await, Db::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_through_sqlite() {
    there_and_back(
        Db::postgres().await,
        Db::sqlite().await,
        Db::postgres().await,
    )
    .await;
}

contract! {
    async fn a_move_that_was_cut_short_is_done_again(db) {
        lived_in(db).await;
        let to = Db::sqlite().await;
        // A row that is there already, and other than here: the move cannot end.
        to.store.add_image("icon", b"another", NOW).await.unwrap();
        assert!(sentence(db.store.move_to(&to.store, after(1)).await).contains("images differs"));
        assert!(to.store.is_half_moved().await.unwrap());
        to.execute("DELETE FROM images").await;
        db.store.move_to(&to.store, after(2)).await.unwrap();
        assert!(!to.store.is_half_moved().await.unwrap());
    }

    async fn nothing_is_moved_into_what_is_in_use(db) {
        let to = Db::sqlite().await;
        assert!(sentence(db.store.move_to(&to.store, NOW).await).contains("nothing to move"));
        lived_in(db).await;
        to.user("eve").await;
        let refused = to.untouched(db.store.move_to(&to.store, NOW)).await;
        assert!(sentence(refused).contains("in use"));
        let to = Db::sqlite().await;
        add_key(&to, b"another").await;
        assert!(sentence(db.store.move_to(&to.store, NOW).await).contains("in use"));
    }
}
