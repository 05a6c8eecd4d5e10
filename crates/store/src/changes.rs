//! The change feed: what ended or was edited, so that every node's memory is true.
//!
//! A batch that ends or edits something appends a change in its own transaction.
//! This node applies it before the answer is sent; the others, and this node for
//! what the command line wrote, find it by polling.

use crate::{
    cache::Cached,
    engine::{Engine, Step},
    error::{Error, Result},
    statement::{Statement, statements},
    value::Row,
};
use grantor_protocol::{
    authorize::Approval,
    bearer::BearerToken,
    time::{Millis, Timestamp},
};
use parking_lot::{Mutex, RwLock};
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};
use tokio::time::Instant;

statements! {
    APPEND = "INSERT INTO changes (at, kind, id) VALUES (?1, ?2, ?3)";
    APPEND_ONCE = "INSERT INTO changes (at, kind, id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    SINCE = "SELECT seq, at, kind, id FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    LATER = "SELECT seq, at, kind, id FROM changes WHERE at > ?1 ORDER BY seq";
}

/// How often the feed is read.
pub const POLL: Duration = Duration::from_millis(250);
/// A node that has not heard from the database for so long trusts its memory no more.
const TRUST: Duration = Duration::from_secs(2);
/// Clocks of two nodes may differ by this much.
pub const SKEW: Millis = Millis::seconds(30);
/// Changes that are read again after a start, for one that is late with an early time.
const MARGIN: i64 = 1000;
/// Changes read at once.
const PAGE: usize = 10_000;

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A user was edited; ended when disabled.
    User,
    UserDisabled,
    App,
    AppSuspended,
    /// Ended for good, by id.
    Grant,
    Family,
    Token,
    PersonalToken,
    /// A browser's login, and what hangs from it.
    Session,
    /// Keys were added or retired.
    Keys,
    /// Somebody who was blocked may go on.
    Throttles,
}

impl ChangeKind {
    const ALL: [Self; 11] = [
        Self::User,
        Self::UserDisabled,
        Self::App,
        Self::AppSuspended,
        Self::Grant,
        Self::Family,
        Self::Token,
        Self::PersonalToken,
        Self::Session,
        Self::Keys,
        Self::Throttles,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::UserDisabled => "user_disabled",
            Self::App => "app",
            Self::AppSuspended => "app_suspended",
            Self::Grant => "grant",
            Self::Family => "family",
            Self::Token => "token",
            Self::PersonalToken => "pat",
            Self::Session => "session",
            Self::Keys => "keys",
            Self::Throttles => "throttles",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    pub id: i64,
    pub at: Timestamp,
}

impl Change {
    pub fn new(kind: ChangeKind, id: i64, at: Timestamp) -> Self {
        Self { kind, id, at }
    }

    pub(crate) fn step(self) -> Step {
        self.by(&APPEND)
    }

    /// Refuses its batch where the feed has it already.
    pub(crate) fn step_once(self) -> Step {
        self.by(&APPEND_ONCE)
    }

    fn by(self, statement: &'static Statement) -> Step {
        let params = crate::params![self.at, self.kind.as_str(), self.id].to_vec();
        Step {
            statement,
            params,
            rows: Some(1),
            tells: None,
        }
    }
}

/// What this node knows without asking: recent endings, and records it has read.
pub struct Memory {
    /// When each thing ended. Small: older endings than the longest access token
    /// lives are forgotten.
    ended: RwLock<HashMap<(ChangeKind, i64), Timestamp>>,
    pub(crate) users: Cached<crate::users::User>,
    pub(crate) apps: Cached<crate::apps::App>,
    pub(crate) pats: Cached<crate::pats::PersonalToken>,
    pub(crate) families: Cached<crate::families::Steady>,
    /// What was true once and is held against the database by the write that follows:
    /// sessions, what a user allows an app, and the codes that this node gave out.
    pub(crate) sessions: Cached<crate::sessions::Session>,
    pub(crate) approvals: Cached<Approval, (i64, i64)>,
    pub(crate) codes: Cached<crate::codes::GivenOut>,
    feed: Mutex<Feed>,
    heard: Mutex<Instant>,
    keys_changed: tokio::sync::watch::Sender<()>,
    throttles_lifted: AtomicU64,
}

impl Memory {
    pub(crate) fn new(records: usize) -> Self {
        Self {
            ended: RwLock::default(),
            users: Cached::new(records),
            apps: Cached::new(records),
            pats: Cached::new(records),
            families: Cached::new(records),
            sessions: Cached::new(records),
            approvals: Cached::new(records),
            codes: Cached::new(records / 4),
            feed: Mutex::default(),
            heard: Mutex::new(Instant::now()),
            keys_changed: tokio::sync::watch::Sender::new(()),
            throttles_lifted: AtomicU64::new(0),
        }
    }

    /// Whether the memory may be believed.
    pub fn is_fresh(&self) -> bool {
        self.heard.lock().elapsed() < TRUST
    }

    pub(crate) fn watch_keys(&self) -> tokio::sync::watch::Receiver<()> {
        self.keys_changed.subscribe()
    }

    /// How often somebody was let go on: what a node knows to be blocked is of before that.
    pub fn throttles_lifted(&self) -> u64 {
        self.throttles_lifted.load(Ordering::Acquire)
    }

    /// Whether a token, or anything it hangs from, ended since it was issued. Whether
    /// the user of a personal token is active says her record: it outlives this memory.
    pub fn has_ended(&self, token: BearerToken, user: i64, issued: Timestamp) -> bool {
        let ended = self.ended.read();
        if ended.is_empty() {
            return false;
        }
        let gone = |kind, id| ended.contains_key(&(kind, id));
        // What can come back ends only what was issued before, by any node's clock.
        let before = |kind, id| {
            ended
                .get(&(kind, id))
                .is_some_and(|at| issued <= *at + SKEW)
        };
        match token {
            BearerToken::Access {
                id,
                app,
                grant,
                family,
                session,
            } => {
                gone(ChangeKind::Token, id)
                    || gone(ChangeKind::Family, family)
                    || gone(ChangeKind::Grant, grant)
                    || session.is_some_and(|session| gone(ChangeKind::Session, session))
                    || before(ChangeKind::AppSuspended, app)
                    || before(ChangeKind::UserDisabled, user)
            }
            // Outlives a pause of its user, whose state is asked for at each use.
            BearerToken::Personal { id } => gone(ChangeKind::PersonalToken, id),
        }
    }

    pub(crate) fn learn(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let mut ended = self.ended.write();
        for change in changes {
            match change.kind {
                ChangeKind::User | ChangeKind::UserDisabled => self.users.forget(change.id),
                ChangeKind::App | ChangeKind::AppSuspended => self.apps.forget(change.id),
                ChangeKind::PersonalToken => self.pats.forget(change.id),
                ChangeKind::Keys => drop(self.keys_changed.send(())),
                ChangeKind::Throttles => {
                    self.throttles_lifted.fetch_add(1, Ordering::Release);
                }
                ChangeKind::Family => self.families.forget(change.id),
                ChangeKind::Session => self.sessions.forget(change.id),
                ChangeKind::Grant | ChangeKind::Token => {}
            }
            if !matches!(
                change.kind,
                ChangeKind::User | ChangeKind::App | ChangeKind::Keys | ChangeKind::Throttles
            ) {
                let at = ended.entry((change.kind, change.id)).or_insert(change.at);
                *at = (*at).max(change.at);
            }
        }
    }

    /// Forgets endings that no living access token can fall under.
    pub(crate) fn prune(&self, before: Timestamp) {
        self.ended.write().retain(|_, at| *at >= before);
    }

    /// Reads the recent endings, before the first request.
    pub(crate) async fn fill(&self, engine: &Engine, since: Timestamp) -> Result<()> {
        let changes = engine
            .scan(&LATER, &crate::params![since], read_change)
            .await?;
        let known: Vec<_> = changes.iter().filter_map(|(_, change)| *change).collect();
        self.learn(&known);
        // Behind what began in the last minute, something may still come to light.
        let lately = since + crate::LONGEST_ACCESS - SKEW - SKEW;
        let is_old = |(_, change): &&(i64, Option<Change>)| change.is_none_or(|it| it.at < lately);
        let old = changes.iter().take_while(is_old).last();
        *self.feed.lock() = Feed::from(match engine.feed_lag().is_zero() {
            true => changes.last().map_or(0, |(seq, _)| *seq),
            false => old.map_or(0, |(seq, _)| seq - MARGIN),
        });
        *self.heard.lock() = Instant::now();
        Ok(())
    }

    /// Reads all that is new in the feed.
    pub(crate) async fn poll(&self, engine: &Engine) -> Result<()> {
        let asked = Instant::now();
        let silence = asked.duration_since(*self.heard.lock());
        let horizon = engine.horizon().await?;
        let complete = self.feed.lock().begin(asked, horizon.next);
        let mut cursor = complete;
        loop {
            let params = crate::params![cursor, PAGE as i64];
            let changes = engine.read(&SINCE, &params, read_change).await?;
            cursor = changes.last().map_or(cursor, |(newest, _)| *newest);
            let new = self.feed.lock().take_new(&changes);
            self.learn(&new);
            if changes.len() < PAGE {
                break;
            }
        }
        let read = Read {
            after: complete,
            newest: cursor,
            asked,
            lag: engine.feed_lag(),
            oldest: horizon.oldest,
        };
        self.feed.lock().end(&read);
        if silence.as_millis() >= crate::LONGEST_ACCESS.0 as u128 {
            // Some changes of so long a silence were swept before they were read.
            self.users.forget_all();
            self.apps.forget_all();
            self.pats.forget_all();
            self.families.forget_all();
        }
        let mut heard = self.heard.lock();
        *heard = asked.max(*heard);
        Ok(())
    }
}

/// Transactions by the order of their beginning, as a database numbers them: all before
/// `oldest` have ended, and `next` will be the next. Zeros where one ends before another
/// begins.
#[derive(Clone, Copy, Default)]
pub struct Horizon {
    pub oldest: i64,
    pub next: i64,
}

/// How far the feed was read. Numbers are given before a commit, so one may come to light
/// behind later ones: a stretch is read again until no transaction can be open any more that
/// was when the stretch was first seen, and what was seen in it is not learnt twice.
#[derive(Default)]
struct Feed {
    /// Everything up to here is known.
    complete: i64,
    newest: i64,
    /// What was newest at a moment, and the next transaction then; oldest first.
    marks: VecDeque<Mark>,
    seen: BTreeSet<i64>,
}

struct Mark {
    at: Instant,
    next: i64,
    newest: i64,
}

/// A poll that has read everything after a number.
struct Read {
    after: i64,
    newest: i64,
    asked: Instant,
    /// What began so long before, or before the `oldest` transaction then, had ended.
    lag: Duration,
    oldest: i64,
}

impl From<i64> for Feed {
    fn from(complete: i64) -> Self {
        Self {
            complete,
            newest: complete,
            ..Self::default()
        }
    }
}

impl Feed {
    /// After which number to read; `next`: the next transaction.
    fn begin(&mut self, asked: Instant, next: i64) -> i64 {
        let newest = self.newest;
        if self.marks.back().is_none_or(|mark| mark.newest < newest) {
            self.marks.push_back(Mark {
                at: asked,
                next,
                newest,
            });
        }
        self.complete
    }

    /// Those that were not there before.
    fn take_new(&mut self, read: &[(i64, Option<Change>)]) -> Vec<Change> {
        let new = read
            .iter()
            .filter(|(seq, _)| *seq > self.complete && self.seen.insert(*seq));
        new.filter_map(|(_, change)| *change).collect()
    }

    /// What this poll has read again, and nothing can come to light in, is complete.
    fn end(&mut self, read: &Read) {
        self.newest = self.newest.max(read.newest);
        while let Some(mark) = self.marks.front()
            && mark.at + read.lag <= read.asked
            && mark.next <= read.oldest
            && self.complete >= read.after
        {
            self.complete = self.complete.max(mark.newest);
            self.marks.pop_front();
        }
        self.seen = self.seen.split_off(&(self.complete + 1));
    }
}

/// A kind that this version does not know belongs to a newer node: skipped.
fn read_change(row: &Row<'_>) -> Result<(i64, Option<Change>)> {
    let kind = row.text(2)?;
    let kind = ChangeKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind);
    let (at, id) = (row.time(1)?, row.int(3)?);
    Ok((row.int(0)?, kind.map(|kind| Change { kind, id, at })))
}

/// The sentence for a node that cannot know.
pub(crate) fn stale() -> Error {
    Error::Unavailable("this node has not heard from the database for 2 s".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node that polls a database where transactions hide behind later ones.
    struct Node {
        feed: Feed,
        start: Instant,
    }

    impl Node {
        /// What is learnt new, and after which number it was read.
        fn poll(
            &mut self,
            second: u64,
            (oldest, next): (i64, i64),
            there: &[i64],
        ) -> (i64, Vec<i64>) {
            let asked = self.start + Duration::from_secs(second);
            let after = self.feed.begin(asked, next);
            let there = there.iter().copied().filter(|seq| *seq > after);
            let change = |seq| Change::new(ChangeKind::Grant, seq, Timestamp(0));
            let there: Vec<_> = there.map(|seq| (seq, Some(change(seq)))).collect();
            let new = self.feed.take_new(&there).iter().map(|it| it.id).collect();
            self.feed.end(&Read {
                after,
                newest: there.last().map_or(after, |(seq, _)| *seq),
                asked,
                lag: Duration::from_secs(15),
                oldest,
            });
            (after, new)
        }
    }

    fn node() -> Node {
        Node {
            feed: Feed::from(4),
            start: Instant::now(),
        }
    }

    #[test]
    fn what_comes_to_light_late_is_learnt_once() {
        let mut node = node();
        assert_eq!(node.poll(0, (1, 2), &[4, 6, 7]), (4, vec![6, 7]));
        assert_eq!(node.poll(1, (3, 3), &[4, 5, 6, 7]), (4, vec![5]));
        assert_eq!(node.poll(15, (3, 3), &[4, 5, 6, 7]), (4, vec![]));
        assert_eq!(node.poll(16, (3, 3), &[4, 5, 6, 7, 8]), (4, vec![8]));
        assert_eq!(node.poll(17, (3, 3), &[4, 5, 6, 7, 8]), (7, vec![]));
    }

    /// Nothing is complete that no poll has read again since the others had ended.
    #[test]
    fn a_node_that_was_away_learns_what_came_to_light_meanwhile() {
        let mut node = node();
        assert_eq!(node.poll(0, (1, 2), &[6]), (4, vec![6]));
        assert_eq!(node.poll(1, (1, 3), &[6]), (4, vec![]));
        assert_eq!(node.poll(300, (9, 9), &[5, 6, 7]), (4, vec![5, 7]));
        assert_eq!(node.poll(301, (9, 9), &[5, 6, 7]), (6, vec![]));
    }

    /// A commit that waits for a standby may take any time.
    #[test]
    fn a_transaction_that_hangs_holds_the_stretch_open() {
        let mut node = node();
        assert_eq!(node.poll(0, (1, 3), &[6]), (4, vec![6]));
        for second in [1, 20, 40, 60] {
            assert_eq!(node.poll(second, (1, 3), &[6]), (4, vec![]));
        }
        assert_eq!(node.poll(80, (3, 3), &[5, 6]), (4, vec![5]));
        assert_eq!(node.poll(81, (3, 3), &[5, 6]), (6, vec![]));
    }

    #[test]
    fn what_can_come_back_ends_only_older_tokens() {
        let memory = Memory::new(8);
        let access = BearerToken::Access {
            id: 1,
            app: 2,
            grant: 3,
            family: 4,
            session: Some(5),
        };
        let at = Timestamp(1_000_000);
        memory.learn(&[Change::new(ChangeKind::UserDisabled, 9, at)]);
        assert!(memory.has_ended(access, 9, at));
        assert!(memory.has_ended(access, 9, at + SKEW));
        assert!(!memory.has_ended(access, 9, at + SKEW + Millis(1)));
        assert!(!memory.has_ended(access, 8, at));
        assert!(!memory.has_ended(BearerToken::Personal { id: 1 }, 9, at));
        memory.learn(&[Change::new(ChangeKind::Session, 5, at)]);
        assert!(memory.has_ended(access, 8, at + Millis::days(1)));
        memory.learn(&[Change::new(ChangeKind::Grant, 3, at)]);
        assert!(memory.has_ended(access, 8, at + Millis::days(1)));
    }
}
