//! A bounded channel slows its producer down to the pace of its consumer.
//! A producer that must not wait sheds load instead, and counts it.

use std::error::Error;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::time::{Duration, Instant, sleep};

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let millis = move || start.elapsed().as_millis();

    // Room for two; the consumer needs 100 ms for each message, the producer 7 ms.
    let (tx, mut rx) = mpsc::channel(2);
    let consumer = tokio::spawn(async move {
        let mut done = 0;
        while let Some(_message) = rx.recv().await {
            sleep(Duration::from_millis(100)).await;
            done += 1;
            // Stands for a consumer that fails: the receiver is dropped with it.
            if done == 7 {
                break;
            }
        }
        done
    });

    println!("producer that waits");
    for message in 1..=6 {
        sleep(Duration::from_millis(7)).await;
        let made = millis();
        tx.send(message).await?;
        println!(
            "  {message} made at {made:>3} ms, waited {:>2} ms, room left: {}",
            millis() - made,
            tx.capacity()
        );
    }

    println!("producer that may not wait");
    let (mut sent, mut shed) = (0, 0);
    for message in 7..=99 {
        sleep(Duration::from_millis(7)).await;
        match tx.try_send(message) {
            Ok(()) => sent += 1,
            Err(TrySendError::Full(_message)) => shed += 1,
            Err(TrySendError::Closed(message)) => {
                println!("  at {} ms nobody takes {message}", millis());
                break;
            }
        }
    }
    println!("  sent {sent}, shed {shed}");
    println!("consumer finished {} messages", consumer.await?);
    Ok(())
}
