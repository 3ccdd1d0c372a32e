//! A server for both versions holds a silent client for good, whatever timeouts it has.
//! Reading yourself until the version is certain, under one limit, ends that.

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::io::{self, Cursor};
use std::{convert::Infallible, error::Error, future::Future, time::Duration};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, join, split,
};
use tokio::time::{Instant, timeout};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;
const LIMIT: Duration = Duration::from_secs(5);
/// Every HTTP/2 connection begins with this.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

async fn answer(request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    println!("  answered {:?} {}", request.version(), request.uri());
    Ok(Response::new(Empty::new()))
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + 'static) -> Outcome {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(LIMIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(LIMIT);
    builder
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await
}

/// Reads until the version is certain, then serves these bytes together with the rest.
async fn serve_who_speaks(mut stream: DuplexStream) -> Outcome {
    let mut first = Vec::new();
    // One limit around all reads: the builder waits for more after `P`, and so must we.
    timeout(LIMIT, async {
        while first.len() < PREFACE.len() && PREFACE.starts_with(&first) {
            if stream.read_buf(&mut first).await? == 0 {
                break;
            }
        }
        Ok::<_, io::Error>(())
    })
    .await??;
    let (reader, writer) = split(stream);
    serve(join(Cursor::new(first).chain(reader), writer)).await
}

/// A client sends `bytes`, and then nothing; how does the connection end?
async fn trial<F: Future<Output = Outcome>>(serve: fn(DuplexStream) -> F, bytes: &str) -> Outcome {
    let (mut client, server) = duplex(1024);
    let start = Instant::now();
    client.write_all(bytes.as_bytes()).await?;
    let end = timeout(Duration::from_secs(3600), serve(server)).await;
    let seconds = start.elapsed().as_secs();
    match end {
        Err(_) => println!("  after {seconds} s: still open"),
        Ok(Ok(())) => println!("  after {seconds} s: closed"),
        Ok(Err(error)) => println!("  after {seconds} s: {error}"),
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Outcome {
    let request = "GET / HTTP/1.1\r\nhost: silent.example\r\n\r\n";
    println!("all timeouts set, the client is silent");
    trial(serve, "").await?;
    println!("all timeouts set, the client sends one letter");
    trial(serve, "P").await?;
    println!("detection under a limit, the client is silent");
    trial(serve_who_speaks, "").await?;
    println!("detection under a limit, the client sends one letter");
    trial(serve_who_speaks, "P").await?;
    println!("detection under a limit, the client speaks");
    trial(serve_who_speaks, request).await?;
    Ok(())
}
