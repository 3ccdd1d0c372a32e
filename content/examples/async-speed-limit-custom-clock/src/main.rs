//! A clock on Tokio's timer: no thread of its own, and it stands still when a
//! test pauses Tokio's time. With it, what the minimum wait costs.

use std::error::Error;
use std::pin::Pin;
use std::time::Duration;

use async_speed_limit::Limiter;
use async_speed_limit::clock::Clock;
use tokio::io::{AsyncReadExt, copy, repeat, sink};
use tokio::time::{Instant, Sleep};

#[derive(Clone, Default)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = Instant;
    // The limiter polls the delay in place, so it must be `Unpin`.
    type Delay = Pin<Box<Sleep>>;

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Self::Delay {
        Box::pin(tokio::time::sleep(duration))
    }
}

async fn small_requests(limiter: Limiter<TokioClock>) {
    for request in 1..=5 {
        let start = Instant::now();
        limiter.consume(4_096).await;
        let waited = start.elapsed().as_millis();
        println!("  request {request}: waited {waited} ms");
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("one mebibyte at sixteen kibibytes a second");
    let limiter = Limiter::<TokioClock>::new(16_384.0);
    let mut reader = limiter.limit(repeat(b'x').take(1_048_576));
    let (virtual_start, real_start) = (Instant::now(), std::time::Instant::now());
    copy(&mut reader, &mut sink()).await?;
    println!("  virtual time: {} ms", virtual_start.elapsed().as_millis());
    if real_start.elapsed() > Duration::from_secs(5) {
        return Err("the clock should not wait in real time".into());
    }
    println!("  real time: less than five seconds");

    println!("small requests, burst of a quarter second, default minimum wait");
    let mut builder = Limiter::builder(32_768.0);
    builder.refill(Duration::from_millis(250));
    small_requests(builder.build()).await;

    println!("the same with a minimum wait of one millisecond");
    builder.min_wait(Duration::from_millis(1));
    small_requests(builder.build()).await;
    Ok(())
}
