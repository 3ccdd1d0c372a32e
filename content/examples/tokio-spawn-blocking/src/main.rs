//! Blocking work on the blocking pool: how it reports back, how to limit it,
//! why `abort` may do nothing, and how the process still ends.

use std::error::Error;
use std::{sync::mpsc as std_mpsc, thread, time::Duration};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

fn main() -> Result<(), Box<dyn Error>> {
    // One thread for tasks, one for blocking calls; the default allows hundreds of the latter.
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()?;

    runtime.block_on(async {
        println!("a long computation that reports its progress");
        let (progress, mut reports) = mpsc::channel(1);
        let worker = thread::current().id();
        let sum = spawn_blocking(move || {
            let mut sum: u64 = 0;
            for part in 0..4 {
                sum += (part * 250_000..(part + 1) * 250_000).sum::<u64>();
                // Waits for room like `send`, but blocks this thread.
                let _ = progress.blocking_send(part + 1);
            }
            (sum, thread::current().id() == worker)
        });
        while let Some(part) = reports.recv().await {
            println!("  the task hears: part {part} of 4");
        }
        let (sum, same_thread) = sum.await?;
        println!("  sum {sum}; on the thread of the tasks: {same_thread}");

        println!("abort");
        let (started, has_started) = oneshot::channel();
        let (release, gate) = std_mpsc::channel::<()>();
        let running = spawn_blocking(move || {
            let _ = started.send(());
            gate.recv().is_ok()
        });
        let queued = spawn_blocking(|| true);
        has_started.await?;
        running.abort();
        queued.abort();
        release.send(())?;
        println!("  the running closure: {}", outcome(running.await));
        println!("  the queued closure: {}", outcome(queued.await));
        Ok::<(), Box<dyn Error>>(())
    })?;

    println!("a call that never returns");
    let (never, gate) = std_mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let _detached = runtime.spawn_blocking(move || {
        let _ = started.send(());
        gate.recv()
    });
    runtime.block_on(has_started)?;
    // Dropping the runtime would wait for it without limit.
    runtime.shutdown_timeout(Duration::from_millis(100));
    println!(
        "  shut down; it still holds its thread: {}",
        never.send(()).is_ok()
    );
    Ok(())
}

fn outcome(result: Result<bool, tokio::task::JoinError>) -> &'static str {
    match result {
        Ok(_) => "ran to its end",
        Err(error) if error.is_cancelled() => "never ran",
        Err(_) => "panicked",
    }
}
