//! What the server has acknowledged to one user and her apps. After a restart every
//! entry must hold; what was in flight must have happened whole, or not at all.

use crate::{
    actor::{Browser, Lost, Program, Reply},
    chance::Chance,
};
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;

/// A rotated refresh token gets its own successor for 60 s; asked this much earlier,
/// the answer is certain.
const SURELY_REPEATED: Duration = Duration::from_secs(45);
/// Chains that are remembered and checked.
pub const LIVE: usize = 10;
const DEAD: usize = 6;
/// A code lives for 60 s.
const SURELY_ALIVE: Duration = Duration::from_secs(45);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Live,
    Dead,
    /// Its end was asked for, and the answer was lost.
    Open,
}

/// A code that nobody has sent yet, or of whose exchange no answer came.
pub struct Code {
    pub app: usize,
    pub text: String,
    pub made: Instant,
    pub state: State,
}

/// What a code bought.
pub struct Chain {
    pub app: usize,
    pub code: String,
    pub state: State,
    pub access: Vec<(String, State)>,
    pub refresh: String,
    /// Since when the next refresh token is asked for, without an answer so far.
    pub asked: Option<Instant>,
    /// The refresh token before the last acknowledged rotation, and when that was.
    pub before: Option<(String, Instant)>,
}

/// A personal access token.
pub struct Personal {
    pub description: String,
    /// `None`: it was asked for, and the answer was lost.
    pub text: Option<String>,
    pub state: State,
}

#[derive(Default)]
pub struct Ledger {
    pub codes: Vec<Code>,
    /// Its exchange was asked for, and the answer was lost.
    pub in_doubt: Option<(usize, String)>,
    pub chains: Vec<Chain>,
    pub personal: Vec<Personal>,
    /// Facts that were checked, for the report.
    pub checked: usize,
}

impl Chain {
    pub fn new(app: usize, code: String, reply: &Reply) -> Self {
        let mut chain = Self {
            app,
            code,
            state: State::Live,
            access: Vec::new(),
            refresh: String::new(),
            asked: None,
            before: None,
        };
        chain.refreshed(reply);
        chain
    }

    /// Enters the tokens of an answer.
    pub fn refreshed(&mut self, reply: &Reply) {
        self.access.push((reply.text("access_token"), State::Live));
        let asked = self.asked.take();
        let next = reply.text("refresh_token");
        if next != self.refresh {
            let before = std::mem::replace(&mut self.refresh, next);
            self.before = asked.map(|asked| (before, asked));
        }
    }
}

impl Ledger {
    /// What comes of the end of an app's whole access.
    pub fn end_app(&mut self, app: usize, state: State) {
        for chain in self.chains.iter_mut().filter(|chain| chain.app == app) {
            chain.state = ended(chain.state, state);
        }
        for code in self.codes.iter_mut().filter(|code| code.app == app) {
            code.state = ended(code.state, state);
        }
    }

    /// Checks every entry against the server, and settles what was in flight.
    pub async fn check(&mut self, programs: &[Program], chance: &mut Chance) -> Result<(), Lost> {
        self.settle_exchange(programs).await?;
        let mut fate = None;
        for chain in &mut self.chains {
            self.checked += chain.check(&programs[chain.app], chance, &mut fate).await?;
        }
        for code in std::mem::take(&mut self.codes) {
            self.checked += 1;
            let program = &programs[code.app];
            self.chains.extend(code.spend(program, fate).await?);
        }
        Ok(())
    }

    /// A code in doubt was either spent, and buys nothing now, or was not, and does.
    async fn settle_exchange(&mut self, programs: &[Program]) -> Result<(), Lost> {
        let Some((app, code)) = self.in_doubt.take() else {
            return Ok(());
        };
        self.checked += 1;
        let first = programs[app]
            .exchange(&code)
            .await?
            .must(&[200, 400], "a code in doubt");
        if first.status == 200 {
            self.chains.push(Chain::new(app, code, &first));
        } else {
            let again = programs[app].exchange(&code).await?;
            again.must(&[400], "a code that was refused once");
        }
        Ok(())
    }

    /// The list and the tokens agree with the ledger and with each other.
    pub async fn check_personal(&mut self, browser: &Program, steady: &str) -> Result<(), Lost> {
        let reply = browser
            .api("users/me/personal_access_tokens", steady)
            .await?
            .must(&[200], "the list");
        let listed = listed(&reply);
        for personal in &mut self.personal {
            let name = &personal.description;
            let times = listed.get(name).map_or(0, Vec::len);
            assert!(times <= 1, "{name} is listed {times} times");
            let is_open = personal.state == State::Open;
            let alive = if is_open {
                times == 1
            } else {
                personal.state == State::Live
            };
            assert_eq!(
                times == 1,
                alive,
                "{name} is listed although it ended, or not although it lives"
            );
            if let Some(text) = &personal.text {
                assert_eq!(
                    browser.is_accepted(text).await?,
                    alive,
                    "{name} in the list and at the API"
                );
            }
            personal.state = if alive { State::Live } else { State::Dead };
            self.checked += 2;
        }
        let unknown = |name: &&String| {
            !self.personal.iter().any(|it| it.description == **name) && *name != "steady"
        };
        assert_eq!(
            listed.keys().find(unknown),
            None,
            "a token that nobody asked for"
        );
        Ok(())
    }

    /// Forgets the oldest, so that checking does not take longer and longer.
    pub fn trim(&mut self) {
        for (state, kept) in [(State::Live, LIVE), (State::Dead, DEAD)] {
            let count = |chains: &[Chain]| chains.iter().filter(|it| it.state == state).count();
            let mut surplus = count(&self.chains).saturating_sub(kept);
            self.chains.retain(|chain| {
                let goes = chain.state == state && surplus > 0;
                surplus -= usize::from(goes);
                !goes
            });
        }
        for chain in &mut self.chains {
            let surplus = chain.access.len().saturating_sub(6);
            chain.access.drain(..surplus);
        }
        self.personal.retain(|it| it.state != State::Dead);
    }
}

fn ended(before: State, now: State) -> State {
    if before == State::Dead { before } else { now }
}

/// The gids of the listed tokens by description.
pub fn listed(reply: &Reply) -> HashMap<String, Vec<String>> {
    let json = reply.json();
    let mut listed: HashMap<String, Vec<String>> = HashMap::new();
    for token in json["data"].as_array().expect("a list") {
        let text = |name: &str| token[name].as_str().unwrap_or("").to_owned();
        listed
            .entry(text("description"))
            .or_default()
            .push(text("gid"));
    }
    listed
}

impl Chain {
    /// Checks all of its tokens; the number of facts. `fate`: how the end that was in
    /// flight turned out, the same for everything it was about.
    async fn check(
        &mut self,
        program: &Program,
        chance: &mut Chance,
        fate: &mut Option<bool>,
    ) -> Result<usize, Lost> {
        for (text, state) in &mut self.access {
            let accepted = program.is_accepted(text).await?;
            match (self.state, *state) {
                (State::Dead, _) | (_, State::Dead) => assert!(!accepted, "a revoked token lives"),
                (State::Live, State::Live) => assert!(accepted, "an acknowledged token is dead"),
                (State::Open, _) => {
                    assert_eq!(
                        accepted,
                        *fate.get_or_insert(accepted),
                        "half of an end happened"
                    );
                }
                (State::Live, State::Open) => {
                    *state = if accepted { State::Live } else { State::Dead };
                }
            }
        }
        let facts = self.access.len();
        if self.state == State::Live && !chance.percent(30) {
            return Ok(facts);
        }
        self.check_repeat(program).await?;
        self.asked.get_or_insert_with(Instant::now);
        let reply = program
            .refresh(&self.refresh)
            .await?
            .must(&[200, 400], "a refresh");
        let lives = reply.status == 200;
        match self.state {
            State::Live => assert!(lives, "an acknowledged refresh token is dead: {reply:?}"),
            State::Dead => assert!(!lives, "an ended chain lives"),
            State::Open => assert_eq!(lives, *fate.get_or_insert(lives), "half of an end happened"),
        }
        self.state = if lives { State::Live } else { State::Dead };
        if lives {
            self.refreshed(&reply);
        }
        Ok(facts + 2)
    }

    /// One chain: the token before has the one successor that was acknowledged.
    async fn check_repeat(&self, program: &Program) -> Result<(), Lost> {
        let Some((before, asked)) = &self.before else {
            return Ok(());
        };
        if self.state != State::Live || asked.elapsed() > SURELY_REPEATED {
            return Ok(());
        }
        let reply = program
            .refresh(before)
            .await?
            .must(&[200], "a repeated refresh");
        assert_eq!(
            reply.text("refresh_token"),
            self.refresh,
            "the chain has forked"
        );
        Ok(())
    }
}

impl Code {
    /// An acknowledged code buys a chain after the restart, unless its grant ended;
    /// and then nothing more.
    async fn spend(self, program: &Program, fate: Option<bool>) -> Result<Option<Chain>, Lost> {
        if self.made.elapsed() > SURELY_ALIVE {
            return Ok(None);
        }
        let reply = program
            .exchange(&self.text)
            .await?
            .must(&[200, 400], "an acknowledged code");
        let bought = reply.status == 200;
        match (self.state, fate) {
            (State::Live, _) => assert!(bought, "an acknowledged code is dead: {reply:?}"),
            (State::Dead, _) => assert!(!bought, "a code outlived its grant"),
            (State::Open, Some(fate)) => assert_eq!(bought, fate, "half of an end happened"),
            (State::Open, None) => {}
        }
        Ok(bought.then(|| Chain::new(self.app, self.text, &reply)))
    }
}

/// Whether a browser's session holds, by its own ledger entry.
pub async fn check_session(browser: &mut Browser, state: State) -> Result<bool, Lost> {
    let signed_in = browser.is_signed_in().await?;
    assert!(
        signed_in || state != State::Live,
        "an acknowledged session is dead"
    );
    Ok(signed_in)
}
