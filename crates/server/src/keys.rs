//! The keyring: every key this server uses, made once, kept encrypted under the
//! master key, held ready.

mod wrap;

use anyhow::{Context, bail};
use arc_swap::{ArcSwap, Guard};
use aws_lc_rs::hmac;
use grantor_jose::{algorithm::Algorithm, jwk::JwkSet, sign::SigningKey, verify::VerifyingKey};
use grantor_protocol::{
    access::SealingKey,
    openid::subject::SubjectKey,
    secret::SecretFormat,
    time::{Millis, Timestamp},
    token::refresh::RefreshKey,
};
use grantor_store::{
    LONGEST_ACCESS, Store,
    audit::{Actor, Event},
    keys::StoredKey,
};
use std::{collections::HashMap, sync::Arc};
use zeroize::Zeroizing;

pub use wrap::SecretKeys;

use crate::{oauth::metadata::Document, world::World};
use wrap::WrappingKey;

/// What a key is for; each has its own line of succession.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Seals access tokens; rotated on schedule.
    Seal,
    /// Proves refresh tokens.
    Refresh,
    /// Binds forms to sessions and signs our own parameters; rotated on schedule.
    Forms,
    /// Permutes row ids inside secrets: one for ever.
    Ids,
    /// Makes pairwise subjects and session ids: one for ever.
    Subjects,
    /// Encrypts the secrets of apps that sign with them.
    Secrets,
    /// Sign ID tokens, each with its own algorithm; rotated on schedule.
    SignRs256,
    SignPs256,
    SignEs256,
    SignEdDsa,
}

impl KeyKind {
    pub const ALL: [Self; 10] = [
        Self::Seal,
        Self::Refresh,
        Self::Forms,
        Self::Ids,
        Self::Subjects,
        Self::Secrets,
        Self::SignRs256,
        Self::SignPs256,
        Self::SignEs256,
        Self::SignEdDsa,
    ];

    pub const SIGNING: [Self; 4] = [
        Self::SignRs256,
        Self::SignPs256,
        Self::SignEs256,
        Self::SignEdDsa,
    ];

    /// The algorithm of a signing key.
    pub fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::SignRs256 => Some(Algorithm::Rs256),
            Self::SignPs256 => Some(Algorithm::Ps256),
            Self::SignEs256 => Some(Algorithm::Es256),
            Self::SignEdDsa => Some(Algorithm::EdDsa),
            Self::Seal
            | Self::Refresh
            | Self::Forms
            | Self::Ids
            | Self::Subjects
            | Self::Secrets => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Refresh => "refresh",
            Self::Forms => "forms",
            Self::Ids => "ids",
            Self::Subjects => "subjects",
            Self::Secrets => "secrets",
            Self::SignRs256 => "sign-rs256",
            Self::SignPs256 => "sign-ps256",
            Self::SignEs256 => "sign-es256",
            Self::SignEdDsa => "sign-eddsa",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// How long after its successor an old key is still accepted; `None`: such
    /// keys have no successor.
    fn overlap(self) -> Option<Millis> {
        match self {
            Self::Seal => Some(Millis(LONGEST_ACCESS.0 + Millis::hours(1).0)),
            Self::Refresh | Self::Secrets => Some(Millis::days(3650)),
            Self::Forms => Some(Millis::days(1)),
            Self::Ids | Self::Subjects => None,
            // Long after the last ID token has expired, it may still come as a hint.
            _ => Some(Millis::days(30)),
        }
    }

    /// When a new one is due.
    fn lifetime(self) -> Option<Millis> {
        match self {
            Self::Seal | Self::Forms => Some(Millis::days(30)),
            Self::Refresh | Self::Ids | Self::Subjects | Self::Secrets => None,
            _ => Some(Millis::days(90)),
        }
    }

    /// A new key is known for so long before the first use of it: to every node; a
    /// signing key to every app too, however long it keeps what it has fetched.
    fn announced(self) -> Millis {
        match self.algorithm() {
            Some(_) => Millis(2 * JWKS_LIFETIME.0),
            None => Millis::seconds(5),
        }
    }
}

/// How long apps may keep the document with the public keys.
pub const JWKS_LIFETIME: Millis = Millis::minutes(5);

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
    /// For each algorithm, the one in use first.
    signing: HashMap<Algorithm, Vec<Arc<SigningKey>>>,
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
        add_next(&self.master, rotation, store, world)
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
    store: &Store,
    world: &World,
) -> anyhow::Result<Option<i64>> {
    let Rotation {
        kind,
        retire_older,
        actor,
    } = rotation;
    let keys = store.keys().await?;
    let first = !keys.iter().any(|key| key.kind == kind.as_str());
    if !first && kind.overlap().is_none() {
        bail!("this key cannot be rotated: every stored secret, or every subject, depends on it");
    }
    let now = world.now();
    let id = keys.iter().map(|key| key.id).max().unwrap_or(0) + 1;
    let material = match kind.algorithm() {
        Some(algorithm) => world.signing_key(algorithm)?,
        None => Zeroizing::new(world.random::<32>().to_vec()),
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
        let newest = store
            .keys()
            .await?
            .into_iter()
            .rfind(|key| key.kind == kind.as_str());
        let due = match &newest {
            None => true,
            Some(key) => kind
                .lifetime()
                .is_some_and(|lifetime| world.now() >= key.created + lifetime),
        };
        let rotation = Rotation::on_schedule(kind);
        if !due || add_next(master, rotation, store, world).await?.is_some() {
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

/// Keys of one kind, the one in use first.
type Line = Vec<(i64, Zeroizing<Vec<u8>>)>;

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
    let mut opened: HashMap<KeyKind, Line> = HashMap::new();
    let (active, announced): (Vec<_>, Vec<_>) = store
        .keys()
        .await?
        .into_iter()
        .rev()
        .partition(|key| key.active <= now);
    // Newest first; announced ones are accepted already, and used by nobody yet.
    for key in active.into_iter().chain(announced) {
        if let Some((kind, material)) = open_key(master, &key, now)? {
            opened.entry(kind).or_default().push((key.id, material));
        }
    }
    let line = |kind: KeyKind| opened.get(&kind).map(Vec::as_slice).unwrap_or_default();
    let Some((_, ids)) = line(KeyKind::Ids).first() else {
        bail!("the key for ids is missing")
    };
    let Some((_, subjects)) = line(KeyKind::Subjects).first() else {
        bail!("the key for subjects is missing")
    };
    let Some((sealing_now, _)) = line(KeyKind::Seal).first() else {
        bail!("no sealing key")
    };
    let mut signing = HashMap::new();
    for kind in KeyKind::ALL {
        let Some(algorithm) = kind.algorithm() else {
            continue;
        };
        let read = |(_, der): &(i64, Zeroizing<Vec<u8>>)| {
            SigningKey::from_pkcs8(algorithm, der).map(Arc::new)
        };
        let keys: Result<Vec<_>, _> = line(kind).iter().map(read).collect();
        signing.insert(algorithm, keys.context("a signing key cannot be read")?);
    }
    let sealing_key = |(id, key): &(i64, Zeroizing<Vec<u8>>)| {
        let number = *id as u16;
        anyhow::Ok((number, SealingKey::new(number, &*symmetric(key)?)))
    };
    let refresh_key =
        |(_, key): &(i64, Zeroizing<Vec<u8>>)| anyhow::Ok(RefreshKey::new(&*symmetric(key)?));
    Ok(Keys {
        format: SecretFormat::new(brand, &*symmetric(ids)?),
        refresh: line(KeyKind::Refresh)
            .iter()
            .map(refresh_key)
            .collect::<anyhow::Result<_>>()?,
        sealing_now: *sealing_now as u16,
        sealing: line(KeyKind::Seal)
            .iter()
            .map(sealing_key)
            .collect::<anyhow::Result<_>>()?,
        forms: line(KeyKind::Forms)
            .iter()
            .map(|(_, key)| hmac::Key::new(hmac::HMAC_SHA256, key))
            .collect(),
        subjects: SubjectKey::new(&*symmetric(subjects)?),
        secrets: SecretKeys::new(line(KeyKind::Secrets))?,
        jwks: jwks(&signing),
        signing,
    })
}

/// The public keys (RFC 7517 §5): those in use, those announced, and those that tokens
/// may still be verified with.
fn jwks(signing: &HashMap<Algorithm, Vec<Arc<SigningKey>>>) -> Document {
    let ordered = Algorithm::ALL
        .iter()
        .filter_map(|algorithm| signing.get(algorithm));
    let public = ordered
        .flatten()
        .filter_map(|key| key.public_jwk().cloned());
    Document::new(JwkSet::new(public.collect()).to_json().to_string())
}
