//! Retries around a generated method: after which failures, for how long, how many in an outage.
//! Time is virtual and the connection in memory, so the seconds are exact.

use std::error::Error;
use std::iter::successors;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tonic::transport::{Endpoint, Server};
use tonic::{Code, ConnectError, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};
use tower::retry::backoff::{Backoff, ExponentialBackoffMaker, MakeBackoff};
use tower::retry::budget::{Budget, TpsBudget};
use tower::util::rng::HasherRng;

use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{GetRequest, Volume};

mod pb {
    tonic::include_proto!("volumes.v1");
}

const SECOND: Duration = Duration::from_secs(1);

/// `twice`: the call may be carried out twice. `call` is told how long one attempt may take.
async fn retry<T>(
    budget: &TpsBudget,
    twice: bool,
    mut call: impl AsyncFnMut(Duration) -> Result<T, Status>,
) -> Result<T, Status> {
    let deadline = Instant::now() + 10 * SECOND;
    // A generator for each call. A maker that is shared gives all of them the same pauses.
    let random = HasherRng::default();
    let mut pauses = ExponentialBackoffMaker::new(SECOND / 50, SECOND, 0.5, random)
        .map_err(|error| Status::internal(error.to_string()))?
        .make_backoff();
    let mut retries_left = 2;
    loop {
        // tonic's timeout does not run while the channel connects; this clock does.
        let limit = SECOND.min(deadline - Instant::now());
        let status = match timeout_at(deadline, call(limit)).await {
            Ok(Ok(answer)) => {
                budget.deposit();
                return Ok(answer);
            }
            Ok(Err(status)) => status,
            Err(_) => return Err(Status::deadline_exceeded("no answer by the deadline")),
        };
        // Come back when the server says so, and a little later: others were told the same.
        let told = status.get_details_retry_info().map(|info| info.retry_delay);
        let next = pauses.next_backoff().deadline() + told.flatten().unwrap_or_default();
        let worth_it = told.is_some() || may_help(&status, twice);
        // Ask the budget last: a withdrawal is a promise to try again.
        if retries_left == 0 || next > deadline || !worth_it || !budget.withdraw() {
            return Err(status);
        }
        retries_left -= 1;
        sleep_until(next).await;
    }
}

fn may_help(status: &Status, twice: bool) -> bool {
    // Without a connection, nothing was sent.
    let unsent = successors(status.source(), |cause| (*cause).source())
        .any(|cause| cause.is::<ConnectError>());
    // Only a status that was made on this side has a source: our timeout, a broken connection.
    let ours = status.source().is_some();
    unsent || twice && (ours || status.code() == Code::Unavailable)
}

struct Moody(Arc<AtomicU32>);

#[tonic::async_trait]
impl Volumes for Moody {
    async fn get(&self, request: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let busy = |seconds| {
            let details = ErrorDetails::with_retry_info(Some(seconds * SECOND));
            Status::with_error_details(Code::ResourceExhausted, "busy", details)
        };
        match (request.get_ref().name.as_str(), self.0.load(Relaxed)) {
            ("outage", _) => Err(Status::unavailable("starting")),
            ("unavailable twice", 1 | 2) => Err(Status::unavailable("starting")),
            ("invalid argument", _) => Err(Status::invalid_argument("no such name")),
            ("come back in 3 s", 1) => Err(busy(3)),
            ("come back in 60 s", 1) => Err(busy(60)),
            ("hangs once", 1) => std::future::pending().await,
            _ => Ok(Response::new(Volume::default())),
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let attempts = Arc::new(AtomicU32::new(0));
    let (client_end, server_end) = tokio::io::duplex(4096);
    let server = Server::builder()
        .add_service(VolumesServer::new(Moody(attempts.clone())))
        .serve_with_incoming(tokio_stream::once(Ok::<_, std::io::Error>(server_end)));
    tokio::spawn(server);
    // The first attempt to connect fails, the second gets the connection.
    let mut results = vec![Ok(TokioIo::new(client_end)), Err("refused")];
    let connector = tower::service_fn(move |_| {
        std::future::ready(results.pop().unwrap_or(Err("only one connection")))
    });
    let channel = Endpoint::from_static("http://in.memory").connect_with_connector_lazy(connector);
    let volumes = VolumesClient::new(channel);

    // For all calls to one service: one retry a second for free, and one for five successes.
    let budget = TpsBudget::new(10 * SECOND, 1, 0.2);
    println!("call               twice  calls  attempts  time  last result");
    for (name, twice, calls) in [
        ("refused once", false, 1),
        ("unavailable twice", true, 1),
        ("unavailable twice", false, 1),
        ("invalid argument", true, 1),
        ("come back in 3 s", false, 1),
        ("come back in 60 s", false, 1),
        ("hangs once", true, 1),
        ("hangs once", false, 1),
        ("outage", true, 20),
    ] {
        // The budget forgets after its ten seconds.
        sleep(60 * SECOND).await;
        let (start, message) = (Instant::now(), GetRequest { name: name.into() });
        attempts.store(0, Relaxed);
        let mut result = Code::Ok;
        for _ in 0..calls {
            let answer = retry(&budget, twice, async |limit| {
                attempts.fetch_add(1, Relaxed);
                // The message can be cloned, the request around it cannot.
                let mut request = Request::new(message.clone());
                request.set_timeout(limit);
                volumes.clone().get(request).await
            });
            result = answer
                .await
                .map_or_else(|status| status.code(), |_| Code::Ok);
        }
        let (attempts, time) = (attempts.load(Relaxed), start.elapsed().as_secs());
        let twice = if twice { "yes" } else { "no" };
        println!("{name:17}  {twice:5}  {calls:5}  {attempts:8}  {time:2} s  {result:?}");
    }
    Ok(())
}
