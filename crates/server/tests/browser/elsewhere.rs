//! People who sign in with another Grantor.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    process::{Home, PASSWORD, Server, free_port},
    stage::{ADA, Stage},
};

const MARY: &str = "mary@there.example";

/// A Grantor here whose users may come from the one there.
struct Two {
    stage: Stage,
    _there: Server,
    _home: Home,
}

impl Two {
    fn new() -> Self {
        let there = Home::new();
        there.add_user(MARY, "Mary Somerville");
        there.add_user(ADA, "Ada Lovelace");
        let (port, other) = (free_port(), free_port());
        let callback = format!("http://127.0.0.1:{port}/login/upstream/there/callback");
        let app = there.add_app(MARY, &callback, &[]);
        let url = format!("http://localhost:{other}");
        let server = Server::start_on(&there, other, &[&format!("--public-url={url}")]);
        let secret = app.client_secret.expect("a secret");
        let config = format!(
            "[[upstream]]\nid = \"there\"\nname = \"The other place\"\nissuer = \"{url}\"\nclient_id = \"{}\"\n",
            app.client_id
        );
        let variable = ("GRANTOR_UPSTREAM_THERE_SECRET", secret);
        Self {
            stage: Stage::on(port, &config, vec![variable]),
            _there: server,
            _home: there,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_comes_in_by_a_button_and_connects_nothing_by_accident() {
    let two = Two::new();
    let stage = &two.stage;
    browse(Scripts::On, async |mary| {
        mary.open(&stage.url("/login?return_to=/tokens")).await;
        mary.see("The other place").await;
        audit(mary, "login-elsewhere").await;
        mary.press("Continue with The other place").await;
        mary.fill("Email address", MARY).await;
        mary.fill("Password", PASSWORD).await;
        mary.press_in("//main", "Sign in").await;
        mary.see("You go on to").await;
        mary.press_in("//main", "Sign in").await;
        mary.see("Create your Grantor account").await;
        assert_eq!(mary.typed("Your name").await, "Mary Somerville");
        assert_eq!(mary.typed("Email address").await, MARY);
        audit(mary, "signup-upstream").await;
        mary.press("Create account").await;
        mary.see("Personal access tokens").await;

        mary.open(&stage.url("/account")).await;
        mary.see("Sign-in with other accounts").await;
        audit(mary, "account-elsewhere").await;
        mary.press("Disconnect The other place").await;
        mary.see("your only way to sign in").await;
        audit(mary, "account-last-way").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_connected_by_whose_it_is() {
    let two = Two::new();
    let stage = &two.stage;
    browse(Scripts::On, async |ada| {
        ada.open(&stage.url("/login?return_to=/account")).await;
        ada.press("Continue with The other place").await;
        ada.fill("Email address", ADA).await;
        ada.fill("Password", PASSWORD).await;
        ada.press_in("//main", "Sign in").await;
        ada.see("You go on to").await;
        ada.press_in("//main", "Sign in").await;
        ada.see("You have an account here").await;
        audit(ada, "login-connect").await;
        stage.fill_login(ada, ADA).await;
        ada.see("Connect The other place?").await;
        audit(ada, "connect").await;
        ada.press("Connect").await;
        ada.see("Sign-in with other accounts").await;
        ada.press("Disconnect The other place").await;
        ada.see("no longer connected").await;
    })
    .await;
}
