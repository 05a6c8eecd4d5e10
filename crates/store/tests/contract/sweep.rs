use crate::{
    actors::{about, decide_code, digest, form, new_pat, new_session},
    world::{NOW, after, event, event_at, new_id},
};
use grantor_protocol::{
    client::ClientKind::{Confidential, Native},
    time::Millis,
};

const DAY: i64 = 86_400_000;
const IDLE: Millis = Millis::days(180);

contract! {
    async fn nothing_that_lives_is_swept(db) {
        let pair = db.pair(Native).await;
        db.connect(&pair).await;
        db.code(&pair).await;
        db.store.add_session(&new_session(pair.user), event()).await.unwrap();
        db.store.add_personal_token(&new_pat(pair.user, 50), event()).await.unwrap();
        db.store.hit("k", Millis::minutes(5), NOW).await.unwrap();
        db.store.add_set_up_link(new_id(), digest("link"), after(60_000)).await.unwrap();
        db.store.end_token(1, event()).await.unwrap();
        assert_eq!(db.untouched(db.store.sweep(after(60_000))).await.unwrap(), 0);
        assert_eq!(db.untouched(db.store.sweep_rarely(IDLE, after(60_000))).await.unwrap(), 0);
    }

    async fn a_used_code_is_remembered_for_a_day(db) {
        let pair = db.pair(Native).await;
        let code = db.connect(&pair).await.family;
        let expired = after(60_000);
        db.store.sweep(expired + Millis::days(1)).await.unwrap();
        let replay = decide_code(&db.store, &pair.app, code).await.unwrap_err();
        assert_eq!(replay, "revoke: CodeUsed");
        db.store.sweep(expired + Millis::days(1) + Millis(1)).await.unwrap();
        assert_eq!(db.number("SELECT COUNT(*) FROM codes").await, 0);
    }

    async fn everything_with_a_lifetime_goes(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        let pat = new_pat(pair.user, 50);
        db.store.add_personal_token(&pat, event()).await.unwrap();
        db.store.add_session(&new_session(pair.user), event()).await.unwrap();
        db.store.hit("k", Millis::minutes(5), NOW).await.unwrap();
        db.store.add_set_up_link(new_id(), digest("link"), after(60_000)).await.unwrap();
        db.store.end_personal_token(pat.id, pair.user, event()).await.unwrap();
        db.store.end_grant(it.grant, pair.user, event()).await.unwrap();
        let long_after = after(400 * DAY);
        assert!(db.store.sweep(long_after).await.unwrap() >= 7);
        db.store.sweep_rarely(IDLE, long_after).await.unwrap();
        for table in ["codes", "families", "grants", "sessions", "throttles", "changes", "personal_access_tokens", "links"] {
            assert_eq!(db.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        assert_eq!(db.number("SELECT COUNT(*) FROM users").await, 1);
    }

    async fn families_past_an_absolute_limit_go_whatever_their_use(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        let (family, _) = db.store.family(it.family, NOW).await.unwrap().unwrap();
        assert_eq!(family.created, NOW);
        assert_eq!(db.untouched(db.store.sweep_old_families(after(DAY))).await.unwrap(), 0);
        assert_eq!(db.store.sweep_old_families(after(DAY + 1)).await.unwrap(), 1);
        assert!(db.store.family(it.family, NOW).await.unwrap().is_none());
    }

    async fn old_families_beyond_a_step_go_too(db) {
        db.execute("
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO families (id, grant_id, user_id, app_id, scopes, newest, rotations, created_at, idle_until,
                session_id, auth_time, level, id_claims, info_claims)
            SELECT i, 1, 1, 1, 'default', 0, '', i, 9000000000000, 1, 1, 'pwd', 0, 0 FROM n").await;
        assert_eq!(db.store.sweep_old_families(after(0)).await.unwrap(), 2500);
    }

    /// A grant's end is known as long as a refresh token could hang from it.
    async fn ended_grants_outlive_their_refresh_tokens(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        db.store.end_grant(it.grant, pair.user, event_at(NOW)).await.unwrap();
        db.store.sweep_rarely(IDLE, NOW + IDLE + Millis::days(1)).await.unwrap();
        assert!(db.store.family(it.family, NOW).await.unwrap().unwrap().1.grant_ended);
        db.store.sweep_rarely(IDLE, NOW + IDLE + Millis::days(1) + Millis(1)).await.unwrap();
        assert!(db.store.family(it.family, NOW).await.unwrap().is_none());
    }

    async fn grants_of_a_deleted_app_end_with_it(db) {
        let pair = db.pair(Native).await;
        let it = db.connect(&pair).await;
        db.store.delete_app(pair.app_id(), pair.user, event_at(NOW)).await.unwrap();
        assert_eq!(db.store.sweep_rarely(IDLE, after(1)).await.unwrap(), 0);
        assert_eq!(db.number("SELECT ended_at FROM grants").await, after(1).0);
        assert!(db.store.family(it.family, NOW).await.unwrap().unwrap().1.grant_ended);
        assert_eq!(db.store.sweep_rarely(IDLE, after(182 * DAY)).await.unwrap(), 1);
    }

    async fn more_than_a_step_goes_at_once(db) {
        db.execute("
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO codes (id, digest, grant_id, user_id, app_id, redirect_uri, scopes, expires_at,
                session_id, auth_time, level, id_claims, info_claims)
            SELECT i, '', 1, 1, 1, '', 'default', i, 1, 1, 'pwd', 0, 0 FROM n").await;
        assert_eq!(db.store.sweep(after(0)).await.unwrap(), 2500);
        assert_eq!(db.number("SELECT COUNT(*) FROM codes").await, 0);
    }

    async fn ended_grants_beyond_a_step_go_too(db) {
        let alice = db.user("alice").await;
        let app = db.app(alice, Native).await.client.id;
        db.execute(&format!("
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO grants (id, user_id, app_id, scopes, created_at, approved_at, ended_at)
            SELECT i, {alice}, {app}, 'default', 0, 0, 1 FROM n")).await;
        assert_eq!(db.store.sweep_rarely(IDLE, after(0)).await.unwrap(), 2500);
    }

    async fn images_stay_while_something_shows_them(db) {
        let alice = db.user("alice").await;
        let app = db.app(alice, Confidential).await.client.id;
        for number in 0..250 {
            db.store.add_image(&format!("unshown{number}"), b"png", NOW).await.unwrap();
        }
        for shown in ["icon", "photo"] {
            db.store.add_image(shown, b"png", NOW).await.unwrap();
        }
        let mut form = form(Confidential);
        form.icon = Some("icon".into());
        let before = db.store.app(app).await.unwrap().unwrap();
        assert!(db.store.edit_app(&before, &form, event()).await.unwrap());
        db.store.set_profile(alice, &about("Alice", Some("photo")), event()).await.unwrap();
        assert_eq!(db.store.sweep_rarely(IDLE, after(DAY)).await.unwrap(), 0, "a day to be shown");
        assert_eq!(db.store.sweep_rarely(IDLE, after(DAY + 1)).await.unwrap(), 250);
        assert!(db.store.image("icon").await.unwrap().is_some());
        assert!(db.store.image("photo").await.unwrap().is_some());
        // One that is uploaded again gets its day again.
        db.store.delete_app(app, alice, event()).await.unwrap();
        db.store.add_image("icon", b"png", after(2 * DAY)).await.unwrap();
        assert_eq!(db.store.sweep_rarely(IDLE, after(2 * DAY)).await.unwrap(), 0);
        assert_eq!(db.store.sweep_rarely(IDLE, after(3 * DAY + 1)).await.unwrap(), 1);
    }
}
