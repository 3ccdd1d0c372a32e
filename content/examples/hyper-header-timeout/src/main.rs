//! What `header_read_timeout` does without a clock, with one, and between two requests.
//! Time is virtual: when all tasks wait, it jumps to the next timer.

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, error::Error, time::Duration};
use tokio::io::{AsyncWriteExt, duplex};
use tokio::time::{Instant, timeout};

async fn answer(request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    println!("  answered {}", request.uri());
    Ok(Response::new(Empty::new()))
}

/// A client sends `bytes`, and then nothing; how does the connection end?
async fn trial(builder: &Builder, bytes: &str) -> Result<(), Box<dyn Error>> {
    let (mut client, server) = duplex(1024);
    let start = Instant::now();
    let builder = builder.clone();
    let mut task = tokio::spawn(async move {
        // The panic comes from this call; out in the accept loop it would end the loop.
        let connection = builder.serve_connection(TokioIo::new(server), service_fn(answer));
        connection.await
    });
    client.write_all(bytes.as_bytes()).await?;

    let end = timeout(Duration::from_secs(3600), &mut task).await;
    let seconds = start.elapsed().as_secs();
    match end {
        Err(_) => println!("  after {seconds} s: still open"),
        Ok(Ok(Ok(()))) => println!("  after {seconds} s: closed"),
        Ok(Ok(Err(error))) => println!("  after {seconds} s: {error}"),
        Ok(Err(join)) => {
            let panic = join.try_into_panic()?;
            let text = panic.downcast_ref::<String>();
            println!("  after {seconds} s: panic: {text:?}");
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    // Panics are reported by `trial`; without this they would go to stderr as well.
    std::panic::set_hook(Box::new(|_| {}));
    let whole = "GET /metrics HTTP/1.1\r\nhost: timeout.example\r\n\r\n";
    let half = &whole[..30];

    println!("a timeout, no timer");
    trial(
        Builder::new().header_read_timeout(Duration::from_secs(5)),
        half,
    )
    .await?;

    println!("the default, no timer");
    trial(&Builder::new(), half).await?;

    println!("the default, a timer");
    trial(Builder::new().timer(TokioTimer::new()), half).await?;

    println!("a timeout and a timer");
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(5));
    trial(&builder, half).await?;

    println!("the same, idle after a request");
    trial(&builder, whole).await?;

    println!("no timeout, idle after a request");
    trial(builder.header_read_timeout(None), whole).await?;
    Ok(())
}
