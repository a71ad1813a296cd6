//! The listening socket, its connections, and the way to an end.

use super::router::router;
use super::state::State;
use crate::{Error, Result};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutWriter;

/// Threads that move bytes between connections and the queue; judging has its own.
const NETWORK_THREADS: usize = 2;
/// Time that requests have to come to their end when the service stops.
const GRACE: Duration = Duration::from_secs(30);
/// Pause after the system had no file handle for a connection.
const PAUSE: Duration = Duration::from_millis(50);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 64 << 10;

/// A service that listens and does not answer yet.
///
/// ```no_run
/// use pagesieve::Filter;
/// use pagesieve::serve::{Options, Service, State};
/// let state = State::new(Filter::builtin(), Options::default())?;
/// let service = Service::bind(state)?;
/// println!("http://{}", service.address());
/// let summary = service.run()?;
/// println!("{} pages", summary.pages);
/// # Ok::<(), pagesieve::Error>(())
/// ```
#[derive(Debug)]
pub struct Service {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<State>,
}

/// What a service has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Pages that were judged.
    pub pages: u64,
    /// Time from start to stop.
    pub time: Duration,
    /// Connections that were cut off because they did not come to their end in time.
    pub cut_off: usize,
}

impl Service {
    /// Takes the address of the options.
    ///
    /// Fails with [`Error::Settings`] when another program has it or it is not this machine's.
    pub fn bind(state: State) -> Result<Self> {
        let wanted = state.options.address;
        let listener = TcpListener::bind(wanted).map_err(|error| cannot_listen(wanted, &error))?;
        listener.set_nonblocking(true).map_err(|error| cannot_listen(wanted, &error))?;
        let address = listener.local_addr().map_err(|error| cannot_listen(wanted, &error))?;
        Ok(Self { listener, address, state: Arc::new(state) })
    }

    /// Where it listens, with the port that the system gave.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What its requests share, for instance to swap the filter.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.state)
    }

    /// Answers until SIGINT or SIGTERM, lets what runs come to its end, and says what was done. A second signal
    /// cuts off what still runs.
    pub fn run(self) -> Result<Summary> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(NETWORK_THREADS)
            .thread_name("serve")
            .enable_all()
            .build()
            .map_err(|error| cannot_listen(self.address, &error))?;
        let address = self.address;
        let summary = runtime.block_on(self.answer()).map_err(|error| cannot_listen(address, &error));
        // A thread that waits for a stranger's server would hold up the end.
        runtime.shutdown_background();
        summary
    }

    async fn answer(self) -> io::Result<Summary> {
        let started = Instant::now();
        let mut signals = Signals::new()?;
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let places = Arc::new(Semaphore::new(self.state.options.connections));
        let (router, running) = (router(Arc::clone(&self.state)), GracefulShutdown::new());
        loop {
            tokio::select! {
                (stream, place) = accept(&listener, &places) => {
                    connect(&self.state, &router, &running, stream, place);
                }
                () = signals.next() => break,
            }
        }
        drop(listener);
        let cut_off = stop(running, &places, self.state.options.connections, &mut signals).await;
        Ok(Summary { pages: self.state.metrics.pages(), time: started.elapsed(), cut_off })
    }
}

/// The next connection, as soon as there is a place for it.
async fn accept(
    listener: &tokio::net::TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // The peer has gone, or there is no file handle left.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn connect(
    state: &Arc<State>,
    router: &Router,
    running: &GracefulShutdown,
    stream: TcpStream,
    place: Option<OwnedSemaphorePermit>,
) {
    // Where this fails, answers come a little later.
    let _ = stream.set_nodelay(true);
    // Who asks for much and reads nothing would hold a connection and its memory for ever. Reading needs no limit here:
    // heads and bodies have their own.
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(state.options.idle_time));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(state.options.header_time)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(router.clone()));
    let connection = running.watch(connection);
    let state = Arc::clone(state);
    tokio::spawn(async move {
        state.metrics.connections.inc();
        // A connection that breaks off concerns its client alone.
        let _ = connection.await;
        state.metrics.connections.dec();
        drop(place);
    });
}

/// Waits for what runs; gives the number of connections that were still open.
async fn stop(running: GracefulShutdown, places: &Semaphore, all: usize, signals: &mut Signals) -> usize {
    tokio::select! {
        () = running.shutdown() => return 0,
        () = tokio::time::sleep(GRACE) => {}
        () = signals.next() => {}
    }
    all.saturating_sub(places.available_permits())
}

/// Signals that end the service.
#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The key combination that ends the service.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Where the system does not tell, the service ends when it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Error {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there, perhaps another `pagesieve serve`; stop it, or give --listen another port"
                .to_owned()
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine does not have that address; give --listen one of its own".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied; give --listen a port from 1024 on".to_owned()
        }
        _ => error.to_string(),
    };
    Error::Settings(format!("cannot listen on {address}: {advice}"))
}
