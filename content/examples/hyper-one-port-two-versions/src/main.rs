//! One port for HTTP/1 and HTTP/2: the server reads the first bytes to tell them apart.
//! A second request gets past a slow one on HTTP/2; on HTTP/1 it has to wait.

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, client, header::HOST};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::{convert::Infallible, error::Error, sync::Arc, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;

/// `/slow` is answered once `release` says so, everything else at once.
async fn answer(
    request: Request<Incoming>,
    release: Arc<Notify>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() == "/slow" {
        release.notified().await;
    }
    let text = format!("{:?} {}", request.version(), request.uri().path());
    Ok(Response::new(Full::new(text.into())))
}

async fn read(response: Response<Incoming>) -> Result<String, hyper::Error> {
    let body = response.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8_lossy(&body).into_owned())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let release = Arc::new(Notify::new());

    let gate = release.clone();
    tokio::spawn(async move {
        // HTTP/2 spawns a task for each stream; the executor says where.
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new());
        builder.http2().timer(TokioTimer::new());
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _peer)) => stream,
                Err(error) => {
                    // Too many open files, say. That passes, so the server must go on.
                    eprintln!("server: {error}");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let gate = gate.clone();
            let service = service_fn(move |request| answer(request, gate.clone()));
            let connection = builder.serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.into_owned());
        }
    });

    println!("HTTP/2");
    // A URI with scheme and host, since HTTP/2 has them in the head of each request.
    let get =
        |path: &str| Request::get(format!("http://port.example{path}")).body(Empty::<Bytes>::new());
    let io = TokioIo::new(TcpStream::connect(address).await?);
    let (mut sender, connection) = client::conn::http2::handshake(TokioExecutor::new(), io).await?;
    tokio::spawn(connection);
    let slow = tokio::spawn(sender.send_request(get("/slow")?));
    println!(
        "  {}",
        read(sender.send_request(get("/fast")?).await?).await?
    );
    release.notify_one();
    println!("  {}", read(slow.await??).await?);

    println!("HTTP/1");
    let get = |path| {
        Request::get(path)
            .header(HOST, "port.example")
            .body(Empty::<Bytes>::new())
    };
    let io = TokioIo::new(TcpStream::connect(address).await?);
    let (mut sender, connection) = client::conn::http1::handshake(io).await?;
    tokio::spawn(connection);
    let slow = tokio::spawn(sender.send_request(get("/slow")?));
    match sender.send_request(get("/fast")?).await {
        Ok(response) => println!("  {}", read(response).await?),
        Err(error) => println!("  /fast: {error}; {}", error.source().ok_or("no source")?),
    }
    release.notify_one();
    println!("  {}", read(slow.await??).await?);
    sender.ready().await?;
    println!(
        "  {}",
        read(sender.send_request(get("/fast")?).await?).await?
    );
    Ok(())
}
