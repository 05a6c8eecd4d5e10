//! `/admin/audit`: the audit log, newest first.

use super::{PAGE, Tabs};
use crate::{
    cli::audit::moment,
    desk::{Desk, cursor},
    failure::{Answer, Failure},
    pages::{
        Frame,
        history::kinds,
        page::{Page, html},
    },
};
use askama::Template;
use grantor_protocol::{audit::Recorded, time::Timestamp};
use grantor_store::audit::Search;

/// The form asks `/admin/audit` with `kind`, `user`, `actor`, `app`, `address`, `from`, `to`.
#[derive(Template)]
#[template(path = "admin_audit.html")]
pub struct AdminAudit {
    pub frame: Frame,
    pub tabs: Tabs,
    pub asked: Asked,
    /// A message.
    pub problem: Option<&'static str>,
    pub events: Vec<EventLine>,
    pub next: Option<String>,
}

/// As it was typed.
#[derive(Clone, Default)]
pub struct Asked {
    pub kind: String,
    pub user: String,
    pub actor: String,
    pub app: String,
    pub address: String,
    pub from: String,
    pub to: String,
}

pub struct EventLine {
    pub at: Timestamp,
    pub kind: String,
    pub user: Option<Linked>,
    pub actor: Option<Linked>,
    pub app: Option<Linked>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub detail: String,
}

/// A user or an app by its number, and its page.
pub struct Linked {
    pub id: String,
    pub page: String,
}

impl Linked {
    fn user(id: i64) -> Self {
        Self {
            id: id.to_string(),
            page: format!("/admin/users/{id}"),
        }
    }

    fn app(id: i64) -> Self {
        Self {
            id: id.to_string(),
            page: format!("/admin/apps/{id}"),
        }
    }
}

impl Asked {
    pub fn of(query: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| query(name).unwrap_or_default().trim().to_owned();
        Self {
            kind: text("kind"),
            user: text("user"),
            actor: text("actor"),
            app: text("app"),
            address: text("address"),
            from: text("from"),
            to: text("to"),
        }
    }

    pub fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("kind", &self.kind),
            ("user", &self.user),
            ("actor", &self.actor),
            ("app", &self.app),
            ("address", &self.address),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// The same as a query, without what was left open.
    pub fn query(&self) -> String {
        let given = self
            .pairs()
            .into_iter()
            .filter(|(_, text)| !text.is_empty());
        grantor_protocol::form::encode(given)
    }

    pub fn search(&self) -> Result<Search, &'static str> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let number = |text: &str| match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| "admin-audit-numbers"),
        };
        let time = |text: &str| match text {
            "" => Ok(None),
            text => moment(text).map(Some).map_err(|_| "admin-audit-moments"),
        };
        if !self.kind.is_empty() && !kinds().any(|kind| kind == self.kind) {
            return Err("admin-audit-no-kind");
        }
        Ok(Search {
            kind: some(&self.kind),
            user: number(&self.user)?,
            actor: number(&self.actor)?,
            app: number(&self.app)?,
            address: some(&self.address),
            from: time(&self.from)?,
            to: time(&self.to)?,
        })
    }
}

fn line(event: Recorded) -> EventLine {
    EventLine {
        at: event.at,
        kind: event.kind,
        user: event.user.map(Linked::user),
        actor: event.actor.map(Linked::user),
        app: event.app.map(Linked::app),
        address: event.address,
        request_id: event.request_id,
        detail: event.detail,
    }
}

pub async fn list(page: Page, desk: Desk) -> Answer {
    let asked = Asked::of(|name| page.query(name));
    let (search, problem) = match asked.search() {
        Ok(search) => (Some(search), None),
        Err(problem) => (None, Some(problem)),
    };
    let mut view = AdminAudit {
        frame: page.admin_frame(&[]),
        tabs: Tabs::of(&desk, "audit"),
        asked,
        problem,
        events: Vec::new(),
        next: None,
    };
    if let Some(search) = search {
        let (events, next) = look(&page, &view.asked, &search).await?;
        (view.events, view.next) = (events, next);
    }
    html(&view)
}

async fn look(
    page: &Page,
    asked: &Asked,
    search: &Search,
) -> Result<(Vec<EventLine>, Option<String>), Failure> {
    let list = format!("audit?{}", asked.query());
    let after = page.query("after");
    let after = after.map(|text| cursor::open(&page.app, &list, &text));
    let found = page
        .app
        .store
        .search_events(search, after.transpose()?, PAGE);
    let found = found.await?;
    let next = found.next.map(|next| {
        let after = cursor::seal(&page.app, &list, &next);
        format!("/admin/audit?{}&after={after}", asked.query())
    });
    Ok((found.events.into_iter().map(line).collect(), next))
}

#[cfg(test)]
impl AdminAudit {
    pub fn samples() -> Vec<(&'static str, Self)> {
        let hostile = crate::pages::tests::HOSTILE;
        let event = |text: &str| EventLine {
            at: Frame::NOW,
            kind: text.into(),
            user: Some(Linked::user(5416095123847261)),
            actor: Some(Linked::user(6416095123847261)),
            app: Some(Linked::app(7416095123847261)),
            address: Some(text.into()),
            request_id: Some(text.into()),
            detail: text.into(),
        };
        let bare = EventLine {
            kind: "keys.rotated".into(),
            user: None,
            actor: None,
            app: None,
            address: None,
            request_id: None,
            ..event("key 12 for seal")
        };
        let asked = Asked {
            kind: hostile.into(),
            user: hostile.into(),
            actor: hostile.into(),
            app: hostile.into(),
            address: hostile.into(),
            from: hostile.into(),
            to: hostile.into(),
        };
        let page = |asked, problem, events, next| Self {
            frame: Frame::sample(crate::pages::Place::Admin),
            tabs: Tabs::sample("audit"),
            asked,
            problem,
            events,
            next,
        };
        let next = Some("/admin/audit?kind=app.edited&after=x".to_owned());
        vec![
            (
                "admin-audit",
                page(
                    Asked::default(),
                    None,
                    vec![event("app.suspended"), bare, event(hostile)],
                    next,
                ),
            ),
            (
                "admin-audit-wrong",
                page(asked, Some("admin-audit-numbers"), vec![], None),
            ),
        ]
    }
}
