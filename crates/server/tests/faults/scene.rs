//! The usual cast: one user, a confidential and a public app, everybody connected.

use crate::{
    actor::{Browser, Program, REDIRECT, Sure},
    port::quiet_port,
    process::{Home, Server},
};
use std::process::Command;

pub const EMAIL: &str = "ada@example.org";

pub struct Scene {
    pub home: Home,
    pub port: u16,
    pub server: Server,
    pub browser: Browser,
    pub confidential: Program,
    pub public: Program,
}

/// What an app got for its code.
#[derive(Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Scene {
    pub fn new(settings: &[&str]) -> Self {
        Self::through(":", settings)
    }

    /// The server starts after this line of shell, which sets its limits.
    pub fn through(shell: &str, settings: &[&str]) -> Self {
        let (home, port) = (Home::new(), quiet_port());
        let origin = format!("http://127.0.0.1:{port}");
        // With an administrator the start has nothing to print but its log.
        let operator = "user add --email operator@example.org --name Operator --admin";
        home.run(&operator.split(' ').collect::<Vec<_>>(), "");
        home.add_user(EMAIL, "Ada");
        let program =
            |kind| Program::new(&origin, &home.add_app(EMAIL, REDIRECT, &["--kind", kind]));
        let (confidential, public) = (program("confidential"), program("browser"));
        let server = start_through(shell, &home, port, settings);
        Self {
            home,
            port,
            server,
            browser: Browser::new(&origin),
            confidential,
            public,
        }
    }

    pub async fn sign_in(&mut self) {
        self.browser
            .sign_in(EMAIL)
            .await
            .sure()
            .must(&[303], "a login");
    }

    /// From the consent to the tokens.
    pub async fn connect(&mut self, program: &Program) -> Tokens {
        connect(&mut self.browser, program).await
    }
}

pub async fn connect(browser: &mut Browser, program: &Program) -> Tokens {
    let code = browser.connect(&program.app).await.sure();
    let reply = program
        .exchange(&code)
        .await
        .sure()
        .must(&[200], "an exchange");
    Tokens {
        access: reply.text("access_token"),
        refresh: reply.text("refresh_token"),
    }
}

/// Starts a server as a shell's successor, under the limits that `shell` sets.
pub fn start_through(shell: &str, home: &Home, port: u16, settings: &[&str]) -> Server {
    let serve = Server::command(home, port, settings);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell}; exec \"$0\" \"$@\"")]);
    command.arg(serve.get_program()).args(serve.get_args());
    command
        .current_dir(home.path())
        .env_remove("GRANTOR_FAULT_ROUNDS")
        .env_remove("GRANTOR_FAULT_SEED");
    Server::launch(command, port).expect("the server starts")
}
