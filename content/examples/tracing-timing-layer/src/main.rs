//! A layer of one's own: how long each span was open, and how long of that it
//! was busy. The clock counts ticks of work, so that every run prints the same.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::task::yield_now;
use tracing::span::{Attributes, Id};
use tracing::{Instrument, Subscriber, info_span, instrument};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;

/// In production the clock is `move || start.elapsed().as_micros() as u64`.
struct Timing<C>(C);

/// What the layer keeps with each open span.
#[derive(Default)]
struct Times {
    opened: u64,
    depth: u32,
    entered: u64,
    busy: u64,
}

impl<C, S> Layer<S> for Timing<C>
where
    C: Fn() -> u64 + 'static,
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id) {
            let opened = self.0();
            span.extensions_mut().insert(Times {
                opened,
                ..Times::default()
            });
        }
    }

    // Entering and leaving happen at every poll of an instrumented future. Several
    // threads can be in one span: time runs from the first in to the last out.
    fn on_enter(&self, id: &Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(times) = span.extensions_mut().get_mut::<Times>()
        {
            if times.depth == 0 {
                times.entered = self.0();
            }
            times.depth += 1;
        }
    }

    fn on_exit(&self, id: &Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(times) = span.extensions_mut().get_mut::<Times>()
        {
            times.depth -= 1;
            if times.depth == 0 {
                times.busy += self.0() - times.entered;
            }
        }
    }

    fn on_close(&self, id: Id, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(&id)
            && let Some(Times { opened, busy, .. }) = span.extensions().get()
        {
            let open = self.0() - opened;
            let path: Vec<_> = span.scope().from_root().map(|span| span.name()).collect();
            println!("{:12} open {open:2}, busy {busy:2}", path.join(":"));
        }
    }
}

static TICKS: AtomicU64 = AtomicU64::new(0);

fn work(ticks: u64) {
    TICKS.fetch_add(ticks, Relaxed);
}

#[instrument]
fn parse() {
    work(2);
}

async fn request(turns: u64, ticks: u64) {
    parse();
    for _ in 0..turns {
        work(ticks);
        // Somebody else's turn: the span stays open but is not busy.
        yield_now().await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tracing_subscriber::registry()
        .with(Timing(|| TICKS.load(Relaxed)))
        .init();

    let light = request(2, 1).instrument(info_span!("light"));
    let heavy = request(3, 10).instrument(info_span!("heavy"));
    tokio::join!(light, heavy);
    println!("ticks in all: {}", TICKS.load(Relaxed));
}
