//! A timeout in the stack starts with the call, after the wait for a turn.
//! A deadline around both covers what the caller feels. Time is virtual.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tower::{BoxError, ServiceBuilder, ServiceExt, service_fn};

const LIMIT: Duration = Duration::from_millis(100);

async fn work(_request: u32) -> Result<(), BoxError> {
    sleep(Duration::from_millis(80)).await;
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    for outside in [false, true] {
        println!("deadline outside: {outside}");
        // Four callers share one permit: each waits for those before it.
        let service = ServiceBuilder::new()
            .timeout(LIMIT)
            .concurrency_limit(1)
            .service(service_fn(work));
        let started = Instant::now();
        let mut callers = JoinSet::new();
        for caller in 1..=4 {
            // `oneshot` waits for readiness and then calls: one future for both.
            let answer = service.clone().oneshot(caller);
            callers.spawn(async move {
                let outcome = if outside {
                    match timeout(LIMIT, answer).await {
                        Ok(answer) => answer,
                        Err(_) => Err("too late".into()),
                    }
                } else {
                    answer.await
                };
                (caller, outcome, started.elapsed().as_millis())
            });
        }
        while let Some(caller) = callers.join_next().await {
            match caller? {
                (caller, Ok(()), ms) => println!("  caller {caller}: answered after {ms} ms"),
                (caller, Err(error), ms) => println!("  caller {caller}: {error} after {ms} ms"),
            }
        }
    }
    Ok(())
}
