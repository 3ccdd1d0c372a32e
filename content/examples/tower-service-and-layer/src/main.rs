//! A `Service` and a `Layer` written by hand: one greets, the other watches
//! what goes in and what comes out.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use tower::{Layer, Service, ServiceBuilder, ServiceExt};

#[derive(Clone)]
struct Greet;

impl Service<String> for Greet {
    type Response = String;
    type Error = Infallible;
    type Future = Ready<Result<String, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Nothing to wait for: this service has room at any time.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: String) -> Self::Future {
        ready(Ok(format!("hello, {name}")))
    }
}

/// What a layer makes: a service around a service.
#[derive(Clone)]
struct Watch<S> {
    inner: S,
    name: &'static str,
}

impl<S> Service<String> for Watch<S>
where
    S: Service<String, Response = String>,
    S::Future: Send + 'static,
{
    type Response = String;
    type Error = S::Error;
    // Boxing saves you from writing a future type of your own.
    type Future = Pin<Box<dyn Future<Output = Result<String, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // A wrapper has no room of its own to offer, so it passes the question on.
        println!("{}: ready?", self.name);
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: String) -> Self::Future {
        let name = self.name;
        println!("{name}: request {request:?}");
        // `call` on the inner service happens here, not in the async block:
        // only `self.inner` is known to be ready.
        let response = self.inner.call(request);
        Box::pin(async move {
            let response = response.await?;
            println!("{name}: response {response:?}");
            Ok(response)
        })
    }
}

struct WatchLayer(&'static str);

impl<S> Layer<S> for WatchLayer {
    type Service = Watch<S>;

    fn layer(&self, inner: S) -> Watch<S> {
        let name = self.0;
        Watch { inner, name }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut service = ServiceBuilder::new()
        .layer(WatchLayer("outer"))
        .layer(WatchLayer("inner"))
        .service(Greet);

    // `ready` drives `poll_ready` until there is room, then lends the service out.
    let answer = service.ready().await?.call("Ferris".to_string()).await?;
    println!("answer: {answer}");
    Ok(())
}
