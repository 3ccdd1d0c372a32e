//! Serves `/metrics` with hyper, and scrapes itself over loopback.

use std::convert::Infallible;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, Response, StatusCode, service::service_fn};
use hyper_util::rt::TokioIo;
use prometheus::{IntCounterVec, Opts, Registry, TextEncoder};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
}

fn answer(metrics: &Metrics, request: &Request<Incoming>) -> Response<String> {
    // The path of a client is free-form. Count the route instead.
    let (route, status) = match request.uri().path() {
        "/metrics" => ("metrics", StatusCode::OK),
        _ => ("other", StatusCode::NOT_FOUND),
    };
    metrics.requests.with_label_values(&[route]).inc();

    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    if route == "metrics" {
        let encoder = TextEncoder::new();
        match encoder.encode_to_string(&metrics.registry.gather()) {
            Ok(text) => *response.body_mut() = text,
            // A metric that cannot be written must not take the service down.
            Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        }
        let format = prometheus::TEXT_FORMAT
            .parse()
            .expect("a valid header value");
        response.headers_mut().insert(CONTENT_TYPE, format);
    }
    response
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::new();
    let requests = IntCounterVec::new(Opts::new("requests_total", "Requests."), &["route"])?;
    registry.register(Box::new(requests.clone()))?;
    let metrics = Metrics { registry, requests };

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    // One connection is enough here. A server accepts in a loop.
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("the client connects");
        let service = service_fn(|request| {
            let response = answer(&metrics, &request);
            async { Ok::<_, Infallible>(response) }
        });
        hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service)
            .await
    });

    let stream = TokioIo::new(TcpStream::connect(address).await?);
    let (mut client, connection) = hyper::client::conn::http1::handshake(stream).await?;
    let connection = tokio::spawn(connection);
    for path in ["/metrics", "/favicon.ico", "/metrics"] {
        let request = Request::get(path)
            .header(HOST, "localhost")
            .body(Empty::<Bytes>::new())?;
        let response = client.send_request(request).await?;
        println!("GET {path}: {}", response.status());
        if let Some(format) = response.headers().get(CONTENT_TYPE) {
            println!("content-type: {}", format.to_str()?);
        }
        let body = response.into_body().collect().await?.to_bytes();
        println!("{}", String::from_utf8_lossy(&body));
    }

    drop(client);
    connection.await??;
    server.await??;
    Ok(())
}
