//! `sign_in::next_step`: when a proof is enough, what else is asked for, and of whom.

use crate::table::{Case, Fact, Table, keep};
use grantor_protocol::{
    openid::login::Level,
    sign_in::{Factors, Next, Policy, next_step},
};

#[test]
fn sign_in_truth_table() {
    const FACTS: &[Fact] = &[
        ("policy", &["password", "optional", "required", "passkey"]),
        (
            "proved",
            &["pwd", "hwk", "swk", "pwd+otp", "pwd+recovery", "pwd+swk"],
        ),
        ("authenticator app", &["no", "yes"]),
        ("recovery codes", &["no", "yes"]),
        ("passkey", &["no", "yes"]),
    ];
    let decide = |case: &Case| {
        let policy = match case.get("policy") {
            "password" => Policy::Password,
            "optional" => Policy::Optional,
            "required" => Policy::Required,
            _ => Policy::Passkey,
        };
        let has = Factors {
            code: case.is("authenticator app", "yes"),
            recovery: case.is("recovery codes", "yes"),
            passkey: case.is("passkey", "yes"),
        };
        let proved = Level::parse(case.get("proved")).unwrap();
        Some(match next_step(proved, has, policy) {
            Next::Start => format!("start a session of class {}", proved.acr()),
            Next::SetUp => "have a factor set up".into(),
            Next::Ask(factors) => {
                let named = [
                    (factors.code, "code"),
                    (factors.recovery, "recovery code"),
                    (factors.passkey, "passkey"),
                ];
                let named = named.iter().filter(|(it, _)| *it).map(|(_, name)| *name);
                format!("ask for {}", named.collect::<Vec<_>>().join(" or "))
            }
        })
    };
    keep("sign_in", &Table::of(FACTS, decide).merged("start"));
}
