//! A passkey in our columns, and as the library reads it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use grantor_protocol::time::Timestamp;
use grantor_store::passkeys::{Passkey, PublicKey};
use serde_json::{Value, json};
use webauthn_rs::prelude::{self as library, COSEEC2Key, COSEKeyType, COSERSAKey, ECDSACurve};

/// As COSE names them (RFC 9053 §2.1, RFC 8812 §2).
const ES256: i64 = -7;
const RS256: i64 = -257;

/// `None`: its key is of a kind that was not asked for.
pub fn of(made: library::Passkey, (id, user): (i64, i64), now: Timestamp) -> Option<Passkey> {
    let made = library::Credential::from(made);
    let key = match made.cred.key {
        COSEKeyType::EC_EC2(COSEEC2Key {
            curve: ECDSACurve::SECP256R1,
            x,
            y,
        }) => PublicKey {
            algorithm: ES256,
            bytes: [x, y].concat(),
        },
        COSEKeyType::RSA(COSERSAKey { n, e }) => PublicKey {
            algorithm: RS256,
            bytes: [&e[..], &n].concat(),
        },
        _ => return None,
    };
    Some(Passkey {
        id,
        user,
        credential: made.cred_id,
        key,
        sign_count: made.counter.into(),
        syncs: made.backup_eligible,
        synced: made.backup_state,
        name: String::new(),
        created: now,
        last_used: None,
    })
}

/// `None`: damaged.
pub fn read(stored: &Passkey) -> Option<library::Passkey> {
    let credential = json!({
        "cred_id": base64(&stored.credential),
        "cred": key(&stored.key)?,
        "counter": stored.sign_count,
        "transports": null,
        "user_verified": true,
        "backup_eligible": stored.syncs,
        "backup_state": stored.synced,
        "registration_policy": "required",
        "extensions": {},
        "attestation": { "data": "None", "metadata": "None" },
        "attestation_format": "none",
    });
    let credential: library::Credential = serde_json::from_value(credential).ok()?;
    Some(credential.into())
}

fn key(key: &PublicKey) -> Option<Value> {
    match key.algorithm {
        ES256 => {
            let (x, y) = key.bytes.split_at_checked(32)?;
            let point = json!({ "curve": "SECP256R1", "x": base64(x), "y": base64(y) });
            Some(json!({ "type_": "ES256", "key": { "EC_EC2": point } }))
        }
        RS256 => {
            let (e, n) = key.bytes.split_first_chunk::<3>()?;
            let numbers = json!({ "n": base64(n), "e": e });
            Some(json!({ "type_": "RS256", "key": { "RSA": numbers } }))
        }
        _ => None,
    }
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_a_passkey_and_columns_again() {
        for (algorithm, bytes) in [
            (ES256, vec![7; 64]),
            (RS256, [&[1, 0, 1][..], &[200; 256]].concat()),
        ] {
            let stored = Passkey {
                id: 1,
                user: 2,
                credential: vec![3; 16],
                key: PublicKey { algorithm, bytes },
                sign_count: 4,
                syncs: true,
                synced: false,
                name: String::new(),
                created: Timestamp(5),
                last_used: None,
            };
            let again = of(read(&stored).unwrap(), (1, 2), Timestamp(5)).unwrap();
            assert_eq!(again, stored);
        }
    }
}
