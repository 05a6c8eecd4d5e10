//! Every path to a token or past a bearer check × every check that must hold on
//! it: a check that one path has and its sibling lacks shows as a hole here.
//!
//! ```text
//! refused: …   this crate refuses by itself
//! told: …      this crate refuses; the fact comes folded into `revoked`
//! elsewhere    no fact of this decision: store or server must see to it
//! -            cannot be asked on this path
//! ```

use crate::{facts::*, table::aligned};
use grantor_protocol::{
    authorize::{Approved, Dead, Decision, Hinted, Situation, Step, next_step, validate},
    bearer::{Bearer, BearerToken, admit},
    client::{Client, ClientKind, Credential, authenticate},
    error::Cause,
    openid::claims::ClaimSet,
    redirect::RedirectUri,
    scope::ScopeSet,
    time::Timestamp,
    token::{
        self, Effect, Standing, Verdict,
        code::{Code, Redemption, redeem},
        refresh::{Family, Lineage, Refreshment, Rotation, rotate},
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Code,
    CodeWithPkce,
    CodeOutOfBand,
    Keep,
    Rotate,
    Repeat,
    Replace,
    Implicit,
    BearerAccess,
    BearerPersonal,
    IntrospectAccess,
    IntrospectPersonal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    ClientUnknown,
    ClientSuspended,
    /// After the app was read and had proved itself.
    SuspendedMeanwhile,
    ClientMatch,
    ClientProof,
    UserDisabled,
    GrantEnded,
    FamilyEnded,
    SessionEnded,
    Expiry,
    Replay,
    Scope,
}

use Check::*;
use Path::*;

const PATHS: [Path; 12] = [
    Code,
    CodeWithPkce,
    CodeOutOfBand,
    Keep,
    Rotate,
    Repeat,
    Replace,
    Implicit,
    BearerAccess,
    BearerPersonal,
    IntrospectAccess,
    IntrospectPersonal,
];
const CHECKS: [Check; 12] = [
    ClientUnknown,
    ClientSuspended,
    SuspendedMeanwhile,
    ClientMatch,
    ClientProof,
    UserDisabled,
    GrantEnded,
    FamilyEnded,
    SessionEnded,
    Expiry,
    Replay,
    Scope,
];

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Refused(Cause),
    Told(Cause),
    Stays(Dead),
    Elsewhere,
    NoSuchThing,
}
use Outcome::*;

/// Takes `path` with one thing wrong, or nothing.
fn attempt(path: Path, wrong: Option<Check>) -> Outcome {
    match path {
        Code | CodeWithPkce | CodeOutOfBand => by_code(path, wrong),
        Keep | Rotate | Repeat | Replace => by_refresh(path, wrong),
        Implicit => by_implicit(wrong),
        BearerAccess | IntrospectAccess | BearerPersonal | IntrospectPersonal => {
            by_bearer(path, wrong)
        }
    }
}

/// The app of a token request, what it sends, and when it fails to be one.
fn app(path: Path, wrong: Option<Check>) -> (Client, Option<&'static str>) {
    let kind = match path {
        Code | Keep => ClientKind::Confidential,
        _ => ClientKind::Native,
    };
    let mut client = client(kind);
    client.suspended = wrong == Some(ClientSuspended);
    if wrong == Some(ClientMatch) {
        client.id = OTHER_APP;
    }
    let secret = match (path, wrong) {
        (Code | CodeOutOfBand | Keep, Some(ClientProof)) => Some("a wrong secret"),
        (Code | CodeOutOfBand | Keep, _) => Some(SECRET),
        _ => None,
    };
    (client, secret)
}

fn standing(wrong: Option<Check>) -> Standing {
    Standing {
        grant_ended: wrong == Some(GrantEnded),
        user_disabled: wrong == Some(UserDisabled),
        session_ended: wrong == Some(SessionEnded),
        app_suspended: wrong == Some(SuspendedMeanwhile),
    }
}

/// A connection outlives the session that it came of; a mere login does not.
fn granted(wrong: Option<Check>) -> ScopeSet {
    match wrong {
        Some(SessionEnded) => scopes("openid email"),
        _ => scopes("default"),
    }
}

fn outcome(verdict: Verdict, effect: impl Fn(&Effect) -> bool) -> Outcome {
    match verdict {
        Verdict::Issue(issued) => {
            assert_eq!(
                (issued.user, issued.app, issued.grant, issued.family),
                (USER, APP, GRANT, FAMILY)
            );
            assert!(effect(&issued.effect), "{issued:?}");
            Passed
        }
        Verdict::Refuse(cause) | Verdict::RefuseAndRevoke { cause, .. } => Refused(cause),
    }
}

fn by_code(path: Path, wrong: Option<Check>) -> Outcome {
    if matches!(wrong, Some(FamilyEnded | Scope)) {
        return NoSuchThing; // The family begins here; the scopes were settled at consent.
    }
    let (client, secret) = app(path, wrong);
    let found = (wrong != Some(ClientUnknown)).then_some(&client);
    let proof = match authenticate(found, &Credential::posted(secret), NOW) {
        Ok(proof) => proof,
        Err(cause) => return Refused(cause),
    };
    let uri = if path == CodeOutOfBand { OOB } else { HTTPS };
    let code = Code {
        id: FAMILY,
        user: USER,
        app: APP,
        grant: GRANT,
        redirect_uri: RedirectUri::from_registered(uri.into()),
        challenge: (path == CodeWithPkce).then(challenge),
        scopes: granted(wrong),
        login: login(),
        expires: if wrong == Some(Expiry) { NOW } else { ago(-1) },
        used: wrong == Some(Replay),
    };
    let ask = Redemption {
        code: "",
        redirect_uri: Some(uri),
        verifier: match (path, wrong) {
            (CodeWithPkce, Some(ClientProof)) => Some(CHALLENGE),
            (CodeWithPkce, _) => Some(VERIFIER),
            _ => None,
        },
    };
    let verdict = redeem(&ask, &proof, Some((&code, standing(wrong))), NOW);
    outcome(verdict, |effect| *effect == Effect::Redeem { code: FAMILY })
}

fn by_refresh(path: Path, wrong: Option<Check>) -> Outcome {
    let (client, secret) = app(path, wrong);
    if wrong == Some(ClientProof) && secret.is_none() {
        return NoSuchThing; // A public app proves nothing on refresh: rotation is its guard.
    }
    let found = (wrong != Some(ClientUnknown)).then_some(&client);
    let proof = match authenticate(found, &Credential::posted(secret), NOW) {
        Ok(proof) => proof,
        Err(cause) => return Refused(cause),
    };
    let step = |from, to, at| Rotation { from, to, at };
    let rotations = match (path, wrong) {
        (_, Some(Replay)) => vec![step(1, 2, ago(90)), step(2, 3, ago(80))],
        (Repeat, _) => vec![step(1, 2, ago(10))],
        (Replace, _) => vec![step(1, 2, ago(90))],
        _ => vec![],
    };
    let family = Family {
        id: FAMILY,
        user: USER,
        app: APP,
        grant: GRANT,
        scopes: granted(wrong),
        login: login(),
        lineage: Lineage {
            newest: rotations.last().map_or(1, |last| last.to),
            rotations,
        },
        ended: wrong == Some(FamilyEnded),
        created: ago(100),
        idle_until: if wrong == Some(Expiry) { NOW } else { ago(-1) },
    };
    let ask = Refreshment {
        token: "",
        redirect_uri: None,
        scope: (wrong == Some(Scope)).then_some("default email"),
    };
    let verdict = rotate(
        &ask,
        &proof,
        Some((&family, 1, standing(wrong))),
        &policy(),
        NOW,
    );
    outcome(verdict, |effect| match effect {
        Effect::Keep { .. } => path == Keep,
        Effect::Repeat { .. } => path == Repeat,
        Effect::Rotate(_) => path == Rotate || path == Replace,
        Effect::AccessOnly | Effect::Redeem { .. } => false,
    })
}

fn by_implicit(wrong: Option<Check>) -> Outcome {
    match wrong {
        // The session is of an active user, and `approve` writes only under one, and for
        // an active app.
        Some(UserDisabled | GrantEnded | SessionEnded | SuspendedMeanwhile) => return Elsewhere,
        Some(FamilyEnded | Expiry | Replay) => return NoSuchThing,
        _ => {}
    }
    let mut client = client(ClientKind::Browser);
    client.implicit = true;
    client.suspended = wrong == Some(ClientSuspended);
    let foreign = matches!(wrong, Some(ClientMatch | ClientProof));
    let params = query(&[
        ("client_id", Some("100")),
        (
            "redirect_uri",
            Some(if foreign {
                "https://other.example/cb"
            } else {
                HTTPS
            }),
        ),
        ("response_type", Some("token")),
        ("state", Some("xyz")),
        (
            "scope",
            Some(if wrong == Some(Scope) {
                "admin"
            } else {
                "default"
            }),
        ),
    ]);
    let found = (wrong != Some(ClientUnknown)).then_some(&client);
    let session = session();
    let situation = Situation {
        session: Some(&session),
        approval: None,
        hinted: Hinted::Nobody,
        decision: Decision::Allow,
        asked_login: None,
        now: NOW,
    };
    match next_step(validate(&params, found, &policy()), &situation) {
        Step::Answer(approved) => implicit_token(&approved),
        Step::SendBack(_, cause) => Refused(cause),
        Step::Dead(dead) => Stays(dead),
        Step::Login | Step::Consent(_) => panic!("nothing more is needed"),
    }
}

fn implicit_token(approved: &Approved) -> Outcome {
    let issued = token::implicit(approved, GRANT, FAMILY);
    outcome(Verdict::Issue(issued), |effect| {
        *effect == Effect::AccessOnly
    })
}

/// Introspection admits by the same function, needing no scope.
fn by_bearer(path: Path, wrong: Option<Check>) -> Outcome {
    let access = matches!(path, BearerAccess | IntrospectAccess);
    let introspects = matches!(path, IntrospectAccess | IntrospectPersonal);
    match wrong {
        Some(ClientUnknown | ClientProof | Replay) => return NoSuchThing,
        Some(ClientMatch) => return if introspects { Elsewhere } else { NoSuchThing },
        Some(ClientSuspended | SuspendedMeanwhile | GrantEnded | FamilyEnded | SessionEnded)
            if !access =>
        {
            return NoSuchThing;
        }
        Some(Scope) if introspects => return NoSuchThing,
        _ => {}
    }
    let token = match access {
        true => BearerToken::Access {
            id: 1,
            app: APP,
            grant: GRANT,
            family: FAMILY,
            session: None,
        },
        false => BearerToken::Personal { id: 1 },
    };
    let folded = matches!(
        wrong,
        Some(
            ClientSuspended
                | SuspendedMeanwhile
                | UserDisabled
                | GrantEnded
                | FamilyEnded
                | SessionEnded
        )
    );
    let bearer = Bearer {
        token,
        user: USER,
        scopes: scopes("default"),
        issued: Timestamp(0),
        expires: Some(if wrong == Some(Expiry) { NOW } else { ago(-1) }),
        revoked: folded,
        claims: ClaimSet::default(),
    };
    let needed = match wrong {
        Some(Scope) => Some("email"),
        _ => (!introspects).then_some("default"),
    };
    match admit(Some(bearer), needed, NOW) {
        Ok(_) => Passed,
        Err(cause) if folded => Told(cause),
        Err(cause) => Refused(cause),
    }
}

#[test]
fn every_path_makes_every_check() {
    let head = ["path"].into_iter().map(str::to_owned);
    let mut lines = vec![
        head.chain(CHECKS.map(|check| format!("{check:?}")))
            .chain(["nothing wrong".into()])
            .collect(),
    ];
    for path in PATHS {
        let cell = |check| match attempt(path, Some(check)) {
            Passed => panic!("{path:?} does not check {check:?}"),
            Refused(cause) => format!("refused: {cause:?}"),
            Stays(dead) => format!("refused: {dead:?}"),
            Told(cause) => format!("told: {cause:?}"),
            Elsewhere => "elsewhere".into(),
            NoSuchThing => "-".into(),
        };
        let mut line = vec![format!("{path:?}")];
        line.extend(CHECKS.map(cell));
        assert_eq!(attempt(path, None), Passed, "{path:?}");
        line.push("passed".into());
        lines.push(line);
    }
    crate::table::keep("matrix", &aligned(&lines));
}
