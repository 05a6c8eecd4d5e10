//! Against hosts that are honest, slow, endless, elsewhere, or not what their name says.

use super::*;
use parking_lot::Mutex;
use std::collections::VecDeque;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// What a host does once it has read a request.
#[derive(Clone)]
enum Act {
    Answer(&'static str),
    /// Sends for ever.
    Endless,
    /// Sends a part, then nothing more.
    Stall,
}

const GOOD: Act = Act::Answer(
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncache-control: public, max-age=60\r\n\r\n{}",
);

/// A host on loopback, and the requests that reached it.
struct Host {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    act: Act,
    seen: &Mutex<Vec<String>>,
) {
    let mut request = vec![0; 8192];
    let length = stream.read(&mut request).await.unwrap_or(0);
    let text = String::from_utf8_lossy(&request[..length]).into_owned();
    seen.lock().push(text);
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n";
    match act {
        Act::Answer(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Act::Stall => {
            let _ = stream.write_all(head.as_bytes()).await;
            std::future::pending().await
        }
        Act::Endless => {
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
        }
    }
}

async fn host(act: Act, tls: Option<TlsAcceptor>) -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (act, tls, noted) = (act.clone(), tls.clone(), noted.clone());
            tokio::spawn(async move {
                match tls {
                    None => serve(stream, act, &noted).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            serve(stream, act, &noted).await;
                        }
                    }
                }
            });
        }
    });
    Host { port, seen }
}

/// An acceptor for `name`, and its certificate in a file.
fn certified(name: &str) -> (TlsAcceptor, tempfile::NamedTempFile) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), file)
}

/// A resolver that gives its answers one after the other, the last for ever.
struct Answers(Mutex<VecDeque<Vec<IpAddr>>>);

impl Answers {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|it| it.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(parse).collect())))
    }
}

impl Resolve for Answers {
    fn resolve(&self, _: Name) -> Resolving {
        let mut answers = self.0.lock();
        let answer = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        };
        let answer = answer.into_iter().map(|it| SocketAddr::new(it, 0));
        Box::pin(std::future::ready(Ok(Box::new(answer) as Addrs)))
    }
}

fn settings(allow: &[&str]) -> config::Outbound {
    config::Outbound {
        on: true,
        allow: allow.iter().map(|it| it.parse().unwrap()).collect(),
        ca_file: None,
    }
}

fn open(allow: &[&str]) -> Outbound {
    Outbound::open(&settings(allow)).unwrap()
}

async fn get(outbound: &Outbound, uri: &str) -> Result<String, OutboundError> {
    let fetched = outbound.fetch(uri, "application/json", 1000).await?;
    Ok(String::from_utf8(fetched.body).unwrap())
}

#[tokio::test]
async fn nothing_is_sent_while_it_is_off() {
    let off = Outbound::open(&config::Outbound {
        on: false,
        ..settings(&["127.0.0.1"])
    })
    .unwrap();
    let host = host(GOOD, None).await;
    let uri = format!("http://127.0.0.1:{}/keys", host.port);
    assert_eq!(get(&off, &uri).await, Err(OutboundError::Off));
    assert_eq!(off.check("https://example.com"), Err(OutboundError::Off));
    assert!(host.seen.lock().is_empty() && !off.is_on());
}

#[tokio::test]
async fn a_url_is_judged_before_anything_is_sent() {
    use OutboundError::{NotHttps, NotPublic, Url};
    let outbound = open(&["intranet.example:8443", "10.0.0.0/8"]);
    for good in [
        "https://example.com/keys",
        "https://8.8.8.8/keys",
        "https://[2606:4700::1111]/keys",
        "http://intranet.example:8443/keys",
        "http://10.1.2.3/keys",
    ] {
        assert_eq!(outbound.check(good), Ok(()), "{good}");
    }
    for (bad, why) in [
        ("/keys", Url),
        ("", Url),
        ("https://me@example.com/", Url),
        ("https://me:pass@10.0.0.1/", Url),
        ("mailto:me@example.com", Url),
        ("http://example.com/keys", NotHttps),
        ("http://127.0.0.1/keys", NotHttps),
        ("http://intranet.example/keys", NotHttps),
        ("ftp://10.0.0.1/keys", NotHttps),
        ("https://127.0.0.1/keys", NotPublic),
        ("https://127.1/keys", NotPublic),
        ("https://2130706433/keys", NotPublic),
        ("https://0x7f.0.0.1/keys", NotPublic),
        ("https://0177.0.0.1/keys", NotPublic),
        ("https://①②⑦.0.0.1/keys", NotPublic),
        ("https://169.254.169.254/latest/meta-data", NotPublic),
        ("https://0.0.0.0/keys", NotPublic),
        ("https://[::]/keys", NotPublic),
        ("https://[::1]/keys", NotPublic),
        ("https://[::ffff:127.0.0.1]/keys", NotPublic),
        ("https://[::ffff:7f00:1]/keys", NotPublic),
        ("https://[::127.0.0.1]/keys", NotPublic),
        ("https://[64:ff9b::127.0.0.1]/keys", NotPublic),
        ("https://[2002:7f00:1::]/keys", NotPublic),
        ("https://[fd00::1]/keys", NotPublic),
        ("https://[fe80::1]/keys", NotPublic),
    ] {
        assert_eq!(outbound.check(bad), Err(why), "{bad}");
    }
    let long = format!("https://example.com/{}", "a".repeat(MAX_URL_BYTES));
    assert_eq!(outbound.check(&long), Err(Url));
}

#[tokio::test]
async fn a_name_with_one_private_address_is_refused() {
    for answer in [
        &["127.0.0.1"][..],
        &["8.8.8.8", "10.0.0.1"],
        &["::ffff:127.0.0.1"],
        &["fd00::1"],
    ] {
        let outbound = Outbound::with(&settings(&[]), Answers::new(&[answer])).unwrap();
        let refused = get(&outbound, "https://keys.example/").await;
        assert_eq!(refused, Err(OutboundError::NotPublic), "{answer:?}");
    }
    let nobody = Outbound::with(&settings(&[]), Answers::new(&[&[]])).unwrap();
    let refused = get(&nobody, "https://keys.example/").await;
    assert_eq!(refused, Err(OutboundError::UnknownHost));
    let local = get(&open(&[]), "https://localhost/").await;
    assert_eq!(local, Err(OutboundError::NotPublic));
}

/// DNS rebinding: the answer that was checked is the one that is connected to, and a
/// later answer is checked again.
#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    let (tls, certificate) = certified("keys.example");
    let host = host(GOOD, Some(tls)).await;
    let settings = config::Outbound {
        ca_file: Some(certificate.path().to_owned()),
        ..settings(&["127.0.0.0/8"])
    };
    // The first address is allowed and is where the host is; the second is not.
    let answers = Answers::new(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let outbound = Outbound::with(&settings, answers.clone()).unwrap();
    let uri = format!("https://keys.example:{}/", host.port);
    assert_eq!(get(&outbound, &uri).await, Ok("{}".into()));
    assert_eq!(answers.0.lock().len(), 1, "asked once for one request");
    assert_eq!(get(&outbound, &uri).await, Err(OutboundError::NotPublic));
    assert_eq!(host.seen.lock().len(), 1);
}

#[tokio::test]
async fn a_certificate_is_checked() {
    let (tls, certificate) = certified("keys.example");
    let (_, other) = certified("keys.example");
    let host = host(GOOD, Some(tls)).await;
    let ask = async |file: &tempfile::NamedTempFile, name: &str| {
        let settings = config::Outbound {
            ca_file: Some(file.path().to_owned()),
            ..settings(&["127.0.0.0/8"])
        };
        let answers = Answers::new(&[&["127.0.0.1"]]);
        let outbound = Outbound::with(&settings, answers).unwrap();
        get(&outbound, &format!("https://{name}:{}/", host.port)).await
    };
    assert_eq!(ask(&certificate, "keys.example").await, Ok("{}".into()));
    assert_eq!(ask(&other, "keys.example").await, Err(OutboundError::Tls));
    assert_eq!(
        ask(&certificate, "other.example").await,
        Err(OutboundError::Tls)
    );
}

#[tokio::test]
async fn one_request_says_who_asks_and_carries_nothing_else() {
    let host = host(GOOD, None).await;
    let outbound = open(&[&format!("127.0.0.1:{}", host.port)]);
    let uri = format!("http://127.0.0.1:{}/keys?a=b#fragment", host.port);
    let fetched = outbound.fetch(&uri, "application/json", 2).await.unwrap();
    assert_eq!(fetched.fresh_for, Some(Millis::seconds(60)));
    outbound
        .post_form(&uri, &[("logout_token", "a+b c")])
        .await
        .unwrap();
    let seen = host
        .seen
        .lock()
        .join("\n---\n")
        .replace(&host.port.to_string(), "PORT");
    assert!(seen.starts_with("GET /keys?a=b HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains("user-agent: grantor/"), "{seen}");
    assert!(seen.contains("POST /keys?a=b HTTP/1.1\r\n"), "{seen}");
    assert!(
        seen.ends_with("\r\n\r\nlogout_token=a%2Bb+c") || seen.ends_with("logout_token=a%2Bb%20c"),
        "{seen}"
    );
    for absent in ["cookie", "referer", "authorization", "accept-encoding"] {
        assert!(!seen.contains(absent), "{seen}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inside = host(GOOD, None).await;
    let to = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\n\r\n",
        inside.port
    );
    let outside = host(Act::Answer(to.leak()), None).await;
    let outbound = open(&["127.0.0.1"]);
    let uri = format!("http://127.0.0.1:{}/", outside.port);
    assert_eq!(get(&outbound, &uri).await, Err(OutboundError::Redirect));
    assert_eq!(
        outbound.post_form(&uri, &[]).await,
        Err(OutboundError::Redirect)
    );
    assert!(inside.seen.lock().is_empty());
}

#[tokio::test]
async fn a_huge_body_is_cut_off_and_an_error_is_none_of_ours() {
    let outbound = open(&["127.0.0.1"]);
    let at = async |act| format!("http://127.0.0.1:{}/", host(act, None).await.port);
    let endless = at(Act::Endless).await;
    assert_eq!(
        get(&outbound, &endless).await,
        Err(OutboundError::TooLong(1000))
    );
    let failing = at(Act::Answer(
        "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
    ))
    .await;
    assert_eq!(
        get(&outbound, &failing).await,
        Err(OutboundError::Status(500))
    );
    let none = at(Act::Answer("")).await;
    assert_eq!(get(&outbound, &none).await, Err(OutboundError::Unreachable));
}

#[tokio::test]
async fn a_slow_body_ends_with_the_patience() {
    let host = host(Act::Stall, None).await;
    let mut outbound = open(&["127.0.0.1"]);
    outbound.0.as_mut().unwrap().patience = Duration::from_millis(50);
    let uri = format!("http://127.0.0.1:{}/", host.port);
    assert_eq!(get(&outbound, &uri).await, Err(OutboundError::TooSlow));
    assert_eq!(host.seen.lock().len(), 1);
}

/// Whoever owns a host that never answers takes the places at that host.
#[tokio::test]
async fn a_slow_host_holds_up_no_other() {
    let (slow, good) = (host(Act::Stall, None).await, host(GOOD, None).await);
    let outbound = Arc::new(open(&["127.0.0.1", "localhost"]));
    let uri = format!("http://127.0.0.1:{}/", slow.port);
    for _ in 0..AT_ONCE + 1 {
        let (outbound, uri) = (outbound.clone(), uri.clone());
        tokio::spawn(async move { get(&outbound, &uri).await });
    }
    while slow.seen.lock().len() < AT_ONE_HOST {
        tokio::task::yield_now().await;
    }
    let uri = format!("http://localhost:{}/", good.port);
    assert_eq!(get(&outbound, &uri).await, Ok("{}".into()));
    assert_eq!(slow.seen.lock().len(), AT_ONE_HOST);
}

#[test]
fn how_long_an_answer_may_be_kept() {
    let said = |lines: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CACHE_CONTROL, HeaderValue::from_static(line));
        }
        fresh_for(&headers).map(Millis::as_seconds)
    };
    assert_eq!(said(&[]), None);
    assert_eq!(said(&["public"]), None);
    assert_eq!(said(&["public, Max-Age=300"]), Some(300));
    assert_eq!(said(&["max-age=\"10\""]), Some(10));
    assert_eq!(said(&["max-age=300", "max-age=20"]), Some(20));
    assert_eq!(said(&["max-age=300, no-store"]), Some(0));
    assert_eq!(said(&["no-cache, max-age=300"]), Some(0));
    assert_eq!(said(&["max-age=-1"]), None);
}

#[test]
fn a_bad_authority_file_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let settings = config::Outbound {
        ca_file: Some(file.path().to_owned()),
        ..settings(&[])
    };
    let error = Outbound::open(&settings).err().unwrap();
    assert!(format!("{error:#}").contains("which outbound_ca_file names"));
}
