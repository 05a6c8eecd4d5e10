//! What a sign-in takes, as the operator says it.

use clap::ValueEnum;
use grantor_protocol::sign_in::Policy;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Factors {
    Password,
    Optional,
    Required,
    Passkey,
}

impl Factors {
    pub fn policy(self) -> Policy {
        match self {
            Self::Password => Policy::Password,
            Self::Optional => Policy::Optional,
            Self::Required => Policy::Required,
            Self::Passkey => Policy::Passkey,
        }
    }
}
