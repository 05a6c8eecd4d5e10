//! Whose account it is that somebody of a provider logs in to. The name that the provider
//! has for her decides, and nothing that can change hands: an address alone never opens an
//! account, for whoever made that account need not be whose address it is.

/// An account, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub user: i64,
    pub active: bool,
}

/// The account that has the address which the provider names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Namesake {
    pub user: i64,
    pub active: bool,
    /// Whether anybody vouched that the address is its user's.
    pub verified: bool,
    /// Whether its user can prove herself here by anything of her own: a password, a
    /// passkey, a second factor, another provider.
    pub has_proofs: bool,
    pub admin: bool,
}

/// The address that the provider names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// None, or one that cannot be used.
    None,
    /// Perhaps somebody else's.
    Claimed,
    /// Checked by a provider whose word the operator takes.
    Vouched,
}

pub struct Situation {
    /// Who asked, signed in, to connect her account with the provider.
    pub connecting: Option<i64>,
    /// The account that is connected already.
    pub holder: Option<Holder>,
    pub address: Address,
    pub namesake: Option<Namesake>,
    /// Whether somebody unknown may make an account.
    pub sign_up: bool,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Her account: its own further proofs come next.
    Enter(i64),
    /// The account that asked for it becomes hers by this provider too.
    Connect(i64),
    /// The same, for an account that nobody has ever been able to use: made by the operator
    /// under the address that both vouch for.
    Adopt(i64),
    /// It was connected before.
    Connected,
    /// There is an account with the address: first she proves that it is hers, then she is
    /// asked whether to connect it.
    ProveFirst,
    SignUp {
        /// Whether the address counts as checked from the beginning.
        vouched: bool,
    },
    Refuse(Refusal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Disabled,
    /// Connected with another account.
    Taken,
    /// There is no account, and none may be made.
    NoAccount,
}

/// Decides.
pub fn decide(it: &Situation) -> Verdict {
    if let Some(asking) = it.connecting {
        return match it.holder {
            None => Verdict::Connect(asking),
            Some(holder) if holder.user == asking => Verdict::Connected,
            Some(_) => Verdict::Refuse(Refusal::Taken),
        };
    }
    match (it.holder, it.namesake) {
        (Some(holder), _) if !holder.active => Verdict::Refuse(Refusal::Disabled),
        (Some(holder), _) => Verdict::Enter(holder.user),
        (None, Some(namesake)) if is_hers(it.address, &namesake) => Verdict::Adopt(namesake.user),
        // Whether it is disabled is for its own user to learn.
        (None, Some(_)) => Verdict::ProveFirst,
        (None, None) if it.sign_up => Verdict::SignUp {
            vouched: it.address == Address::Vouched,
        },
        (None, None) => Verdict::Refuse(Refusal::NoAccount),
    }
}

/// Whether an account can belong to nobody but whom the provider vouches for.
fn is_hers(address: Address, namesake: &Namesake) -> bool {
    address == Address::Vouched
        && namesake.verified
        && namesake.active
        && !namesake.has_proofs
        && !namesake.admin
}

/// By which a user can sign in, beside the connection that is to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub password: bool,
    /// Another account elsewhere that she is connected with, by a provider that is still
    /// there.
    pub other: Option<i64>,
}

/// What is left to sign in by once a connection is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Password,
    Other(i64),
}

/// `None`: the connection is the last way in, and stays.
pub fn left(ways: &Ways) -> Option<Left> {
    match ways.password {
        true => Some(Left::Password),
        false => ways.other.map(Left::Other),
    }
}
