//! Copies a stream at a limited rate, on a clock that the program moves by
//! hand, so that every step can be seen.

use std::error::Error;
use std::time::Duration;

use async_speed_limit::Limiter;
use async_speed_limit::clock::{Clock, ManualClock};
use tokio::io::{AsyncReadExt, copy, repeat, sink};
use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // In your program: `<Limiter>::new(32_768.0)`, which takes the real clock.
    let limiter = Limiter::<ManualClock>::new(32_768.0);
    let clock = limiter.clock();

    let mut reader = limiter.clone().limit(repeat(b'x').take(40_960));
    let copying = tokio::spawn(async move { copy(&mut reader, &mut sink()).await });

    let start = clock.now();
    let mut seen = 0;
    loop {
        // Lets the copy run until it waits again.
        yield_now().await;
        let ms = (clock.now() - start).as_millis();
        let total = limiter.total_bytes_consumed();
        if total > seen {
            println!("{ms:>4} ms: {total:>5} bytes read");
            seen = total;
        }
        if copying.is_finished() {
            println!("{ms:>4} ms: copied {} bytes", copying.await??);
            return Ok(());
        }
        clock.set_time(clock.now() + Duration::from_millis(10));
    }
}
