//! Middleware that clones its inner service in `call` loses the readiness that
//! it waited for. The panic that follows, and the swap that mends it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tower::limit::ConcurrencyLimit;
use tower::{BoxError, Service, ServiceExt, service_fn};

/// Moves its inner service into the future, by one of two ways.
struct Middleware<S> {
    inner: S,
    swap: bool,
}

impl<S> Service<u32> for Middleware<S>
where
    S: Service<u32, Response = u32, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = u32;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<u32, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: u32) -> Self::Future {
        let clone = self.inner.clone();
        let mut inner = if self.swap {
            // Right: the clone stays behind, the service that is ready moves out.
            std::mem::replace(&mut self.inner, clone)
        } else {
            // Wrong: the permit stays in `self.inner`, the clone has none.
            clone
        };
        Box::pin(async move { inner.call(request).await })
    }
}

async fn double(n: u32) -> Result<u32, BoxError> {
    Ok(2 * n)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    // The panic is expected; keep the default hook from writing about it.
    std::panic::set_hook(Box::new(|_| {}));

    // A service without limits is always ready: the mistake stays hidden.
    let inner = service_fn(double);
    let unlimited = Middleware { inner, swap: false };
    println!("clone, no limit: {}", unlimited.oneshot(21).await?);

    let inner = ConcurrencyLimit::new(service_fn(double), 1);
    let limited = Middleware { inner, swap: false };
    let panic = tokio::spawn(limited.oneshot(21))
        .await
        .expect_err("the clone has no permit, so the call panics")
        .into_panic();
    let message = panic.downcast::<String>().expect("the message is a string");
    println!("clone, limit of one: panic: {message}");

    let inner = ConcurrencyLimit::new(service_fn(double), 1);
    let mut mended = Middleware { inner, swap: true };
    for n in [21, 22] {
        let answer = mended.ready().await?.call(n).await?;
        println!("swap, limit of one: {answer}");
    }
    Ok(())
}
