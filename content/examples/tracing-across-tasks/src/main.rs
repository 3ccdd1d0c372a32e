//! Context across Tokio tasks: three ways to lose it or to hand it to a
//! stranger, each followed by its mend.

use tokio::task::{JoinError, yield_now};
use tracing::{Instrument, Level, debug_span, info, info_span};

/// Wrong: the guard keeps the span entered while this future is parked.
async fn guarded() {
    let _guard = info_span!("request", id = 1).entered();
    info!("before the pause");
    yield_now().await;
    info!("after the pause");
}

/// Right: the span is entered at each poll and left after it.
async fn instrumented() {
    async {
        info!("before the pause");
        yield_now().await;
        info!("after the pause");
    }
    .instrument(info_span!("request", id = 1))
    .await;
}

async fn stranger() {
    info!("a stranger, outside of any request");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), JoinError> {
    tracing_subscriber::fmt()
        .with_max_level(Level::INFO)
        .with_target(false)
        .without_time()
        .with_ansi(false)
        .init();

    println!("-- a guard across an await");
    tokio::join!(guarded(), stranger());
    println!("-- mended with instrument");
    tokio::join!(instrumented(), stranger());

    async {
        println!("-- a spawned task");
        tokio::spawn(async { info!("in a task") }).await?;
        println!("-- mended with in_current_span");
        tokio::spawn(async { info!("in a task") }.in_current_span()).await?;

        // At this level the finer span is disabled, and it should have been the link.
        println!("-- a task in a disabled span");
        let fine = debug_span!("parse");
        tokio::spawn(async { info!("in a task") }.instrument(fine)).await?;
        println!("-- mended with or_current");
        let fine = debug_span!("parse").or_current();
        tokio::spawn(async { info!("in a task") }.instrument(fine)).await
    }
    .instrument(info_span!("request", id = 2))
    .await
}
