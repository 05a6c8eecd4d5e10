//! `/api/1.0/scim/v2`: a directory keeps accounts here up to date (RFC 7644). It comes with
//! a personal access token of an administrator, with the scope `scim`.

pub mod discovery;
mod resource;
pub mod search;

use crate::{
    app::{App, Shared},
    context::{BearerAdmitted, Context, JsonObject},
    failure::{Answer, Failure},
    throttle::SCIM,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use grantor_protocol::{
    form::Params,
    role::Role,
    scim::{ScimError, patch, projection::Projection},
};
use grantor_store::{
    audit::{Actor, Event, Office},
    deletion::Deleted,
    provisioned::{NewPerson, Person, Provisioned, Update},
    users::{About, NewUser},
};
use resource::Wanted;
use serde_json::{Map, Value};

pub const BASE: &str = "/api/1.0/scim/v2";
const CONTENT_TYPE: &str = "application/scim+json";

/// A request of an admitted directory.
pub struct Directory {
    app: Shared,
    context: Context,
    admin: i64,
    query: Params,
}

fn refuse(error: ScimError) -> Failure {
    Failure::Scim(error)
}

impl Directory {
    async fn enter(
        app: Shared,
        context: Context,
        BearerAdmitted(admitted): BearerAdmitted,
        query: Option<&str>,
    ) -> Result<Self, Failure> {
        let admin = admitted.bearer.user;
        app.count(SCIM, &admin.to_string(), context.now).await?;
        let query = Params::parse(query.unwrap_or("").as_bytes());
        let query = query.map_err(|_| refuse(ScimError::syntax("The query is malformed.")))?;
        Ok(Self {
            app,
            context,
            admin,
            query,
        })
    }

    /// Written only while its administrator has a role and `upon` has none: a directory
    /// reaches as far as support does.
    fn event(&self, kind: &'static str, user: i64, upon: Option<i64>) -> Event {
        let office = Some(Office {
            role: Role::Support,
            upon,
        });
        let actor = Actor {
            office,
            ..self.context.actor(Some(self.admin))
        };
        Event {
            user: Some(user),
            ..self.app.event(kind, self.context.now, actor)
        }
    }

    fn projection(&self) -> Result<Projection, Failure> {
        let named = |name| self.query.get(name);
        Projection::parse(named("attributes"), named("excludedAttributes")).map_err(refuse)
    }

    fn document(&self, person: &Person) -> Value {
        resource::document(person, self.app.config.service.public_url.origin())
    }

    fn answer(&self, status: StatusCode, person: &Person) -> Answer {
        let document = self.document(person);
        let location = document["meta"]["location"]
            .as_str()
            .unwrap_or("")
            .to_owned();
        let body = self.projection()?.apply(document);
        let mut response = respond(status, &body);
        if let Ok(location) = location.parse() {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    }

    async fn person(&self, id: &str) -> Result<Person, Failure> {
        let id = id.parse().map_err(|_| Failure::NotFound)?;
        self.app.store.person(id).await?.ok_or(Failure::NotFound)
    }

    /// Somebody who is to be changed: who has a role answers for herself, so that a
    /// directory's token, once stolen, does not become one of hers.
    async fn changeable(&self, id: &str) -> Result<Person, Failure> {
        let person = self.person(id).await?;
        match person.user.admin || person.user.support {
            true => Err(refuse(ScimError::plain(
                403,
                "An account with a role in the administration is not changed by a directory.",
            ))),
            false => Ok(person),
        }
    }

    /// The hash of the password that the directory sends, if it does.
    async fn password(&self, wanted: &Wanted) -> Result<Option<String>, Failure> {
        let Some(password) = &wanted.password else {
            return Ok(None);
        };
        let about = [wanted.name.as_str(), wanted.email.as_str()];
        let hashed = self.app.hash_new_password(password, &about).await?;
        let hash = hashed.map_err(|why| refuse(ScimError::value(why.to_string())))?;
        Ok(Some(hash))
    }

    async fn check_name(&self, wanted: &Wanted, present: Option<&Person>) -> Result<(), Failure> {
        let other = self
            .app
            .store
            .person_by_user_name(&wanted.user_name)
            .await?;
        let own = present.map(|person| person.user.id);
        if other.is_some_and(|other| Some(other.user.id) != own) {
            return Err(taken("userName"));
        }
        let present = present.map(|person| person.user.name.as_str());
        match self.app.check_display_name(&wanted.name, present) {
            Some(why) => Err(refuse(ScimError::value(why))),
            None => Ok(()),
        }
    }

    /// Makes of `person` what is wanted; what she is then.
    async fn update(&self, person: Person, wanted: &Wanted) -> Answer {
        self.check_name(wanted, Some(&person)).await?;
        let (user, called) = (&person.user, wanted.called());
        let hash = self.password(wanted).await?;
        let disabled = wanted.active.map(|active| !active);
        let disabled = disabled.filter(|disabled| *disabled != user.disabled);
        let moves = wanted.email.as_str() != user.email;
        // Nobody had said yet whose address it is: the account may have been made to catch it.
        let taken_over = !user.email_verified && person.changed.is_none();
        let about = About {
            name: wanted.name.as_str(),
            photo: user.photo.as_deref(),
            profile: &wanted.profile,
        };
        let edited =
            about.name != user.name || *about.profile != user.profile || called != person.called;
        let kinds = [
            (moves, "address.changed"),
            (taken_over && !moves, "address.verified"),
            (edited, "account.edited"),
            (hash.is_some(), "password.changed"),
            (disabled == Some(true), "account.disabled"),
            (disabled == Some(false), "account.enabled"),
        ];
        let happened = kinds.into_iter().filter(|(happened, _)| *happened);
        let event = |(_, kind): (bool, &'static str)| {
            let mut event = self.event(kind, user.id, Some(user.id));
            if kind.starts_with("address.") {
                event.detail = wanted.email.as_str().to_owned();
            }
            event
        };
        let events: Vec<_> = happened.map(event).collect();
        let update = Update {
            user: user.id,
            read: user.updated,
            about,
            address: (moves || taken_over)
                .then(|| (wanted.email.as_str(), wanted.email.canonical())),
            called: &called,
            disabled,
            password: hash.as_deref(),
            taken_over,
        };
        match self.app.store.update_person(&update, events).await? {
            Provisioned::Done => {}
            other => return Err(in_the_way(other)),
        }
        let now = self.person(&user.id.to_string()).await?;
        self.answer(StatusCode::OK, &now)
    }
}

fn taken(what: &str) -> Failure {
    refuse(ScimError::uniqueness(format!(
        "Another account has this {what}."
    )))
}

fn in_the_way(outcome: Provisioned) -> Failure {
    match outcome {
        Provisioned::AddressTaken => taken("address"),
        Provisioned::NameTaken => taken("userName or externalId"),
        Provisioned::Changed | Provisioned::Done => Failure::Changed,
    }
}

pub fn respond(status: StatusCode, body: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, CONTENT_TYPE)];
    (status, headers, body.to_string()).into_response()
}

pub async fn show(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, query.as_deref()).await?;
    let person = directory.person(&id).await?;
    directory.answer(StatusCode::OK, &person)
}

pub async fn create(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    RawQuery(query): RawQuery,
    JsonObject(body): JsonObject,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, query.as_deref()).await?;
    let app: &App = &directory.app;
    let wanted = Wanted::read(&body, None).map_err(refuse)?;
    directory.check_name(&wanted, None).await?;
    let called = wanted.called();
    let new = NewPerson {
        user: NewUser {
            id: app.world.new_gid(),
            email: wanted.email.as_str().to_owned(),
            email_key: wanted.email.canonical(),
            // The directory vouches for it.
            email_verified: true,
            name: wanted.name.as_str().to_owned(),
            password: directory.password(&wanted).await?,
            profile: wanted.profile.clone(),
            admin: false,
        },
        disabled: wanted.active == Some(false),
        called: &called,
    };
    let event = directory.event("account.provisioned", new.user.id, None);
    match app.store.add_person(&new, event).await? {
        Provisioned::Done => {}
        other => return Err(in_the_way(other)),
    }
    let made = directory.person(&new.user.id.to_string()).await?;
    directory.answer(StatusCode::CREATED, &made)
}

pub async fn replace(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    (Path(id), RawQuery(query)): (Path<String>, RawQuery),
    JsonObject(body): JsonObject,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, query.as_deref()).await?;
    let person = directory.changeable(&id).await?;
    let wanted = Wanted::read(&body, Some(&person)).map_err(refuse)?;
    directory.update(person, &wanted).await
}

/// As if the resource were read, changed and put back whole.
pub async fn change(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    (Path(id), RawQuery(query)): (Path<String>, RawQuery),
    JsonObject(body): JsonObject,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, query.as_deref()).await?;
    let person = directory.changeable(&id).await?;
    let mut document = match directory.document(&person) {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    patch::apply(&mut document, &body).map_err(refuse)?;
    let wanted = Wanted::read(&document, Some(&person)).map_err(refuse)?;
    directory.update(person, &wanted).await
}

pub async fn delete(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    Path(id): Path<String>,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, None).await?;
    let person = directory.changeable(&id).await?;
    let user = person.user.id;
    let event = directory.event("user.deleted", user, Some(user));
    let store = &directory.app.store;
    let language = directory.app.language_of(&person.user);
    match store.delete_user(user, language, event).await? {
        Deleted::Done => Ok(StatusCode::NO_CONTENT.into_response()),
        Deleted::Gone => Err(Failure::NotFound),
        Deleted::OnlyAdministrator => Err(Failure::Changed),
    }
}
