//! A device that keeps passkeys, as honest as a test wants it: what it signs is what Web
//! Authentication Level 3 §6 says, written out here.

use super::{ISSUER, Reply};
use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

/// The bits of authenticator data: who was there, what the key is.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const MAY_SYNC: u8 = 1 << 3;
const SYNCED: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;

pub struct Device {
    key: EcdsaKeyPair,
    pub credential: Vec<u8>,
    /// As the server named its user.
    pub handle: String,
    pub counter: u32,
    pub origin: String,
    pub rp: String,
    pub verifies: bool,
    pub syncs: bool,
}

/// What a page asks of a device, and its form.
pub struct Asked {
    pub options: Value,
    pub state: String,
}

impl Asked {
    /// The first question of a page.
    pub fn of(page: &Reply) -> Self {
        let options = page.between("data-options=\"", "\"").expect("a question");
        let options = options.replace("&#34;", "\"").replace("&#38;", "&");
        Self {
            options: serde_json::from_str(&options).unwrap(),
            state: page
                .between("name=\"state\" value=\"", "\"")
                .unwrap()
                .to_owned(),
        }
    }
}

impl Device {
    pub fn new() -> Self {
        let alg = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(alg, &SystemRandom::new()).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(alg, der.as_ref()).unwrap();
        Self {
            credential: key.public_key().as_ref()[1..17].to_vec(),
            key,
            handle: String::new(),
            counter: 0,
            origin: ISSUER.into(),
            rp: "auth.example".into(),
            verifies: true,
            syncs: false,
        }
    }

    /// The new passkey that a page asks for.
    pub fn create(&mut self, asked: &Asked) -> String {
        let handle = asked.options["user"]["id"].as_str();
        self.handle = handle.unwrap().to_owned();
        let point = &self.key.public_key().as_ref()[1..];
        let (x, y) = point.split_at(32);
        let length = u16::try_from(self.credential.len()).unwrap();
        // COSE: EC2, ES256, P-256.
        let cose = [
            &[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..],
            x,
            &[0x22, 0x58, 32],
            y,
        ]
        .concat();
        let data = [
            &self.data(ATTESTED)[..],
            &[0; 16],
            &length.to_be_bytes(),
            &self.credential,
            &cose,
        ]
        .concat();
        let size = u8::try_from(data.len()).unwrap();
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58",
            &[size][..],
            &data,
        ]
        .concat();
        let client = self.client("webauthn.create", asked);
        self.credential(json!({
            "attestationObject": BASE64.encode(object),
            "clientDataJSON": BASE64.encode(client),
            "transports": ["internal"],
        }))
    }

    /// Its answer to a question of a page.
    pub fn answer(&mut self, asked: &Asked) -> String {
        let data = self.data(0);
        let client = self.client("webauthn.get", asked);
        let hash = digest(&SHA256, client.as_bytes());
        let signed = [&data, hash.as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.credential(json!({
            "authenticatorData": BASE64.encode(data),
            "clientDataJSON": BASE64.encode(client),
            "signature": BASE64.encode(signature.as_ref()),
            "userHandle": self.handle,
        }))
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let syncs = if self.syncs { MAY_SYNC | SYNCED } else { 0 };
        let flags = PRESENT | verified | syncs | more;
        let rp = digest(&SHA256, self.rp.as_bytes());
        [rp.as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client(&self, what: &str, asked: &Asked) -> String {
        let challenge = &asked.options["challenge"];
        json!({"type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
    }

    fn credential(&self, response: Value) -> String {
        let id = BASE64.encode(&self.credential);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        })
        .to_string()
    }
}
