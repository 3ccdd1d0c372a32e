//! Two copies that share one limiter, and two copies with a limiter each: the
//! second pair moves twice as much in the same time.

use std::error::Error;
use std::time::Duration;

use async_speed_limit::Limiter;
use async_speed_limit::clock::{Clock, ManualClock};
use tokio::io::{AsyncReadExt, copy, repeat, sink};
use tokio::task::{JoinSet, yield_now};

const RATE: f64 = 32_768.0;
const BYTES: u64 = 49_152;

type Limiters = [Limiter<ManualClock>; 2];

async fn run(clock: &ManualClock, limiters: Limiters) -> Result<(), Box<dyn Error>> {
    let start = clock.now();
    let mut copies = JoinSet::new();
    for (name, limiter) in ["backup", "restore"].into_iter().zip(limiters) {
        let clock = clock.clone();
        copies.spawn(async move {
            let mut reader = limiter.limit(repeat(b'x').take(BYTES));
            let copied = copy(&mut reader, &mut sink()).await?;
            Ok::<_, std::io::Error>((name, copied, (clock.now() - start).as_millis()))
        });
    }
    while !copies.is_empty() {
        // Lets both copies run until they wait; then time may pass.
        yield_now().await;
        while let Some(copy) = copies.try_join_next() {
            let (name, copied, ms) = copy??;
            println!("  {name:<7} copied {copied} bytes in {ms} ms");
            if copies.is_empty() {
                let speed = u128::from(2 * BYTES) * 1_000 / ms;
                println!("  together {speed} bytes a second");
            }
        }
        clock.set_time(clock.now() + Duration::from_millis(10));
    }
    Ok(())
}

fn limiter(clock: &ManualClock) -> Limiter<ManualClock> {
    Limiter::builder(RATE).clock(clock.clone()).build()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = ManualClock::new();

    println!("one limiter of {RATE} bytes a second, cloned");
    let shared = limiter(&clock);
    run(&clock, [shared.clone(), shared]).await?;

    println!("a limiter of {RATE} bytes a second for each");
    run(&clock, [limiter(&clock), limiter(&clock)]).await
}
