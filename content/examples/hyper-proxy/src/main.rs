//! A proxy that streams bodies through, drops the headers that concern one connection only
//! and those that would be believed behind it, and answers 502 when it cannot reach the
//! other side. Both ends here are plain sockets.

use http_body_util::{Either, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderValue, VIA};
use hyper::{Request, Response, StatusCode, Uri, Version};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::{error::Error, net::SocketAddr, time::Duration};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What RFC 9110 keeps a proxy from passing on.
const HOP_BY_HOP: &str = "connection,keep-alive,proxy-connection,te,transfer-encoding,upgrade";

/// What a service behind us believes, whoever wrote it: only a proxy may say these.
const CLAIMS: &str = "forwarded,x-forwarded-for,x-forwarded-host,x-forwarded-proto";

/// Removes these, and what `Connection` names besides.
fn strip(headers: &mut HeaderMap) {
    let lists = headers.get_all(CONNECTION).iter();
    let lists: Vec<_> = lists.filter_map(|list| list.to_str().ok()).collect();
    for name in lists.join(",").split(',').chain(HOP_BY_HOP.split(',')) {
        headers.remove(name.trim());
    }
}

async fn forward(
    mut request: Request<Incoming>,
    upstream: SocketAddr,
    pool: Client<HttpConnector, Incoming>,
) -> Result<Response<Either<Incoming, Empty<Bytes>>>, hyper::http::Error> {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    *request.uri_mut() = format!("http://{upstream}{path}").parse::<Uri>()?;
    *request.version_mut() = Version::HTTP_11; // ours, whatever the client speaks

    // First strip, then add: what a client lists in `Connection` must not remove our own.
    let headers = request.headers_mut();
    strip(headers);
    for name in CLAIMS.split(',') {
        headers.remove(name);
    }
    if let Some(host) = headers.insert(HOST, HeaderValue::from_static("shop.internal")) {
        headers.insert("x-forwarded-host", host);
    }
    headers.append(VIA, HeaderValue::from_static("1.1 edge"));

    match pool.request(request).await {
        Ok(mut response) => {
            strip(response.headers_mut());
            Ok(response.map(Either::Left)) // the body goes on as it comes in
        }
        Err(error) => {
            println!("proxy: {error}");
            let empty = Either::Right(Empty::new());
            Response::builder()
                .status(StatusCode::BAD_GATEWAY)
                .body(empty)
        }
    }
}

async fn proxy(listener: TcpListener, upstream: SocketAddr) {
    let pool = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new()) // without it the next line does nothing
        .pool_idle_timeout(Duration::from_secs(30))
        .build_http();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _peer)) => stream,
            Err(error) => {
                // Too many open files, say. That passes, so the proxy must go on.
                eprintln!("proxy: {error}");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let pool = pool.clone();
        let service = service_fn(move |request| forward(request, upstream, pool.clone()));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .auto_date_header(false) // only so that every run prints the same
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

fn show(what: &str, message: &str) {
    println!("{what}");
    for line in message.trim_end().lines() {
        println!("  {line}");
    }
}

async fn ask(proxy: SocketAddr) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect(proxy).await?;
    let request = "GET /prices?year=2 HTTP/1.1\r\nHost: shop.example\r\nAccept: text/plain\r\n\
        Connection: close, X-Trace, Via\r\nX-Trace: on\r\nTE: trailers\r\n\
        X-Forwarded-For: 127.0.0.1\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    show("client receives", &response);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let shop = TcpListener::bind("127.0.0.1:0").await?;
    let upstream = shop.local_addr()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(proxy(listener, upstream));

    // The shop serves one request, and is gone.
    let shop = tokio::spawn(async move {
        let (mut stream, _peer) = shop.accept().await?;
        let mut head = vec![0; 1024];
        let length = stream.read(&mut head).await?;
        show("shop receives", &String::from_utf8_lossy(&head[..length]));
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close, X-Shard\r\n\
            X-Shard: seven\r\nX-List: autumn\r\n\r\ncheap\n";
        stream.write_all(answer.as_bytes()).await
    });
    ask(address).await?;
    shop.await??;
    ask(address).await
}
