//! Levels for each module, for each layer, and for one request. And what goes
//! wrong when a filter is meant for one layer but placed above all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use tracing::{Event, Subscriber, info_span, subscriber::with_default};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt, prelude::*, registry};

mod http {
    pub fn serve() {
        tracing::info!("request accepted");
        super::db::query();
    }
}

mod db {
    pub fn query() {
        tracing::debug!("prepared");
        tracing::warn!("slow query");
    }
}

/// Stands for a layer that reports elsewhere and wants to see every event.
struct Count(Arc<AtomicU32>);

impl<S: Subscriber> Layer<S> for Count {
    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Relaxed);
    }
}

fn lines<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    fmt::layer().without_time().with_ansi(false)
}

/// Serves two requests under a subscriber, and prints what the other layer saw.
fn run(title: &str, seen: &AtomicU32, subscriber: impl Subscriber + Send + Sync + 'static) {
    println!("{title}");
    with_default(subscriber, || {
        for id in [1, 2] {
            info_span!("request", id).in_scope(http::serve);
        }
    });
    println!("  events counted: {}", seen.swap(0, Relaxed));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seen = Arc::new(AtomicU32::new(0));
    let count = || Count(seen.clone());

    // `Targets` knows levels and modules. Nothing of it is read from the environment.
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("tracing_filter::db", LevelFilter::DEBUG);
    let subscriber = registry().with(lines().with_filter(levels)).with(count());
    run("lines from db, a filter on its layer", &seen, subscriber);

    // `EnvFilter` reads what you would put in RUST_LOG, and knows spans and fields.
    let one_request = EnvFilter::try_new("off,[request{id=2}]=debug")?;
    let subscriber = registry()
        .with(lines().with_filter(one_request))
        .with(count());
    run(
        "lines of one request, a filter on its layer",
        &seen,
        subscriber,
    );

    // Without `with_filter` the filter is a layer itself, and rejects for everybody.
    let global = EnvFilter::try_new("warn,tracing_filter::db=debug")?;
    let subscriber = registry().with(lines()).with(count()).with(global);
    run(
        "lines from db, a filter above all layers",
        &seen,
        subscriber,
    );
    Ok(())
}
