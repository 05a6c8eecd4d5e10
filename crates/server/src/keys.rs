//! The keyring: every key this server uses, made once, kept encrypted under the
//! master key, held ready.

mod kind;
mod wrap;

use anyhow::{Context, bail};
use arc_swap::{ArcSwap, Guard};
use aws_lc_rs::hmac;
use grantor_jose::{
    algorithm::Algorithm,
    jwe::{ContentEncryption, DecryptingKey},
    jwk::{Jwk, JwkSet},
    sign::SigningKey,
    verify::VerifyingKey,
};
use grantor_protocol::{
    access::SealingKey,
    audit::{Link, Sum},
    openid::subject::SubjectKey,
    secret::SecretFormat,
    time::{Millis, Timestamp},
    token::refresh::RefreshKey,
};
use grantor_store::{
    Store,
    audit::{Actor, Event},
    keys::StoredKey,
};
use std::{collections::HashMap, sync::Arc};
use zeroize::Zeroizing;

pub use kind::{JWKS_LIFETIME, KeyKind};
pub use wrap::SecretKeys;

use crate::{oauth::metadata::Document, world::World};
use wrap::WrappingKey;

/// The key that encrypts all others; it never enters the database.
pub struct MasterKey(WrappingKey);

impl MasterKey {
    pub fn new(bytes: &Zeroizing<[u8; 32]>) -> anyhow::Result<Self> {
        WrappingKey::new(&bytes[..]).map(Self)
    }

    fn seal(
        &self,
        id: i64,
        kind: KeyKind,
        material: &[u8],
        nonce: [u8; 12],
    ) -> anyhow::Result<Vec<u8>> {
        self.0.seal(&context(id, kind), material, nonce)
    }

    fn open(&self, id: i64, kind: KeyKind, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.0.open(&context(id, kind), sealed)
    }
}

/// A key moved to another row or kind does not open.
fn context(id: i64, kind: KeyKind) -> String {
    format!("{}:{id}", kind.as_str())
}

/// Keys, ready for use.
pub struct Keys {
    pub format: SecretFormat,
    /// Newest first.
    pub refresh: Vec<RefreshKey>,
    sealing: HashMap<u16, SealingKey>,
    sealing_now: u16,
    /// Newest first.
    forms: Vec<hmac::Key>,
    pub subjects: SubjectKey,
    pub secrets: SecretKeys,
    audit: hmac::Key,
    /// For each algorithm, the one in use first.
    signing: HashMap<Algorithm, Vec<Arc<SigningKey>>>,
    /// For each algorithm by which something may be encrypted to us, those in use first.
    opening: Vec<DecryptingKey>,
    /// The public halves, for apps.
    pub jwks: Document,
}

impl Keys {
    /// The key that signs with `algorithm`; `None`: it is not one that signs ID tokens.
    pub fn signing(&self, algorithm: Algorithm) -> Option<&Arc<SigningKey>> {
        self.signing.get(&algorithm)?.first()
    }

    /// The key that a token of ours says it was signed with.
    pub fn verifying(&self, kid: &str) -> Option<VerifyingKey> {
        let mut keys = self.signing.values().flatten();
        let key = keys.find(|key| key.kid() == Some(kid))?;
        VerifyingKey::from_jwk(key.public_jwk()?, key.algorithm()).ok()
    }

    /// The keys that open what was encrypted to us.
    pub fn opening(&self) -> &[DecryptingKey] {
        &self.opening
    }

    pub fn sealing(&self) -> &SealingKey {
        &self.sealing[&self.sealing_now]
    }

    pub fn unsealing(&self, number: u16) -> Option<&SealingKey> {
        self.sealing.get(&number)
    }

    /// A MAC for something this server gives out and wants back unchanged.
    pub fn sign(&self, message: &[&[u8]]) -> String {
        self.forms
            .first()
            .map_or_else(String::new, |key| mac(key, message))
    }

    /// The seal of a link of the audit log.
    pub fn seal_link(&self, seq: i64, digest: &Sum) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.audit);
        context.update(&seq.to_be_bytes());
        context.update(digest);
        context.sign().as_ref().to_vec()
    }

    /// Whether a link's seal is one of ours.
    pub fn seals(&self, link: &Link, seal: &[u8]) -> bool {
        let message = [&link.seq.to_be_bytes()[..], &link.digest].concat();
        hmac::verify(&self.audit, &message, seal).is_ok()
    }

    pub fn verify(&self, message: &[&[u8]], tag: &str) -> bool {
        let same = |key| {
            aws_lc_rs::constant_time::verify_slices_are_equal(
                mac(key, message).as_bytes(),
                tag.as_bytes(),
            )
            .is_ok()
        };
        self.forms.iter().any(same)
    }
}

/// Each part is preceded by its length: no two lists of parts look alike.
fn mac(key: &hmac::Key, message: &[&[u8]]) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let mut context = hmac::Context::with_key(key);
    for part in message {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(&context.sign().as_ref()[..24])
}

/// The keys as they are now, and the way to more of them.
pub struct Keyring {
    master: MasterKey,
    brand: String,
    keys: ArcSwap<Keys>,
}

impl Keyring {
    /// Loads the keys, after making those that are missing or due.
    pub async fn open(
        master: MasterKey,
        brand: &str,
        store: &Store,
        world: &World,
    ) -> anyhow::Result<Self> {
        // Before any other is made: with the wrong master key nothing is written.
        for key in store.keys().await? {
            open_key(&master, &key, world.now())?;
        }
        for kind in KeyKind::ALL {
            succeed_if_due(&master, kind, store, world).await?;
        }
        let keys = load(&master, brand, store, world.now()).await?;
        Ok(Self {
            master,
            brand: brand.to_owned(),
            keys: ArcSwap::from_pointee(keys),
        })
    }

    /// Adds the next key of a kind, now; its number.
    pub async fn rotate(
        &self,
        rotation: Rotation,
        store: &Store,
        world: &World,
    ) -> anyhow::Result<i64> {
        let keys = store.keys().await?;
        add_next(&self.master, rotation, &keys, (store, world))
            .await?
            .context("another process added a key at the same moment; try again")
    }

    pub fn now(&self) -> Guard<Arc<Keys>> {
        self.keys.load()
    }

    /// Reads the keys again: called on every change of them, and every minute for
    /// the passing of time.
    pub async fn reload(&self, store: &Store, world: &World) -> anyhow::Result<()> {
        for kind in KeyKind::ALL {
            succeed_if_due(&self.master, kind, store, world).await?;
        }
        self.keys.store(Arc::new(
            load(&self.master, &self.brand, store, world.now()).await?,
        ));
        Ok(())
    }
}

/// A new key of a kind, and what becomes of the older ones.
pub struct Rotation {
    pub kind: KeyKind,
    /// For an emergency: the older ones are not accepted any more, from this moment.
    pub retire_older: bool,
    pub actor: Actor,
}

impl Rotation {
    /// Older keys stay accepted for their overlap.
    fn on_schedule(kind: KeyKind) -> Self {
        Self {
            kind,
            retire_older: false,
            actor: Actor::default(),
        }
    }
}

/// `None`: another process added a key at the same moment.
async fn add_next(
    master: &MasterKey,
    rotation: Rotation,
    keys: &[StoredKey],
    (store, world): (&Store, &World),
) -> anyhow::Result<Option<i64>> {
    let Rotation {
        kind,
        retire_older,
        actor,
    } = rotation;
    // Two nodes that start at once with two master keys: one of them must not go on.
    for key in keys {
        open_key(master, key, world.now())?;
    }
    let first = !keys.iter().any(|key| key.kind == kind.as_str());
    if !first && kind.overlap().is_none() {
        bail!("this key cannot be rotated: every stored secret, or every subject, depends on it");
    }
    let now = world.now();
    let id = keys.iter().map(|key| key.id).max().unwrap_or(0) + 1;
    let material = match (kind.algorithm(), kind.opens().first()) {
        (Some(algorithm), _) => world.signing_key(algorithm)?,
        (None, Some(alg)) => world.decrypting_key(*alg)?,
        (None, None) => Zeroizing::new(world.random::<32>().to_vec()),
    };
    let key = StoredKey {
        id,
        kind: kind.as_str().to_owned(),
        sealed: master.seal(id, kind, &material, world.random())?,
        created: now,
        active: if first || retire_older {
            now
        } else {
            now + kind.announced()
        },
        retires: None,
    };
    let older = if retire_older {
        ", all older ones retired at once"
    } else {
        ""
    };
    let event = Event {
        id: world.new_id(now),
        at: now,
        kind: "keys.rotated",
        user: None,
        app: None,
        actor,
        detail: format!("key {id} for {}{older}", kind.as_str()),
    };
    let overlap = kind.overlap().filter(|_| !retire_older);
    let older_until = key.active + overlap.unwrap_or(Millis(0));
    let added = store.add_key(&key, older_until, event).await?;
    Ok(added.then_some(id))
}

async fn succeed_if_due(
    master: &MasterKey,
    kind: KeyKind,
    store: &Store,
    world: &World,
) -> anyhow::Result<()> {
    loop {
        // What is missing, and by which number it comes, is read at once.
        let keys = store.keys().await?;
        let newest = keys.iter().rfind(|key| key.kind == kind.as_str());
        let due = match newest {
            None => true,
            Some(key) => kind
                .lifetime()
                .is_some_and(|lifetime| world.now() >= key.created + lifetime),
        };
        let rotation = Rotation::on_schedule(kind);
        if !due
            || add_next(master, rotation, &keys, (store, world))
                .await?
                .is_some()
        {
            return Ok(());
        }
        // Another process was first, with this key or with its number: look again.
    }
}

/// A key and what it is for; `None`: retired, or of a kind that this version does not
/// know.
fn open_key(
    master: &MasterKey,
    key: &StoredKey,
    now: Timestamp,
) -> anyhow::Result<Option<(KeyKind, Zeroizing<Vec<u8>>)>> {
    let retired = key.retires.is_some_and(|end| now >= end);
    let Some(kind) = KeyKind::parse(&key.kind).filter(|_| !retired) else {
        return Ok(None);
    };
    let material = master.open(key.id, kind, &key.sealed);
    let material = material.context(
        "this is not the master key that the database was made with: give that one, as the file or as GRANTOR_MASTER_KEY",
    )?;
    Ok(Some((kind, material)))
}

/// A key and its number.
type Numbered = (i64, Zeroizing<Vec<u8>>);

/// What is in the database, open: of each kind the one in use first.
struct Opened(HashMap<KeyKind, Vec<Numbered>>);

impl Opened {
    fn line(&self, kind: KeyKind) -> &[Numbered] {
        self.0.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one in use; there is none only where somebody has emptied the table.
    fn first(&self, kind: KeyKind) -> anyhow::Result<&Numbered> {
        let first = self.line(kind).first();
        first.with_context(|| format!("there is no key of the kind {}", kind.as_str()))
    }

    fn each<T>(
        &self,
        kind: KeyKind,
        read: impl FnMut(&Numbered) -> anyhow::Result<T>,
    ) -> anyhow::Result<Vec<T>> {
        self.line(kind).iter().map(read).collect()
    }

    fn signing(&self) -> anyhow::Result<HashMap<Algorithm, Vec<Arc<SigningKey>>>> {
        let mut signing = HashMap::new();
        for kind in KeyKind::SIGNING {
            let Some(algorithm) = kind.algorithm() else {
                continue;
            };
            let read = |(_, der): &Numbered| {
                let key = SigningKey::from_pkcs8(algorithm, der);
                key.map(Arc::new).context("a signing key cannot be read")
            };
            signing.insert(algorithm, self.each(kind, read)?);
        }
        Ok(signing)
    }

    /// One for each key and way to encrypt to it.
    fn opening(&self, kind: KeyKind) -> anyhow::Result<Vec<DecryptingKey>> {
        let read = |(_, der): &Numbered| {
            let algorithms = kind.opens().iter();
            let keys =
                algorithms.map(|alg| DecryptingKey::from_pkcs8(*alg, &ContentEncryption::ALL, der));
            let keys: Result<Vec<_>, _> = keys.collect();
            keys.context("a key that opens cannot be read")
        };
        Ok(self.each(kind, read)?.into_iter().flatten().collect())
    }
}

fn symmetric(material: &Zeroizing<Vec<u8>>) -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let bytes = <[u8; 32]>::try_from(&material[..]);
    Ok(Zeroizing::new(bytes.context("a key of the wrong length")?))
}

async fn load(
    master: &MasterKey,
    brand: &str,
    store: &Store,
    now: Timestamp,
) -> anyhow::Result<Keys> {
    let mut opened = Opened(HashMap::new());
    let (active, announced): (Vec<_>, Vec<_>) = store
        .keys()
        .await?
        .into_iter()
        .rev()
        .partition(|key| key.active <= now);
    // Newest first; announced ones are accepted already, and used by nobody yet.
    for key in active.into_iter().chain(announced) {
        if let Some((kind, material)) = open_key(master, &key, now)? {
            opened.0.entry(kind).or_default().push((key.id, material));
        }
    }
    let signing = opened.signing()?;
    let (mut opening, mut public) = (Vec::new(), public(&signing));
    for kind in [KeyKind::OpenRsa, KeyKind::OpenEc] {
        let keys = opened.opening(kind)?;
        // Nobody needs to encrypt to one that is going.
        let newest = keys.first().and_then(DecryptingKey::public_jwk);
        public.extend(newest.map(|key| key.clone().without_alg()));
        opening.extend(keys);
    }
    Ok(Keys {
        format: SecretFormat::new(brand, &*symmetric(&opened.first(KeyKind::Ids)?.1)?),
        refresh: opened.each(KeyKind::Refresh, |(_, key)| {
            Ok(RefreshKey::new(&*symmetric(key)?))
        })?,
        sealing_now: opened.first(KeyKind::Seal)?.0 as u16,
        sealing: opened
            .each(KeyKind::Seal, |(id, key)| {
                let number = *id as u16;
                Ok((number, SealingKey::new(number, &*symmetric(key)?)))
            })?
            .into_iter()
            .collect(),
        forms: opened.each(KeyKind::Forms, |(_, key)| {
            Ok(hmac::Key::new(hmac::HMAC_SHA256, key))
        })?,
        subjects: SubjectKey::new(&*symmetric(&opened.first(KeyKind::Subjects)?.1)?),
        audit: hmac::Key::new(hmac::HMAC_SHA256, &opened.first(KeyKind::Audit)?.1),
        secrets: SecretKeys::new(opened.line(KeyKind::Secrets))?,
        jwks: Document::new(JwkSet::new(public).to_json().to_string()),
        signing,
        opening,
    })
}

/// The public keys of ID tokens (RFC 7517 §5): those in use, those announced, and those
/// that tokens may still be verified with.
fn public(signing: &HashMap<Algorithm, Vec<Arc<SigningKey>>>) -> Vec<Jwk> {
    let ordered = Algorithm::ALL
        .iter()
        .filter_map(|algorithm| signing.get(algorithm));
    ordered
        .flatten()
        .filter_map(|key| key.public_jwk().cloned())
        .collect()
}
