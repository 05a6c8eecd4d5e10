//! Files that are good, bad, renewed and kept.

use super::*;
use std::os::unix::fs::PermissionsExt as _;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
    fn error(&self, certificate: &str, key: &str) -> String {
        let certificate = self.write("certificate.pem", certificate);
        let key = self.write("key.pem", key);
        let error = refused(&certificate, &key);
        error.replace(&format!("{}/", self.0.path().display()), "")
    }
    fn self_signed(&self, hosts: &[&str], now: Timestamp) -> String {
        let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
        self_signed(self.0.path(), &hosts, now).unwrap();
        fs::read_to_string(self.0.path().join(SELF_SIGNED_FILE)).unwrap()
    }
}

fn refused(certificate: &Path, key: &Path) -> String {
    Renewed::open(certificate, key)
        .err()
        .expect("this is refused")
        .to_string()
}

fn pair() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

#[test]
fn a_matching_pair_speaks_both_versions_of_http() {
    let files = Folder::new();
    let (certificate, key) = pair();
    let certificate = files.write("certificate.pem", &certificate);
    let opened = Renewed::open(&certificate, &files.write("key.pem", &key)).unwrap();
    assert_eq!(
        opened.current.load().alpn_protocols,
        [b"h2".to_vec(), b"http/1.1".to_vec()]
    );
}

#[test]
fn each_mistake_has_its_own_sentence() {
    let files = Folder::new();
    let (certificate, key) = pair();
    let (_, other_key) = pair();
    assert_eq!(
        files.error(&certificate, &other_key),
        "the key in key.pem does not belong to the first certificate in certificate.pem"
    );
    assert!(
        files
            .error(&certificate, &certificate)
            .starts_with("key.pem holds no private key")
    );
    assert!(
        files
            .error(&key, &key)
            .starts_with("certificate.pem holds no certificate")
    );
    assert!(
        files
            .error("", &key)
            .starts_with("certificate.pem holds no certificate")
    );
    let cut = &certificate[..certificate.len() / 2];
    assert!(
        files
            .error(cut, &key)
            .starts_with("certificate.pem is not PEM")
    );
    let missing = files.0.path().join("missing.pem");
    let error = refused(&missing, &missing);
    assert!(
        error.starts_with("cannot read /") && error.contains("missing.pem"),
        "{error}"
    );
}

#[test]
fn a_renewed_pair_is_taken_and_a_broken_one_is_told_once() {
    let files = Folder::new();
    let write = |(certificate, key): (String, String)| {
        let certificate = files.write("certificate.pem", &certificate);
        (certificate, files.write("key.pem", &key))
    };
    let (certificate, key) = write(pair());
    let mut renewed = Renewed::open(&certificate, &key).unwrap();
    let first = renewed.current.load_full();
    assert!(!renewed.look_again().unwrap());
    write(pair());
    assert!(renewed.look_again().unwrap());
    let second = renewed.current.load_full();
    assert!(!Arc::ptr_eq(&first, &second));
    let broken: [&dyn Fn(); 2] = [&|| drop(files.write("key.pem", &pair().1)), &|| {
        fs::remove_file(&key).unwrap()
    }];
    for harm in broken {
        harm();
        assert!(renewed.look_again().is_err());
        assert!(!renewed.look_again().unwrap(), "told once");
        assert!(Arc::ptr_eq(&second, &renewed.current.load_full()));
    }
    write(pair());
    assert!(renewed.look_again().unwrap());
}

#[test]
fn a_self_signed_certificate_is_kept_while_valid_for_the_same_hosts() {
    let files = Folder::new();
    let first = files.self_signed(&["localhost", "127.0.0.1"], NOW);
    let after = |days| NOW + Millis::days(days);
    assert_eq!(
        files.self_signed(&["localhost", "127.0.0.1"], after(300)),
        first
    );
    let other_hosts = files.self_signed(&["localhost"], after(300));
    assert_ne!(other_hosts, first);
    assert_eq!(files.self_signed(&["localhost"], after(657)), other_hosts);
    assert_ne!(files.self_signed(&["localhost"], after(659)), other_hosts);
}

#[test]
fn only_its_own_user_may_read_the_key_we_made() {
    let files = Folder::new();
    files.self_signed(&["localhost"], NOW);
    let metadata = fs::metadata(files.0.path().join(SELF_SIGNED_FILE)).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
}
