//! Three ways to spread requests over four backends, one of them slow: in turn,
//! by requests under way, and by peak EWMA. Time is virtual, chance is seeded.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tower::balance::p2c::Balance;
use tower::discover::ServiceList;
use tower::load::{CompleteOnResponse, PeakEwmaDiscover, PendingRequestsDiscover};
use tower::steer::Steer;
use tower::util::rng::Rng;
use tower::{BoxError, Service, ServiceExt, service_fn};

const REQUESTS: usize = 2000;
/// What each backend takes for a request.
const LATENCIES: [Duration; 4] = [
    Duration::from_millis(10),
    Duration::from_millis(12),
    Duration::from_millis(14),
    Duration::from_millis(400),
];

/// SplitMix64: small, and the same on every machine. `Balance::new` would take
/// its randomness from the system.
struct Seeded(u64);

impl Rng for Seeded {
    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn backends() -> Vec<impl Service<usize, Response = usize, Error = BoxError, Future: Send>> {
    let backend = |index: usize| {
        service_fn(move |_request: usize| async move {
            sleep(LATENCIES[index]).await;
            Ok(index)
        })
    };
    (0..LATENCIES.len()).map(backend).collect()
}

/// Sends a request every millisecond, whether or not earlier ones are answered.
async fn drive<S>(name: &str, mut service: S) -> Result<(), BoxError>
where
    S: Service<usize, Response = usize, Error = BoxError>,
    S::Future: Send + 'static,
{
    let mut under_way = JoinSet::new();
    for request in 0..REQUESTS {
        let sent = Instant::now();
        let response = service.ready().await?.call(request);
        under_way.spawn(async move { Ok::<_, BoxError>((response.await?, sent.elapsed())) });
        sleep(Duration::from_millis(1)).await;
    }
    let mut counts = [0; LATENCIES.len()];
    let mut latencies = Vec::with_capacity(REQUESTS);
    while let Some(done) = under_way.join_next().await {
        let (index, latency) = done??;
        counts[index] += 1;
        latencies.push(latency.as_millis());
    }
    latencies.sort_unstable();
    let mean = latencies.iter().sum::<u128>() / REQUESTS as u128;
    let [p50, p99] = [50, 99].map(|percent| latencies[REQUESTS * percent / 100]);
    println!("{name:18} {counts:4?}  mean {mean:3} ms  p50 {p50} ms  p99 {p99:3} ms");
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), BoxError> {
    println!("backends take {LATENCIES:?}");
    let in_turn = Steer::new(backends(), |n: &usize, all: &[_]| n % all.len());
    drive("round robin", in_turn).await?;

    let list = ServiceList::new(backends());
    let pending = PendingRequestsDiscover::new(list, CompleteOnResponse::default());
    drive("p2c, pending", Balance::from_rng(pending, Seeded(1))).await?;

    // A new endpoint counts as one of thirty milliseconds; estimates fade over ten seconds.
    let (seed, decay) = (Duration::from_millis(30), Duration::from_secs(10));
    let list = ServiceList::new(backends());
    let ewma = PeakEwmaDiscover::new::<usize>(list, seed, decay, CompleteOnResponse::default());
    drive("p2c, peak EWMA", Balance::from_rng(ewma, Seeded(1))).await
}
