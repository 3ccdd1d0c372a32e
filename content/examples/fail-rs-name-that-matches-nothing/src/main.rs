//! A test that arms a point which no longer exists passes, and tests nothing.
//! Counting that the fault happened shows it.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fail::{FailGuard, FailScenario, fail_point};

/// One constant for code and tests: rename it, and the compiler finds both.
const SEND_CHUNK: &str = "backup::send_chunk";

fn send_chunk() -> Result<(), String> {
    fail_point!(SEND_CHUNK, |_| Err("connection reset".to_owned()));
    Ok(())
}

/// Tries twice; says how many attempts it took.
fn send_with_retry() -> Result<u32, String> {
    match send_chunk() {
        Ok(()) => Ok(1),
        Err(_) => send_chunk().map(|()| 2),
    }
}

/// Counts how often a point is reached, for points whose fault leaves no trace.
fn count_hits(point: &str) -> Result<usize, String> {
    let hits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&hits);
    let _guard = FailGuard::with_callback(point, move || {
        counter.fetch_add(1, Ordering::Relaxed);
    })?;
    send_with_retry()?;
    Ok(hits.load(Ordering::Relaxed))
}

fn main() -> Result<(), Box<dyn Error>> {
    let _scenario = FailScenario::setup();
    // The second name was right until somebody moved the function.
    for point in [SEND_CHUNK, "backup::writer::send_chunk"] {
        println!("point {point}");
        let guard = FailGuard::new(point, "1*return->off")?;
        println!("  configured: {:?}", fail::list());
        let sent = send_with_retry();
        drop(guard);
        println!("  test that asks for success passes: {}", sent.is_ok());
        println!("  test that asks for a retry passes: {}", sent == Ok(2));
        println!("  hits that a callback counts: {}", count_hits(point)?);
    }
    Ok(())
}
