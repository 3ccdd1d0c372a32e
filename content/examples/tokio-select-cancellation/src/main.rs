//! What a losing branch of `select!` loses, and how to keep it:
//! work half done, a task, the messages of a channel, and a message on its way into one.

use std::error::Error;
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, interval, sleep};

struct Export {
    begun: Instant,
    complete: bool,
}

impl Drop for Export {
    fn drop(&mut self) {
        let end = if self.complete { "complete" } else { "cut off" };
        println!(
            "  export {end} after {} ms",
            self.begun.elapsed().as_millis()
        );
    }
}

async fn export() -> &'static str {
    let mut export = Export {
        begun: Instant::now(),
        complete: false,
    };
    sleep(Duration::from_millis(40)).await; // the first file
    sleep(Duration::from_millis(40)).await; // the second file
    export.complete = true;
    "two files"
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("a future inside select!");
    // The losers are dropped before the winner's handler runs.
    tokio::select! {
        files = export() => println!("  wrote {files}"),
        _ = sleep(Duration::from_millis(50)) => println!("  deadline"),
    }

    println!("a task, awaited by reference");
    let mut task = tokio::spawn(export());
    tokio::select! {
        files = &mut task => println!("  wrote {}", files?),
        _ = sleep(Duration::from_millis(50)) => println!("  deadline"),
    }
    println!("  wrote {}", task.await?);

    println!("recv() against a ticker");
    let (tx, mut rx) = mpsc::channel(1);
    tokio::spawn(async move {
        for number in 1..=5 {
            sleep(Duration::from_millis(25)).await;
            // Fails only when the receiver is gone, and then nobody misses the number.
            let _ = tx.send(number).await;
        }
    });
    let (mut ticks, mut cancelled, mut got) = (interval(Duration::from_millis(10)), 0, Vec::new());
    loop {
        tokio::select! {
            message = rx.recv() => match message {
                Some(number) => got.push(number),
                None => break,
            },
            _ = ticks.tick() => cancelled += 1,
        }
    }
    println!("  cancelled {cancelled} times, received {got:?}");

    println!("send() against a deadline, the channel is full");
    let (tx, mut rx) = mpsc::channel(1);
    tx.send("first".to_string()).await?;
    let second = "second".to_string();
    tokio::select! {
        sent = tx.send(second) => sent?, // `second` moves into the future, and is dropped with it
        _ = sleep(Duration::from_millis(50)) => println!("  deadline, `second` is gone"),
    }
    let third = "third".to_string();
    tokio::select! {
        slot = tx.reserve() => slot?.send(third), // `third` moves only when there is room
        _ = sleep(Duration::from_millis(50)) => println!("  deadline, `{third}` is still here"),
    }
    println!("  the channel holds {:?}", rx.recv().await);
    Ok(())
}
