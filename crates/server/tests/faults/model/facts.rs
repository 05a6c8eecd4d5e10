//! What the model knows, and how a token, a code or a session must therefore be answered.

use super::Trail;
use crate::{
    actor::{Browser, Program, Wire},
    commands::BOUND,
    process::App,
};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// Codes live for 60 s, and a rotated refresh token gets its own successor for as long;
/// asked this much earlier the answer is certain.
pub const CERTAIN: Duration = Duration::from_secs(45);

/// The end of something, and the node that was told of it; `None`: none of those that live.
pub type End = Option<(Instant, Option<usize>)>;

pub struct Facts {
    pub wires: Vec<Wire>,
    pub apps: [App; 2],
    pub users: Vec<User>,
    pub sessions: Vec<Session>,
    pub codes: Vec<Code>,
    pub families: Vec<Family>,
    pub personal: Vec<Personal>,
    /// What was asked for when a node was killed.
    pub doubt: Option<Doubt>,
    pub trail: Trail,
    pub made: usize,
}

pub struct User {
    pub email: String,
    pub steady: String,
    /// Whether it allows each of the apps.
    pub allows: [bool; 2],
}

pub struct Session {
    pub user: usize,
    pub cookies: BTreeMap<String, String>,
    pub lives: bool,
}

pub struct Code {
    pub user: usize,
    pub app: usize,
    pub text: String,
    pub made: Instant,
    /// Of the grant that it came of.
    pub ended: bool,
}

/// What a code bought.
pub struct Family {
    pub user: usize,
    pub app: usize,
    pub code: String,
    pub made: Instant,
    pub ended: End,
    pub access: Vec<(String, End)>,
    /// The newest last; of those before it when they were rotated.
    pub refresh: Vec<(String, Option<Instant>)>,
}

pub struct Personal {
    pub user: usize,
    pub description: String,
    pub text: String,
    pub ended: End,
}

/// Each is one or the other, and the server can say which.
pub enum Doubt {
    Session(usize),
    Approval(usize, usize),
    Exchange(Code),
    Refresh(usize),
    Access(usize, usize),
    Chain(usize),
    Grant(usize, usize),
    Made(usize, String),
    Personal(usize),
    Nothing,
}

/// How long ago something ended decides what a node must say.
pub fn must_hold(end: End, node: usize) -> Option<bool> {
    match end {
        None => Some(true),
        Some((_, Some(told))) if told == node => Some(false),
        Some((at, _)) if at.elapsed() > BOUND => Some(false),
        // It may not have read of it yet.
        Some(_) => None,
    }
}

pub fn check(end: End, node: usize, accepted: bool, what: &str) {
    if let Some(wanted) = must_hold(end, node) {
        assert_eq!(accepted, wanted, "{what} is accepted");
    }
}

impl Family {
    pub fn end(&mut self, node: Option<usize>) {
        self.ended.get_or_insert((Instant::now(), node));
    }

    /// An access token ends with its family.
    pub fn end_of(&self, token: usize) -> End {
        match (self.access[token].1, self.ended) {
            (Some(one), Some(other)) => Some(if one.0 < other.0 { one } else { other }),
            (one, other) => one.or(other),
        }
    }

    pub fn newest(&self) -> &str {
        self.refresh.last().map_or("", |(text, _)| text)
    }
}

impl Facts {
    pub fn new(wires: Vec<Wire>, apps: [App; 2]) -> Self {
        Self {
            wires,
            apps,
            users: Vec::new(),
            sessions: Vec::new(),
            codes: Vec::new(),
            families: Vec::new(),
            personal: Vec::new(),
            doubt: None,
            trail: Trail::default(),
            made: 0,
        }
    }

    pub fn add_user(&mut self, email: String, steady: String) {
        self.users.push(User {
            email,
            steady,
            allows: [false; 2],
        });
    }

    pub fn program(&self, node: usize, app: usize) -> Program {
        Program {
            wire: self.wires[node].clone(),
            app: self.apps[app].clone(),
        }
    }

    pub fn browser(&self, node: usize, session: usize) -> Browser {
        Browser {
            wire: self.wires[node].clone(),
            cookies: self.sessions[session].cookies.clone(),
        }
    }

    /// The end of all that a user allowed an app.
    pub fn end_grant(&mut self, (user, app): (usize, usize), node: Option<usize>) {
        self.users[user].allows[app] = false;
        let is_of = |of: (usize, usize)| of == (user, app);
        let families = self.families.iter_mut();
        families
            .filter(|it| is_of((it.user, it.app)))
            .for_each(|it| it.end(node));
        let codes = self.codes.iter_mut();
        codes
            .filter(|it| is_of((it.user, it.app)))
            .for_each(|it| it.ended = true);
    }

    /// The oldest, so that there is always something that lives and something that does not.
    pub fn forget(&mut self) {
        fn surplus<T>(list: &mut Vec<T>, kept: usize) {
            let surplus = list.len().saturating_sub(kept);
            list.drain(..surplus);
        }
        surplus(&mut self.sessions, 12);
        surplus(&mut self.codes, 12);
        surplus(&mut self.families, 40);
        if self.personal.len() > 30
            && let Some(at) = self.personal.iter().position(|it| it.ended.is_some())
        {
            self.personal.remove(at);
        }
        for family in &mut self.families {
            surplus(&mut family.access, 8);
            surplus(&mut family.refresh, 8);
        }
    }
}
