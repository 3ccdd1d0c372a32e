//! Two tasks, two bounded channels, one circle: each waits for room that only the other can make.
//! A time limit notices; a producer that takes answers while it sends gets through.

use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Duration, error::Elapsed, timeout};

const JOBS: u32 = 10;

/// Answers each job with its square, and stops when no more jobs can come.
async fn worker(mut jobs: Receiver<u32>, answers: Sender<u32>) {
    while let Some(job) = jobs.recv().await {
        if answers.send(job * job).await.is_err() {
            break;
        }
    }
}

/// Hands out all jobs, and only then looks at the answers.
async fn first_send_then_receive(jobs: Sender<u32>, mut answers: Receiver<u32>) -> u32 {
    for job in 1..=JOBS {
        jobs.send(job).await.expect("the worker is alive");
        println!("  sent {job} of {JOBS}");
    }
    drop(jobs);
    let mut sum = 0;
    while let Some(answer) = answers.recv().await {
        sum += answer;
    }
    sum
}

/// Does both at the same time; joined rather than spawned, so nothing is left behind.
async fn send_and_receive(jobs: Sender<u32>, mut answers: Receiver<u32>) -> u32 {
    let send = async move {
        for job in 1..=JOBS {
            jobs.send(job).await.expect("the worker is alive");
        }
        // `jobs` is dropped here; the worker sees the end, and closes the other channel.
    };
    let receive = async move {
        let mut sum = 0;
        while let Some(answer) = answers.recv().await {
            sum += answer;
        }
        sum
    };
    let ((), sum) = tokio::join!(send, receive);
    sum
}

fn report(outcome: Result<u32, Elapsed>) {
    match outcome {
        Ok(sum) => println!("  sum of the squares: {sum}"),
        Err(_) => println!("  stuck for an hour"),
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let hour = Duration::from_secs(3600);

    println!("first send, then receive");
    let ((jobs, inbox), (outbox, answers)) = (mpsc::channel(2), mpsc::channel(2));
    tokio::spawn(worker(inbox, outbox));
    report(timeout(hour, first_send_then_receive(jobs, answers)).await);

    println!("send and receive");
    let ((jobs, inbox), (outbox, answers)) = (mpsc::channel(2), mpsc::channel(2));
    tokio::spawn(worker(inbox, outbox));
    report(timeout(hour, send_and_receive(jobs, answers)).await);
}
