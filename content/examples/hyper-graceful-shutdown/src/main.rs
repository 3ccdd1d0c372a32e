//! A server drains: the request in flight is answered, the idle connection ends, a new one is refused.

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONNECTION, HOST};
use hyper::{Request, Response, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::{convert::Infallible, error::Error, net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

static BEGUN: Notify = Notify::const_new();
static FINISH: Notify = Notify::const_new();

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() == "/order" {
        BEGUN.notify_one();
        FINISH.notified().await;
    }
    Ok(Response::new(Full::new(Bytes::from("done"))))
}

/// Accepts until it is told to stop, then waits for the connections that are left.
async fn serve(listener: TcpListener, mut stop: oneshot::Receiver<()>) -> bool {
    let graceful = GracefulShutdown::new();
    loop {
        // A pattern such as `Ok(..)` here would turn this branch off at the first error,
        // and leave only the other one to wait for.
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _peer)) => stream,
            Err(error) => {
                // Too many open files, say. That passes; the pause keeps the loop from spinning.
                eprintln!("server: {error}");
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service_fn(answer));
        tokio::spawn(graceful.watch(connection));
    }
    drop(listener); // or the kernel would go on to accept for us
    println!("server: drains {} connections", graceful.count());
    // A request that hangs would hold us for ever, so a limit belongs here.
    let limit = Duration::from_secs(10);
    timeout(limit, graceful.shutdown()).await.is_ok()
}

type Sender = SendRequest<Empty<Bytes>>;
type Driver = JoinHandle<hyper::Result<()>>;

async fn connect(address: SocketAddr) -> Result<(Sender, Driver), Box<dyn Error>> {
    let stream = TcpStream::connect(address).await?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    Ok((sender, tokio::spawn(connection)))
}

fn get(path: &str) -> Result<Request<Empty<Bytes>>, hyper::http::Error> {
    Request::get(path)
        .header(HOST, "drain.example")
        .body(Empty::new())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(serve(listener, stopped));

    let (mut idle, idle_driver) = connect(address).await?;
    let response = idle.send_request(get("/")?).await?;
    println!("idle:   {}", response.status());
    response.into_body().collect().await?; // now the connection waits for the next request

    let (mut busy, _driver) = connect(address).await?;
    let response = tokio::spawn(busy.send_request(get("/order")?));
    BEGUN.notified().await;
    println!("busy:   the request is in the service");

    stop.send(()).expect("the server waits for it"); // in production SIGTERM
    idle_driver.await??;
    println!("idle:   connection ended");
    match TcpStream::connect(address).await {
        Ok(_) => println!("new:    connected"),
        Err(error) => println!("new:    {}", error.kind()),
    }

    FINISH.notify_one();
    let response = response.await??;
    let close = response.headers().get(CONNECTION);
    println!("busy:   {}, connection: {close:?}", response.status());
    response.into_body().collect().await?;
    println!("server: drained in time: {}", server.await?);
    Ok(())
}
