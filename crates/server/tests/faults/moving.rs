//! `grantor move`: what was given out before is good after it, on either engine.

use crate::{
    actor::{Browser, Program, Sure},
    cluster::Cluster,
    process::Server,
    scene::{Scene, Tokens, connect},
};

/// What people and apps hold in their hands.
struct Held {
    browser: Browser,
    confidential: (Program, Tokens),
    public: (Program, Tokens),
    personal: String,
}

impl Held {
    /// All of it works; a public app's refresh token is another one then.
    async fn is_good(&mut self, when: &str) {
        assert!(self.browser.is_signed_in().await.sure(), "{when}");
        let (program, tokens) = &self.confidential;
        assert!(
            self.browser.is_remembered(&program.app).await.sure(),
            "{when}"
        );
        assert!(program.is_accepted(&tokens.access).await.sure(), "{when}");
        assert!(program.is_accepted(&self.personal).await.sure(), "{when}");
        program
            .refresh(&tokens.refresh)
            .await
            .sure()
            .must(&[200], when);
        let (program, tokens) = &mut self.public;
        let reply = program
            .refresh(&tokens.refresh)
            .await
            .sure()
            .must(&[200], when);
        tokens.refresh = reply.text("refresh_token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_out_is_good_after_a_move_there_and_back() {
    let mut scene = Scene::new(&[]);
    scene.sign_in().await;
    let (confidential, public) = (scene.confidential.clone(), scene.public.clone());
    let mut browser = scene.browser.clone();
    let mut held = Held {
        confidential: (
            confidential.clone(),
            connect(&mut browser, &confidential).await,
        ),
        public: (public.clone(), connect(&mut browser, &public).await),
        personal: browser.make_token("a script").await.sure(),
        browser,
    };
    held.is_good("before").await;
    let (home, port) = (scene.home, scene.port);
    let cluster = Cluster::get();
    let (schema, url) = cluster.schema();
    cluster.query(&format!("CREATE SCHEMA {schema}"));
    let moving = |from: &str, to: &str| {
        let mut command = home.grantor(&["move", "--to", to]);
        if !from.is_empty() {
            command.env("GRANTOR_DATABASE", from);
        }
        let output = command.output().expect("grantor");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said)
    };
    let running = moving("", &url);
    assert!(
        !running.0 && running.1.contains("another grantor serves"),
        "{}",
        running.1
    );
    assert!(scene.server.stop().success());

    assert_eq!(moving("", &url), (true, String::new()));
    let server = Server::start_on(&home, port, &[&format!("--database={url}")]);
    held.is_good("on PostgreSQL").await;
    assert!(server.stop().success());
    let again = moving("", &url);
    assert!(!again.0 && again.1.contains("already"), "{}", again.1);

    let second = format!("sqlite:{}", home.path().join("second.db").display());
    let (done, said) = moving(&url, &second);
    assert!(done, "{said}");
    let server = Server::start_on(&home, port, &[&format!("--database={second}")]);
    held.is_good("on SQLite again").await;
    assert!(server.stop().success());
}
