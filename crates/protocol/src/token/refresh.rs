//! `grant_type=refresh_token` (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! A refresh token carries its family and its *generation*, proved by an HMAC
//! under a server key: every generation that ever was can be recognised, though
//! the family's row keeps only the newest few rotations.
//!
//! 1. The newest generation is rotated by public apps, kept by confidential ones.
//! 2. A rotated one, within [`GRACE`] of its rotation: the same successor again
//!    (parallel calls, retried requests).
//! 3. Later, while its successor was never used: the answer was lost, and a new
//!    successor replaces the unused one.
//! 4. Anything older is theft: the family ends.

use super::{Effect, Issued, Standing, Verdict};
use crate::{
    authorize::Policy,
    base62,
    client::Authenticated,
    error::Cause,
    openid::login::Login,
    scope::ScopeSet,
    secret::{BODY, Kind, Secret, SecretFormat},
    time::{Millis, Timestamp},
};
use aws_lc_rs::{constant_time, hmac};

/// How long after its rotation a refresh token still gets its own successor.
pub const GRACE: Millis = Millis::seconds(60);
/// Rotations remembered within the grace; a client faster than this loses the
/// oldest of them early.
const REMEMBERED: usize = 32;

/// What the app sent.
#[derive(Clone, Debug)]
pub struct Refreshment<'a> {
    pub token: &'a str,
    pub redirect_uri: Option<&'a str>,
    pub scope: Option<&'a str>,
}

/// One authorization of one app by one user: what a code bought.
#[derive(Clone, Debug)]
pub struct Family {
    pub id: i64,
    pub user: i64,
    pub app: i64,
    pub grant: i64,
    pub scopes: ScopeSet,
    pub login: Login,
    pub lineage: Lineage,
    pub ended: bool,
    /// When its code was exchanged.
    pub created: Timestamp,
    /// Not used until here, it has expired.
    pub idle_until: Timestamp,
}

impl Family {
    /// When it ends though it is used.
    fn ends(&self, policy: &Policy) -> Option<Timestamp> {
        policy.refresh_absolute.map(|limit| self.created + limit)
    }

    /// When its refresh tokens end if they are not used before.
    pub fn expires(&self, policy: &Policy) -> Timestamp {
        let end = self.ends(policy).unwrap_or(self.idle_until);
        end.min(self.idle_until)
    }
}

/// Which generation is the newest, and which rotations may still be repeated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    pub newest: u32,
    /// Oldest first; the last one led to `newest`.
    pub rotations: Vec<Rotation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    pub from: u32,
    pub to: u32,
    pub at: Timestamp,
}

impl Rotation {
    /// Within the grace by this node's clock, which may be behind or have been
    /// set back: a rotation far in the future is no licence to repeat it.
    fn is_recent(&self, now: Timestamp) -> bool {
        now - self.at <= GRACE && self.at - now <= GRACE
    }
}

/// What presenting a generation means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Turn {
    Newest,
    Repeat(u32),
    Replace,
    Reuse,
    Unknown,
}

impl Lineage {
    fn turn(&self, presented: u32, now: Timestamp) -> Turn {
        if presented == self.newest {
            return Turn::Newest;
        }
        if presented > self.newest {
            return Turn::Unknown;
        }
        match self
            .rotations
            .iter()
            .rfind(|rotation| rotation.from == presented)
        {
            Some(rotation) if rotation.is_recent(now) => Turn::Repeat(rotation.to),
            Some(rotation) if rotation.to == self.newest => Turn::Replace,
            _ => Turn::Reuse,
        }
    }

    /// The lineage after `from` got a new successor; `None` when there is no
    /// number left for one.
    fn rotated(&self, from: u32, now: Timestamp) -> Option<Self> {
        let to = self.newest.checked_add(1).filter(|to| *to <= LAST)?;
        let repeatable = |rotation: &&Rotation| rotation.from != from && rotation.is_recent(now);
        let mut rotations: Vec<_> = self.rotations.iter().filter(repeatable).copied().collect();
        rotations.push(Rotation { from, to, at: now });
        let surplus = rotations.len().saturating_sub(REMEMBERED);
        rotations.drain(..surplus);
        Some(Self {
            newest: to,
            rotations,
        })
    }
}

/// Decides a refresh. `family` is `Some` only when the token's proof of its
/// generation (the second part) held.
pub fn rotate(
    ask: &Refreshment<'_>,
    proof: &Authenticated<'_>,
    family: Option<(&Family, u32, Standing)>,
    policy: &Policy,
    now: Timestamp,
) -> Verdict {
    let Some((family, presented, standing)) = family else {
        return Verdict::Refuse(Cause::RefreshUnknown);
    };
    let checks = || -> Result<ScopeSet, Cause> {
        if family.app != proof.client.id {
            return Err(Cause::RefreshOfOtherClient); // RFC 6749 §6
        }
        if ask
            .redirect_uri
            .is_some_and(|uri| proof.client.redirect(uri).is_none())
        {
            return Err(Cause::RefreshRedirectDiffers);
        }
        standing.check(&family.scopes)?;
        if family.ended {
            return Err(Cause::RefreshRevoked);
        }
        if now >= family.idle_until {
            return Err(Cause::RefreshIdle);
        }
        if family.ends(policy).is_some_and(|end| now >= end) {
            return Err(Cause::RefreshTooOld);
        }
        narrow(&family.scopes, ask.scope, policy)
    };
    let scopes = match checks() {
        Ok(scopes) => scopes,
        Err(cause) => return Verdict::Refuse(cause),
    };
    let effect = match family.lineage.turn(presented, now) {
        Turn::Newest if !proof.client.kind.is_public() => Effect::Keep {
            generation: presented,
        },
        Turn::Newest | Turn::Replace => match family.lineage.rotated(presented, now) {
            Some(lineage) => Effect::Rotate(lineage), // RFC 9700 §4.14.2
            None => return Verdict::Refuse(Cause::RefreshWornOut),
        },
        Turn::Repeat(generation) => Effect::Repeat { generation },
        Turn::Reuse => {
            return Verdict::RefuseAndRevoke {
                cause: Cause::RefreshReused,
                family: family.id,
            }; // RFC 9700 §4.14.2
        }
        Turn::Unknown => return Verdict::Refuse(Cause::RefreshUnknown),
    };
    Verdict::Issue(Issued {
        user: family.user,
        app: family.app,
        grant: family.grant,
        family: family.id,
        scopes,
        session: family.login.bound_to(&family.scopes),
        login: family.login.clone(),
        effect,
    })
}

/// The granted scopes, or the asked ones when they are fewer; never one that the
/// instance has stopped offering (RFC 6749 §6).
fn narrow(granted: &ScopeSet, asked: Option<&str>, policy: &Policy) -> Result<ScopeSet, Cause> {
    let asked = match asked {
        None => granted.clone(),
        Some(text) => {
            let asked = ScopeSet::parse(text).ok().filter(|asked| !asked.is_empty());
            asked.ok_or(Cause::ScopeMalformed)? // RFC 6749 §3.3
        }
    };
    if !asked.is_subset_of(granted) {
        return Err(Cause::ScopeWidened); // RFC 6749 §6
    }
    let scopes = policy.offered(&asked);
    if scopes.is_empty() {
        Err(Cause::ScopeUnknown)
    } else {
        Ok(scopes)
    }
}

/// Makes and proves refresh tokens: the body of the secret is the generation (5
/// digits) and a MAC of family and generation (27 digits, 160 bits).
pub struct RefreshKey(hmac::Key);

const GENERATION: usize = 5;
/// The last generation that these digits can write.
pub const LAST: u32 = 62u32.pow(GENERATION as u32) - 1;

impl RefreshKey {
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The refresh token of one generation: always the same text.
    pub fn mint(&self, format: &SecretFormat, family: i64, generation: u32) -> Secret {
        format.assemble(Kind::Refresh, family, &self.body(family, generation))
    }

    /// The family and generation that `text` proves to be; `None` for anything
    /// that this key did not make.
    pub fn prove(&self, format: &SecretFormat, text: &str) -> Option<(i64, u32)> {
        let (kind, family, body) = format.take_apart(text)?;
        let generation = u32::try_from(base62::parse_number(&body[..GENERATION])?).ok()?;
        let expected = self.body(family, generation);
        let same = constant_time::verify_slices_are_equal(expected.as_bytes(), body.as_bytes());
        (kind == Kind::Refresh && same.is_ok()).then_some((family, generation))
    }

    fn body(&self, family: i64, generation: u32) -> String {
        let mut message = [0; 12];
        message[..8].copy_from_slice(&family.to_be_bytes());
        message[8..].copy_from_slice(&generation.to_be_bytes());
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&self.0, &message).as_ref());
        let mut body = String::with_capacity(BODY);
        base62::push_number(&mut body, u64::from(generation), GENERATION);
        base62::push_uniform(&mut body, &mac, BODY - GENERATION);
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_refresh_token_proves_its_family_and_generation(family: i64, generation in 0u32..900_000_000) {
            let (key, other) = (RefreshKey::new(&[1; 32]), RefreshKey::new(&[2; 32]));
            let format = SecretFormat::new("gr", &[7; 32]);
            let token = key.mint(&format, family, generation);
            let text = token.reveal_for_response();
            prop_assert_eq!(key.prove(&format, text), Some((family, generation)));
            prop_assert_eq!(other.prove(&format, text), None);
        }
    }

    #[test]
    fn another_kind_with_the_same_body_proves_nothing() {
        let key = RefreshKey::new(&[1; 32]);
        let format = SecretFormat::new("gr", &[7; 32]);
        let forged = format.assemble(Kind::Code, 5, &key.body(5, 0));
        assert_eq!(key.prove(&format, forged.reveal_for_response()), None);
    }
}
