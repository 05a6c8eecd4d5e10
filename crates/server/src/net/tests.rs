//! Over real sockets, with deadlines of a fifth of a second.

mod harness;

use super::*;
use harness::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

#[tokio::test]
async fn a_request_is_answered_and_knows_its_peer() {
    let server = Running::start(limits()).await;
    let mut stream = server.connect().await;
    let me = stream.local_addr().unwrap();
    stream.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with(&format!("to {me}!")), "{answer}");
}

/// HTTP/1 could not carry one; HTTP/2 would, and clients would take it for an error.
#[tokio::test]
async fn a_head_has_no_body_and_says_how_long_it_would_be() {
    let server = Running::start(limits()).await;
    let long = "/".repeat(9_000);
    for http2 in [false, true] {
        let client = match http2 {
            true => reqwest::Client::builder().http2_prior_knowledge(),
            false => reqwest::Client::builder().http1_only(),
        };
        let client = client.no_proxy().build().unwrap();
        for (path, length) in [("/whole", 9), ("/", 0), (&*long, 37)] {
            let url = format!("http://{}{path}", server.address);
            let answer = client.head(url).send().await.unwrap();
            let said = answer.headers()["content-length"].to_str().unwrap();
            assert!(length == 0 || said == length.to_string(), "{path}: {said}");
            assert_eq!(answer.bytes().await.unwrap(), "");
        }
    }
}

/// Nothing, the letter that both versions of HTTP begin with, half a line,
/// half a head; and HTTP/2 that never asks.
const HALF: [&str; 5] = [
    "",
    "P",
    "GET / HT",
    "GET / HTTP/1.1\r\nHos",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

#[tokio::test]
async fn whoever_does_not_finish_the_first_head_is_cut() {
    let server = Arc::new(Running::start(limits()).await);
    let mut cut = JoinSet::new();
    for text in HALF {
        let server = server.clone();
        cut.spawn(async move {
            let begun = Instant::now();
            let answer = server.ask(text).await;
            assert!(!answer.contains("HTTP/1.1 200"), "{text:?}: {answer}");
            assert!(begun.elapsed() >= SHORT.mul_f32(0.9), "{text:?} cut early");
        });
    }
    cut.join_all().await;
}

#[tokio::test]
async fn tls_gives_no_more_time() {
    let (config, connector) = tls();
    let server = Arc::new(Running::start_with(limits(), Some(config), false).await);
    let mut cut = JoinSet::new();
    for text in HALF {
        let (server, connector) = (server.clone(), connector.clone());
        cut.spawn(async move {
            let mut stream = over_tls(&connector, server.connect().await).await;
            stream.write_all(text.as_bytes()).await.unwrap();
            assert!(
                !rest(&mut stream).await.contains("HTTP/1.1 200"),
                "{text:?}"
            );
        });
    }
    for handshake in ["", "\x16", "\x16\x03\x01\x02"] {
        let server = server.clone();
        cut.spawn(async move { assert_eq!(server.ask(handshake).await, "") });
    }
    cut.join_all().await;
}

#[tokio::test]
async fn a_dribbled_head_gains_no_time() {
    let server = Running::start(limits()).await;
    let mut stream = server.connect().await;
    let begun = Instant::now();
    while begun.elapsed() < PATIENT && stream.write_all(b"G").await.is_ok() {
        sleep(SHORT / 10).await;
    }
    rest(&mut stream).await;
    assert!(begun.elapsed() < SHORT * 10, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_kept_connection_may_idle_but_not_dribble() {
    let server = Running::start(limits()).await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        stream.write_all(GET.as_bytes()).await.unwrap();
        let answer = answer(&mut stream, "!").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        // Longer than a head may take: nothing has been asked meanwhile.
        sleep(SHORT.mul_f32(1.5)).await;
    }
    let begun = Instant::now();
    stream.write_all(b"GET / HT").await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
    assert!(begun.elapsed() >= SHORT.mul_f32(0.9));
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = Running::start(Limits {
        idle: SHORT,
        ..Limits::default()
    })
    .await;
    let mut stream = server.connect().await;
    stream.write_all(GET.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.contains("200 OK"));
}

#[tokio::test]
async fn a_slow_handler_is_not_an_idle_connection() {
    let server = Running::start(Limits {
        idle: SHORT / 4,
        ..limits()
    })
    .await;
    let mut stream = server.connect().await;
    stream.write_all(GET_SLOW.as_bytes()).await.unwrap();
    server.begun.notified().await;
    sleep(SHORT * 2).await;
    server.release.notify_one();
    assert!(rest(&mut stream).await.ends_with("done"));
}

#[tokio::test]
async fn a_body_and_a_handler_have_their_deadlines() {
    let short = Limits {
        body_deadline: SHORT,
        handler_deadline: SHORT,
        ..Limits::default()
    };
    let server = Running::start(short).await;
    let late =
        "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhalf";
    let answer = server.ask(late).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let answer = server.ask(GET_SLOW).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
}

#[tokio::test]
async fn heads_and_urls_have_their_sizes() {
    let server = Running::start(limits()).await;
    let with = |url: usize, header: usize| {
        let (url, header) = ("x".repeat(url), "x".repeat(header));
        format!("GET /?{url} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nA: {header}\r\n\r\n")
    };
    for (url, header, status) in [
        (1, 15 * 1024, "200"),
        (1, 17 * 1024, "431"),
        (8000, 1, "200"),
        (8192, 1, "414"),
    ] {
        let answer = server.ask(&with(url, header)).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{url} {header}: {answer}"
        );
    }
    let many = "A: b\r\n".repeat(101);
    let answer = server
        .ask(&format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"))
        .await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_panic_costs_one_answer() {
    let server = Running::start(limits()).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /panic HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let text = answer(&mut stream, "logged.\n").await;
    assert!(text.starts_with("HTTP/1.1 500"), "{text}");
    assert!(!text.contains("a bug"), "{text}");
    stream.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn one_too_many_waits_for_a_seat() {
    let server = Running::start(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let mut first = server.connect().await;
    first.write_all(GET.as_bytes()).await.unwrap();
    answer(&mut first, "!").await;

    let mut second = server.connect().await;
    second.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    assert!(
        timeout(SHORT, second.read_u8()).await.is_err(),
        "answered beyond the cap"
    );
    drop(first);
    assert!(rest(&mut second).await.contains("200 OK"));
}

#[tokio::test]
async fn shutdown_finishes_what_is_in_flight_and_nothing_else() {
    let mut server = Running::start(limits()).await;
    let mut idle = server.connect().await;
    idle.write_all(GET.as_bytes()).await.unwrap();
    answer(&mut idle, "!").await;
    let mut slow = server.connect().await;
    slow.write_all(GET_SLOW.as_bytes()).await.unwrap();
    server.begun.notified().await;

    server.stop();
    assert_eq!(rest(&mut idle).await, "");
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "still accepting"
    );
    assert!(!server.ended.is_finished());
    server.release.notify_one();
    assert!(rest(&mut slow).await.ends_with("done"));
    timeout(PATIENT, server.ended)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn shutdown_does_not_wait_for_ever() {
    let mut server = Running::start(Limits {
        drain: SHORT,
        ..limits()
    })
    .await;
    let mut slow = server.connect().await;
    slow.write_all(GET_SLOW.as_bytes()).await.unwrap();
    server.begun.notified().await;
    server.stop();
    timeout(PATIENT, server.ended)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(rest(&mut slow).await, "");
}

#[tokio::test]
async fn the_proxy_header_says_who_the_peer_is() {
    let server = Running::start_with(limits(), None, true).await;
    let v1 = format!("PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n{GET_AND_CLOSE}");
    assert!(server.ask(&v1).await.ends_with("to 192.0.2.7:4711!"));

    let mut stream = server.connect().await;
    stream
        .write_all(b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c")
        .await
        .unwrap();
    stream
        .write_all(&[192, 0, 2, 8, 198, 51, 100, 1, 0x12, 0x67, 1, 187])
        .await
        .unwrap();
    stream.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.ends_with("to 192.0.2.8:4711!"));

    let mut stream = server.connect().await;
    let me = stream.local_addr().unwrap();
    // In pieces, as a network may deliver it.
    for piece in ["PROXY UNK", "NOWN", "\r\n", GET_AND_CLOSE] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(rest(&mut stream).await.ends_with(&format!("to {me}!")));
}

#[tokio::test]
async fn without_a_valid_proxy_header_nothing_is_answered() {
    let server = Running::start_with(limits(), None, true).await;
    let endless = format!("PROXY TCP4 {}", "1".repeat(200));
    let bad_v2 = "\r\n\r\n\0\r\nQUIT\n\x31\x11\0\x0cAAAAAAAAAAAA";
    for text in [
        GET,
        "PROXY TCP4 x\r\n",
        &endless,
        bad_v2,
        "PROXY TCP4 192",
        "",
    ] {
        assert_eq!(server.ask(text).await, "", "{text:?}");
    }
}

#[tokio::test]
async fn behind_a_proxy_header_tls_begins() {
    let (config, connector) = tls();
    let server = Running::start_with(limits(), Some(config), true).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n")
        .await
        .unwrap();
    let mut stream = over_tls(&connector, stream).await;
    stream.write_all(GET_AND_CLOSE.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.ends_with("to 192.0.2.7:4711!"));
}

/// By hand: the preface, and GET / from HPACK's static table.
#[tokio::test]
async fn http_2_is_spoken_with_its_limits_and_told_goodbye() {
    let server = Running::start(Limits {
        idle: SHORT,
        ..limits()
    })
    .await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let get = b"\0\0\x06\x01\x05\0\0\0\x01\x82\x84\x86\x41\x01a";
    stream.write_all(get).await.unwrap();
    let mut bytes = Vec::new();
    timeout(PATIENT, stream.read_to_end(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    let frames = frames(&bytes);
    let (_, settings) = frames
        .iter()
        .find(|(kind, _)| *kind == 4)
        .expect("SETTINGS");
    let settings: Vec<_> = settings.chunks(6).collect();
    assert!(
        settings.contains(&&[0, 3, 0, 0, 0, 100][..]),
        "MAX_CONCURRENT_STREAMS"
    );
    assert!(
        settings.contains(&&[0, 6, 0, 0, 0x40, 0][..]),
        "MAX_HEADER_LIST_SIZE"
    );
    let (_, headers) = frames.iter().find(|(kind, _)| *kind == 1).expect("HEADERS");
    assert_eq!(headers[0], 0x88, ":status 200");
    assert!(frames.iter().any(|(kind, _)| *kind == 7), "GOAWAY");
}

fn frames(mut bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let mut frames = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<9>() {
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        frames.push((head[3], &rest[..length]));
        bytes = &rest[length..];
    }
    frames
}

#[test]
fn accepting_pauses_only_for_what_lasts() {
    let pause = |code| pause_after(&io::Error::from_raw_os_error(code));
    let (interrupted, too_many_files, aborted) = (4, 24, 103);
    assert!(pause(too_many_files).is_some());
    assert!(pause(interrupted).is_none());
    assert!(pause(aborted).is_none());
}
