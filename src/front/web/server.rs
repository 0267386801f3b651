//! The socket: connections, their limits, and an orderly end.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, Sleep};
use tower::ServiceExt as _;

use super::access::LocalAddress;
use super::{Limits, ServeError, ServeOptions, Site, router};
use crate::search::Archive;

/// Serves `archive` until the process is told to stop (interrupt or termination signal); `ready`
/// learns the address when the server listens.
///
/// # Errors
/// Where the options leave the archive open to strangers, or the address cannot be listened on.
pub fn serve(
    options: &ServeOptions,
    archive: Arc<Archive>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let site = Site::new(archive, options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("newshound-web")
        .build()
        .map_err(ServeError::Start)?;
    let outcome = runtime.block_on(async {
        let listen = |source| ServeError::Listen { addr: options.addr, source };
        let listener = TcpListener::bind(options.addr).await.map_err(listen)?;
        let stop = stop_signal().map_err(ServeError::Start)?;
        ready(listener.local_addr().map_err(listen)?);
        run(listener, site, stop).await;
        Ok(())
    });
    // A search that still runs is not waited for.
    runtime.shutdown_background();
    outcome
}

/// Ends when the process is told to stop.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        let terminated = terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated => {}
        }
    })
}

/// Takes connections until `stop`, then lets those under way finish for a while.
async fn run(listener: TcpListener, site: Site, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let limits = *site.limits();
    let service = router(site.clone());
    let early = site.clone();
    tokio::task::spawn_blocking(move || early.prepare());
    let connections = Connections::default();
    let (stopping, stopped) = watch::channel(());
    let mut tasks = JoinSet::new();
    loop {
        let stream = tokio::select! {
            () = &mut stop => break,
            Some(_) = tasks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = stream else {
            // Out of file descriptors: the one longest idle makes room.
            connections.close_idlest();
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if connections.count() >= limits.connections {
            connections.close_idlest();
        }
        let seen = Arc::new(Activity::default());
        let connection = Connection {
            seen: Arc::clone(&seen),
            service: service.clone(),
            site: site.clone(),
            stopped: stopped.clone(),
        };
        let ended = connections.add(seen);
        let number = ended.number;
        let task = tasks.spawn(async move {
            let _ended = ended;
            connection.serve(stream, &limits).await;
        });
        connections.set_task(number, task);
    }
    drop(listener);
    let _ = stopping.send(());
    let all_done = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(limits.stop, all_done).await;
}

/// One connection's part of the server.
struct Connection {
    seen: Arc<Activity>,
    service: Router,
    site: Site,
    stopped: watch::Receiver<()>,
}

impl Connection {
    async fn serve(mut self, stream: TcpStream, limits: &Limits) {
        let _open = self.site.metrics().connection();
        let _ = stream.set_nodelay(true);
        let Ok(local) = stream.local_addr() else { return };
        let (service, seen) = (self.service, Arc::clone(&self.seen));
        let answer = hyper::service::service_fn(move |mut request: hyper::Request<_>| {
            request.extensions_mut().insert(LocalAddress(local));
            let under_way = UnderWay::new(Arc::clone(&seen));
            let answer = service.clone().oneshot(request);
            async move {
                let _under_way = under_way;
                answer.await
            }
        });
        let watched = Watched { stream, seen: self.seen, limit: limits.stall, stalled: None };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(limits.head_bytes)
            .serve_connection(TokioIo::new(watched), answer);
        let mut connection = pin!(connection);
        tokio::select! {
            // What goes wrong here is the client's affair.
            _ = connection.as_mut() => return,
            _ = self.stopped.changed() => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// When a connection last did anything, and how many of its requests are being answered.
#[derive(Default)]
struct Activity {
    /// Milliseconds on the clock of [`Connections`]' process, see [`now`].
    last: AtomicU64,
    under_way: AtomicUsize,
}

/// Milliseconds since the first call.
fn now() -> u64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed();
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

struct UnderWay(Arc<Activity>);

impl UnderWay {
    fn new(seen: Arc<Activity>) -> Self {
        seen.under_way.fetch_add(1, Ordering::Relaxed);
        Self(seen)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The open connections, oldest first.
#[derive(Clone, Default)]
struct Connections(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    last: u64,
    by_number: BTreeMap<u64, (Arc<Activity>, Option<AbortHandle>)>,
}

impl Connections {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self) -> usize {
        self.open().by_number.len()
    }

    fn add(&self, seen: Arc<Activity>) -> Ended {
        seen.last.store(now(), Ordering::Relaxed);
        let mut open = self.open();
        open.last += 1;
        let number = open.last;
        open.by_number.insert(number, (seen, None));
        Ended { connections: self.clone(), number }
    }

    fn set_task(&self, number: u64, task: AbortHandle) {
        // The connection may be through already.
        if let Some((_, place)) = self.open().by_number.get_mut(&number) {
            *place = Some(task);
        }
    }

    /// Closes the connection that did nothing for the longest time. So clients that open
    /// connections and send half a request, however many, never keep out one that asks.
    fn close_idlest(&self) {
        let mut open = self.open();
        let idlest = open
            .by_number
            .iter()
            .filter(|(_, (seen, _))| seen.under_way.load(Ordering::Relaxed) == 0)
            .min_by_key(|(_, (seen, _))| seen.last.load(Ordering::Relaxed))
            .map(|(number, _)| *number);
        if let Some((_, Some(task))) = idlest.and_then(|number| open.by_number.remove(&number))
        {
            task.abort();
        }
    }
}

/// Takes a connection off the list however it ends.
struct Ended {
    connections: Connections,
    number: u64,
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.connections.open().by_number.remove(&self.number);
    }
}

/// A stream that notes when something moved, and fails where the client takes nothing for too
/// long.
struct Watched {
    stream: TcpStream,
    seen: Arc<Activity>,
    limit: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.seen.last.store(now(), Ordering::Relaxed);
            self.stalled = None;
            return outcome;
        }
        let limit = self.limit;
        let sleep = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        if outcome.is_ready() {
            self.seen.last.store(now(), Ordering::Relaxed);
        }
        outcome
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, outcome)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(context, outcome)
    }
}
