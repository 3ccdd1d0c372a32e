//! Raises the limit while a task waits. The task finishes its old wait first,
//! so how soon it hears of the change depends on the size of its charges.

use std::error::Error;
use std::time::Duration;

use async_speed_limit::Limiter;
use async_speed_limit::clock::{Clock, ManualClock};
use tokio::task::yield_now;

const TOTAL: usize = 65_536;

async fn run(piece: usize) -> Result<(), Box<dyn Error>> {
    println!("{TOTAL} bytes, charged {piece} at a time");
    let limiter = Limiter::<ManualClock>::new(8_192.0);
    let clock = limiter.clock();
    let start = clock.now();

    let task = tokio::spawn({
        let limiter = limiter.clone();
        async move {
            for _ in 0..TOTAL / piece {
                limiter.consume(piece).await;
            }
        }
    });

    loop {
        yield_now().await;
        let ms = (clock.now() - start).as_millis();
        if ms == 2_000 {
            let charged = limiter.total_bytes_consumed();
            println!("  {ms} ms: {charged} bytes charged; limit times eight");
            // Every clone of the limiter has the new rate from here on.
            limiter.set_speed_limit(8.0 * limiter.speed_limit());
        }
        if task.is_finished() {
            println!("  {ms} ms: done");
            return Ok(task.await?);
        }
        clock.set_time(clock.now() + Duration::from_millis(10));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(TOTAL).await?;
    run(1_024).await
}
