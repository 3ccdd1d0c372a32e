//! Two deadlines for one slow call: who ends it decides the status.
//! Time is virtual and the connection in memory, so the seconds are exact.

use std::collections::HashMap;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout};
use tonic::transport::{Endpoint, Server};
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};

use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{GetRequest, Volume};

mod pb {
    tonic::include_proto!("volumes.v1");
}

/// What the service allows itself.
const BUDGET: Duration = Duration::from_secs(3);

struct SlowDisk;

#[tonic::async_trait]
impl Volumes for SlowDisk {
    async fn get(&self, _: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let disk = std::future::pending::<Volume>();
        let volume = timeout(BUDGET, disk).await.map_err(|_| {
            let mut details = ErrorDetails::with_retry_info(Some(Duration::from_secs(10)));
            details.set_error_info("DISK_SLOW", "volumes.example", HashMap::new());
            Status::with_error_details(Code::DeadlineExceeded, "the disk is slow", details)
        })?;
        Ok(Response::new(volume))
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (client_end, server_end) = tokio::io::duplex(4096);
    let server = Server::builder()
        .add_service(VolumesServer::new(SlowDisk))
        .serve_with_incoming(tokio_stream::once(Ok::<_, std::io::Error>(server_end)));
    tokio::spawn(server);
    let mut client_end = Some(TokioIo::new(client_end));
    let connector = tower::service_fn(move |_| {
        std::future::ready(client_end.take().ok_or("only one connection"))
    });
    let channel = Endpoint::from_static("http://in.memory")
        .connect_with_connector(connector)
        .await?;

    let mut volumes = VolumesClient::new(channel);
    for seconds in [1, 5] {
        let start = Instant::now();
        let mut request = Request::new(GetRequest::default());
        request.set_timeout(Duration::from_secs(seconds));
        let status = volumes.get(request).await.expect_err("the disk is stuck");
        println!("client waits {seconds} s:");
        println!(
            "  {:?} after {} s",
            status.code(),
            start.elapsed().as_secs()
        );
        println!("  {}", status.message());
        let details = status.get_error_details();
        if let (Some(info), Some(retry)) = (details.error_info(), details.retry_info()) {
            println!("  reason {} in {}", info.reason, info.domain);
            println!("  retry in {:?}", retry.retry_delay.unwrap_or_default());
        }
    }
    Ok(())
}
