//! The sockets: one thread listens, one per connection reads requests and writes answers.

use crate::Shared;
use crate::http::{Broken, Reader, Response};
use crate::route;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const MAX_CONNECTIONS: usize = 512;
/// How long a connection may be silent.
const IDLE: Duration = Duration::from_secs(60);

/// A listening simulator; stops when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Arc<AtomicBool>,
    open: Arc<Open>,
    listening: Option<JoinHandle<()>>,
}

/// The connections that are open, so that stopping can end them.
#[derive(Debug, Default)]
struct Open {
    streams: Mutex<HashMap<u64, TcpStream>>,
}

impl Open {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, TcpStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket that is bound but not yet served, so that its address can be known first.
pub(crate) fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

impl Server {
    /// Serves `listener` until dropped.
    pub(crate) fn start(
        shared: Arc<Shared>,
        listener: TcpListener,
        address: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
    ) -> io::Result<Server> {
        let stop = Arc::clone(&shared.stop);
        let open = Arc::new(Open::default());
        let known = Arc::clone(&open);
        let listening = thread::Builder::new()
            .name("nnopen-simulator".to_owned())
            .spawn(move || listen(&shared, &listener, tls.as_ref(), &known))?;
        Ok(Server { address, stop, open, listening: Some(listening) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, which is waiting for a connection.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1)).is_ok();
        if let Some(listening) = self.listening.take().filter(|_| woken) {
            let _ = listening.join();
        }
        for stream in self.open.lock().values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn listen(shared: &Arc<Shared>, listener: &TcpListener, tls: Option<&Arc<ServerConfig>>, open: &Arc<Open>) {
    for (id, stream) in (0u64..).zip(listener.incoming()) {
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else {
            // Out of descriptors or the like: give others time to close.
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        let Ok(copy) = stream.try_clone() else { continue };
        {
            let mut streams = open.lock();
            if streams.len() >= MAX_CONNECTIONS {
                continue;
            }
            streams.insert(id, copy);
        }
        let (shared, tls, known) = (Arc::clone(shared), tls.cloned(), Arc::clone(open));
        let serve = move || {
            let _ = catch_unwind(AssertUnwindSafe(|| connection(&shared, stream, tls)));
            known.lock().remove(&id);
        };
        if thread::Builder::new().name("nnopen-simulator-connection".to_owned()).spawn(serve).is_err() {
            open.lock().remove(&id);
        }
    }
}

fn connection(shared: &Shared, stream: TcpStream, tls: Option<Arc<ServerConfig>>) {
    let ready =
        stream.set_nodelay(true).and(stream.set_read_timeout(Some(IDLE))).and(stream.set_write_timeout(Some(IDLE)));
    if ready.is_err() {
        return;
    }
    match tls {
        None => serve(shared, stream, |stream| {
            let _ = stream.shutdown(Shutdown::Write);
        }),
        Some(config) => {
            let Ok(connection) = ServerConnection::new(config) else { return };
            serve(shared, StreamOwned::new(connection, stream), |stream| {
                stream.conn.send_close_notify();
                let _ = stream.flush();
                let _ = stream.sock.shutdown(Shutdown::Write);
            });
        }
    }
}

/// Request after request, until one side has had enough.
fn serve<S: Read + Write>(shared: &Shared, mut stream: S, finish: impl Fn(&mut S)) {
    let mut reader = Reader::default();
    loop {
        let request = match reader.next(&mut stream) {
            Ok(request) => request,
            Err(Broken::Gone) => return finish(&mut stream),
            Err(Broken::Bad(status, what)) => {
                let _ = Response::text(status, what).write(&mut stream, false, false);
                finish(&mut stream);
                return drain(&mut stream);
            }
        };
        let answered = catch_unwind(AssertUnwindSafe(|| route::handle(shared, &request)));
        let response = match answered {
            Ok(Some(response)) => response,
            // Lost on purpose: no answer, no farewell.
            Ok(None) => return,
            Err(_) => Response::text(500, "the simulator failed; please report it"),
        };
        let keep_alive = request.keep_alive && response.status != 500 && !shared.stop.load(Ordering::SeqCst);
        if response.write(&mut stream, keep_alive, request.method == "HEAD").is_err() {
            return;
        }
        if !keep_alive {
            finish(&mut stream);
            return drain(&mut stream);
        }
    }
}

/// Reads away what the peer still sends, so that closing does not reset the connection before it has read the answer.
fn drain(stream: &mut impl Read) {
    let mut buffer = [0; 16 * 1024];
    for _ in 0..2_048 {
        if !matches!(stream.read(&mut buffer), Ok(count) if count > 0) {
            return;
        }
    }
}
