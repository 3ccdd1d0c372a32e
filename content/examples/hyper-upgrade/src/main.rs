//! A proxy that lets an upgrade through: the 101 first, then bytes in both directions, in a task
//! of its own. Both of its connections must allow it; the last two trials leave one of them out.

use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderMap, HeaderValue, TRANSFER_ENCODING, UPGRADE};
use hyper::upgrade::{self, OnUpgrade};
use hyper::{Request, Response, StatusCode, service::service_fn};
use hyper::{client::conn::http1 as client, server::conn::http1 as server};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{error::Error, mem::take, net::SocketAddr, sync::Mutex};
use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The only protocol that may pass; `websocket` in yours. An `h2c` let through would be requests
/// that this proxy never sees.
const PROTOCOL: &str = "echo";

/// What the proxy logs, shown when the client is done: so that every run prints the same.
static LOG: Mutex<String> = Mutex::new(String::new());

/// Removes what concerns this connection only, and asks anew for the protocol, if it may pass.
/// A full proxy also strips what `Connection` lists, as `hyper-proxy` does.
fn strip(headers: &mut HeaderMap) {
    let wanted = headers.get(UPGRADE).is_some_and(|name| name == PROTOCOL);
    for name in [CONNECTION, UPGRADE, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    if wanted {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static(PROTOCOL));
    }
}

async fn forward(
    mut request: Request<Incoming>,
    (upstream, upgrades): (SocketAddr, bool),
    tunnels: TaskTracker,
) -> Outcome<Response<Incoming>> {
    let to_client = upgrade::on(&mut request); // before the request is given away
    strip(request.headers_mut());
    let stream = TcpStream::connect(upstream).await?;
    let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await?;
    if upgrades {
        tokio::spawn(connection.with_upgrades());
    } else {
        tokio::spawn(connection);
    }
    let mut response = sender.send_request(request).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        let to_upstream = upgrade::on(&mut response);
        // Only when the client has its 101 is its side ready, so waiting here would be for ever.
        // The tracker knows of the tunnel when the connection that it came from has ended.
        tunnels.spawn(async move {
            let outcome = match tunnel(to_client, to_upstream).await {
                Ok((out, back)) => format!("tunnel closed: {out} bytes out, {back} back"),
                Err(error) => error.to_string(),
            };
            *LOG.lock().expect("nobody panics") = outcome;
        });
    }
    strip(response.headers_mut());
    Ok(response)
}

async fn tunnel(client: OnUpgrade, upstream: OnUpgrade) -> Outcome<(u64, u64)> {
    let (client, upstream) = tokio::try_join!(client, upstream)?;
    let (mut client, mut upstream) = (TokioIo::new(client), TokioIo::new(upstream));
    Ok(io::copy_bidirectional(&mut client, &mut upstream).await?)
}

/// A plain socket stands for the service: it switches the protocol and sends back what it gets.
async fn echo(listener: TcpListener) -> io::Result<()> {
    loop {
        let (mut stream, _peer) = listener.accept().await?;
        let _request = stream.read(&mut [0; 1024]).await?;
        let answer = "HTTP/1.1 101 Switching Protocols\r\n\
            Connection: upgrade\r\nUpgrade: echo\r\n\r\n";
        stream.write_all(answer.as_bytes()).await?;
        let (mut reader, mut writer) = stream.split();
        io::copy(&mut reader, &mut writer).await?;
    }
}

async fn ask(proxy: SocketAddr) -> Outcome<()> {
    let mut stream = TcpStream::connect(proxy).await?;
    let head = "GET / HTTP/1.1\r\nHost: shop.example\r\n\
        Connection: upgrade\r\nUpgrade: echo\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let mut answer = vec![0; 1024];
    let length = stream.read(&mut answer).await?;
    let head = String::from_utf8_lossy(&answer[..length]);
    println!("  client: {}", head.lines().next().unwrap_or_default());
    // Where the proxy has closed already, writing may fail, and reading certainly does.
    let _ = stream.write_all(b"ping").await;
    match stream.read_exact(&mut answer[..4]).await {
        Ok(_) => println!("  client: echo: {}", String::from_utf8_lossy(&answer[..4])),
        Err(_) => println!("  client: no echo, the connection is gone"),
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let service = TcpListener::bind("127.0.0.1:0").await?;
    let upstream = service.local_addr()?;
    tokio::spawn(echo(service));
    let trials = [
        ("with_upgrades on both connections", true, true),
        ("without it towards the client", false, true),
        ("without it towards the service", true, false),
    ];
    for (what, towards_client, towards_service) in trials {
        println!("{what}");
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let tunnels = TaskTracker::new();
        let tracker = tunnels.clone();
        let proxy = tokio::spawn(async move {
            let (stream, _peer) = listener.accept().await?;
            let service = service_fn(move |request| {
                forward(request, (upstream, towards_service), tracker.clone())
            });
            let connection = server::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            if towards_client {
                connection.with_upgrades().await?;
            } else {
                connection.await?;
            }
            Outcome::Ok(())
        });
        ask(address).await?;
        proxy.await??; // ends with the 101: the tunnel is none of its business
        tunnels.close();
        tunnels.wait().await;
        let log = take(&mut *LOG.lock().expect("nobody panics"));
        println!("  proxy: {log}");
    }
    Ok(())
}
