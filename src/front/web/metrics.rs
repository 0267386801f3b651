//! Counters of the server, in the text format of Prometheus (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram's buckets, in seconds.
const BOUNDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What is counted.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), u64>>,
    times: Mutex<BTreeMap<String, Histogram>>,
    in_flight: AtomicI64,
    connections: AtomicI64,
    worked: AtomicU64,
    kept: AtomicU64,
    refresh_failures: AtomicU64,
}

#[derive(Debug, Default)]
struct Histogram {
    buckets: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

/// Counts something as under way for as long as it lives.
pub(super) struct UnderWay<'a>(&'a AtomicI64);

impl<'a> UnderWay<'a> {
    fn new(gauge: &'a AtomicI64) -> Self {
        gauge.fetch_add(1, Ordering::Relaxed);
        Self(gauge)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// A request is being answered.
    pub(super) fn request(&self) -> UnderWay<'_> {
        UnderWay::new(&self.in_flight)
    }

    /// A connection is open.
    pub(super) fn connection(&self) -> UnderWay<'_> {
        UnderWay::new(&self.connections)
    }

    /// A request was answered; `route` is one of ours, never a path that a client made up.
    pub(super) fn observe(&self, route: &str, status: u16, took: Duration) {
        let mut requests = locked(&self.requests);
        *requests.entry((route.to_owned(), status)).or_default() += 1;
        drop(requests);
        let mut times = locked(&self.times);
        let histogram = times.entry(route.to_owned()).or_default();
        let seconds = took.as_secs_f64();
        histogram.count += 1;
        histogram.seconds += seconds;
        for (bucket, bound) in histogram.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    /// An answer was worked out, or had been kept.
    pub(super) fn answered(&self, is_fresh: bool) {
        let counter = if is_fresh { &self.worked } else { &self.kept };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// A newer commit could not be opened.
    pub(super) fn refresh_failed(&self) {
        self.refresh_failures.fetch_add(1, Ordering::Relaxed);
    }

    /// All of it as text; `articles` is how many the archive holds.
    pub(super) fn text(&self, articles: u64) -> String {
        let mut out = String::new();
        let simple = [
            (
                "newshound_articles",
                "gauge",
                "Articles in the archive.",
                i64::try_from(articles).unwrap_or(i64::MAX),
            ),
            (
                "newshound_http_requests_in_flight",
                "gauge",
                "Requests being answered.",
                self.in_flight.load(Ordering::Relaxed),
            ),
            (
                "newshound_http_connections",
                "gauge",
                "Open connections.",
                self.connections.load(Ordering::Relaxed),
            ),
            (
                "newshound_answers_worked_total",
                "counter",
                "Answers that were worked out.",
                signed(&self.worked),
            ),
            (
                "newshound_answers_kept_total",
                "counter",
                "Answers that had been kept.",
                signed(&self.kept),
            ),
            (
                "newshound_refresh_failures_total",
                "counter",
                "Times that a newer commit could not be opened.",
                signed(&self.refresh_failures),
            ),
        ];
        for (name, kind, help, value) in simple {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        }
        out.push_str(
            "# HELP newshound_http_requests_total Requests by route and status.\n\
             # TYPE newshound_http_requests_total counter\n",
        );
        for ((route, status), count) in locked(&self.requests).iter() {
            let _ = writeln!(
                out,
                "newshound_http_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}"
            );
        }
        let name = "newshound_http_request_duration_seconds";
        let _ = writeln!(
            out,
            "# HELP {name} Time from a request's head to its answer's head.\n\
             # TYPE {name} histogram"
        );
        for (route, histogram) in locked(&self.times).iter() {
            for (count, bound) in histogram.buckets.iter().zip(BOUNDS) {
                let _ =
                    writeln!(out, "{name}_bucket{{route=\"{route}\",le=\"{bound}\"}} {count}");
            }
            let Histogram { count, seconds, .. } = histogram;
            let _ = writeln!(
                out,
                "{name}_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}\n\
                 {name}_sum{{route=\"{route}\"}} {seconds}\n\
                 {name}_count{{route=\"{route}\"}} {count}"
            );
        }
        out
    }
}

fn signed(counter: &AtomicU64) -> i64 {
    i64::try_from(counter.load(Ordering::Relaxed)).unwrap_or(i64::MAX)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
