//! What can be done, and what must come of it.

use super::facts::{CERTAIN, Code, Doubt, Facts, Family, Personal, Session, check, must_hold};
use crate::{
    actor::{Browser, Lost, Program, Reply},
    chance::Chance,
    ledger::listed,
};
use tokio::time::Instant;

impl Facts {
    /// One operation at one node. When its answer is lost, `doubt` is what it was about.
    pub async fn operate(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        self.doubt = Some(Doubt::Nothing);
        match chance.below(100) {
            0..5 => self.sign_in(chance, node).await?,
            5..8 => self.sign_out(chance, node).await?,
            8..14 => self.look(chance, node).await?,
            14..28 => self.approve(chance, node).await?,
            28..42 => self.exchange(chance, node).await?,
            42..56 => self.refresh(chance, node).await?,
            56..76 => self.use_access(chance, node).await?,
            76..80 => self.revoke(chance, node).await?,
            80..83 => self.replay(chance, node).await?,
            83..86 => self.disconnect(chance, node).await?,
            86..90 => self.make_personal(chance, node).await?,
            90..96 => self.use_personal(chance, node).await?,
            _ => self.end_personal(chance, node).await?,
        }
        self.doubt = None;
        Ok(())
    }

    async fn sign_in(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let user = chance.below(self.users.len());
        self.trail.note("sign in", node, "");
        let mut browser = Browser::new(&self.wires[node].origin);
        browser.wire = self.wires[node].clone();
        let reply = browser.sign_in(&self.users[user].email).await?;
        reply.must(&[303], "a login");
        self.sessions.push(Session {
            user,
            cookies: browser.cookies,
            lives: true,
        });
        Ok(())
    }

    fn session(&self, chance: &mut Chance) -> Option<usize> {
        chance.position(&self.sessions, |it| it.lives)
    }

    async fn sign_out(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = self.session(chance) else {
            return Ok(());
        };
        self.trail.note("sign out", node, "");
        self.doubt = Some(Doubt::Session(at));
        let fields = [("decision", "logout")];
        let mut browser = self.browser(node, at);
        let reply = browser.submit("/-/logout", "/-/logout", &fields).await?;
        reply.must(&[200, 303], "a logout");
        self.sessions[at].lives = false;
        Ok(())
    }

    async fn look(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = chance.position(&self.sessions, |_| true) else {
            return Ok(());
        };
        let lives = self.sessions[at].lives;
        self.trail.note("look", node, &format!("lives: {lives}"));
        let seen = self.browser(node, at).is_signed_in().await?;
        assert_eq!(seen, lives, "a session is seen");
        Ok(())
    }

    async fn approve(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = self.session(chance) else {
            return Ok(());
        };
        let (user, app) = (self.sessions[at].user, chance.below(2));
        self.trail.note("approve", node, &format!("app {app}"));
        let mut browser = self.browser(node, at);
        // A public app is asked for every time.
        let remembered = self.users[user].allows[app] && app == 0;
        let asked = browser.is_remembered(&self.apps[app]).await?;
        assert_eq!(asked, remembered, "an approval is remembered");
        self.doubt = Some(Doubt::Approval(user, app));
        let text = browser.connect(&self.apps[app]).await?;
        self.users[user].allows[app] = true;
        self.codes.push(Code {
            user,
            app,
            text,
            made: Instant::now(),
            ended: false,
        });
        Ok(())
    }

    async fn exchange(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = chance.position(&self.codes, |_| true) else {
            return Ok(());
        };
        let code = self.codes.remove(at);
        if code.made.elapsed() > CERTAIN {
            return Ok(());
        }
        let (app, ended) = (code.app, code.ended);
        self.trail
            .note("exchange", node, &format!("ended: {ended}"));
        let other = self.program(node, 1 - app);
        let others = other.exchange(&code.text).await?;
        others.must(&[400], "another app's code");
        let (user, text) = (code.user, code.text.clone());
        self.doubt = Some(Doubt::Exchange(code));
        let reply = self.program(node, app).exchange(&text).await?;
        let reply = reply.must(&[if ended { 400 } else { 200 }], "an exchange");
        if !ended {
            self.bought((user, app), text, &reply);
        }
        Ok(())
    }

    pub fn bought(&mut self, (user, app): (usize, usize), code: String, reply: &Reply) {
        self.families.push(Family {
            user,
            app,
            code,
            made: Instant::now(),
            ended: None,
            access: vec![(reply.text("access_token"), None)],
            refresh: vec![(reply.text("refresh_token"), None)],
        });
    }

    /// By the newest refresh token, or by one that was rotated.
    async fn refresh(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = chance.position(&self.families, |_| true) else {
            return Ok(());
        };
        let (family, back) = (&self.families[at], chance.below(4));
        let last = family.refresh.len() - 1;
        let which = last.saturating_sub(back.saturating_sub(1));
        let (text, rotated) = family.refresh[which].clone();
        if rotated.is_some_and(|rotated| rotated.elapsed() > CERTAIN) {
            return Ok(());
        }
        let (app, end) = (family.app, family.ended);
        let detail = format!("app {app}, {} before the newest", last - which);
        self.trail.note("refresh", node, &detail);
        self.doubt = Some(Doubt::Refresh(at));
        let reply = self.program(node, app).refresh(&text).await?;
        let reply = reply.must(&[200, 400], "a refresh");
        match app {
            // What does not rotate, a node may know by heart.
            0 => check(end, node, reply.status == 200, "a refresh token"),
            _ => assert_eq!(
                reply.status == 200,
                end.is_none(),
                "a rotating refresh token"
            ),
        }
        if reply.status == 200 {
            self.refreshed(at, which, &reply);
        }
        Ok(())
    }

    pub fn refreshed(&mut self, at: usize, which: usize, reply: &Reply) {
        let family = &mut self.families[at];
        family.access.push((reply.text("access_token"), None));
        let next = reply.text("refresh_token");
        if family.app == 0 {
            assert_eq!(next, family.newest(), "a confidential app's token stays");
        } else if let Some((successor, _)) = family.refresh.get(which + 1) {
            assert_eq!(next, *successor, "one successor");
        } else {
            assert_ne!(next, family.newest(), "a public app's token rotates");
            family.refresh[which].1 = Some(Instant::now());
            family.refresh.push((next, None));
        }
    }

    async fn use_access(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = chance.position(&self.families, |_| true) else {
            return Ok(());
        };
        let family = &self.families[at];
        let token = chance.below(family.access.len());
        let end = family.end_of(token);
        self.trail
            .note("use", node, &format!("{:?}", must_hold(end, node)));
        let program = self.program(node, chance.below(2));
        let accepted = program.is_accepted(&family.access[token].0).await?;
        check(end, node, accepted, "an access token");
        Ok(())
    }

    /// Of an access token or a family, by its own app or by the other, which ends nothing.
    async fn revoke(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = chance.position(&self.families, |it| it.ended.is_none()) else {
            return Ok(());
        };
        let (family, whole, own) = (&self.families[at], chance.percent(40), chance.percent(80));
        let token = chance.below(family.access.len());
        let text = match whole {
            true => family.newest().to_owned(),
            false => family.access[token].0.clone(),
        };
        let app = if own { family.app } else { 1 - family.app };
        let detail = format!("whole: {whole}, own: {own}");
        self.trail.note("revoke", node, &detail);
        if own {
            self.doubt = Some(if whole {
                Doubt::Chain(at)
            } else {
                Doubt::Access(at, token)
            });
        }
        let reply = self.program(node, app).revoke(&text).await?;
        reply.must(&[200], "a revocation");
        let now = Instant::now();
        match (own, whole) {
            (false, _) => {}
            (true, true) => self.families[at].end(Some(node)),
            (true, false) => {
                let end = &mut self.families[at].access[token].1;
                end.get_or_insert((now, Some(node)));
            }
        }
        Ok(())
    }

    /// A spent code again ends what it bought.
    async fn replay(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        // One that has expired may have been swept.
        let is_known = |it: &Family| it.made.elapsed() < CERTAIN;
        let Some(at) = chance.position(&self.families, is_known) else {
            return Ok(());
        };
        self.trail.note("replay", node, "");
        let (app, code) = (self.families[at].app, self.families[at].code.clone());
        self.doubt = Some(Doubt::Chain(at));
        let reply = self.program(node, app).exchange(&code).await?;
        reply.must(&[400], "a spent code");
        self.families[at].end(Some(node));
        Ok(())
    }

    async fn disconnect(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = self.session(chance) else {
            return Ok(());
        };
        let (user, app) = (self.sessions[at].user, chance.below(2));
        let gid = self.gid(node, (user, app)).await?;
        assert_eq!(
            gid.is_some(),
            self.users[user].allows[app],
            "a grant is listed"
        );
        let Some(gid) = gid else { return Ok(()) };
        self.trail.note("disconnect", node, &format!("app {app}"));
        self.doubt = Some(Doubt::Grant(user, app));
        let reply = self.browser(node, at).end_grant(&gid).await?;
        reply.must(&[303], "the end of a grant");
        self.end_grant((user, app), Some(node));
        Ok(())
    }

    /// Of what a user allows an app, as the API lists it.
    pub async fn gid(
        &self,
        node: usize,
        (user, app): (usize, usize),
    ) -> Result<Option<String>, Lost> {
        let program: Program = self.program(node, app);
        let steady = &self.users[user].steady;
        let list = program.api("users/me/authorizations", steady).await?;
        let list = list.must(&[200], "the list").json();
        let mut grants = list["data"].as_array().expect("a list").iter();
        let found = grants.find(|it| it["app"]["client_id"] == *program.app.client_id);
        Ok(found.and_then(|it| it["gid"].as_str()).map(str::to_owned))
    }

    async fn make_personal(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = self.session(chance) else {
            return Ok(());
        };
        if self.personal.iter().filter(|it| it.ended.is_none()).count() > 15 {
            return Ok(());
        }
        self.made += 1;
        let (user, description) = (self.sessions[at].user, format!("token {}", self.made));
        self.trail.note("make personal", node, &description);
        self.doubt = Some(Doubt::Made(user, description.clone()));
        let text = self.browser(node, at).make_token(&description).await?;
        self.personal.push(Personal {
            user,
            description,
            text,
            ended: None,
        });
        Ok(())
    }

    async fn use_personal(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(at) = chance.position(&self.personal, |_| true) else {
            return Ok(());
        };
        self.trail.note("use personal", node, "");
        let personal = &self.personal[at];
        let accepted = self.program(node, 0).is_accepted(&personal.text).await?;
        check(personal.ended, node, accepted, "a personal token");
        Ok(())
    }

    pub async fn gids(
        &self,
        node: usize,
        user: usize,
        description: &str,
    ) -> Result<Vec<String>, Lost> {
        let (program, steady) = (self.program(node, 0), &self.users[user].steady);
        let list = program.api("users/me/personal_access_tokens", steady);
        let mut listed = listed(&list.await?.must(&[200], "the list"));
        Ok(listed.remove(description).unwrap_or_default())
    }

    async fn end_personal(&mut self, chance: &mut Chance, node: usize) -> Result<(), Lost> {
        let Some(session) = self.session(chance) else {
            return Ok(());
        };
        let user = self.sessions[session].user;
        let Some(at) = chance.position(&self.personal, |it| it.user == user) else {
            return Ok(());
        };
        let personal = &self.personal[at];
        let gids = self.gids(node, user, &personal.description).await?;
        let lives = personal.ended.is_none();
        assert_eq!(gids.len(), usize::from(lives), "a personal token is listed");
        let Some(gid) = gids.first() else {
            return Ok(());
        };
        self.trail.note("end personal", node, "");
        self.doubt = Some(Doubt::Personal(at));
        let reply = self.browser(node, session).end_token(gid).await?;
        reply.must(&[303], "the end of a token");
        self.personal[at].ended = Some((Instant::now(), Some(node)));
        Ok(())
    }
}
