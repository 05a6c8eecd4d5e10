//! Whoever acts for the operator: at a page, by the API or at the command line. What is
//! done is the same for all three, and stands in the files below.

pub mod apps;
pub mod cursor;
pub mod keys;
pub mod tokens;
pub mod users;

use crate::{app::Shared, context::Context, failure::Failure};
use grantor_protocol::{
    name::Description,
    role::{Act, Role},
    time::Timestamp,
};
use grantor_store::{
    audit::{Actor, Event, Office},
    users::User,
};

#[derive(Clone)]
pub struct Desk {
    pub app: Shared,
    pub now: Timestamp,
    /// `None`: at the command line, for whoever has the server's files is its operator.
    role: Option<Role>,
    actor: Actor,
}

/// What an administrator's role does not reach.
const TOO_FAR: Failure = Failure::Forbidden("desk-too-far");

impl Desk {
    /// Of a user who comes for `act`, if she has a role that may do it at all.
    pub fn of(
        app: &Shared,
        context: &Context,
        (user, session): (&User, Option<i64>),
        act: Act,
    ) -> Option<Self> {
        let role = user.role().filter(|role| role.may(act, None))?;
        Some(Self {
            app: app.clone(),
            now: context.now,
            role: Some(role),
            actor: Actor {
                session,
                ..context.actor(Some(user.id))
            },
        })
    }

    /// Of the operator herself.
    pub fn of_operator(app: &Shared, actor: Actor) -> Self {
        Self {
            now: app.world.now(),
            app: app.clone(),
            role: None,
            actor,
        }
    }

    /// Whether it may be done, upon what is this user's where it is somebody's.
    pub fn may(&self, act: Act, upon: Option<&User>) -> bool {
        let upon = upon.and_then(role_of);
        self.role.is_none_or(|role| role.may(act, upon))
    }

    /// The event of an act: what it goes with is written only while the role reaches so far.
    pub fn event(
        &self,
        (act, kind): (Act, &'static str),
        upon: Option<&User>,
    ) -> Result<Event, Failure> {
        if !self.may(act, upon) {
            return Err(TOO_FAR);
        }
        let upon = upon.map(|user| user.id);
        let office = self.role.map(|role| Office { role, upon });
        let actor = Actor {
            office,
            ..self.actor.clone()
        };
        Ok(Event {
            user: upon,
            ..self.app.event(kind, self.now, actor)
        })
    }

    pub async fn user(&self, id: i64) -> Result<std::sync::Arc<User>, Failure> {
        self.app.store.user(id).await?.ok_or(Failure::NotFound)
    }
}

/// A colleague stays one while her account is disabled.
fn role_of(user: &User) -> Option<Role> {
    match (user.admin, user.support) {
        (true, _) => Some(Role::Admin),
        (_, true) => Some(Role::Support),
        _ => None,
    }
}

/// Why something is done, in words for whom it concerns.
pub fn reason(text: &str) -> Result<String, Failure> {
    match Description::parse(text) {
        Ok(reason) => Ok(reason.to_string()),
        Err(_) => Err(Failure::Invalid("desk-reason")),
    }
}
