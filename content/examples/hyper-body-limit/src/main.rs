//! A cap on request bodies: by what the client declares, and by what it sends.

use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, error::Error};
use tokio::io::duplex;

const LIMIT: usize = 1024;

async fn upload(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    // Known from the head alone if the client sent `Content-Length`.
    let declared = request.body().size_hint().lower();
    let (status, text) = if declared > LIMIT as u64 {
        (
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("{declared} bytes announced"),
        )
    } else {
        match Limited::new(request.into_body(), LIMIT).collect().await {
            Ok(body) => (
                StatusCode::OK,
                format!("{} bytes taken", body.to_bytes().len()),
            ),
            Err(error) if error.is::<LengthLimitError>() => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("more than {LIMIT} bytes sent"),
            ),
            Err(error) => (StatusCode::BAD_REQUEST, error.to_string()),
        }
    };
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    if !status.is_success() {
        // The rest of the body is still on its way, so this connection is of no more use.
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// Sends `pieces` of half the limit each; `more` says whether others could follow.
async fn send(declared: Option<u64>, pieces: usize, more: bool) -> Result<(), Box<dyn Error>> {
    let (near, far) = duplex(64 * 1024); // in place of a socket
    let server = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(far), service_fn(upload));
    tokio::spawn(server);
    let (mut sender, connection) = handshake(TokioIo::new(near)).await?;
    tokio::spawn(connection);

    let (mut pipe, body) = Channel::<Bytes>::new(1);
    let mut request = Request::post("/").header(HOST, "limit.example");
    if let Some(length) = declared {
        request = request.header(CONTENT_LENGTH, length);
    }
    let response = tokio::spawn(sender.send_request(request.body(body)?));
    for _ in 0..pieces {
        pipe.send_data(Bytes::from_static(&[b'x'; LIMIT / 2]))
            .await?;
    }
    // The body ends when the pipe is dropped.
    let _pipe = more.then_some(pipe);

    let response = response.await??;
    let status = response.status();
    let text = response.into_body().collect().await?.to_bytes();
    println!("  {status}: {}", String::from_utf8_lossy(&text));
    println!(
        "  connection can be used again: {}",
        sender.ready().await.is_ok()
    );
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("two pieces, no length announced");
    send(None, 2, false).await?;
    println!("a length announced, nothing sent yet");
    send(Some(1_000_000), 0, true).await?;
    println!("three pieces, no length announced, more to come");
    send(None, 3, true).await?;
    Ok(())
}
