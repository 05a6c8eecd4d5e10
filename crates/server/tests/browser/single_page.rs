//! A single-page app with oidc-client-ts: it logs its user in, reads about her and renews
//! its tokens without a page of ours.

use crate::{
    chromium::{Scripts, browse},
    stage::{ADA, Stage},
};
use axum::{Router, response::Html, routing::get};
use std::path::Path;
use tokio::net::TcpListener;

const LIBRARY: &str = "node/node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js";

const PAGE: &str = r#"<!doctype html>
<html lang=en><link rel=icon href=data:,><title>Single page</title>
<h1>Single page</h1><button id=sign-in>Log in</button><button id=renew>Renew</button><p id=words></p>
<script src=/library.js></script>
<script>
const words = (text) => document.getElementById("words").textContent = text;
const manager = new oidc.UserManager({
  authority: "SERVER",
  client_id: "CLIENT",
  redirect_uri: location.origin + "/",
  scope: "openid email profile offline_access",
  loadUserInfo: true,
  automaticSilentRenew: false,
});
const show = (what, user) =>
  words(`${what}: ${user.profile.name}, ${user.profile.email}, ${user.profile.sub}`);
const trouble = (error) => words(`trouble: ${error}`);
document.getElementById("sign-in").onclick = () => manager.signinRedirect().catch(trouble);
document.getElementById("renew").onclick = async () => {
  try {
    const before = await manager.getUser();
    const after = await manager.signinSilent();
    const renewed = before.access_token !== after.access_token;
    show(renewed ? "renewed" : "the same", after);
  } catch (error) { trouble(error); }
};
if (location.search.includes("code=")) {
  manager.signinRedirectCallback().then((user) => show("logged in", user), trouble);
}
</script>"#;

/// Where `cargo xtask setup` installed the library.
fn library() -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let file = target
        .expect("a target folder")
        .join("interop")
        .join(LIBRARY);
    std::fs::read_to_string(file).expect("the clients' libraries; install them: cargo xtask setup")
}

/// The app's own server: a page and the library.
async fn serve(listener: TcpListener, page: String) {
    let script = ([("content-type", "text/javascript")], library());
    let router = Router::new()
        .route("/", get(async move || Html(page)))
        .route("/library.js", get(async move || script));
    axum::serve(listener, router).await.expect("it serves");
}

#[tokio::test]
async fn a_single_page_app_logs_in_and_renews() {
    let stage = Stage::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // To the browser another site than the server's.
    let origin = format!("http://localhost:{port}");
    let app = stage.app(&format!("{origin}/"), &["--kind", "browser"]);
    let page = PAGE.replace("SERVER", stage.server.url());
    tokio::spawn(serve(listener, page.replace("CLIENT", &app.client_id)));
    browse(Scripts::On, async |person| {
        person.open(&origin).await;
        person.press("Log in").await;
        stage.fill_login(person, ADA).await;
        person.press("Allow").await;
        person.see("logged in: Ada Lovelace, ada@example.org").await;
        person.press("Renew").await;
        person.see("renewed: Ada Lovelace, ada@example.org").await;
    })
    .await;
}
