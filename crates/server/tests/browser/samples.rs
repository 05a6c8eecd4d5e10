//! Every sample of every page, in every language: what the unit tests leave in
//! `target/pages`, as a browser shows it.

use crate::{
    audit::glance,
    chromium::{Scripts, browse},
};
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Response, StatusCode, Uri, header},
};
use std::{fs, path::PathBuf};
use tokio::net::TcpListener;

fn pages() -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    target.parent().expect("a target folder").join("pages")
}

async fn serve() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().fallback(file).with_state(pages());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

async fn file(State(folder): State<PathBuf>, uri: Uri) -> Response<Body> {
    let path = uri.path().trim_start_matches('/');
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let (status, body) = match fs::read(folder.join(path)) {
        Ok(bytes) => (StatusCode::OK, bytes),
        Err(_) => (StatusCode::NOT_FOUND, Vec::new()),
    };
    let response = Response::builder().status(status);
    let response = response.header(header::CONTENT_TYPE, kind);
    response.body(body.into()).expect("a response")
}

async fn tour(origin: &str, language: &str) {
    let folder = pages().join(language);
    let files = fs::read_dir(&folder).expect("pages, which the unit tests leave");
    let mut names: Vec<_> = files
        .map(|file| file.expect("a page").file_name())
        .filter_map(|name| name.to_str()?.strip_suffix(".html").map(str::to_owned))
        // These send the browser on at once.
        .filter(|name| {
            !["form-post", "signed-out"]
                .iter()
                .any(|on| name.starts_with(on))
        })
        .collect();
    names.sort();
    assert!(names.len() > 100, "{} pages in {language}", names.len());
    browse(Scripts::On, async |person| {
        for name in names {
            person
                .open(&format!("{origin}/{language}/{name}.html"))
                .await;
            glance(person, &format!("sample-{language}-{name}")).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "looks at 600 pages, for some minutes"]
async fn every_sample_in_every_language() {
    let origin = serve().await;
    let tour = async |language: &'static str| tour(&origin, language).await;
    tokio::join!(tour("en"), tour("de"), tour("fr"), tour("es"), tour("ar"));
}
