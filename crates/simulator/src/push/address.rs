//! Addresses that may be pushed to: plain http on this machine, and nothing else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A receiver on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Address {
    /// As it was given.
    pub(crate) url: String,
    /// What stands in the `Host` header.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Path and query.
    pub(crate) target: String,
    hosts: Vec<IpAddr>,
}

impl Address {
    /// Reads `http://127.0.0.1:PORT/…`, `http://localhost…` or `http://[::1]…`; names are not looked up.
    pub(crate) fn parse(url: &str) -> Option<Address> {
        let url = url.trim();
        let rest = url.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://")).and(url.get(7..))?;
        // What follows may be written into a request line: no blanks, no controls, nothing beyond ASCII.
        if !rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, target) = rest.split_at(end);
        let (v4, v6) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST));
        let (name, port) = match host.strip_prefix('[') {
            Some(inside) => inside.split_once(']').map(|(_, port)| (&host[..host.len() - port.len()], port))?,
            None => host.find(':').map_or((host, ""), |at| host.split_at(at)),
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => 80,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port > 0)?
            }
            _ => return None,
        };
        let hosts = match name.to_ascii_lowercase().as_str() {
            "127.0.0.1" => vec![v4],
            "[::1]" => vec![v6],
            "localhost" => vec![v4, v6],
            _ => return None,
        };
        let target = target.split('#').next().unwrap_or_default();
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Some(Address { url: url.to_owned(), host: host.to_owned(), port, target, hosts })
    }

    pub(crate) fn sockets(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.hosts.iter().map(|host| SocketAddr::new(*host, self.port))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_this_machine_is_pushed_to() {
        for (url, port, target) in [
            ("http://127.0.0.1:8080/invoice/scan?key=1#x", 8080, "/invoice/scan?key=1"),
            ("HTTP://LocalHost", 80, "/"),
            (" http://[::1]:9?x=1 ", 9, "/?x=1"),
        ] {
            let address = Address::parse(url).unwrap();
            assert_eq!((address.port, address.target.as_str()), (port, target), "{url}");
        }
        for url in [
            "",
            "127.0.0.1:80",
            "https://127.0.0.1/",
            "ftp://127.0.0.1/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://127.0.0.2/",
            "http://127.1/",
            "http://2130706433/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1@example.com/",
            "http://user:secret@127.0.0.1/",
            "http://example.com\\@127.0.0.1/",
            "http://[::1]example.com/",
            "http://[::2]/",
            "http://[::1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:80x/",
            "http://127.0.0.1:/",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\r\nX: y",
            "http://127.0.0.1/发票",
        ] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }
}
