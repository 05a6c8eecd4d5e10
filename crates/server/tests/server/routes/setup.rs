//! `/setup`: the first administrator.

use crate::support::{PASSWORD, Site, encoded};
use grantor::serve::set_up_link;
use grantor_protocol::{secret::Kind, time::Millis};

/// A one-time link, as the first start prints it.
pub async fn link(site: &Site) -> String {
    let (now, world) = (site.world.now(), &site.world);
    let id = world.new_id(now);
    let format = site.app.keys.now().format.clone();
    let secret = format.mint(Kind::SetUp, id, &world.random());
    let expires = now + Millis::hours(1);
    let store = &site.app.store;
    store
        .add_set_up_link(id, secret.digest(), expires)
        .await
        .unwrap();
    secret.reveal_for_response().to_owned()
}

fn fields<'a>(token: &'a str, email: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("token", token),
        ("name", "Root"),
        ("email", email),
        ("password", PASSWORD),
    ]
}

#[tokio::test]
async fn the_link_makes_one_administrator() {
    let site = Site::open().await;
    let token = link(&site).await;
    let root = site.visitor();
    let page = format!("/setup?{}", encoded(&[("token", &token)]));
    assert_eq!(root.get(&page).await.code(), 200);
    let reply = root
        .post("/setup", &fields(&token, "root@example.org"))
        .await;
    assert_eq!((reply.code(), reply.location()), (303, "/"));
    assert!(root.is_signed_in().await);
    let users = site.app.store.users(0, 10).await.unwrap();
    assert!(users.len() == 1 && users[0].admin);
    // Used up, and so is any other.
    let second = site.visitor();
    assert_eq!(second.get(&page).await.code(), 403);
    let reply = second
        .post("/setup", &fields(&token, "evil@example.org"))
        .await;
    assert_eq!(reply.code(), 403);
    let other = link(&site).await;
    let reply = second
        .post("/setup", &fields(&other, "evil@example.org"))
        .await;
    assert_eq!(reply.code(), 403);
    assert_eq!(site.app.store.users(0, 10).await.unwrap().len(), 1);
}

/// Whoever signs up first is a user like others, and takes nothing from the operator.
#[tokio::test]
async fn a_stranger_who_signs_up_first_leaves_the_link_alone() {
    let site = Site::open().await;
    let printed = set_up_link(&site.app).await.unwrap().unwrap();
    let token = printed.split_once("token=").unwrap().1;
    let [_, account @ ..] = fields("", "stranger@example.org");
    assert_eq!(site.visitor().post("/signup", &account).await.code(), 303);
    let root = site.visitor();
    let taken = root
        .post("/setup", &fields(token, "stranger@example.org"))
        .await;
    assert_eq!(taken.code(), 422);
    assert!(taken.body.contains("use another one"));
    let reply = root
        .post("/setup", &fields(token, "root@example.org"))
        .await;
    assert_eq!(reply.code(), 303);
    let users = site.app.store.users(0, 10).await.unwrap();
    let admins = users.iter().filter(|user| user.admin).map(|it| &*it.email);
    assert_eq!(admins.collect::<Vec<_>>(), ["root@example.org"]);
    assert_eq!(set_up_link(&site.app).await.unwrap(), None);
}

#[tokio::test]
async fn without_the_link_there_is_nothing() {
    let site = Site::open().await;
    let visitor = site.visitor();
    let old = link(&site).await;
    site.pass(Millis::hours(1));
    for token in ["", "x", &*old] {
        let page = format!("/setup?{}", encoded(&[("token", token)]));
        assert_eq!(visitor.get(&page).await.code(), 403);
        let reply = visitor
            .post("/setup", &fields(token, "root@example.org"))
            .await;
        assert_eq!(reply.code(), 403);
    }
    assert!(site.app.store.users(0, 1).await.unwrap().is_empty());
}
