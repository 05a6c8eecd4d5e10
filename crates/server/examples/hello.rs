//! A bare JSON endpoint on the server's own accept loop: what the stack allows, for
//! the benchmark to compare with.

use axum::{Json, Router, routing::get};
use grantor::net::{Limits, Server};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8099".into());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let router = Router::new().route(
        "/hello",
        get(|| async { Json(serde_json::json!({"hello": "world"})) }),
    );
    let server = Server {
        listener,
        tls: None,
        limits: Limits::default(),
        proxy_protocol: false,
    };
    server.serve(router, std::future::pending::<()>()).await
}
