//! mod_auth_openidc in Apache: a web server that lets in who has logged in with us.

use crate::{
    browser::Decision,
    process::free_port,
    scene::{EMAIL, NAME, Scene},
};
use std::{
    fs::{self, Permissions},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const MODULES: [&str; 7] = [
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_user",
    "headers",
    "mime",
    "auth_openidc",
];
const GLANCE: Duration = Duration::from_millis(20);
const GLANCES: usize = 1000;

/// Apache with a folder of its own.
struct Apache {
    process: Child,
    folder: TempDir,
}

impl Apache {
    /// Serves one page, at a port, to users of `scene`.
    fn start(scene: &Scene, port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Root's Apache serves as a user who owns nothing.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("a folder");
        fs::write(folder.path().join("index.html"), "inside").expect("a page");
        let file = folder.path().join("apache.conf");
        fs::write(&file, configuration(scene, port, folder.path())).expect("a file");
        let mut command = Command::new("apache2");
        command.args(["-D", "FOREGROUND", "-f"]).arg(&file);
        let process = command.spawn();
        let process = process.expect("Apache is missing; install it: cargo xtask setup");
        let mut apache = Self { process, folder };
        for _ in 0..GLANCES {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return apache;
            }
            let ended = apache.process.try_wait().expect("a process");
            assert!(ended.is_none(), "Apache ended:\n{}", apache.log());
            thread::sleep(GLANCE);
        }
        unreachable!("Apache does not listen:\n{}", apache.log())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        // The parent of its workers, which it ends itself.
        let id = self.process.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &id]).status();
        let _ = self.process.wait();
        if thread::panicking() {
            eprintln!("--- Apache said ---\n{}", self.log());
        }
    }
}

fn configuration(scene: &Scene, port: u16, folder: &Path) -> String {
    let modules = MODULES
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
    let (server, app) = (scene.server.url(), &scene.app);
    let (folder, modules) = (folder.display(), modules.concat());
    let secret = app.client_secret.as_deref().unwrap_or_default();
    format!(
        r#"{modules}
ServerRoot "{folder}"
DocumentRoot "{folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
DefaultRuntimeDir "{folder}"
User www-data
Group www-data
TypesConfig /dev/null
OIDCProviderMetadataURL {server}/.well-known/openid-configuration
OIDCClientID {id}
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}/callback
OIDCCryptoPassphrase only-a-test
OIDCScope "openid email profile"
OIDCPKCEMethod S256
<Location "/">
  AuthType openid-connect
  Require valid-user
  Header set x-subject "%{{OIDC_CLAIM_sub}}e"
  Header set x-name "%{{OIDC_CLAIM_name}}e"
  Header set x-email "%{{OIDC_CLAIM_email}}e"
</Location>
"#,
        id = app.client_id,
    )
}

#[tokio::test]
async fn mod_auth_openidc_logs_a_user_in() {
    let port = free_port();
    let callback = format!("http://127.0.0.1:{port}/callback");
    let scene = Scene::new(&callback, &[]);
    let _apache = Apache::start(&scene, port);
    let page = format!("http://127.0.0.1:{port}/index.html");
    let browser = &scene.browser;
    let back = browser.connect(&page, Decision::Allow).await;
    assert!(back.starts_with(&callback), "{back}");
    let answer = browser.follow(&back).await;
    assert_eq!(
        (answer.status().as_u16(), answer.url().as_str()),
        (200, &*page)
    );
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("x-subject"), scene.user["gid"]);
    assert_eq!((&*header("x-name"), &*header("x-email")), (NAME, EMAIL));
    assert_eq!(answer.text().await.expect("a page"), "inside");
}
