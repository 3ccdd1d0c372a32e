//! A task that dies takes nothing with it. Detached, nobody notices; supervised, its end
//! before the stop signal is the end of the service, whether it panicked or returned.

use std::collections::HashMap;
use std::future::Future;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Duration, Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

const GOOD: &[&str] = &["1"; 100];
const CLOSED: &[&str] = &["1", "2"];
const BROKEN: &[&str] = &["1", "2", "three", "4"];

/// Answers calls and probes; those in flight take ten milliseconds to drain.
async fn serve(stop: CancellationToken) {
    stop.cancelled().await;
    sleep(Duration::from_millis(10)).await;
}

/// Takes a message every ten milliseconds.
async fn consume(queue: &'static [&'static str], stop: CancellationToken) {
    for message in queue {
        if stop.is_cancelled() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
        message.parse::<u32>().expect("a number");
    }
    // The queue was closed. No panic and no error, but nobody does the work any more.
}

/// Runs until the signal or the end of an essential task; returns the exit code.
async fn supervise(queue: &'static [&'static str], signal: impl Future<Output = ()>) -> u8 {
    let start = Instant::now();
    let log = |what: &str| println!("{:>4} ms  {what}", start.elapsed().as_millis());
    let stop = CancellationToken::new();

    // The error of a task that panicked has its id and no name.
    let mut names = HashMap::new();
    let mut tasks = JoinSet::new();
    names.insert(tasks.spawn(serve(stop.clone())).id(), "server");
    names.insert(tasks.spawn(consume(queue, stop.clone())).id(), "consumer");
    let describe = |ended: &Result<(Id, ()), JoinError>, end| match ended {
        Ok((id, ())) => format!("{} {end}", names[id]),
        Err(error) => format!("{} panicked", names[&error.id()]),
    };

    let mut code = tokio::select! {
        () = signal => {
            log("signal");
            0
        }
        // Not `Some(Err(_))`: a task that returns is as dead as one that panicked.
        Some(ended) = tasks.join_next_with_id() => {
            log(&describe(&ended, "returned"));
            1
        }
    };
    log("stop");
    stop.cancel();

    let deadline = Instant::now() + Duration::from_secs(5);
    while let Ok(Some(ended)) = timeout_at(deadline, tasks.join_next_with_id()).await {
        log(&describe(&ended, "drained"));
        if ended.is_err() {
            code = 1;
        }
    }
    tasks.shutdown().await;
    code
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    // All that a detached task leaves behind when it panics; by default, on stderr.
    std::panic::set_hook(Box::new(|panic| {
        println!("         log: {}", panic.payload_as_str().unwrap_or("?"));
    }));

    println!("detached");
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve(stop.clone()));
    let consumer = tokio::spawn(consume(BROKEN, stop.clone()));
    sleep(Duration::from_millis(100)).await;
    println!(
        " 100 ms  ready: {}, consumer finished: {}",
        !server.is_finished(), // a probe asks the server, and the server is well
        consumer.is_finished()
    );
    stop.cancel();
    server.await?;

    // In a service the signal is SIGTERM, and `main` returns `ExitCode::from(code)`.
    for (queue, what) in [
        (BROKEN, "the consumer panics"),
        (CLOSED, "the consumer returns"),
        (GOOD, "all is well"),
    ] {
        println!("supervised, {what}");
        let signal = sleep(Duration::from_millis(205));
        println!("exit {}", supervise(queue, signal).await);
    }
    Ok(())
}
