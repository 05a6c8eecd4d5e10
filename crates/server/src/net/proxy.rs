//! The PROXY protocol, versions 1 and 2: the header in which a load balancer
//! says whose connection it hands on. All of it is read and not a byte more,
//! because TLS or HTTP follows.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

const V2_SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// The shortest header of either version is longer than this.
const FIRST: usize = V2_SIGNATURE.len();
const V1_MAX: usize = 107;
/// Addresses take 36 bytes; the rest is additions that nobody makes larger.
const V2_MAX_BODY: usize = 4096;

/// The client's address, or `None` when the proxy speaks for itself (a health
/// check) or does not know.
pub(super) async fn read_header(stream: &mut TcpStream) -> io::Result<Option<SocketAddr>> {
    let mut first = [0; FIRST];
    stream.read_exact(&mut first).await?;
    let source = if first == V2_SIGNATURE {
        let mut fixed = [0; 4];
        stream.read_exact(&mut fixed).await?;
        let length = usize::from(u16::from_be_bytes([fixed[2], fixed[3]]));
        if length > V2_MAX_BODY {
            return Err(malformed());
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        parse_v2(fixed[0], fixed[1], &body)
    } else {
        let mut line = [0; V1_MAX];
        line[..FIRST].copy_from_slice(&first);
        let length = read_line(stream, &mut line).await?;
        parse_v1(&line[..length])
    };
    source.map_err(|Malformed| malformed())
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "no valid PROXY header")
}

/// Looks ahead, then takes what belongs to the line: two calls instead of one
/// per byte.
async fn read_line(stream: &mut TcpStream, line: &mut [u8; V1_MAX]) -> io::Result<usize> {
    if !line.starts_with(b"PROXY ") {
        return Err(malformed());
    }
    let mut length = FIRST;
    while length < V1_MAX {
        let seen = stream.peek(&mut line[length..]).await?;
        if seen == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let end = line[length..length + seen]
            .iter()
            .position(|byte| *byte == b'\n');
        let taken = end.map_or(seen, |end| end + 1);
        stream.read_exact(&mut line[length..length + taken]).await?;
        length += taken;
        if end.is_some() {
            return Ok(length);
        }
    }
    Err(malformed())
}

#[derive(Debug, PartialEq, Eq)]
struct Malformed;

fn parse_v1(line: &[u8]) -> Result<Option<SocketAddr>, Malformed> {
    let line = line
        .strip_prefix(b"PROXY ")
        .and_then(|line| line.strip_suffix(b"\r\n"));
    let line = line
        .and_then(|line| str::from_utf8(line).ok())
        .ok_or(Malformed)?;
    let fields: Vec<&str> = line.split(' ').collect();
    let addresses = |source: IpAddr, other: &str, ports: [&str; 2]| {
        let other: IpAddr = other.parse().map_err(|_| Malformed)?;
        let [port, _] = [parse_port(ports[0])?, parse_port(ports[1])?];
        if source.is_ipv4() != other.is_ipv4() {
            return Err(Malformed);
        }
        Ok(Some(SocketAddr::new(source, port)))
    };
    match fields[..] {
        ["UNKNOWN", ..] => Ok(None),
        ["TCP4", source, other, port, other_port] => {
            let source: Ipv4Addr = source.parse().map_err(|_| Malformed)?;
            addresses(source.into(), other, [port, other_port])
        }
        ["TCP6", source, other, port, other_port] => {
            let source: Ipv6Addr = source.parse().map_err(|_| Malformed)?;
            addresses(source.into(), other, [port, other_port])
        }
        _ => Err(Malformed),
    }
}

/// Rust's own parser would also take a plus sign.
fn parse_port(text: &str) -> Result<u16, Malformed> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse().map_err(|_| Malformed)?;
    if digits { Ok(port) } else { Err(Malformed) }
}

fn parse_v2(command: u8, family: u8, body: &[u8]) -> Result<Option<SocketAddr>, Malformed> {
    const LOCAL: u8 = 0x20;
    const PROXY: u8 = 0x21;
    match (command, family) {
        (LOCAL, _) => Ok(None),
        (PROXY, 0x11) => {
            let (source, _) = body.split_first_chunk::<4>().ok_or(Malformed)?;
            let port = body.get(8..12).ok_or(Malformed)?;
            Ok(Some(SocketAddr::new(
                (*source).into(),
                u16::from_be_bytes([port[0], port[1]]),
            )))
        }
        (PROXY, 0x21) => {
            let (source, _) = body.split_first_chunk::<16>().ok_or(Malformed)?;
            let port = body.get(32..36).ok_or(Malformed)?;
            Ok(Some(SocketAddr::new(
                (*source).into(),
                u16::from_be_bytes([port[0], port[1]]),
            )))
        }
        // Datagrams, local sockets, unspecified: no address of ours.
        (PROXY, 0x00 | 0x12 | 0x22 | 0x31 | 0x32) => Ok(None),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Result<Option<SocketAddr>, Malformed> {
        Ok(Some(text.parse().unwrap()))
    }

    #[test]
    fn version_1() {
        let line = b"PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n";
        assert_eq!(parse_v1(line), address("192.0.2.1:4711"));
        let line = b"PROXY TCP6 2001:db8::1 2001:db8::2 4711 443\r\n";
        assert_eq!(parse_v1(line), address("[2001:db8::1]:4711"));
        assert_eq!(parse_v1(b"PROXY UNKNOWN\r\n"), Ok(None));
        assert_eq!(parse_v1(b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), Ok(None));
    }

    #[test]
    fn malformed_version_1() {
        for line in [
            "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 4711\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443 1\r\n",
            "PROXY TCP4  192.0.2.1 198.51.100.1 4711 443\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 +80 443\r\n",
            "PROXY TCP4 192.0.2.1 198.51.100.1 80 -1\r\n",
            "PROXY TCP4 2001:db8::1 2001:db8::2 4711 443\r\n",
            "PROXY TCP6 192.0.2.1 198.51.100.1 4711 443\r\n",
            "PROXY TCP4 192.0.2.1 2001:db8::2 4711 443\r\n",
            "PROXY TCP4 example.org 198.51.100.1 4711 443\r\n",
            "PROXY UDP4 192.0.2.1 198.51.100.1 4711 443\r\n",
            "proxy TCP4 192.0.2.1 198.51.100.1 4711 443\r\n",
            "PROXY \r\n",
        ] {
            assert_eq!(parse_v1(line.as_bytes()), Err(Malformed), "{line:?}");
        }
        assert_eq!(parse_v1(b"PROXY TCP4 \xff\r\n"), Err(Malformed));
    }

    #[test]
    fn version_2() {
        let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x67, 1, 187];
        assert_eq!(parse_v2(0x21, 0x11, &v4), address("192.0.2.1:4711"));
        let with_additions = [&v4[..], &[4, 0, 1, 0]].concat();
        assert_eq!(
            parse_v2(0x21, 0x11, &with_additions),
            address("192.0.2.1:4711")
        );
        let mut v6 = [0; 36];
        v6[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        v6[15] = 1;
        v6[32..34].copy_from_slice(&[0x12, 0x67]);
        assert_eq!(parse_v2(0x21, 0x21, &v6), address("[2001:db8::1]:4711"));
        assert_eq!(parse_v2(0x20, 0x00, &[]), Ok(None));
        assert_eq!(parse_v2(0x20, 0x11, &v4), Ok(None));
        assert_eq!(parse_v2(0x21, 0x00, &[]), Ok(None));
        assert_eq!(parse_v2(0x21, 0x31, &[0; 216]), Ok(None));
    }

    #[test]
    fn malformed_version_2() {
        assert_eq!(parse_v2(0x21, 0x11, &[0; 11]), Err(Malformed));
        assert_eq!(parse_v2(0x21, 0x21, &[0; 35]), Err(Malformed));
        assert_eq!(parse_v2(0x11, 0x11, &[0; 12]), Err(Malformed));
        assert_eq!(parse_v2(0x22, 0x11, &[0; 12]), Err(Malformed));
        assert_eq!(parse_v2(0x21, 0x41, &[0; 12]), Err(Malformed));
    }
}
