//! Who is let in to: PostgreSQL that writes UTF-8, and nothing that only speaks like it.

use crate::{cluster::Cluster, world::NOW};
use grantor_store::{Access, Error, Location, Store};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, UnixStream},
};

/// What the operator reads when a server starts on this database.
async fn refused(url: &str) -> String {
    let access = Access::parse(url, None, 4).unwrap();
    match Store::open(&Location::Postgres(Arc::new(access)), 10, NOW).await {
        Err(Error::Unavailable(why)) => why,
        Err(other) => panic!("not for the operator: {other:?}"),
        Ok(_) => panic!("opened"),
    }
}

#[tokio::test]
async fn a_database_in_another_encoding() {
    let cluster = Cluster::get();
    cluster.query("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    let url = cluster.url().replace("/postgres?", "/latin?");
    let why = refused(&url).await;
    assert!(why.contains("latin at"), "{why}");
    assert!(why.contains("its encoding is LATIN1"), "{why}");
}

/// A real server, which on its way to us says of itself what CockroachDB says.
#[tokio::test]
async fn what_only_speaks_like_postgresql() {
    let socket = Cluster::get().folder().join(".s.PGSQL.5432");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut server = UnixStream::connect(&socket).await.unwrap();
            let length = client.read_i32().await.unwrap();
            let mut start = vec![0; usize::try_from(length).unwrap() - 4];
            client.read_exact(&mut start).await.unwrap();
            server.write_i32(length).await.unwrap();
            server.write_all(&start).await.unwrap();
            let mut welcome = [0; 9];
            server.read_exact(&mut welcome).await.unwrap();
            client.write_all(&welcome).await.unwrap();
            let said = b"crdb_version\0CockroachDB CCL v25.2.1 (linux)\0";
            client.write_u8(b'S').await.unwrap();
            client.write_i32(said.len() as i32 + 4).await.unwrap();
            client.write_all(said).await.unwrap();
            // Ends with whoever turned away.
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    });
    let why = refused(&format!(
        "postgresql://grantor@{address}/postgres?sslmode=disable"
    ))
    .await;
    assert!(
        why.contains("it is CockroachDB CCL v25.2.1, which"),
        "{why}"
    );
    assert!(why.contains("use PostgreSQL 15 or newer"), "{why}");
}
