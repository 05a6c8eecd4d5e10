//! `grantor ready`, which asks a server over whatever it speaks.

use crate::{
    port::quiet_port,
    process::{Home, Server},
};

/// Whether it is, and what is said of it.
fn ask(home: &Home, port: u16, settings: &[&str]) -> (bool, String) {
    let scheme = if settings.iter().any(|it| it.starts_with("--tls")) {
        "https"
    } else {
        "http"
    };
    let ours = [
        format!("--public-url={scheme}://127.0.0.1:{port}"),
        format!("--listen=0.0.0.0:{port}"),
    ];
    let mut command = home.grantor(&["ready"]);
    let output = command.args(ours).args(settings).output().expect("grantor");
    let said = [&output.stdout[..], &output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).trim().to_owned(),
    )
}

#[test]
fn a_server_is_asked_over_whatever_it_speaks() {
    let ready = (true, "ready".to_owned());
    for settings in [
        &[][..],
        &["--tls-self-signed=true"],
        &["--proxy-protocol=true", "--trusted-proxies=127.0.0.1"],
        &[
            "--tls-self-signed=true",
            "--proxy-protocol=true",
            "--trusted-proxies=127.0.0.1",
        ],
    ] {
        let (home, port) = (Home::new(), quiet_port());
        let nobody = ask(&home, port, settings);
        assert!(
            !nobody.0 && nobody.1.contains("no server answers at 127.0.0.1:"),
            "{}",
            nobody.1
        );
        let public = format!("--public-url=https://127.0.0.1:{port}");
        let mut all = settings.to_vec();
        if settings.iter().any(|it| it.starts_with("--tls")) {
            all.push(&public);
        }
        let server = Server::start_on(&home, port, &all);
        assert_eq!(ask(&home, port, settings), ready, "{settings:?}");
        assert!(server.stop().success());
    }
}

#[test]
fn a_server_that_stops_says_so() {
    let (home, port) = (Home::new(), quiet_port());
    let server = Server::start_on(&home, port, &["--drain-seconds=60"]);
    server.signal("TERM");
    let said = loop {
        let (is_ready, said) = ask(&home, port, &[]);
        if !is_ready {
            break said;
        }
    };
    let wanted =
        format!("error: the server at 127.0.0.1:{port} is not ready: this server is stopping");
    assert_eq!(said, wanted);
    assert!(server.stop().success());
}
