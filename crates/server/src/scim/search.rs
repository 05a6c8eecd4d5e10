//! Who is there, and who of them is meant (RFC 7644 §3.4.2).

use super::{Directory, refuse, respond};
use crate::{
    app::Shared,
    context::{BearerAdmitted, Context, JsonObject},
    failure::{Answer, Failure},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
};
use grantor_protocol::scim::{self, LIST, ScimError, filter::Filter, projection::Projection};
use grantor_store::provisioned::Person;
use serde_json::{Map, Value, json};

/// The most resources of an answer, and how many without being asked.
pub const MOST: i64 = 200;
const USUAL: i64 = 100;
/// People read at once where all have to be looked at.
const PAGE: i64 = 500;

/// What is searched for, by query or in a body.
struct Search {
    filter: Option<Filter>,
    start: i64,
    count: i64,
    projection: Projection,
}

impl Search {
    fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Self, ScimError> {
        let number = |name, usual| match get(name) {
            None => Ok(usual),
            Some(text) => text
                .parse::<i64>()
                .map_err(|_| ScimError::value(format!("{name} must be a number."))),
        };
        // What is less than it can be, is as little as it can be (RFC 7644, section 3.4.2.4).
        Ok(Self {
            filter: get("filter").map(Filter::parse).transpose()?,
            start: number("startIndex", 1)?.max(1),
            count: number("count", USUAL)?.clamp(0, MOST),
            projection: Projection::parse(get("attributes"), get("excludedAttributes"))?,
        })
    }

    /// As text, as if it had come in a query.
    fn of_body(body: &Map<String, Value>) -> Result<Self, ScimError> {
        let text = |name: &str| match scim::get(body, name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Array(names) => {
                let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
                Some(names.join(","))
            }
            _ => None,
        };
        let names = [
            "filter",
            "startIndex",
            "count",
            "attributes",
            "excludedAttributes",
        ];
        let texts = names.map(|name| (name, text(name)));
        Self::read(|name| {
            let found = texts.iter().find(|(known, _)| *known == name);
            found.and_then(|(_, text)| text.as_deref())
        })
    }
}

pub async fn list(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    RawQuery(query): RawQuery,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, query.as_deref()).await?;
    let search = Search::read(|name| directory.query.get(name)).map_err(refuse)?;
    directory.results(search).await
}

pub async fn by_post(
    State(app): State<Shared>,
    context: Context,
    bearer: BearerAdmitted,
    JsonObject(body): JsonObject,
) -> Answer {
    let directory = Directory::enter(app, context, bearer, None).await?;
    let search = Search::of_body(&body).map_err(refuse)?;
    directory.results(search).await
}

type Found = (i64, Vec<Value>);

impl Directory {
    async fn results(&self, search: Search) -> Answer {
        let (start, count) = (search.start, search.count);
        let (total, found) = match &search.filter {
            None => self.page(start, count).await?,
            Some(filter) => self.search(filter, start, count).await?,
        };
        let resources = found.into_iter().map(|it| search.projection.apply(it));
        let resources: Vec<_> = resources.collect();
        let body = json!({
            "schemas": [LIST],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": resources.len(),
            "Resources": resources,
        });
        Ok(respond(StatusCode::OK, &body))
    }

    async fn page(&self, start: i64, count: i64) -> Result<Found, Failure> {
        let store = &self.app.store;
        let people = match count {
            0 => Vec::new(),
            count => store.people_from(start - 1, count).await?,
        };
        let documents = people.iter().map(|person| self.document(person));
        Ok((store.count_people().await?, documents.collect()))
    }

    /// Everybody whom the filter matches. Where it says what a name or an id must equal,
    /// that one is read; otherwise all are.
    async fn search(&self, filter: &Filter, start: i64, count: i64) -> Result<Found, Failure> {
        let (mut total, mut found) = (0, Vec::new());
        let mut consider = |people: &[Person]| {
            for person in people {
                let document = self.document(person);
                if filter.matches(&document) {
                    total += 1;
                    if total >= start && (found.len() as i64) < count {
                        found.push(document);
                    }
                }
            }
        };
        if let Some(candidate) = self.candidate(filter).await? {
            consider(candidate.as_slice());
            return Ok((total, found));
        }
        let mut after = 0;
        loop {
            let people = self.app.store.people(after, PAGE).await?;
            let Some(last) = people.last() else {
                return Ok((total, found));
            };
            after = last.user.id;
            consider(&people);
        }
    }

    /// `Some`: nobody else can match.
    async fn candidate(&self, filter: &Filter) -> Result<Option<Option<Person>>, Failure> {
        let store = &self.app.store;
        for (attribute, text) in filter.equalities() {
            let sub = attribute.sub.as_deref();
            let is = |name| sub.is_none() && attribute.is(name);
            let is_address =
                attribute.is("emails") && sub.is_none_or(|sub| sub.eq_ignore_ascii_case("value"));
            if is("userName") {
                return Ok(Some(store.person_by_user_name(text).await?));
            } else if is("externalId") {
                return Ok(Some(store.person_by_external_id(text).await?));
            } else if is("id") {
                let id = text.parse().unwrap_or(0);
                return Ok(Some(store.person(id).await?));
            } else if is_address {
                return Ok(Some(store.person_by_address(text).await?));
            }
        }
        Ok(None)
    }
}
