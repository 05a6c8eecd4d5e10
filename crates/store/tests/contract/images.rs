use crate::world::{NOW, after};

contract! {
    async fn an_image_is_found_by_its_digest(db) {
        assert_eq!(db.store.image("d1").await.unwrap(), None);
        db.store.add_image("d1", b"png", NOW).await.unwrap();
        assert_eq!(db.store.image("d1").await.unwrap().as_deref(), Some(&b"png"[..]));
    }

    async fn the_same_bytes_are_kept_once_and_young(db) {
        db.store.add_image("d1", b"png", NOW).await.unwrap();
        db.store.add_image("d1", b"png", after(9)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM images").await, 1);
        assert_eq!(db.number("SELECT created_at FROM images").await, after(9).0);
    }
}
