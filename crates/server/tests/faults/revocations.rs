//! What ends, at whichever node or by the command line, is refused by every node within
//! the second that is promised.

use crate::{
    actor::{Browser, Program, REDIRECT, Reply, Sure},
    chance::Chance,
    commands::BOUND,
    fleet::{Fleet, NODES},
    ledger::listed,
    scene::connect,
};
use std::{collections::BTreeMap, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

/// How often each way to end something is tried.
const ROUNDS: usize = 6;

/// What the nodes take until it has ended.
#[derive(Clone)]
enum Held {
    /// At the API.
    Token(Program, String),
    /// At the userinfo endpoint: a token of a mere login, which ends with its session.
    Login(Program, String),
    Session(Browser),
}

impl Held {
    fn at(&self, fleet: &Fleet, node: usize) -> Self {
        match self {
            Self::Token(it, text) => Self::Token(fleet.program(node, &it.app), text.clone()),
            Self::Login(it, text) => Self::Login(fleet.program(node, &it.app), text.clone()),
            Self::Session(browser) => Self::Session(fleet.moved(browser, node)),
        }
    }

    async fn is_good(&self) -> bool {
        match self {
            Self::Token(program, text) => program.is_accepted(text).await.sure(),
            Self::Login(program, text) => {
                let reply = program.api("openid_connect/userinfo", text).await.sure();
                reply.must(&[200, 401], "userinfo").status == 200
            }
            Self::Session(browser) => browser.clone().is_signed_in().await.sure(),
        }
    }

    /// How long it is still good.
    async fn until_refused(self) -> Duration {
        let begun = Instant::now();
        while self.is_good().await {
            assert!(begun.elapsed() < BOUND * 5, "it is never refused");
            sleep(Duration::from_millis(2)).await;
        }
        begun.elapsed()
    }
}

/// One user, who has everything and loses it bit by bit.
struct Round<'a> {
    fleet: &'a Fleet,
    chance: Chance,
    email: String,
    ada: Browser,
    took: &'a mut BTreeMap<&'static str, Vec<Duration>>,
}

impl Round<'_> {
    fn any(&mut self) -> usize {
        Fleet::any(&mut self.chance)
    }

    fn ada_anywhere(&mut self) -> Browser {
        let node = self.any();
        self.fleet.moved(&self.ada, node)
    }

    /// Every node knows what is held; after `end` every node must refuse it.
    async fn watch(&mut self, kind: &'static str, held: &[Held], end: impl AsyncFnOnce(&mut Self)) {
        let everywhere = held
            .iter()
            .flat_map(|held| (0..NODES).map(|node| held.at(self.fleet, node)));
        let everywhere: Vec<_> = everywhere.collect();
        for held in &everywhere {
            assert!(held.is_good().await, "before the end: {kind}");
        }
        end(self).await;
        let watched = everywhere.into_iter().map(Held::until_refused);
        let watched: JoinSet<_> = watched.collect();
        let took = watched.join_all().await.into_iter().max();
        self.took
            .entry(kind)
            .or_default()
            .push(took.unwrap_or_default());
    }

    /// A new app, and what it got of the user.
    async fn connected(&mut self, owner: &str) -> (Program, String, String) {
        let app = self.fleet.home.add_app(owner, REDIRECT, &[]);
        let program = self.fleet.program(self.any(), &app);
        let tokens = connect(&mut self.ada, &program).await;
        (program, tokens.access, tokens.refresh)
    }

    async fn tokens(&mut self) {
        let email = self.email.clone();
        let (program, access, refresh) = self.connected(&email).await;
        let held = [Held::Token(program.clone(), access.clone())];
        let revoke = async |round: &mut Self, text: &str| {
            let there = round.fleet.program(round.any(), &program.app);
            let reply = there.revoke(text).await.sure();
            reply.must(&[200], "a revocation");
        };
        let end = async |round: &mut Self| revoke(round, &access).await;
        self.watch("an access token", &held, end).await;
        let renewed = program.refresh(&refresh).await.sure();
        let held = [Held::Token(program.clone(), renewed.text("access_token"))];
        let end = async |round: &mut Self| revoke(round, &refresh).await;
        self.watch("a refresh token", &held, end).await;

        let personal = self.ada.make_token("one").await.sure();
        let list = program.api("users/me/personal_access_tokens", &personal);
        let gid = listed(&list.await.sure().must(&[200], "the list"))["one"][0].clone();
        let held = [Held::Token(program.clone(), personal)];
        let end = async |round: &mut Self| {
            let mut there = round.ada_anywhere();
            let reply = there.end_token(&gid).await.sure();
            reply.must(&[303], "the end of a token");
        };
        self.watch("a personal access token", &held, end).await;
    }

    async fn consent(&mut self) {
        let email = self.email.clone();
        let (program, access, _) = self.connected(&email).await;
        let list = program.api("users/me/authorizations", &access);
        let gid = of_app(&list.await.sure(), &program);
        let held = [Held::Token(program, access)];
        let end = async |round: &mut Self| {
            let mut there = round.ada_anywhere();
            let reply = there.end_grant(&gid).await.sure();
            reply.must(&[303], "the end of a grant");
        };
        self.watch("a consent", &held, end).await;
    }

    /// Another browser of hers, and an app that it is signed in to.
    async fn elsewhere(&mut self) -> (Browser, [Held; 2]) {
        let mut eve = self.fleet.browser(self.any());
        let reply = eve.sign_in(&self.email).await.sure();
        reply.must(&[303], "a login elsewhere");
        let app = self.fleet.home.add_app(&self.email, REDIRECT, &[]);
        let program = self.fleet.program(self.any(), &app);
        let code = eve.allow(&app, "openid").await.sure();
        let reply = program.exchange(&code).await.sure();
        let access = reply.must(&[200], "an exchange").text("access_token");
        let held = [Held::Session(eve.clone()), Held::Login(program, access)];
        (eve, held)
    }

    async fn sessions(&mut self) {
        let (eve, held) = self.elsewhere().await;
        let end = async |round: &mut Self| {
            let mut there = round.fleet.moved(&eve, round.any());
            let fields = [("decision", "logout")];
            let reply = there.submit("/-/logout", "/-/logout", &fields).await.sure();
            reply.must(&[200, 303], "a logout");
        };
        self.watch("a session, by logout", &held, end).await;
        let (_, held) = self.elsewhere().await;
        let end = async |round: &mut Self| {
            let mut there = round.ada_anywhere();
            let path = "/account/sessions/end-others";
            let reply = there.submit("/account", path, &[]).await.sure();
            reply.must(&[303], "the end of other sessions");
        };
        self.watch("a session, from another", &held, end).await;
    }

    async fn apps(&mut self) {
        let email = self.email.clone();
        let (program, access, _) = self.connected(&email).await;
        let id = program.app.client_id.clone();
        let held = [Held::Token(program, access)];
        let end = async |round: &mut Self| {
            let suspend = ["app", "suspend", &id, "--reason", "It sends spam"];
            round.fleet.home.run(&suspend, "");
        };
        self.watch("an app, suspended", &held, end).await;
        let (program, access, _) = self.connected(&email).await;
        let path = format!("/apps/{}/delete", program.app.client_id);
        let held = [Held::Token(program, access)];
        let end = async |round: &mut Self| {
            let mut there = round.ada_anywhere();
            let fields = [("confirm", "Test app")];
            let reply = there.submit(&path, &path, &fields).await.sure();
            reply.must(&[303], "the end of an app");
        };
        self.watch("an app, deleted", &held, end).await;
    }

    async fn user(&mut self) {
        let (program, access, _) = self.connected("operator@example.org").await;
        let personal = self.ada.make_token("two").await.sure();
        let held = [
            Held::Token(program.clone(), access),
            Held::Token(program, personal),
            Held::Session(self.ada.clone()),
        ];
        let end = async |round: &mut Self| {
            round.fleet.home.run(&["user", "disable", &round.email], "");
        };
        self.watch("a user, disabled", &held, end).await;
    }
}

/// The gid of what was allowed to an app.
fn of_app(list: &Reply, program: &Program) -> String {
    let json = list.json();
    let mut grants = json["data"].as_array().expect("a list").iter();
    let grant = grants.find(|it| it["app"]["client_id"] == *program.app.client_id);
    let gid = grant.and_then(|grant| grant["gid"].as_str());
    gid.expect("a grant").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_node_refuses_what_has_ended_within_a_second() {
    let (seed, rounds) = (Chance::seed(), Chance::share(ROUNDS));
    println!("GRANTOR_FAULT_SEED={seed}");
    let fleet = Fleet::start(&["--throttling=false"]);
    let mut took = BTreeMap::new();
    for number in 0..rounds {
        let email = format!("user{number}@example.org");
        fleet.home.add_user(&email, "User");
        let mut chance = Chance::of(seed, number, 0);
        let mut ada = fleet.browser(Fleet::any(&mut chance));
        ada.sign_in(&email).await.sure().must(&[303], "a login");
        let mut round = Round {
            fleet: &fleet,
            chance,
            email,
            ada,
            took: &mut took,
        };
        round.tokens().await;
        round.consent().await;
        round.sessions().await;
        round.apps().await;
        round.user().await;
    }
    for (kind, took) in &mut took {
        took.sort();
        let (middle, last) = (took[took.len() / 2], took[took.len() - 1]);
        println!(
            "{kind}: refused by {NODES} nodes after p50 {middle:.0?}, p100 {last:.0?} of {rounds}"
        );
    }
    let slow = took.iter().find(|(_, took)| took[took.len() - 1] > BOUND);
    assert!(slow.is_none(), "{slow:?}");
    fleet.stop();
}
