//! What a kill left in doubt.

use super::facts::{Doubt, Facts};
use crate::{actor::Sure, chance::Chance, commands::BOUND, fleet::Fleet};
use tokio::time::{Instant, sleep};

impl Facts {
    /// Asks which of two things happened when the answer was lost.
    pub async fn settle(&mut self, chance: &mut Chance) {
        // Until then a node may not have read of an end.
        sleep(BOUND).await;
        let (node, now) = (Fleet::any(chance), Instant::now());
        let end = Some((now, Some(node)));
        match self.doubt.take().unwrap_or(Doubt::Nothing) {
            Doubt::Nothing => {}
            Doubt::Session(at) => {
                self.sessions[at].lives = self.browser(node, at).is_signed_in().await.sure();
            }
            Doubt::Approval(user, app) => {
                let gid = self.gid(node, (user, app)).await.sure();
                self.users[user].allows[app] = gid.is_some();
            }
            Doubt::Grant(user, app) => {
                if self.gid(node, (user, app)).await.sure().is_none() {
                    self.end_grant((user, app), Some(node));
                }
            }
            Doubt::Exchange(code) => {
                let program = self.program(node, code.app);
                // Refused: it had bought something, which has now ended unseen.
                let reply = program.exchange(&code.text).await.sure();
                let reply = reply.must(&[200, 400], "a code in doubt");
                assert!(
                    reply.status == 400 || !code.ended,
                    "a code outlived its grant"
                );
                if reply.status == 200 {
                    self.bought((code.user, code.app), code.text, &reply);
                }
            }
            // Asked again, each has the successor that it had.
            Doubt::Refresh(at) => {
                let (app, ended) = (self.families[at].app, self.families[at].ended.is_some());
                let program = self.program(node, app);
                let reply = program.refresh(self.families[at].newest()).await.sure();
                let reply = reply.must(&[200, 400], "a refresh in doubt");
                assert_eq!(reply.status == 200, !ended, "a refresh in doubt");
                if !ended {
                    self.refreshed(at, self.families[at].refresh.len() - 1, &reply);
                }
            }
            Doubt::Access(at, token) => {
                let text = &self.families[at].access[token].0;
                if !self.program(node, 0).is_accepted(text).await.sure() {
                    self.families[at].access[token].1 = end;
                }
            }
            Doubt::Chain(at) => {
                let newest = self.families[at].newest().to_owned();
                let which = self.families[at].refresh.len() - 1;
                let program = self.program(node, self.families[at].app);
                let reply = program.refresh(&newest).await.sure();
                match reply.must(&[200, 400], "a chain in doubt") {
                    reply if reply.status == 200 => self.refreshed(at, which, &reply),
                    _ => self.families[at].end(Some(node)),
                }
            }
            // Nobody has its text.
            Doubt::Made(user, description) => {
                let listed = self.gids(node, user, &description).await.sure();
                assert!(listed.len() <= 1, "made twice");
            }
            Doubt::Personal(at) => {
                let text = &self.personal[at].text;
                if !self.program(node, 0).is_accepted(text).await.sure() {
                    self.personal[at].ended = end;
                }
            }
        }
    }
}
