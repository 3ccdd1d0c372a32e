//! A deadline for each attempt, pauses between attempts, and a budget that
//! keeps retries from multiplying the load in an outage. Time is virtual.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};
use tower::retry::Policy;
use tower::retry::backoff::{Backoff, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff};
use tower::retry::budget::{Budget, TpsBudget};
use tower::timeout::error::Elapsed;
use tower::util::rng::HasherRng;
use tower::{BoxError, Service, ServiceBuilder, ServiceExt, service_fn};

/// `Retry` clones the policy for each request. The budget sits behind an `Arc`,
/// so that all requests draw from one; the other fields belong to one request.
#[derive(Clone)]
struct Careful {
    budget: Arc<TpsBudget>,
    pauses: ExponentialBackoff,
    retries_left: u32,
}

impl<Res> Policy<u32, Res, BoxError> for Careful {
    type Future = Sleep;

    fn retry(&mut self, _: &mut u32, result: &mut Result<Res, BoxError>) -> Option<Sleep> {
        match result {
            Ok(_) => {
                self.budget.deposit();
                return None;
            }
            // A second attempt can mend a hang. What the backend refuses, it refuses again.
            Err(error) if !error.is::<Elapsed>() => return None,
            Err(_) => {}
        }
        // Ask the budget last: a withdrawal is a promise to try again.
        if self.retries_left == 0 || !self.budget.withdraw() {
            return None;
        }
        self.retries_left -= 1;
        Some(self.pauses.next_backoff())
    }

    /// `None` forbids every retry: the answer for a request that must not be carried out twice.
    fn clone_request(&mut self, request: &u32) -> Option<u32> {
        Some(*request)
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    let ms = Duration::from_millis;
    // Deposits count for ten seconds. No retries for free, one for five successes.
    let budget = Arc::new(TpsBudget::new(Duration::from_secs(10), 0, 0.2));
    // Without jitter the output is the same on every run. In production, add some.
    let mut pauses = ExponentialBackoffMaker::new(ms(20), ms(1000), 0.0, HasherRng::default())?;
    let policy = Careful {
        budget,
        pauses: pauses.make_backoff(),
        retries_left: 2,
    };

    // The backend answers after five milliseconds, but the first attempts of a phase hang.
    let hanging = Arc::new(AtomicU32::new(0));
    let attempts = Arc::new(AtomicU32::new(0));
    let backend = service_fn({
        let (hanging, attempts) = (hanging.clone(), attempts.clone());
        move |request: u32| {
            let hangs = attempts.fetch_add(1, Relaxed) < hanging.load(Relaxed);
            async move {
                sleep(if hangs { ms(60_000) } else { ms(5) }).await;
                Ok::<_, BoxError>(request)
            }
        }
    });

    // The timeout sits below the retry: it bounds one attempt, not the request.
    let mut service = ServiceBuilder::new()
        .retry(policy)
        .timeout(ms(100))
        .service(backend);

    println!("phase    requests  answered  attempts      time");
    for (phase, requests, hang) in [("healthy", 20, 0), ("hiccup", 1, 2), ("outage", 20, 1000)] {
        let started = Instant::now();
        attempts.store(0, Relaxed);
        hanging.store(hang, Relaxed);
        let mut answered = 0;
        let mut last_error = None;
        for request in 0..requests {
            match service.ready().await?.call(request).await {
                Ok(_) => answered += 1,
                Err(error) => last_error = Some(error),
            }
        }
        let (attempts, time) = (attempts.load(Relaxed), started.elapsed().as_millis());
        println!("{phase:8} {requests:8}  {answered:8}  {attempts:8}  {time:5} ms");
        if let Some(error) = last_error {
            println!("         last error: {error}");
        }
    }
    Ok(())
}
