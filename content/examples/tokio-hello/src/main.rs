//! Three tasks wait at the same time, on one thread; a fourth takes too long.
//! The clock is paused: when every task waits, it jumps to the next timer.

use std::error::Error;
use tokio::time::{Duration, Instant, sleep, timeout};

/// Stands for a call over the network.
async fn fetch(name: &'static str, millis: u64) -> usize {
    sleep(Duration::from_millis(millis)).await;
    name.len()
}

// A service leaves `start_paused` out. Without a flavor, and with the feature
// `rt-multi-thread`, it gets a worker for each CPU.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let at = move || start.elapsed().as_millis();

    let calls = [("profile", 300), ("orders", 100), ("prices", 200)];
    let tasks = calls.map(|(name, millis)| {
        tokio::spawn(async move {
            println!("{:>3} ms  {name} asked", at());
            let bytes = fetch(name, millis).await;
            println!("{:>3} ms  {name} answered", at());
            bytes
        })
    });
    println!("{:>3} ms  all spawned", at());

    let mut total = 0;
    for task in tasks {
        // An error here means that the task panicked or was aborted.
        total += task.await?;
    }
    println!("{:>3} ms  all joined, {total} bytes", at());

    // A time limit drops the future that it wraps.
    match timeout(Duration::from_millis(250), fetch("archive", 60_000)).await {
        Ok(bytes) => println!("{:>3} ms  archive answered, {bytes} bytes", at()),
        Err(error) => println!("{:>3} ms  archive: {error}", at()),
    }
    Ok(())
}
