use crate::{
    actors::{new_pat, new_session},
    world::{NOW, after, event},
};
use grantor_protocol::{client::ClientKind::Confidential, time::Millis};
use grantor_store::usage::Used;

contract! {
    async fn uses_are_written_together_and_never_backwards(db) {
        let pair = db.pair(Confidential).await;
        let it = db.connect(&pair).await;
        let (pat, session, secret) = (new_pat(pair.user, 50), new_session(pair.user), pair.app.client.secrets[0].id);
        db.store.add_personal_token(&pat, event()).await.unwrap();
        db.store.add_session(&session, event()).await.unwrap();
        let used = [
            Used::Grant(it.grant), Used::Family(it.family), Used::PersonalToken(pat.id),
            Used::ClientSecret(secret), Used::Session(session.id),
        ];
        let idle = Millis::days(180);
        for at in [after(70_000), after(60_000)] {
            for used in used {
                db.store.usage.note(used, at, Some([192, 0, 2, 9].into()));
            }
            assert_eq!(db.store.usage.noted(used[0]), Some(at));
            db.store.write_usage(idle).await.unwrap();
            assert_eq!(db.store.usage.noted(used[0]), None);
        }
        let at = after(70_000);
        assert_eq!(db.store.grants_of(pair.user).await.unwrap()[0].last_used, Some(at));
        assert_eq!(db.store.family(it.family, NOW).await.unwrap().unwrap().0.idle_until, at + idle);
        let token = db.store.personal_tokens_of(pair.user).await.unwrap().remove(0);
        assert_eq!((token.last_used, token.last_used_from.as_deref()), (Some(at), Some("192.0.2.9")));
        assert_eq!(db.store.session(session.id, &session.digest).await.unwrap().unwrap().seen, at);
        let secrets = db.store.secrets_of(pair.app_id()).await.unwrap();
        assert_eq!(secrets[0].last_used, Some(at));
    }

    async fn lists_know_of_uses_before_they_are_written(db) {
        let pair = db.pair(Confidential).await;
        let it = db.connect(&pair).await;
        let (pat, session, secret) = (new_pat(pair.user, 50), new_session(pair.user), pair.app.client.secrets[0].id);
        db.store.add_personal_token(&pat, event()).await.unwrap();
        db.store.add_session(&session, event()).await.unwrap();
        let at = after(5_000);
        let from = Some([192, 0, 2, 9].into());
        for used in [
            Used::Grant(it.grant), Used::PersonalToken(pat.id), Used::ClientSecret(secret), Used::Session(session.id),
        ] {
            db.store.usage.note(used, at, from);
        }
        assert_eq!(db.store.grants_of(pair.user).await.unwrap()[0].last_used, Some(at));
        let token = db.store.personal_tokens_of(pair.user).await.unwrap().remove(0);
        assert_eq!((token.last_used, token.last_used_from.as_deref()), (Some(at), Some("192.0.2.9")));
        assert_eq!(db.store.secrets_of(pair.app_id()).await.unwrap()[0].last_used, Some(at));
        assert_eq!(db.store.sessions_of(pair.user, at).await.unwrap()[0].seen, at);
    }

    async fn a_note_of_something_gone_is_dropped(db) {
        db.store.usage.note(Used::Grant(77), NOW, None);
        db.untouched(db.store.write_usage(Millis::days(1))).await.unwrap();
        assert_eq!(db.store.usage.noted(Used::Grant(77)), None);
    }

    async fn many_notes_go_in_pieces(db) {
        let pair = db.pair(Confidential).await;
        let it = db.connect(&pair).await;
        for id in 0..1700 {
            db.store.usage.note(Used::Session(id), NOW, None);
        }
        db.store.usage.note(Used::Grant(it.grant), after(5), None);
        let before = db.store.write_counts().batches;
        db.store.write_usage(Millis::days(1)).await.unwrap();
        assert_eq!(db.store.write_counts().batches - before, 4);
        assert_eq!(db.store.grants_of(pair.user).await.unwrap()[0].last_used, Some(after(5)));
    }

    /// A full disk must not make a family look idle.
    async fn what_could_not_be_written_is_written_later(db) {
        let pair = db.pair(Confidential).await;
        let it = db.connect(&pair).await;
        db.execute("ALTER TABLE families RENAME TO away").await;
        db.store.usage.note(Used::Family(it.family), after(5), None);
        assert!(db.store.write_usage(Millis::days(9)).await.is_err());
        assert_eq!(db.store.usage.noted(Used::Family(it.family)), Some(after(5)));
        db.execute("ALTER TABLE away RENAME TO families").await;
        db.store.write_usage(Millis::days(9)).await.unwrap();
        let idle_until = db.store.family(it.family, NOW).await.unwrap().unwrap().0.idle_until;
        assert_eq!(idle_until, after(5) + Millis::days(9));
    }
}
