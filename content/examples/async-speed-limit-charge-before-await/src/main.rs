//! `consume` charges when it is called, not when it is awaited. A loop that
//! makes the future anew charges each time; a timeout gives nothing back.

use std::pin::{Pin, pin};
use std::time::Duration;

use async_speed_limit::Limiter;
use async_speed_limit::clock::Clock;
use tokio::time::{Instant, Sleep, interval, timeout};

/// Tokio's timer, so that pausing its time pauses the limiter.
#[derive(Clone, Default)]
struct TokioClock;

impl Clock for TokioClock {
    type Instant = Instant;
    type Delay = Pin<Box<Sleep>>;

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Self::Delay {
        Box::pin(tokio::time::sleep(duration))
    }
}

fn limiter() -> Limiter<TokioClock> {
    Limiter::new(1_024.0)
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let heartbeat = Duration::from_millis(500);

    println!("wrong: a new future in each turn of the loop");
    let shared = limiter();
    let start = Instant::now();
    let mut beats = interval(heartbeat);
    for _ in 0..4 {
        tokio::select! {
            biased;
            () = shared.consume(1_024) => println!("  sent"),
            _ = beats.tick() => println!("  beat, {} bytes charged", shared.total_bytes_consumed()),
        }
    }
    let ms = start.elapsed().as_millis();
    println!("  nothing sent in {ms} ms");

    println!("right: one future, made outside");
    let shared = limiter();
    let start = Instant::now();
    let mut beats = interval(heartbeat);
    let mut turn = pin!(shared.consume(1_024));
    loop {
        tokio::select! {
            biased;
            () = &mut turn => break,
            _ = beats.tick() => println!("  beat, {} bytes charged", shared.total_bytes_consumed()),
        }
    }
    println!("  sent after {} ms", start.elapsed().as_millis());

    for give_back in [false, true] {
        println!("a request that times out; bytes given back: {give_back}");
        let shared = limiter();
        let late = timeout(heartbeat, shared.consume(4_096)).await.is_err();
        println!("  timed out: {late}");
        if late && give_back {
            shared.unconsume(4_096);
        }
        let start = Instant::now();
        shared.consume(1_024).await;
        println!("  next request waited {} ms", start.elapsed().as_millis());
    }
}
