//! Users, apps and what stands between them, made by the verbs themselves.

use crate::world::{Db, NOW, after, event, event_at, new_id};
use grantor_protocol::{
    authorize::{
        Approval, Approved, Decision, Hinted, Policy, Session, Situation, Step, next_step, validate,
    },
    client::{ClientKind, Credential, authenticate},
    form::Params,
    openid::{login::Level, profile::Profile, registration::Registration},
    redirect::RedirectUri,
    scope::{Scope, ScopeSet},
    secret::Digest,
    time::Timestamp,
    token::{Effect, Issued, Verdict, code, refresh},
};
use grantor_store::{
    Store,
    apps::{App, AppForm, NewApp, NewSecret},
    codes::Stored,
    grants::{Approve, NewCode},
    pats::NewPersonalToken,
    sessions::NewSession,
    users::{About, NewPassword, NewUser},
};
use std::sync::{Arc, LazyLock};

pub const CALLBACK: &str = "https://clock.example/callback";
pub const SECRET: &str = "the secret of the app";
// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

pub fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

pub fn policy() -> Policy {
    let scopes = ["default", "openid", "email", "profile", "tasks:read"];
    Policy {
        issuer: "https://login.example".into(),
        scopes: scopes.map(|scope| Scope::parse(scope).unwrap()).to_vec(),
        implicit: true,
        out_of_band: true,
        refresh_absolute: None,
    }
}

pub fn new_user(name: &str) -> NewUser {
    NewUser {
        id: new_id(),
        email: format!("{name}@Example.org"),
        email_key: format!("{name}@example.org"),
        email_verified: false,
        name: name.into(),
        password: Some(format!("hash of {name}")),
        profile: Profile::default(),
        admin: false,
    }
}

pub fn about<'a>(name: &'a str, photo: Option<&'a str>) -> About<'a> {
    static NOTHING: LazyLock<Profile> = LazyLock::new(Profile::default);
    About {
        name,
        photo,
        profile: &NOTHING,
    }
}

/// A change by somebody who proved the password behind the hash `proved`.
pub fn new_password<'a>(user: i64, proved: &'a str, hash: &'a str) -> NewPassword<'a> {
    NewPassword {
        user,
        hash,
        proved: Some(proved),
    }
}

pub fn form(kind: ClientKind) -> AppForm {
    AppForm {
        name: "Clock".into(),
        url: "https://clock.example".into(),
        kind,
        icon: None,
        redirect_uris: vec![RedirectUri::parse(CALLBACK, kind).unwrap()],
        implicit: false,
        stateless: false,
        pkce_required: false,
        registration: Registration::default(),
    }
}

pub fn new_secret(text: &str) -> NewSecret {
    NewSecret {
        id: new_id(),
        digest: digest(text),
        hint: format!("{}…", &text[..3]),
        sealed: None,
    }
}

pub fn new_app(owner: i64, form: &AppForm) -> NewApp<'_> {
    NewApp {
        id: new_id(),
        owner,
        form,
        secret: Some(new_secret(SECRET)),
        resource_server: false,
        limit: 1000,
    }
}

pub fn new_code() -> NewCode {
    let id = new_id();
    NewCode {
        id,
        digest: digest(&format!("code {id}")),
        expires: after(60_000),
    }
}

pub fn new_pat(user: i64, limit: i64) -> NewPersonalToken {
    let id = new_id();
    NewPersonalToken {
        id,
        digest: digest(&format!("pat {id}")),
        user,
        description: "cron".into(),
        scopes: scopes("default"),
        hint: "abc…wxyz".into(),
        expires: None,
        limit,
    }
}

pub fn new_session(user: i64) -> NewSession {
    let id = new_id();
    NewSession {
        id,
        digest: digest(&format!("session {id}")),
        user,
        expires: after(900_000),
        address: "192.0.2.1".into(),
        user_agent: "Firefox".into(),
        level: Level::PASSWORD,
        auth_time: NOW,
        proved: None,
        replaces: None,
    }
}

/// A request that the user allowed just now, or that an earlier approval covers.
pub fn approved(app: &App, user: i64, scope: &str, earlier: Option<&Approval>) -> Approved {
    approved_in(1, (app, user), scope, earlier)
}

/// The same, at the browser of this session.
pub fn approved_in(
    session: i64,
    (app, user): (&App, i64),
    scope: &str,
    earlier: Option<&Approval>,
) -> Approved {
    let id = app.client.id;
    let query = format!(
        "client_id={id}&redirect_uri={CALLBACK}&response_type=code&state=s&scope={}\
         &code_challenge={CHALLENGE}&code_challenge_method=S256",
        scope.replace(' ', "+")
    );
    let params = Params::parse(query.as_bytes()).unwrap();
    let session = Session {
        has_role: false,
        id: session,
        user,
        email: "somebody@example.org".into(),
        auth_time: NOW,
        level: Level::PASSWORD,
    };
    let facts = Situation {
        session: Some(&session),
        approval: earlier,
        hinted: Hinted::Nobody,
        decision: match earlier {
            Some(_) => Decision::Open,
            None => Decision::Allow,
        },
        asked_login: None,
        now: NOW,
    };
    match next_step(validate(&params, Some(&app.client), &policy()), &facts) {
        Step::Answer(approved) => approved,
        other => panic!("not approved: {other:?}"),
    }
}

/// What a code bought.
#[derive(Clone, Copy, Debug)]
pub struct Connected {
    pub grant: i64,
    pub family: i64,
}

/// A user and an app of hers.
pub struct Pair {
    pub user: i64,
    pub app: Arc<App>,
}

impl Pair {
    pub fn app_id(&self) -> i64 {
        self.app.client.id
    }
}

impl Db {
    pub async fn user(&self, name: &str) -> i64 {
        let user = new_user(name);
        assert!(self.store.add_user(&user, event()).await.unwrap());
        user.id
    }

    pub async fn app(&self, owner: i64, kind: ClientKind) -> Arc<App> {
        let form = form(kind);
        let new = new_app(owner, &form);
        assert!(self.store.add_app(&new, event()).await.unwrap());
        self.store.app(new.id).await.unwrap().unwrap()
    }

    pub async fn pair(&self, kind: ClientKind) -> Pair {
        let user = self.user("alice").await;
        let app = self.app(user, kind).await;
        Pair { user, app }
    }

    /// Approves and gets a code: (grant, code).
    pub async fn code(&self, pair: &Pair) -> (i64, i64) {
        self.code_in(1, pair, "default email").await
    }

    /// The same, at the browser of this session.
    pub async fn code_in(&self, session: i64, pair: &Pair, scope: &str) -> (i64, i64) {
        let approved = approved_in(session, (&pair.app, pair.user), scope, None);
        let code = new_code();
        let id = code.id;
        let step = Approve {
            approved: &approved,
            grant: new_id(),
            scopes: &approved.request.scopes,
            code: Some(code),
        };
        let grant = self.store.approve(&step, event_at(after(1))).await.unwrap();
        (grant.unwrap(), id)
    }

    pub async fn session(&self, user: i64) -> NewSession {
        let session = new_session(user);
        assert!(self.store.add_session(&session, event()).await.unwrap());
        session
    }

    pub async fn connect(&self, pair: &Pair) -> Connected {
        self.connect_in(1, pair, "default email").await
    }

    pub async fn connect_in(&self, session: i64, pair: &Pair, scope: &str) -> Connected {
        let (grant, code) = self.code_in(session, pair, scope).await;
        let issued = decide_code(&self.store, &pair.app, code).await.unwrap();
        let stored = self.store.redeem(&issued, after(1_000_000), NOW).await;
        assert_eq!(stored.unwrap(), Stored::Done);
        Connected {
            grant,
            family: code,
        }
    }
}

/// Approves and gets a code: (grant, code); `None`: user or app ended meanwhile.
pub async fn try_code(store: &Store, app: &App, user: i64) -> Option<(i64, i64)> {
    let approved = approved(app, user, "default email", None);
    let code = new_code();
    let id = code.id;
    let step = Approve {
        approved: &approved,
        grant: new_id(),
        scopes: &approved.request.scopes,
        code: Some(code),
    };
    let grant = store.approve(&step, event_at(after(1))).await.unwrap();
    grant.map(|grant| (grant, id))
}

/// Loads and decides as the token endpoint does; `Err` names the refusal.
pub async fn decide_code(store: &Store, app: &App, code: i64) -> Result<Issued, String> {
    let found = store
        .code(code, &digest(&format!("code {code}")), NOW)
        .await
        .unwrap();
    let proof = authenticate(Some(&app.client), &Credential::posted(secret_for(app)), NOW).unwrap();
    let ask = code::Redemption {
        code: "",
        redirect_uri: Some(CALLBACK),
        verifier: Some(VERIFIER),
    };
    let facts = found.as_ref().map(|(code, standing)| (code, *standing));
    verdict(code::redeem(&ask, &proof, facts, NOW))
}

pub async fn decide_refresh(
    store: &Store,
    app: &App,
    (family, generation): (i64, u32),
    now: Timestamp,
) -> Result<Issued, String> {
    let found = store.family(family, now).await.unwrap();
    let proof = authenticate(Some(&app.client), &Credential::posted(secret_for(app)), now).unwrap();
    let ask = refresh::Refreshment {
        token: "",
        redirect_uri: None,
        scope: None,
    };
    let facts = found
        .as_ref()
        .map(|(family, standing)| (family, generation, *standing));
    verdict(refresh::rotate(&ask, &proof, facts, &policy(), now))
}

fn secret_for(app: &App) -> Option<&'static str> {
    (!app.client.kind.is_public()).then_some(SECRET)
}

fn verdict(verdict: Verdict) -> Result<Issued, String> {
    match verdict {
        Verdict::Issue(issued) => Ok(issued),
        Verdict::Refuse(cause) => Err(format!("{cause:?}")),
        Verdict::RefuseAndRevoke { cause, .. } => Err(format!("revoke: {cause:?}")),
    }
}

/// Rotates once, as a public app does. `Lost`: refused, or another was first.
pub async fn rotate(store: &Store, app: &App, of: (i64, u32), now: Timestamp) -> Stored {
    match decide_refresh(store, app, of, now)
        .await
        .map(|issued| issued.effect)
    {
        Ok(Effect::Rotate(lineage)) => store
            .rotate((of.0, None), &lineage, after(2_000_000), now)
            .await
            .unwrap(),
        _ => Stored::Lost,
    }
}
