//! One service that cannot be cloned, shared by many callers through a buffer;
//! what they see when it is full; and a slot that is reserved but not used.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tower::buffer::Buffer;
use tower::limit::ConcurrencyLimit;
use tower::{BoxError, Service, ServiceExt, service_fn};

async fn work(request: u32) -> Result<u32, BoxError> {
    sleep(Duration::from_millis(100)).await;
    Ok(request)
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    // The worker task owns the service; every clone of `shared` is a way to it.
    // One request runs, one waits in the worker's hand, two in the queue.
    let shared = Buffer::new(ConcurrencyLimit::new(service_fn(work), 1), 2);

    println!("six callers, a queue of two, one request at a time");
    let started = Instant::now();
    let mut callers = JoinSet::new();
    for request in 1..=6 {
        let mut service = shared.clone();
        callers.spawn(async move {
            service.ready().await?;
            let queued = started.elapsed().as_millis();
            service.call(request).await?;
            let answered = started.elapsed().as_millis();
            Ok::<_, BoxError>((request, queued, answered))
        });
    }
    while let Some(caller) = callers.join_next().await {
        let (request, queued, answered) = caller??;
        println!("  request {request}: queued at {queued:3} ms, answered at {answered} ms");
    }

    println!("two handles are polled to readiness and then left alone");
    let (mut first, mut second) = (shared.clone(), shared.clone());
    first.ready().await?;
    second.ready().await?;
    // The service is idle, yet no slot is left. `ready` has no clock of its own.
    let mut third = shared.clone();
    let patience = Duration::from_secs(60);
    let waited = timeout(patience, third.ready()).await;
    println!("  third got a slot within {patience:?}: {}", waited.is_ok());

    // A slot comes back when its holder calls or is dropped.
    drop(first);
    let answer = third.ready().await?.call(7).await?;
    println!("  first dropped, third answered: request {answer}");
    let answer = second.call(8).await?;
    println!("  second used its slot at last: request {answer}");
    Ok(())
}
