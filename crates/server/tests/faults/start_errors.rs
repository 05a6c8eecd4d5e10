//! What keeps a server from starting is said in one sentence that its operator can act
//! on, and the exit status says that it failed.

use crate::{
    port::quiet_port,
    process::{Home, Server},
};
use grantor::keys::KeyKind;
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};

/// A home whose server has run once, and the refusals of the next one.
struct Broken {
    home: Home,
    port: u16,
    said: String,
}

impl Broken {
    fn new() -> Self {
        let (home, port) = (Home::new(), quiet_port());
        home.add_user("ada@example.org", "Ada");
        assert!(Server::start_on(&home, port, &[]).stop().success());
        Self {
            home,
            port,
            said: String::new(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).expect("a file");
    }

    fn serve(&self, settings: &[&str]) -> Command {
        Server::command(&self.home, self.port, settings)
    }

    /// Notes what the operator reads.
    fn refuses(&mut self, what: &str, settings: &[&str]) {
        let command = self.serve(settings);
        self.notes(what, command);
    }

    fn notes(&mut self, what: &str, command: Command) {
        let output = ended(command);
        assert!(!output.status.success(), "{what}: it ran");
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.replace(&self.port.to_string(), "[port]");
        let said = said.replace(&self.home.path().display().to_string(), "[home]");
        self.said
            .push_str(&format!("-- {what}\n{}\n\n", said.trim_end()));
    }

    /// Does something to a copy of the data folder, notes the refusal, and takes the
    /// original again.
    fn refuses_after(&mut self, what: &str, harm: impl FnOnce(PathBuf)) {
        let (data, copy) = (self.file("grantor-data"), self.file("kept"));
        copy_files(&data, &copy);
        harm(data.clone());
        self.refuses(what, &[]);
        fs::remove_dir_all(&data).expect("a folder");
        fs::rename(copy, data).expect("a folder");
    }

    /// Nothing of all that has done harm.
    fn still_starts(&self) {
        assert!(
            Server::start_on(&self.home, self.port, &[])
                .stop()
                .success()
        );
    }
}

fn copy_files(from: &PathBuf, to: &PathBuf) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

/// A process that must end by itself, soon.
fn ended(mut command: Command) -> Output {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("grantor starts");
    for _ in 0..200 {
        if child.try_wait().expect("a child").is_some() {
            return child.wait_with_output().expect("its output");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().expect("it can be killed");
    child.wait_with_output().expect("its output")
}

fn overwrite(file: PathBuf, at: u64, bytes: &[u8]) {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(file)
        .expect("a file");
    file.seek(SeekFrom::Start(at)).expect("a place");
    file.write_all(bytes).expect("bytes");
}

const OTHER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn keys_and_data() {
    let mut broken = Broken::new();
    broken.refuses_after("another master key", |data| {
        fs::write(data.join("master.key"), OTHER_KEY).expect("a file");
    });
    broken.refuses_after("no master key", |data| {
        fs::remove_file(data.join("master.key")).expect("a file");
    });
    broken.refuses_after("half a master key", |data| {
        fs::write(data.join("master.key"), &OTHER_KEY[..20]).expect("a file");
    });
    broken.refuses_after("no database", |data| {
        fs::write(data.join("grantor.db"), "not a database").expect("a file");
    });
    broken.refuses_after("a damaged database", |data| {
        overwrite(data.join("grantor.db"), 1000, &[0xa5; 40_000]);
    });
    broken.refuses_after("half a database", |data| {
        let file = fs::OpenOptions::new()
            .write(true)
            .open(data.join("grantor.db"));
        file.expect("a file")
            .set_len(20_000)
            .expect("a shorter file");
    });
    broken.refuses_after("a newer schema", |data| {
        let database = rusqlite::Connection::open(data.join("grantor.db")).expect("a database");
        database
            .execute_batch(
                "INSERT INTO migrations VALUES (4, 'later', x'00', 1);
                INSERT INTO floors VALUES (4, '7.0.0')",
            )
            .expect("rows");
    });
    broken.refuses_after("the schema of an unreleased version", |data| {
        let database = rusqlite::Connection::open(data.join("grantor.db")).expect("a database");
        database
            .execute("UPDATE migrations SET digest = x'00'", [])
            .expect("a row");
        drop(database);
        // The demo keeps its data between runs, too.
        copy_files(&data, &data.with_file_name("grantor-demo"));
    });
    let demo = broken.home.grantor(&["demo", "--port=1"]);
    broken.notes("a demo of an unreleased version", demo);
    broken.still_starts();
    insta::assert_snapshot!(broken.said);
}

#[test]
fn folders_and_ports() {
    let mut broken = Broken::new();
    broken.write("file", "");
    broken.refuses("a file instead of a folder", &["--data=file"]);
    broken.refuses("a folder below a file", &["--data=file/data"]);
    broken.refuses(
        "a folder that nobody can make",
        &["--data=/proc/grantor-data"],
    );
    unwritable(&mut broken);
    let running = Server::start_on(&broken.home, broken.port, &[]);
    broken.refuses("a second server on the same data", &[]);
    let database = format!(
        "--database=sqlite:{}",
        broken.file("grantor-data/grantor.db").display()
    );
    broken.refuses(
        "a second server on the same database",
        &["--data=other", &database],
    );
    broken.refuses("the port of another", &["--data=other"]);
    let listen = format!("--metrics-listen=127.0.0.1:{}", broken.port);
    broken.refuses(
        "the port of another for metrics",
        &["--data=other", "--listen=127.0.0.1:0", &listen],
    );
    broken.refuses(
        "the address of another machine",
        &["--data=other", "--listen=192.0.2.1:8080"],
    );
    assert!(running.stop().success());
    broken.still_starts();
    insta::assert_snapshot!(broken.said);
}

/// Root may write everywhere, so another user tries.
fn unwritable(broken: &mut Broken) {
    let (folder, home) = (broken.file("locked"), broken.home.path().to_owned());
    fs::create_dir(&folder).expect("a folder");
    let mode =
        |path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    mode(&folder, 0o555);
    let serve = broken.serve(&["--data=locked"]);
    if fs::metadata(&home).expect("a folder").uid() != 0 {
        return broken.notes("a folder that may not be written", serve);
    }
    mode(&home, 0o755);
    fs::copy(env!("CARGO_BIN_EXE_grantor"), home.join("grantor")).expect("a copy");
    let mut command = Command::new(home.join("grantor"));
    command
        .args(serve.get_args())
        .current_dir(&home)
        .env_clear();
    command.uid(65_534).gid(65_534);
    broken.notes("a folder that may not be written", command);
}

#[test]
fn settings() {
    let mut broken = Broken::new();
    broken.refuses(
        "http for the world",
        &["--public-url=http://auth.example.com"],
    );
    broken.write(
        "bad.toml",
        "brand = 'Clock'\n\naccess_token_lifetime = 5\ncolour = 'red'\n",
    );
    broken.refuses("bad values in the file", &["--config=bad.toml"]);
    broken.write("torn.toml", "brand = 'Clock'\nlisten = [\n");
    broken.refuses("a file that is no TOML", &["--config=torn.toml"]);
    broken.refuses("no such file", &["--config=missing.toml"]);
    broken.refuses("no such flag", &["--colour=red"]);
    for (name, value) in [
        ("GRANTOR_COLOUR", "red"),
        ("GRANTOR_PAT_LIMIT", "many"),
        ("GRANTOR_MASTER_KEY", "secret"),
    ] {
        let mut command = broken.serve(&[]);
        command.env(name, value);
        broken.notes(&format!("the variable {name}"), command);
    }
    insta::assert_snapshot!(broken.said);
}

#[test]
fn tls_files() {
    let mut broken = Broken::new();
    let pair = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    let (one, other) = (pair(), pair());
    broken.write("cert.pem", &one.cert.pem());
    broken.write("key.pem", &one.signing_key.serialize_pem());
    broken.write("other.pem", &other.signing_key.serialize_pem());
    broken.write("empty.pem", "");
    let half = one.cert.pem();
    broken.write("half.pem", &half[..half.len() / 2]);
    let tls = |certificate: &str, key: &str| {
        [
            format!("--tls-certificate={certificate}"),
            format!("--tls-key={key}"),
        ]
    };
    for (what, certificate, key) in [
        ("no such certificate", "missing.pem", "key.pem"),
        ("no such key", "cert.pem", "missing.pem"),
        ("an empty certificate", "empty.pem", "key.pem"),
        ("half a certificate", "half.pem", "key.pem"),
        ("a certificate as the key", "cert.pem", "cert.pem"),
        ("the key of another", "cert.pem", "other.pem"),
    ] {
        let flags = tls(certificate, key);
        broken.refuses(what, &flags.each_ref().map(String::as_str));
    }
    broken.refuses(
        "a certificate without its key",
        &["--tls-certificate=cert.pem"],
    );
    insta::assert_snapshot!(broken.said);
}

/// A wrong master key must not put keys into the database that the right one cannot
/// open, also when new ones are due.
#[test]
fn a_wrong_master_key_writes_nothing() {
    let mut broken = Broken::new();
    let (database, key) = (
        broken.file("grantor-data/grantor.db"),
        broken.file("grantor-data/master.key"),
    );
    let aged = rusqlite::Connection::open(&database).expect("a database");
    aged.execute("UPDATE keys SET created_at = 0, active_at = 0", [])
        .expect("rows");
    drop(aged);
    let right = fs::read_to_string(&key).expect("the key");
    fs::write(&key, OTHER_KEY).expect("a file");
    broken.refuses("another master key", &[]);
    fs::write(&key, right).expect("a file");
    broken.still_starts();
}

/// Whoever is first makes the keys; the others use them.
#[test]
fn many_first_starts_at_once_agree() {
    for _ in 0..4 {
        let home = Home::new();
        let add = |number: usize| {
            let email = format!("user{number}@example.org");
            let mut command = home.grantor(&["user", "add", "--email", &email, "--name", "User"]);
            command.stdout(Stdio::null());
            command
        };
        let running: Vec<_> = (0..6)
            .map(|number| add(number).spawn().expect("grantor starts"))
            .collect();
        for mut child in running {
            assert!(child.wait().expect("it ends").success());
        }
        assert_eq!(
            home.run(&["user", "list"], "").as_array().map(Vec::len),
            Some(6)
        );
        assert_eq!(
            home.run(&["keys", "list"], "").as_array().map(Vec::len),
            Some(KeyKind::ALL.len())
        );
        assert!(Server::start_on(&home, quiet_port(), &[]).stop().success());
    }
}
