//! Sends requests: the only part that speaks to the network.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nnopen::{Failure, Request};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, Transport};

use crate::trouble::Trouble;
use crate::words::say;

/// A client that verifies certificates, follows no redirect, and keeps the case of header names.
pub(crate) struct Http {
    roots: RootCerts,
}

/// An answer: its status and the bytes of its body.
pub(crate) type Answer = (u16, Vec<u8>);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
const FILE_TIMEOUT: Duration = Duration::from_secs(120);
const BIGGEST_ANSWER: u64 = 64 << 20;

impl Http {
    /// A client that trusts the well-known authorities and, if one is named, those of a PEM file.
    pub(crate) fn new(ca_file: Option<&Path>) -> Result<Self, Trouble> {
        let Some(path) = ca_file else { return Ok(Self { roots: RootCerts::WebPki }) };
        let pem = std::fs::read(path).map_err(|error| Trouble::file(path, &error))?;
        let extra: Vec<Certificate<'static>> = parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if extra.is_empty() {
            return Err(Trouble::input(
                format!("NNOPEN_CA_FILE: {}{}", path.display(), say(" 里没有证书", " holds no certificate")),
                "NNOPEN_CA_FILE 应当是 PEM 格式的证书文件",
                "NNOPEN_CA_FILE names a file of certificates in PEM form",
            ));
        }
        let known = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der));
        Ok(Self { roots: known.chain(extra).collect::<Vec<_>>().into() })
    }

    /// Sends `request` once. Without an answer: whether it may have left, and why, in words.
    pub(crate) fn post(&self, request: &Request) -> Result<Answer, (Failure, String)> {
        let connected = Arc::new(AtomicBool::new(false));
        self.exchange(request, &connected).map_err(|error| {
            let failure = if connected.load(Ordering::SeqCst) { Failure::MaybeSent } else { Failure::NotSent };
            (failure, reason(&error))
        })
    }

    fn exchange(&self, request: &Request, connected: &Arc<AtomicBool>) -> Result<Answer, ureq::Error> {
        let mark = Mark { connected: Arc::clone(connected) };
        let agent = self.agent(&request.url, WHOLE_TIMEOUT, DefaultConnector::new().chain(mark));
        let mut builder = agent.post(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header_raw(name, value.as_bytes());
        }
        let mut response = builder.send(request.body.as_bytes())?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(BIGGEST_ANSWER).read_to_vec()?;
        Ok((status, body))
    }

    /// Fetches a file once, without anything of ours in the request, and no more than `most` bytes of it. Of a redirect
    /// the place it points to.
    pub(crate) fn get(&self, url: &str, most: u64) -> Result<Fetched, String> {
        let fetch = || {
            let mut response = self.agent(url, FILE_TIMEOUT, DefaultConnector::new()).get(url).call()?;
            if response.status().is_redirection() {
                let place = response.headers().get("location").and_then(|place| place.to_str().ok());
                return Ok(Fetched::Moved(place.unwrap_or_default().to_owned()));
            }
            let status = response.status().as_u16();
            if status != 200 {
                return Ok(Fetched::Refused(status));
            }
            Ok(Fetched::File(response.body_mut().with_config().limit(most).read_to_vec()?))
        };
        fetch().map_err(|error: ureq::Error| match error {
            ureq::Error::BodyExceedsLimit(_) => format!("longer than {most} bytes"),
            other => reason(&other),
        })
    }

    fn agent(&self, url: &str, whole: Duration, connector: impl Connector) -> ureq::Agent {
        let mut config = ureq::Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(self.roots.clone()).build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(whole))
            .user_agent(concat!("nnopen/", env!("CARGO_PKG_VERSION")));
        if is_loopback(url) {
            config = config.proxy(None);
        }
        ureq::Agent::with_parts(config.build(), connector, DefaultResolver::default())
    }
}

/// What came of fetching a file.
pub(crate) enum Fetched {
    File(Vec<u8>),
    Moved(String),
    Refused(u16),
}

/// The end of the chain that makes a connection: reached only once name, connection and TLS handshake are done. What
/// fails before it surely was not sent.
#[derive(Debug)]
struct Mark {
    connected: Arc<AtomicBool>,
}

impl<In: Transport> Connector<In> for Mark {
    type Out = In;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<In>, ureq::Error> {
        // A connection to a proxy runs the chain too; the addresses of the platform all have a path.
        let to_proxy = matches!(details.uri.path(), "" | "/");
        if chained.is_some() && !to_proxy {
            self.connected.store(true, Ordering::SeqCst);
        }
        Ok(chained)
    }
}

fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let host = host.strip_prefix('[').map_or_else(|| host.split(':').next(), |v6| v6.split(']').next());
    matches!(host, Some("127.0.0.1" | "localhost" | "::1"))
}

/// Why there is no answer, in words that hold nothing of the request.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "the host's name was not found".to_owned(),
        ureq::Error::Timeout(what) => format!("timed out ({what})"),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            "the connection was refused".to_owned()
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the connection was closed without an answer".to_owned()
        }
        ureq::Error::Io(error) if error.to_string().contains("UnknownIssuer") => {
            "the certificate's issuer is not trusted (NNOPEN_CA_FILE names another one to trust)".to_owned()
        }
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => format!("TLS: {error}"),
        other => other.to_string(),
    }
}
