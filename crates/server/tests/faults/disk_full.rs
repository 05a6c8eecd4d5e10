//! No room to write: reads go on, writes are refused as what will pass, and nothing is
//! acknowledged that is not kept. When there is room again, everything works again.

use crate::{
    actor::{Browser, Program, REDIRECT, Reply, Sure},
    port::quiet_port,
    process::{Home, Server},
    scene::start_through,
};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

/// A small filesystem of its own at the data folder.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where mounting is not permitted.
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir(at).expect("a folder");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs"])
            .arg(at);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then(|| Self(at.to_owned()))
    }

    fn fill(&self) {
        let mut ballast = File::create(self.0.join("ballast")).expect("a file");
        while ballast.write_all(&[1; 4096]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).expect("the ballast");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Whether the process may write to files at all.
fn allow_writing(server: &Server, allowed: bool) {
    let limit = if allowed {
        "--fsize=unlimited:unlimited"
    } else {
        "--fsize=0:unlimited"
    };
    let pid = server.id().to_string();
    let set = Command::new("prlimit")
        .args(["--pid", &pid, limit])
        .status();
    assert!(set.is_ok_and(|status| status.success()), "prlimit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_writes_alone_and_only_while_it_is_full() {
    let home = Home::new();
    let Some(disk) = SmallDisk::mount(&home.path().join("grantor-data")) else {
        println!("mounting is not permitted: only refused writes are tried, not a full disk");
        return;
    };
    let actors = Actors::new(&home);
    let server = Server::start_on(&home, actors.port, &["--throttling=false"]);
    let mut before = actors.prepare().await;
    disk.fill();
    before.fill_the_log().await;
    before.while_full().await;
    commands_while_full(&home);
    disk.free();
    before.afterwards().await;
    assert!(server.stop().success());
}

/// The kernel refuses every write to a file: an I/O error instead of "no space".
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_refuses_writes_is_the_same() {
    let home = Home::new();
    let actors = Actors::new(&home);
    // It must outlive the signal that comes with the refusal.
    let server = start_through("trap '' XFSZ", &home, actors.port, &[]);
    let mut before = actors.prepare().await;
    allow_writing(&server, false);
    before.while_full().await;
    allow_writing(&server, true);
    before.afterwards().await;
    assert!(server.stop().success());
}

struct Actors {
    port: u16,
    browser: Browser,
    confidential: Program,
    public: Program,
}

/// What was acknowledged while there was room.
struct Before {
    actors: Actors,
    personal: String,
    code: String,
    kept: Reply,
    rotated: Reply,
    made: Vec<String>,
}

impl Actors {
    fn new(home: &Home) -> Self {
        let port = quiet_port();
        let origin = format!("http://127.0.0.1:{port}");
        home.add_user("ada@example.org", "Ada");
        let app = |kind| home.add_app("ada@example.org", REDIRECT, &["--kind", kind]);
        Self {
            port,
            browser: Browser::new(&origin),
            confidential: Program::new(&origin, &app("confidential")),
            public: Program::new(&origin, &app("browser")),
        }
    }

    async fn prepare(mut self) -> Before {
        let prepared = async {
            let browser = &mut self.browser;
            browser
                .sign_in("ada@example.org")
                .await?
                .must(&[303], "a login");
            let code = browser.connect(&self.confidential.app).await?;
            let kept = self.confidential.exchange(&code).await?;
            let code = browser.connect(&self.public.app).await?;
            let rotated = self.public.exchange(&code).await?;
            let code = browser.connect(&self.confidential.app).await?;
            let personal = browser.make_token("before").await?;
            Ok::<_, crate::actor::Lost>((
                kept.must(&[200], "x"),
                rotated.must(&[200], "x"),
                code,
                personal,
            ))
        };
        let (kept, rotated, code, personal) = prepared.await.sure();
        Before {
            actors: self,
            personal,
            code,
            kept,
            rotated,
            made: Vec::new(),
        }
    }
}

impl Before {
    /// Writes until the log cannot grow: a full disk takes what fits into old pages.
    async fn fill_the_log(&mut self) {
        for number in 0..40 {
            let name = format!("token {number}");
            let fields = [
                ("description", &*name),
                ("scope", "default"),
                ("expires_in", "90"),
            ];
            let reply = self
                .actors
                .browser
                .submit("/tokens", "/tokens", &fields)
                .await;
            if reply.sure().must(&[201, 503], "a token").status == 503 {
                return;
            }
            self.made.push(name);
        }
        assert!(self.made.is_empty(), "the disk never became full");
    }

    /// Reads go on; each write is refused in the format of its route.
    async fn while_full(&mut self) {
        let Actors {
            browser,
            confidential,
            ..
        } = &mut self.actors;
        for token in [&self.personal, &self.kept.text("access_token")] {
            assert!(
                confidential.is_accepted(token).await.sure(),
                "a read stopped"
            );
        }
        for page in [
            "/login?confirm=1",
            "/account",
            "/apps",
            "/tokens",
            "/authorizations",
            "/readyz",
            "/healthz",
        ] {
            browser.get(page).await.sure().must(&[200], page);
        }
        // Nothing is written by it.
        let refresh = confidential.refresh(&self.kept.text("refresh_token")).await;
        refresh.sure().must(&[200], "a refresh without rotation");
        self.writes_are_refused().await;
    }

    async fn writes_are_refused(&mut self) {
        let Actors {
            browser,
            confidential,
            public,
            ..
        } = &mut self.actors;
        let json = "application/json";
        refused(confidential.exchange(&self.code).await.sure(), json);
        refused(
            public
                .refresh(&self.rotated.text("refresh_token"))
                .await
                .sure(),
            json,
        );
        refused(
            public
                .revoke(&self.rotated.text("refresh_token"))
                .await
                .sure(),
            json,
        );
        let html = "text/html; charset=utf-8";
        let fields = [
            ("description", "lost"),
            ("scope", "default"),
            ("expires_in", "90"),
        ];
        refused(
            browser.submit("/tokens", "/tokens", &fields).await.sure(),
            html,
        );
        refused(browser.sign_in("ada@example.org").await.sure(), html);
        assert!(browser.is_signed_in().await.sure(), "the old session");
    }

    /// What was refused can be done now, and what was refused has not happened.
    async fn afterwards(&mut self) {
        let Actors {
            browser,
            confidential,
            public,
            ..
        } = &mut self.actors;
        let bought = confidential.exchange(&self.code).await.sure();
        bought.must(&[200], "the code was not spent");
        let next = public
            .refresh(&self.rotated.text("refresh_token"))
            .await
            .sure();
        let next = next.must(&[200], "the token was not rotated or revoked");
        public
            .revoke(&next.text("refresh_token"))
            .await
            .sure()
            .must(&[200], "a revocation");
        assert!(!public.is_accepted(&next.text("access_token")).await.sure());
        browser
            .sign_in("ada@example.org")
            .await
            .sure()
            .must(&[303], "a login");
        let list = browser.get("/tokens").await.sure().body;
        assert!(
            !list.contains("<bdi>lost</bdi>"),
            "a refused token was made"
        );
        for made in &self.made {
            assert!(
                list.contains(&format!("<bdi>{made}</bdi>")),
                "{made} was acknowledged"
            );
        }
        let personal = browser.make_token("after").await.sure();
        assert!(confidential.is_accepted(&personal).await.sure());
    }
}

/// The command line says what is wrong, and leaves nothing half done.
fn commands_while_full(home: &Home) {
    for arguments in [
        &["user", "disable", "ada@example.org"][..],
        &["backup", "grantor-data/copy.db"],
    ] {
        let output = home.grantor(arguments).output().expect("grantor runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains("disk is full"),
            "{arguments:?}: {said}"
        );
    }
    assert!(
        !home.path().join("grantor-data/copy.db").exists(),
        "half a backup"
    );
}

fn refused(reply: Reply, format: &str) {
    let reply = reply.must(&[503], "a write");
    assert_eq!(reply.header("content-type"), format, "{reply:?}");
    assert_eq!(reply.header("retry-after"), "2", "{reply:?}");
    if format == "application/json" {
        assert_eq!(reply.text("error"), "temporarily_unavailable");
    }
    assert!(
        !reply.body.contains("SQL") && !reply.body.contains("disk"),
        "the inside shows: {reply:?}"
    );
}
