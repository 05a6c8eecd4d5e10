//! The administration: somebody is found, stopped and let in again; an app is suspended,
//! verified and handed over; and every page is looked at.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    person::Person,
    stage::{ADA, GRACE, Stage},
};

pub const OLGA: &str = "olga@example.org";
const REDIRECT: &str = "https://clock.example/cb";

/// A third person, who administers.
pub fn with_administrator() -> Stage {
    let stage = Stage::new();
    stage.home.add_user(OLGA, "Olga Operator");
    stage.home.run(&["user", "role", OLGA, "admin"], "");
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_at_work() {
    let stage = with_administrator();
    let app = stage.named_app("Clock", REDIRECT, &[]);
    browse(Scripts::On, async |olga| {
        stage.sign_in(olga, OLGA).await;
        olga.press("Administration").await;
        olga.see("People with a role").await;
        audit(olga, "admin-users").await;
        find_a_user(olga).await;
        look_after_an_app(&stage, olga, &app.client_id).await;
        for (name, path) in [
            ("admin-tokens", "/admin/tokens"),
            ("admin-keys", "/admin/keys"),
            ("admin-keys-retire", "/admin/keys/seal/retire"),
            ("admin-settings", "/admin/settings"),
            ("admin-audit", "/admin/audit"),
        ] {
            olga.open(&stage.url(path)).await;
            audit(olga, name).await;
        }
        olga.fill("Kind, such as app.suspended", "account.disabled")
            .await;
        olga.press("Search").await;
        olga.see("Sends spam").await;
        audit(olga, "admin-audit-found").await;
    })
    .await;
}

async fn find_a_user(olga: &Person) {
    olga.fill("Find a user", "ada").await;
    olga.press("Find").await;
    olga.press("Ada Lovelace").await;
    olga.see("Signed in nowhere.").await;
    audit(olga, "admin-user").await;
    olga.fill("Why is the account disabled?", "Sends spam")
        .await;
    olga.press("Disable the account").await;
    olga.see("The account is disabled.").await;
    audit(olga, "admin-user-disabled").await;
    olga.press("Enable the account").await;
    olga.see("The account is active again.").await;
}

async fn look_after_an_app(stage: &Stage, olga: &Person, client_id: &str) {
    olga.press("Apps").await;
    olga.fill("Find an app", GRACE).await;
    olga.press("Find").await;
    audit(olga, "admin-apps").await;
    olga.press("Clock").await;
    olga.see("Nobody.").await;
    olga.press("Verify the app as shown here").await;
    olga.see("The app is verified").await;
    olga.fill("Why is the app suspended?", "It asks for passwords")
        .await;
    olga.press("Suspend the app").await;
    olga.see("The app is suspended.").await;
    audit(olga, "admin-app-suspended").await;
    olga.press("Lift the suspension").await;
    olga.fill("Email address of the new owner", ADA).await;
    olga.press("Hand the app over").await;
    olga.see("The app has a new owner.").await;
    audit(olga, "admin-app").await;
    let shown = stage.home.run(&["app", "show", client_id], "");
    let ada = stage.home.run(&["user", "find", ADA], "");
    assert_eq!(shown["owner"], ada[0]["gid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_it() {
    let stage = with_administrator();
    browse(Scripts::Off, async |ada| {
        stage.sign_in(ada, ADA).await;
        ada.open(&stage.url("/admin/users")).await;
        ada.see("That page is not here").await;
    })
    .await;
}
