//! What the time of an answer tells, and what logins cost others. Every figure is printed.

use crate::{
    actor::{Browser, Lost, Reply, Sure},
    process::Home,
    scene::{Scene, Tokens},
};
use serde_json::json;
use std::{
    fmt::Write as _,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::Instant};

/// What bcrypt 5.0 for Python made of another password, at a cost of 10.
const BCRYPT: &str = "$2b$10$ysFR2sd.nVwlfxNb9uZsAu5NLKerWibXNy7Yam8S.pFcPXaoHWUE6";
/// Tries of each kind; the kinds take turns, so that the machine's other work falls on all.
const ROUNDS: usize = 15;

/// A browser with the login form open.
struct Door {
    browser: Browser,
    token: String,
}

impl Door {
    async fn open(origin: &str) -> Self {
        let mut browser = Browser::new(origin);
        let form = browser.get("/login").await.sure().must(&[200], "the form");
        Self {
            token: form.form_token(),
            browser,
        }
    }

    /// How long a login takes that is refused, or was not whole.
    async fn knock(&mut self, email: &str, password: &str, status: &[u16]) -> Duration {
        let (took, reply) = self.ask(email, password).await;
        reply.sure().must(status, email);
        took
    }

    async fn ask(&mut self, email: &str, password: &str) -> (Duration, Result<Reply, Lost>) {
        let form = [
            ("email", email),
            ("password", password),
            ("action", "login"),
            ("return_to", "/"),
            ("csrf", &self.token),
        ];
        let started = Instant::now();
        let reply = self.browser.post("/login", &form).await;
        (started.elapsed(), reply)
    }
}

/// Prints what there is to know of `times`; the median.
fn statistics(name: &str, times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{name:<28} n={:<4} min {:>7.2}  median {:>7.2}  p90 {:>7.2}  max {:>7.2} ms",
        times.len(),
        ms(at(0)),
        ms(at(50)),
        ms(at(90)),
        ms(at(100))
    );
    at(50)
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// Times of wrong passwords for each address, in turns.
async fn times(origin: &str, kinds: &[(&str, Vec<String>)]) -> Vec<Duration> {
    let mut door = Door::open(origin).await;
    let mut all = vec![Vec::new(); kinds.len()];
    for round in 0..ROUNDS {
        for ((_, addresses), times) in kinds.iter().zip(&mut all) {
            let address = &addresses[round % addresses.len()];
            times.push(door.knock(address, "a wrong password", &[401]).await);
        }
    }
    let named = kinds.iter().zip(&mut all);
    named
        .map(|((name, _), times)| statistics(name, times))
        .collect()
}

fn unknown() -> Vec<String> {
    (0..ROUNDS)
        .map(|number| format!("unknown{number}@example.org"))
        .collect()
}

/// Known, disabled, without a password, unknown: one time.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refused_login_tells_nothing() {
    let scene = Scene::new(&["--throttling=false", "--password-threads=1"]);
    let home = &scene.home;
    home.add_user("disabled@example.org", "Disabled");
    home.run(&["user", "disable", "disabled@example.org"], "");
    home.run(
        &[
            "user",
            "add",
            "--email",
            "bare@example.org",
            "--name",
            "Bare",
        ],
        "",
    );
    let one = |address: &str| vec![address.to_owned()];
    let medians = times(
        &scene.browser.wire.origin,
        &[
            ("known", one("ada@example.org")),
            ("disabled", one("disabled@example.org")),
            ("without a password", one("bare@example.org")),
            ("unknown", unknown()),
        ],
    )
    .await;
    for median in &medians[1..] {
        let ratio = ratio(*median, medians[0]);
        assert!((0.6..1.7).contains(&ratio), "{medians:?}");
    }
}

fn import(home: &Home, count: usize) {
    let mut text = String::new();
    for number in 0..count {
        let person = json!({"external_id": number, "email": format!("user{number}@example.org"), "password_hash": BCRYPT});
        writeln!(text, "{person}").expect("text");
    }
    fs::write(home.path().join("people.jsonl"), text).expect("a file");
    home.run(&["user", "import", "people.jsonl"], "");
}

/// Hashes from elsewhere take longer than ours, and so do addresses that have none.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_hash_from_elsewhere_tells_nothing() {
    let scene = Scene::new(&["--throttling=false", "--password-threads=1"]);
    import(&scene.home, 300);
    let imported = (0..ROUNDS)
        .map(|number| format!("user{number}@example.org"))
        .collect();
    let medians = times(
        &scene.browser.wire.origin,
        &[
            ("ours", vec!["ada@example.org".to_owned()]),
            ("imported, bcrypt 10", imported),
            ("unknown", unknown()),
        ],
    )
    .await;
    let ratio = ratio(medians[2], medians[1]);
    assert!((0.6..1.7).contains(&ratio), "{medians:?}");
}

/// Whether an address is taken, a sign-up must say; it takes no other time to say it.
#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_sign_up_tells_nothing() {
    let scene = Scene::new(&["--throttling=false", "--password-threads=1"]);
    let mut all = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let free = format!("new{round}@example.org");
        for (address, times) in ["ada@example.org", &free].iter().zip(&mut all) {
            let mut browser = Browser::new(&scene.browser.wire.origin);
            let form = browser.get("/signup").await.sure().must(&[200], "the form");
            let token = form.form_token();
            let fields = [
                ("name", "New"),
                ("email", *address),
                ("password", "vier Wörter und eine Tür"),
                ("return_to", "/"),
                ("csrf", &token),
            ];
            let started = Instant::now();
            let reply = browser.post("/signup", &fields).await.sure();
            times.push(started.elapsed());
            reply.must(&[303, 422], address);
        }
    }
    let taken = statistics("sign-up, taken", &mut all[0]);
    let free = statistics("sign-up, free", &mut all[1]);
    assert!(
        (0.4..2.5).contains(&ratio(taken, free)),
        "{taken:?} {free:?}"
    );
}

/// Nothing is hashed that is too long, and nothing read that is far too long.
#[tokio::test(flavor = "multi_thread")]
async fn a_megabyte_of_password_costs_nothing() {
    let scene = Scene::new(&["--throttling=false", "--password-threads=1"]);
    let mut door = Door::open(&scene.browser.wire.origin).await;
    let (megabyte, long) = ("x".repeat(1 << 20), "x".repeat(60_000));
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        let email = "ada@example.org";
        all[0].push(door.knock(email, "a wrong password", &[401]).await);
        all[1].push(door.knock(email, &long, &[401]).await);
        // It is cut off, and may not hear why.
        let mut loud = Door::open(&scene.browser.wire.origin).await;
        let (took, reply) = loud.ask(email, &megabyte).await;
        if let Ok(reply) = reply {
            reply.must(&[400], "a megabyte");
        }
        all[2].push(took);
    }
    let hashed = statistics("a password", &mut all[0]);
    let long = statistics("60 kB", &mut all[1]);
    let megabyte = statistics("1 MiB", &mut all[2]);
    assert!(long < hashed, "{long:?}");
    assert!(megabyte < hashed * 2, "{megabyte:?}");
}

/// Refreshes one after the other until told to stop, or so many.
async fn refreshes(scene: &Scene, token: &str, most: usize, over: &AtomicBool) -> Vec<Duration> {
    let mut times = Vec::new();
    while times.len() < most && !over.load(Ordering::Relaxed) {
        let started = Instant::now();
        let reply = scene.confidential.refresh(token).await.sure();
        times.push(started.elapsed());
        reply.must(&[200], "a refresh");
    }
    times
}

/// Logins wait for each other, and nobody else waits for them.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_logins_leave_tokens_alone() {
    let mut scene = Scene::new(&["--throttling=false"]);
    scene.sign_in().await;
    let confidential = scene.confidential.clone();
    let Tokens { refresh, .. } = scene.connect(&confidential).await;
    let origin = scene.browser.wire.origin.clone();
    let mut doors = Vec::new();
    for _ in 0..200 {
        doors.push(Door::open(&origin).await);
    }
    let before = &mut refreshes(&scene, &refresh, 300, &AtomicBool::new(false)).await;
    statistics("refreshes before", before);
    let over = Arc::new(AtomicBool::new(false));
    let mut logins = JoinSet::new();
    for mut door in doors {
        let knock = async move {
            door.knock("ada@example.org", "a wrong password", &[401, 503])
                .await
        };
        logins.spawn(knock);
    }
    let storm = async {
        let mut times = Vec::new();
        while let Some(login) = logins.join_next().await {
            times.push(login.expect("a login"));
        }
        over.store(true, Ordering::Relaxed);
        times
    };
    let (mut storm, mut during) = tokio::join!(storm, refreshes(&scene, &refresh, 100_000, &over));
    statistics("logins, all at once", &mut storm);
    statistics("refreshes meanwhile", &mut during);
    let p99 = |times: &[Duration]| times[(times.len() - 1) * 99 / 100];
    let (calm, busy) = (p99(before), p99(&during));
    println!(
        "p99 {calm:?} before, {busy:?} meanwhile: {:.1} times",
        ratio(busy, calm)
    );
    assert!(during.len() > 20, "{} refreshes", during.len());
    assert!(
        busy < (calm * 20).max(Duration::from_millis(250)),
        "{busy:?}"
    );
}
