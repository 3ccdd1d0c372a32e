//! The same rate limit in three stacks: callers wait, callers are refused, and
//! the order of layers that refuses nobody. Time is virtual.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tower::load_shed::error::Overloaded;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt, service_fn};

const SECOND: Duration = Duration::from_secs(1);

async fn backend(_: u32) -> Result<&'static str, BoxError> {
    Ok("served")
}

/// Four requests at once, a pause, and one more.
async fn drive<S>(stack: &str, mut service: S) -> Result<(), BoxError>
where
    S: Service<u32, Response = &'static str, Error = BoxError>,
{
    println!("{stack}");
    let started = Instant::now();
    for request in 1..=5 {
        if request == 5 {
            sleep(SECOND).await;
        }
        let asked = started.elapsed().as_millis();
        // Waiting happens in `ready`: the request is still in the caller's hands.
        let outcome = match service.ready().await?.call(request).await {
            Ok(served) => served,
            // A refusal has a type of its own, so that you can answer "try later".
            Err(error) if error.is::<Overloaded>() => "refused",
            Err(error) => return Err(error),
        };
        let waited = started.elapsed().as_millis() - asked;
        println!("  request {request}: asked at {asked:4} ms, waited {waited:4} ms, {outcome}");
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    let waiting = ServiceBuilder::new()
        .rate_limit(2, SECOND)
        .service(service_fn(backend));
    drive("rate_limit", waiting).await?;

    let shedding = ServiceBuilder::new()
        .load_shed()
        .rate_limit(2, SECOND)
        .service(service_fn(backend));
    drive("load_shed above rate_limit", shedding).await?;

    // The limit asks the shedder below it, not the other way round.
    let useless = ServiceBuilder::new()
        .rate_limit(2, SECOND)
        .load_shed()
        .service(service_fn(backend));
    drive("rate_limit above load_shed", useless).await
}
