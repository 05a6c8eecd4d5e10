//! One user, her browser and her apps, doing everything at random until the server is
//! gone. Before each request its possible effect is entered as open, after the answer
//! as a fact.

use crate::{
    actor::{Browser, Lost, Program, Reply},
    chance::Chance,
    ledger::{Chain, Code, LIVE, Ledger, Personal, State, check_session, listed},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};
use tokio::time::Instant;

const CODES: usize = 3;
const PERSONAL: usize = 8;

pub struct Worker {
    pub number: usize,
    pub email: String,
    pub browser: Browser,
    /// A confidential and a public app.
    pub programs: Vec<Program>,
    /// A personal access token that stays.
    pub steady: String,
    pub session: State,
    pub ledger: Ledger,
    /// Tokens made so far, for their names.
    pub made: usize,
    /// Acknowledged changes, for the report.
    pub answers: usize,
    /// No more work, although every answer came.
    pub enough: Arc<AtomicBool>,
}

impl Worker {
    /// Works until an answer is lost.
    pub async fn work(&mut self, chance: &mut Chance) {
        while !self.enough.load(Relaxed)
            && let Ok(acknowledged) = self.step(chance).await
        {
            self.answers += acknowledged;
        }
    }

    async fn step(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        if self.session != State::Live || chance.percent(2) {
            return self.sign_in().await;
        }
        match chance.below(100) {
            0..20 => self.connect(chance).await,
            20..60 => self.refresh(chance).await,
            60..70 => self.revoke_access(chance).await,
            70..75 => self.revoke_chain(chance).await,
            75..77 => self.end_grant(chance).await,
            77..88 => self.make_personal().await,
            88..97 => self.end_personal(chance).await,
            _ => self.replay(chance).await,
        }
    }

    async fn sign_in(&mut self) -> Result<usize, Lost> {
        self.session = State::Open;
        self.browser
            .sign_in(&self.email)
            .await?
            .must(&[303], "a login");
        self.session = State::Live;
        Ok(1)
    }

    /// Half of the codes are exchanged at once, some twice in parallel; the others wait.
    async fn connect(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let live = |chain: &&Chain| chain.state == State::Live;
        if self.ledger.chains.iter().filter(live).count() > LIVE {
            return self.refresh(chance).await;
        }
        let app = chance.below(2);
        let (made, text) = (
            Instant::now(),
            self.browser.connect(&self.programs[app].app).await?,
        );
        if chance.percent(40) && self.ledger.codes.len() < CODES {
            self.ledger.codes.push(Code {
                app,
                text,
                made,
                state: State::Live,
            });
            return Ok(0);
        }
        if chance.percent(15) {
            return self.race(app, text).await;
        }
        self.ledger.in_doubt = Some((app, text.clone()));
        let reply = self.programs[app]
            .exchange(&text)
            .await?
            .must(&[200], "an exchange");
        self.ledger.in_doubt = None;
        self.ledger.chains.push(Chain::new(app, text, &reply));
        Ok(1)
    }

    /// Two requests with one code: one buys, the other's replay ends what it bought.
    async fn race(&mut self, app: usize, code: String) -> Result<usize, Lost> {
        let program = &self.programs[app];
        let (one, two) = tokio::join!(program.exchange(&code), program.exchange(&code));
        let bought: Vec<&Reply> = [&one, &two]
            .into_iter()
            .flatten()
            .filter(|it| it.status == 200)
            .collect();
        assert!(bought.len() <= 1, "one code bought twice");
        match bought.first() {
            Some(reply) => {
                let mut chain = Chain::new(app, code, reply);
                let refused = one.is_ok() && two.is_ok();
                chain.state = if refused { State::Dead } else { State::Open };
                self.ledger.chains.push(chain);
            }
            None => self.ledger.in_doubt = Some((app, code)),
        }
        one.and(two).map(|_| 2)
    }

    async fn refresh(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let Some(at) = self.live_chain(chance) else {
            return Ok(0);
        };
        let chain = &mut self.ledger.chains[at];
        chain.asked.get_or_insert_with(Instant::now);
        let reply = self.programs[chain.app].refresh(&chain.refresh).await?;
        chain.refreshed(&reply.must(&[200], "a refresh"));
        Ok(1)
    }

    async fn revoke_access(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let Some(at) = self.live_chain(chance) else {
            return Ok(0);
        };
        let chain = &mut self.ledger.chains[at];
        let Some(token) = chance.position(&chain.access, |(_, state)| *state == State::Live) else {
            return Ok(0);
        };
        let (text, state) = &mut chain.access[token];
        *state = State::Open;
        self.programs[chain.app]
            .revoke(text)
            .await?
            .must(&[200], "a revocation");
        *state = State::Dead;
        Ok(1)
    }

    async fn revoke_chain(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let Some(at) = self.live_chain(chance) else {
            return Ok(0);
        };
        let chain = &mut self.ledger.chains[at];
        chain.state = State::Open;
        self.programs[chain.app]
            .revoke(&chain.refresh)
            .await?
            .must(&[200], "a revocation");
        chain.state = State::Dead;
        Ok(1)
    }

    async fn end_grant(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let app = chance.below(2);
        let program = &self.programs[app];
        let reply = program
            .api("users/me/authorizations", &self.steady)
            .await?
            .must(&[200], "the list");
        let list = reply.json();
        let of_app = |it: &&serde_json::Value| it["app"]["client_id"] == *program.app.client_id;
        let found = list["data"].as_array().expect("a list").iter().find(of_app);
        let Some(gid) = found.and_then(|grant| grant["gid"].as_str()) else {
            return Ok(0);
        };
        self.ledger.end_app(app, State::Open);
        self.browser
            .end_grant(gid)
            .await?
            .must(&[303], "the end of a grant");
        self.ledger.end_app(app, State::Dead);
        Ok(1)
    }

    async fn make_personal(&mut self) -> Result<usize, Lost> {
        if self
            .ledger
            .personal
            .iter()
            .filter(|it| it.state != State::Dead)
            .count()
            > PERSONAL
        {
            return Ok(0);
        }
        self.made += 1;
        let description = format!("token {}", self.made);
        let personal = Personal {
            description: description.clone(),
            text: None,
            state: State::Open,
        };
        self.ledger.personal.push(personal);
        let text = self.browser.make_token(&description).await?;
        let personal = self.ledger.personal.last_mut().expect("just entered");
        (personal.text, personal.state) = (Some(text), State::Live);
        Ok(1)
    }

    async fn end_personal(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let Some(at) = chance.position(&self.ledger.personal, |it| it.state == State::Live) else {
            return Ok(0);
        };
        let reply = self.programs[0]
            .api("users/me/personal_access_tokens", &self.steady)
            .await?;
        let listed = listed(&reply.must(&[200], "the list"));
        let personal = &mut self.ledger.personal[at];
        let gid = listed
            .get(&personal.description)
            .and_then(|gids| gids.first());
        let gid = gid.expect("a live token is listed");
        personal.state = State::Open;
        self.browser
            .end_token(gid)
            .await?
            .must(&[303], "the end of a token");
        personal.state = State::Dead;
        Ok(1)
    }

    /// A spent code again: refused, and what it bought is dead.
    async fn replay(&mut self, chance: &mut Chance) -> Result<usize, Lost> {
        let Some(at) = self.live_chain(chance) else {
            return Ok(0);
        };
        let chain = &mut self.ledger.chains[at];
        chain.state = State::Open;
        self.programs[chain.app]
            .exchange(&chain.code)
            .await?
            .must(&[400], "a spent code");
        chain.state = State::Dead;
        Ok(1)
    }

    fn live_chain(&self, chance: &mut Chance) -> Option<usize> {
        chance.position(&self.ledger.chains, |chain| chain.state == State::Live)
    }

    /// Everything acknowledged holds on the server that was started again.
    pub async fn check(&mut self, chance: &mut Chance) {
        let checked = async {
            let signed_in = check_session(&mut self.browser, self.session).await?;
            self.session = if signed_in { State::Live } else { State::Dead };
            self.ledger.check(&self.programs, chance).await?;
            self.ledger
                .check_personal(&self.programs[0], &self.steady)
                .await
        };
        let checked: Result<(), Lost> = checked.await;
        checked.expect("a server that was started again answers");
        self.ledger.trim();
    }
}
