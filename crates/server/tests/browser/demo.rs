//! The first minute of a newcomer: `grantor demo`, and what it says to open.

use crate::{
    audit::audit,
    chromium::{Scripts, browse},
    process::{Home, free_port},
};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

/// A running demo; what is dropped is killed.
struct Demo {
    child: Child,
    /// All that it printed for the newcomer.
    printed: String,
}

impl Demo {
    /// It takes two neighbouring ports, one of which may be in use.
    fn start(home: &Home) -> Self {
        let tries = (0..10).find_map(|_| Self::try_on(home, free_port()));
        tries.expect("the demo starts")
    }

    fn try_on(home: &Home, port: u16) -> Option<Self> {
        let mut command = home.grantor(&["demo", "--port", &port.to_string()]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("grantor");
        let output = child.stdout.take().expect("a pipe");
        let mut demo = Self {
            child,
            printed: String::new(),
        };
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            demo.printed += &format!("{line}\n");
            if line.contains("Ctrl-C") {
                return Some(demo);
            }
        }
        None
    }

    /// The word after this one.
    fn after(&self, word: &str) -> &str {
        let (_, rest) = self.printed.split_once(word).expect(word);
        rest.split_whitespace().next().expect("a word")
    }

    /// The first address that ends so.
    fn address(&self, end: &str) -> &str {
        let mut words = self.printed.split_whitespace();
        let found = words.find(|word| word.starts_with("http") && word.ends_with(end));
        found.expect("an address")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_follows_what_the_demo_says() {
    let home = Home::new();
    let demo = Demo::start(&home);
    let (_, password) = demo.printed.split_once("the password: ").unwrap();
    let password = password.lines().next().unwrap();
    browse(Scripts::On, async |person| {
        person.open(demo.address("")).await;
        audit(person, "demo").await;
        person.press("Connect with Grantor").await;
        person
            .fill("Email address", demo.after("sign in as "))
            .await;
        person.fill("Password", password).await;
        person.press_in("//main", "Sign in").await;
        person.see("Connect Clock to your Grantor account?").await;
        person.press("Allow").await;
        person.see("Connected. The API says:").await;
        audit(person, "demo-connected").await;

        // A login beside the connection.
        person.press("Sign in with Grantor").await;
        person.see("Sign in to Clock with Grantor?").await;
        person.press_in("//main", "Sign in").await;
        person.see("Signed in as Ada Lovelace.").await;
        audit(person, "demo-signed-in").await;

        // The end of access by the user, then by the app.
        person.open(demo.address("/authorizations")).await;
        person.press_beside("Clock", "End access").await;
        person.see("access has ended").await;
        person.open(demo.address("")).await;
        person.press("Connect with Grantor").await;
        person.press("Allow").await;
        person.see("Signed in as Ada Lovelace.").await;
        person.press("Disconnect").await;
        person.see("Connect with Grantor").await;
        person.see("Sign in with Grantor").await;
        for page in ["/tokens", "/apps"] {
            person.open(demo.address(page)).await;
            person.see("Sign out").await;
        }
    })
    .await;
}
