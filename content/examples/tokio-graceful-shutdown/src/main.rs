//! Shutdown in three steps: tell every task, let each finish what it has begun, give up at a deadline.

use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

/// Says, when it is dropped, how a worker ended.
struct Worker {
    name: &'static str,
    start: Instant,
    jobs: u32,
    open: bool,
}

impl Drop for Worker {
    fn drop(&mut self) {
        let at = self.start.elapsed().as_millis();
        let cut = if self.open { "one" } else { "none" };
        println!(
            "{at:>4} ms  {} ends, jobs done: {}, cut off: {cut}",
            self.name, self.jobs
        );
    }
}

/// Does one job after the other until it is told to stop.
async fn work(mut me: Worker, job: Duration, stop: CancellationToken) -> &'static str {
    // Asked between two jobs only, so a job is never cut in half.
    while !stop.is_cancelled() {
        me.open = true;
        sleep(job).await;
        me.open = false;
        me.jobs += 1;
    }
    me.name
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let stop = CancellationToken::new();
    let mut workers = JoinSet::new();
    for (name, millis) in [("mailer", 40), ("indexer", 300), ("export", 60_000)] {
        let me = Worker {
            name,
            start,
            jobs: 0,
            open: false,
        };
        workers.spawn(work(me, Duration::from_millis(millis), stop.clone()));
    }
    // A task that only waits listens to the token while it does.
    let token = stop.clone();
    workers.spawn(async move {
        let news = sleep(Duration::from_secs(3600));
        match token.run_until_cancelled(news).await {
            Some(()) => "listener, with news",
            None => "listener, cancelled",
        }
    });

    // Stands for SIGTERM from the orchestrator, or SIGINT from a terminal.
    sleep(Duration::from_millis(100)).await;
    let at = || start.elapsed().as_millis();
    println!("{:>4} ms  stop", at());
    stop.cancel();

    let deadline = Instant::now() + Duration::from_secs(5);
    while let Ok(Some(ended)) = timeout_at(deadline, workers.join_next()).await {
        match ended {
            Ok(name) => println!("{:>4} ms  joined {name}", at()),
            // It panicked. With `?` here, the set would be dropped and abort the others.
            Err(error) => println!("{:>4} ms  failed: {error}", at()),
        }
    }
    println!("{:>4} ms  tasks left: {}", at(), workers.len());
    workers.shutdown().await; // aborts them, and waits until they are gone
    println!("{:>4} ms  tasks left: {}", at(), workers.len());
}
