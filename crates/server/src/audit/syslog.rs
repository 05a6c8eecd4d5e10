//! Lines for a syslog (RFC 5424), one message an event: by datagram, or counted on a
//! connection (RFC 6587 §3.4.1).

use super::place::Line;
use crate::{config::SyslogAddress, pages::format};
use anyhow::Context;
use std::{net::Ipv6Addr, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpStream, UdpSocket, UnixDatagram},
    time::timeout,
};

/// Of what concerns security and authorization (10), a notice (5): RFC 5424 §6.2.1.
const PRIORITY: u8 = 10 * 8 + 5;
const PATIENCE: Duration = Duration::from_secs(5);

pub struct Syslog {
    to: SyslogAddress,
    host: String,
    connection: Option<TcpStream>,
}

impl Syslog {
    pub fn new(to: SyslogAddress, host: &str) -> Self {
        Self {
            to,
            host: host.to_owned(),
            connection: None,
        }
    }

    fn message(&self, (event, line): &Line<'_>) -> String {
        let (at, host, kind) = (format::instant(event.at), &self.host, &event.kind);
        format!("<{PRIORITY}>1 {at} {host} grantor - {kind} - {line}")
    }

    pub async fn send(&mut self, lines: &[Line<'_>]) -> anyhow::Result<()> {
        let messages: Vec<_> = lines.iter().map(|line| self.message(line)).collect();
        let to = self.to.clone();
        let sent = timeout(PATIENCE, async {
            match &to {
                SyslogAddress::Udp(to) => by_udp(to, &messages).await,
                SyslogAddress::Unix(path) => {
                    let socket = UnixDatagram::unbound()?;
                    socket.connect(path)?;
                    for message in &messages {
                        socket.send(message.as_bytes()).await?;
                    }
                    Ok(())
                }
                SyslogAddress::Tcp(to) => self.by_tcp(to, &messages).await,
            }
        });
        let sent = sent
            .await
            .unwrap_or(Err(std::io::ErrorKind::TimedOut.into()));
        if sent.is_err() {
            self.connection = None;
        }
        sent.with_context(|| format!("the syslog {}", self.to))
    }

    async fn by_tcp(&mut self, to: &str, messages: &[String]) -> std::io::Result<()> {
        // What is written to one that the other side has closed would be lost.
        let connection = match self.connection.take().filter(is_open) {
            Some(connection) => connection,
            None => TcpStream::connect(to).await?,
        };
        let connection = self.connection.insert(connection);
        let counted = |message: &String| format!("{} {message}", message.len());
        let whole: String = messages.iter().map(counted).collect();
        connection.write_all(whole.as_bytes()).await?;
        connection.flush().await
    }
}

/// A syslog says nothing, until it closes.
fn is_open(connection: &TcpStream) -> bool {
    let nothing = connection.try_read(&mut [0; 64]);
    nothing.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

async fn by_udp(to: &str, messages: &[String]) -> std::io::Result<()> {
    let mut found = tokio::net::lookup_host(to).await?;
    let to = found.next().ok_or(std::io::ErrorKind::NotFound)?;
    let socket = match to.is_ipv4() {
        true => UdpSocket::bind("0.0.0.0:0").await?,
        false => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).await?,
    };
    socket.connect(to).await?;
    for message in messages {
        socket.send(message.as_bytes()).await?;
    }
    Ok(())
}
