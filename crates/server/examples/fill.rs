//! A new server's folder with many users, each with a session and connected to the same
//! few apps, for the benchmark of a database that has grown.
//!
//! `fill SETTINGS GRANTS PEOPLE`: prints the client ID and the secret of the first app, and
//! writes into the file PEOPLE what some of the users' browsers hold, and that app for them.

use anyhow::{Context, bail, ensure};
use grantor::{
    app::Shared,
    client_secret,
    config::{Config, Flags},
    context::{Cookies, browser_state},
    start,
    world::World,
};
use grantor_protocol::{
    access::{self, AccessToken},
    client::ClientKind,
    openid::{claims::ClaimSet, profile::Profile, registration::Registration},
    redirect::RedirectUri,
    scope::ScopeSet,
    secret::Kind,
    time::{Millis, Timestamp},
};
use grantor_store::{
    apps::{AppForm, NewApp},
    audit::Actor,
    users::NewUser,
};
use rusqlite::{Connection, Statement, params};
use std::{fs::File, io::BufWriter, io::Write, path::Path};

/// Apps that every user has connected.
const APPS: u64 = 4;
/// Users whose tokens are handed out, at most: more than one run of the driver visits twice.
const HANDED_OUT: usize = 200_000;
const SCOPE: &str = "default";
/// How long ago all of it began.
const AGE: Millis = Millis::days(20);
/// As long as one is; nobody signs in with it.
const PASSWORD: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [settings, grants, people] = &*arguments else {
        bail!("fill SETTINGS GRANTS PEOPLE");
    };
    let config = Config::load(Some(Path::new(settings)), &[], &Flags::default())?;
    let app = start::open(config, World::real()).await?;
    let site = Site::found(app).await?;
    site.app.close().await;
    site.fill(grants.parse::<u64>()?, Path::new(people))
}

struct Site {
    app: Shared,
    apps: Vec<i64>,
    now: Timestamp,
}

/// A user with the session of her browser.
struct Person {
    user: i64,
    session: i64,
    cookies: String,
}

impl Site {
    /// The apps, older than what hangs from them.
    async fn found(app: Shared) -> anyhow::Result<Self> {
        let now = app.world.now();
        let owner = app.world.new_gid();
        let user = NewUser {
            id: owner,
            email: "owner@example.org".into(),
            email_key: "owner@example.org".into(),
            email_verified: false,
            name: "Owner".into(),
            password: None,
            profile: Profile::default(),
            admin: true,
        };
        let event = app.event("account.created", now - AGE, Actor::default());
        ensure!(app.store.add_user(&user, event).await?, "there is an owner");
        let mut apps = Vec::new();
        for number in 0..APPS {
            apps.push(add_app(&app, owner, number, now - AGE).await?);
        }
        Ok(Self { app, apps, now })
    }

    /// In the order of a server's life, so that pages are as full as there. Without a journal:
    /// what is cut short is thrown away.
    fn fill(&self, grants: u64, people: &Path) -> anyhow::Result<()> {
        let path = self.app.config.storage.data.join("grantor.db");
        let database = Connection::open(path)?;
        database.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            PRAGMA cache_size = -1500000; BEGIN",
        )?;
        let world = World::real();
        let users = grants / APPS;
        let step = users.div_ceil(HANDED_OUT as u64).max(1);
        let people_at = |number: u64| number.is_multiple_of(step);
        let (mut persons, mut ids, mut out) = (Vec::new(), Vec::new(), Vec::new());
        let mut add_user = database.prepare(
            "INSERT INTO users (id, email, email_key, name, password, updated_at, created_at) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?5)",
        )?;
        let mut add_session = database.prepare(
            "INSERT INTO sessions (id, digest, user_id, auth_time, level, created_at, seen_at, expires_at, address, user_agent)
                VALUES (?1, ?2, ?3, ?4, 'pwd', ?4, ?5, ?6, '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')",
        )?;
        for number in 0..users {
            let at = self.at(number, users);
            let user = world.new_gid();
            let name = format!("User {number}");
            let email = format!("{user}@example.org");
            add_user.execute(params![user, email, name, PASSWORD, at.0])?;
            let person = self.add_session(&mut add_session, &world, user, at)?;
            ids.push((user, person.session));
            if people_at(number) {
                persons.push(person);
            }
        }
        let mut add = Add::prepare(&database)?;
        for (turn, app) in self.apps.iter().enumerate() {
            let mut person = persons.iter();
            for (number, (user, session)) in (0..).zip(&ids) {
                let at = self.at(turn as u64 * users + number, grants);
                let family = add.grant(&world, (*user, *app, *session), (at, self.now))?;
                if turn == 0 && people_at(number) {
                    let person = person.next().context("as many as before")?;
                    out.push(self.line(person, family));
                }
            }
        }
        database.execute_batch("COMMIT")?;
        self.write(people, out)
    }

    /// When the `number`th of so many happened.
    fn at(&self, number: u64, of: u64) -> Timestamp {
        let gone = AGE.0 as u128 * u128::from(number) / u128::from(of.max(1));
        self.now - AGE + Millis(gone as i64 + 1)
    }

    fn add_session(
        &self,
        add: &mut Statement<'_>,
        world: &World,
        user: i64,
        at: Timestamp,
    ) -> anyhow::Result<Person> {
        let session = world.new_id(at);
        let keys = self.app.keys.now();
        let secret = keys.format.mint(Kind::Session, session, &world.random());
        let digest = secret.digest();
        let expires = self.now + self.app.config.sign_in.session_absolute;
        let fields = params![
            session,
            digest.as_bytes(),
            user,
            at.0,
            self.now.0,
            expires.0
        ];
        add.execute(fields)?;
        let cookies = Cookies { secure: false };
        let cookies = format!(
            "{}={}; {}={}; {}={}",
            cookies.session_name(),
            secret.reveal_for_response(),
            cookies.visit_name(),
            world.random_hex::<16>(),
            cookies.state_name(),
            browser_state(&self.app, session)
        );
        Ok(Person {
            user,
            session,
            cookies,
        })
    }

    /// Cookies, refresh token, access token.
    fn line(&self, person: &Person, (grant, family): (i64, i64)) -> String {
        let keys = self.app.keys.now();
        let refresh = keys.refresh[0].mint(&keys.format, family, 0);
        let token = AccessToken {
            id: self.app.world.new_id(self.now),
            user: person.user,
            app: self.apps[0],
            grant,
            family,
            issued: self.now,
            expires: self.now + self.app.config.tokens.access_token_lifetime,
            scopes: ScopeSet::parse(SCOPE).unwrap_or_default(),
            session: None,
            claims: ClaimSet::default(),
        };
        let (brand, entropy) = (keys.format.brand(), self.app.world.random());
        let access = access::seal(&token, brand, keys.sealing(), entropy);
        let (refresh, access) = (refresh.reveal_for_response(), access.reveal_for_response());
        format!("{}\t{refresh}\t{access}", person.cookies)
    }

    /// Shuffled: neighbours were made at the same time.
    fn write(&self, people: &Path, mut lines: Vec<String>) -> anyhow::Result<()> {
        for last in (1..lines.len()).rev() {
            let drawn = u64::from_le_bytes(self.app.world.random());
            lines.swap(last, (drawn % (last as u64 + 1)) as usize);
        }
        let mut file = BufWriter::new(File::create(people)?);
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(file.flush()?)
    }
}

struct Add<'a> {
    grant: Statement<'a>,
    family: Statement<'a>,
}

impl<'a> Add<'a> {
    fn prepare(database: &'a Connection) -> anyhow::Result<Self> {
        Ok(Self {
            grant: database.prepare(
                "INSERT INTO grants (id, user_id, app_id, scopes, created_at, approved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            )?,
            family: database.prepare(
                "INSERT INTO families (id, grant_id, user_id, app_id, scopes, newest, rotations, created_at, idle_until,
                    session_id, auth_time, level, id_claims, info_claims)
                VALUES (?1, ?2, ?3, ?4, ?5, 0, '', ?6, ?7, ?8, ?6, 'pwd', 0, 0)",
            )?,
        })
    }

    /// One with its family; their ids.
    fn grant(
        &mut self,
        world: &World,
        (user, app, session): (i64, i64, i64),
        (at, now): (Timestamp, Timestamp),
    ) -> anyhow::Result<(i64, i64)> {
        let (grant, family) = (world.new_id(at), world.new_id(at));
        self.grant.execute(params![grant, user, app, SCOPE, at.0])?;
        // Used lately, and still good for as long as it is old.
        let idle_until = at + AGE + (now - at) + AGE;
        let fields = params![family, grant, user, app, SCOPE, at.0, idle_until.0, session];
        self.family.execute(fields)?;
        Ok((grant, family))
    }
}

/// Its id. Of the first one, what it proves itself with is printed.
async fn add_app(app: &Shared, owner: i64, number: u64, at: Timestamp) -> anyhow::Result<i64> {
    let registration = Registration::default();
    let (secret, text) = client_secret::mint(app, &registration);
    let redirect = RedirectUri::parse("https://bench.example/cb", ClientKind::Confidential)?;
    let form = AppForm {
        name: format!("App {number}"),
        url: "https://bench.example/".into(),
        kind: ClientKind::Confidential,
        icon: None,
        redirect_uris: vec![redirect],
        implicit: false,
        stateless: false,
        pkce_required: true,
        registration,
    };
    let new = NewApp {
        id: app.world.new_gid(),
        owner,
        form: &form,
        secret: Some(secret),
        resource_server: true,
        limit: APPS as i64,
    };
    let event = app.event("app.created", at, Actor::default());
    ensure!(
        app.store.add_app(&new, event).await?,
        "no app for the owner"
    );
    if number == 0 {
        println!("{} {}", new.id, text.reveal_for_response());
    }
    Ok(new.id)
}
