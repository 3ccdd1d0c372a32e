//! A CPU profile behind an HTTP handler: limited in time, one at a time, and over
//! when its client leaves. The program is its own client.

use std::time::{Duration, Instant};
use std::{convert::Infallible, error::Error, hint::black_box, net::SocketAddr, thread};

use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::{Request, Response, StatusCode, header::HOST};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use pprof::ProfilerGuardBuilder;
use pprof::protos::{Message, Profile};
use tokio::net::{TcpListener, TcpStream};
use tokio::{task::spawn_blocking, time::sleep, time::timeout};

const LIMIT: u64 = 30; // seconds

type Failure = Box<dyn Error + Send + Sync>;
type Answer = (StatusCode, Bytes);

async fn profile(query: &str) -> Result<Answer, Failure> {
    let mut pairs = query.split('&');
    let seconds = pairs.find_map(|pair| pair.strip_prefix("seconds="));
    let Ok(seconds @ 1..=LIMIT) = seconds.unwrap_or("10").parse() else {
        let text = format!("seconds must be 1 to {LIMIT}");
        return Ok((StatusCode::BAD_REQUEST, text.into()));
    };
    // Starting can block too: it spins while another report is being built.
    let started = spawn_blocking(|| {
        ProfilerGuardBuilder::default()
            .blocklist(&["libc", "libgcc", "pthread", "vdso"])
            .build()
    });
    let guard = match started.await? {
        Err(pprof::Error::Running) => {
            return Ok((StatusCode::CONFLICT, "a profile is running".into()));
        }
        started => started?,
    };
    // When the client leaves, hyper drops this future, and the guard with it.
    sleep(Duration::from_secs(seconds)).await;
    let built = spawn_blocking(move || {
        let report = guard.report().build()?; // resolves symbols, under the lock
        drop(guard); // the next profile may start
        if report.data.is_empty() {
            return Ok((StatusCode::NO_CONTENT, Bytes::new())); // the process was idle
        }
        Ok((StatusCode::OK, report.pprof()?.encode_to_vec().into()))
    });
    built.await?
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let answer = profile(request.uri().query().unwrap_or_default()).await;
    let (status, body) = answer
        .unwrap_or_else(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string().into()));
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    Ok(response)
}

async fn serve(listener: TcpListener) {
    loop {
        let Ok((stream, _peer)) = listener.accept().await else {
            sleep(Duration::from_millis(100)).await; // too many open files, say
            continue;
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service_fn(answer));
        tokio::spawn(connection);
    }
}

/// Asks over a connection of its own, which closes when this future is dropped.
async fn ask(address: SocketAddr, seconds: &str) -> Result<Answer, Failure> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let request = Request::get(format!("/debug/pprof/profile?seconds={seconds}"))
        .header(HOST, "localhost")
        .body(Empty::<Bytes>::new())?;
    let exchange = async move {
        let (head, body) = sender.send_request(request).await?.into_parts();
        Ok((head.status, body.collect().await?.to_bytes()))
    };
    let (answer, ()) = tokio::try_join!(exchange, connection)?;
    Ok(answer)
}

/// What the service is busy with.
fn work() {
    loop {
        black_box((0..10_000_u64).fold(0, |sum, n| sum ^ black_box(n)));
    }
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    // Loopback: whoever reaches this slows the service down and sees what it does.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener));
    thread::spawn(work);

    println!("Foolish durations");
    for seconds in ["0", "86400", "soon"] {
        let (status, text) = ask(address, seconds).await?;
        println!("  {seconds}: {status}, {}", String::from_utf8_lossy(&text));
    }

    println!("Two clients at once");
    let (mut one, mut other) = tokio::try_join!(ask(address, "1"), ask(address, "1"))?;
    if one.0 == StatusCode::CONFLICT {
        (one, other) = (other, one); // either may be the first
    }
    println!("  {} and {}", one.0, other.0);
    let profile = Profile::decode(&one.1[..])?;
    check("  a protobuf with samples", !profile.sample.is_empty())?;
    let work = "pprof_rs_http_endpoint::work".to_owned();
    let found = profile.string_table.contains(&work);
    check("  work is among its functions", found)?;

    println!("A client that leaves early");
    let mut leaver = Box::pin(ask(address, "30"));
    let second = timeout(Duration::from_secs(1), &mut leaver).await;
    check("  has no answer after a second", second.is_err())?;
    println!("  meanwhile: {}", ask(address, "1").await?.0);
    drop(leaver);
    let left = Instant::now();
    let mut status = StatusCode::CONFLICT;
    while status == StatusCode::CONFLICT {
        status = ask(address, "1").await?.0; // the server may not know yet
    }
    println!("  afterwards: {status}");
    check("  long before its time", left.elapsed().as_secs() < 15)?;
    Ok(())
}
