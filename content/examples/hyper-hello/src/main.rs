//! An HTTP/1 server and a client for it, in one process: three requests over one connection.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HOST;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, client, server};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{error::Error, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What a framework would call the router and the handlers.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/") => (StatusCode::OK, Bytes::from("hello")),
        (&Method::POST, "/echo") => {
            // The body arrives later than the head, and only if somebody reads it.
            (
                StatusCode::OK,
                request.into_body().collect().await?.to_bytes(),
            )
        }
        _ => (StatusCode::NOT_FOUND, Bytes::from("nothing here")),
    };
    let mut response = Response::new(Full::new(text));
    *response.status_mut() = status;
    Ok(response)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;

    tokio::spawn(async move {
        loop {
            let Ok((stream, _peer)) = listener.accept().await else {
                // Too many open files, say. That passes, so the server pauses and goes on.
                sleep(Duration::from_millis(100)).await;
                continue;
            };
            let connection = server::conn::http1::Builder::new()
                .timer(TokioTimer::new()) // without it the header timeout does nothing
                .serve_connection(TokioIo::new(stream), service_fn(answer));
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    println!("server: {error}");
                }
            });
        }
    });

    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // `sender` only hands over requests; this future reads and writes the socket.
    let driver = tokio::spawn(connection);

    for (method, path, body) in [
        (Method::GET, "/", ""),
        (Method::POST, "/echo", "twice around the loop"),
        (Method::GET, "/missing", ""),
    ] {
        sender.ready().await?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "hello.example") // nobody adds it for us
            .body(Full::new(Bytes::from(body)))?;
        println!("> {} {}", request.method(), request.uri());

        let response = sender.send_request(request).await?;
        println!("< {:?} {}", response.version(), response.status());
        let body = response.into_body().collect().await?.to_bytes();
        println!("  {}", String::from_utf8_lossy(&body));
    }

    drop(sender); // no more requests: the connection ends
    driver.await??;
    println!("connection closed");
    Ok(())
}
