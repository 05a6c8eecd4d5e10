//! The commonest answer, a code under a remembered approval, by what this node remembers:
//! nothing is read, and the one statement that stores the code asks whether all of it is
//! still so. Whatever else comes of a visit is evaluated by the database.

use super::Visit;
use crate::failure::Failure;
use axum::response::Response;
use grantor_protocol::{
    authorize::{self, Decision, Granted, Hinted, ResponseType, Situation, Step},
    form::Params,
};
use grantor_store::grants::Recalled;

/// What this path does not look at.
const OTHERS: [&str; 5] = [
    "request",
    "request_uri",
    "id_token_hint",
    "claims",
    super::ASKED_LOGIN,
];

impl Visit<'_> {
    /// `None`: it takes more than that.
    pub(super) async fn at_once(&self) -> Result<Option<Response>, Failure> {
        let visitor = &self.page.visitor;
        let Some(signed_in) = visitor.signed_in.as_ref().filter(|_| visitor.is_recalled) else {
            return Ok(None);
        };
        let params = Params::parse(self.page.uri.query().unwrap_or("").as_bytes());
        let params = params
            .ok()
            .filter(|params| OTHERS.iter().all(|it| params.get(it).is_none()));
        let named = params
            .as_ref()
            .and_then(|params| params.get("client_id")?.parse().ok());
        let (Some(params), Some(id)) = (params, named) else {
            return Ok(None);
        };
        let Some(app) = self.app.store.app(id).await? else {
            return Ok(None);
        };
        let approval = self.app.store.recall_approval(signed_in.user.id, id);
        let request = authorize::validate(&params, Some(&app.client), &self.app.policy);
        let (Some(approval), Ok(request)) = (approval, request) else {
            return Ok(None);
        };
        let session = super::session_of(signed_in);
        let situation = Situation {
            session: Some(&session),
            approval: Some(&approval),
            hinted: Hinted::Nobody,
            decision: Decision::Open,
            asked_login: None,
            now: self.page.context.now,
        };
        let is_code = request.response_type == ResponseType::CODE;
        let Step::Answer(approved) = authorize::next_step(Ok(request), &situation) else {
            return Ok(None);
        };
        if !is_code {
            return Ok(None);
        }
        let recalled = Recalled {
            session: &signed_in.session,
            approval: &approval,
        };
        let to = &approved.request.return_to;
        let (new, code) = self.new_code(to);
        let store = &self.app.store;
        if !store.add_code_by_memory(&approved, &new, &recalled).await? {
            return Ok(None);
        }
        self.gave_code(&app, &approved).await?;
        let granted = Granted {
            code: Some(&code),
            token: None,
            id_token: None,
            session_state: self.session_state(&approved),
        };
        self.deliver(to, to.with_answer(granted)).map(Some)
    }
}
