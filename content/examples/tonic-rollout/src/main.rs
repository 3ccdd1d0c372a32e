//! A server is replaced: health first, then streams, then calls, and a deadline for the rest.
//! The rest is a client that connected and never says a word.

use std::{error::Error, time::Duration};

use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};
use tonic_health::ServingStatus::NotServing;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use pb::volume_events_client::VolumeEventsClient;
use pb::volume_events_server::{VolumeEvents, VolumeEventsServer};
use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{Event, GetRequest, Volume, WatchRequest};

mod pb {
    tonic::include_proto!("volumes.v1");
}

static BEGUN: Notify = Notify::const_new();
static FINISH: Notify = Notify::const_new();

struct Node {
    stop: CancellationToken,
}

#[tonic::async_trait]
impl Volumes for Node {
    async fn get(&self, request: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let name = request.into_inner().name;
        if name == "slow" {
            BEGUN.notify_one();
            FINISH.notified().await;
        }
        Ok(Response::new(Volume { name, replicas: 3 }))
    }
}

#[tonic::async_trait]
impl VolumeEvents for Node {
    type WatchStream = ReceiverStream<Result<Event, Status>>;

    async fn watch(&self, _: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let (events, stream) = mpsc::channel(4);
        let stop = self.stop.clone();
        tokio::spawn(async move {
            let text = "attached".into();
            let _ = events.send(Ok(Event { number: 1, text })).await;
            // Nothing more happens until the token fires or the reader leaves. Then the sender is
            // dropped, and the stream ends in good order.
            let _ = stop.run_until_cancelled(events.closed()).await;
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

async fn get(mut volumes: VolumesClient<Channel>, name: &str) -> Result<u32, Status> {
    let request = GetRequest { name: name.into() };
    let volume = volumes.get(request).await?.into_inner();
    Ok(volume.replicas)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    let address = incoming.local_addr()?;
    let stop = CancellationToken::new();
    let (mut reporter, health_service) = tonic_health::server::health_reporter();
    let server = Server::builder()
        .add_service(health_service)
        .add_service(VolumesServer::new(Node { stop: stop.clone() }))
        .add_service(VolumeEventsServer::new(Node { stop: stop.clone() }))
        .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
    let server = tokio::spawn(server);

    // Each of these holds the server: two streams, a call, a connection without a word.
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    let _silent = TcpStream::connect(address).await?;
    let channel = endpoint.connect().await?;
    let mut health = HealthClient::new(channel.clone());
    let everything = HealthCheckRequest::default();
    let mut health = health.watch(everything).await?.into_inner();
    let first = health.message().await?.ok_or("no status")?;
    println!("health: {:?}", first.status());
    let mut events = VolumeEventsClient::new(channel.clone());
    let mut events = events.watch(WatchRequest::default()).await?.into_inner();
    println!("watch: {}", events.message().await?.ok_or("no event")?.text);
    let volumes = VolumesClient::new(channel);
    let slow = tokio::spawn(get(volumes.clone(), "slow"));
    BEGUN.notified().await;

    println!("SIGTERM");
    reporter.set_service_status("", NotServing).await;
    let second = health.message().await?.ok_or("no status")?;
    println!("health: {:?}", second.status());
    // Callers learn of it one after the other, so the server goes on accepting for a while.
    sleep(Duration::from_millis(100)).await;
    println!("late call: {} replicas", get(volumes, "disk-1").await?);

    println!("shutdown");
    stop.cancel();
    // Watches of health have no token. They end when their entry is gone.
    reporter.clear_service_status("").await;
    println!("health: ended {}", health.message().await?.is_none());
    println!("watch: ended {}", events.message().await?.is_none());
    FINISH.notify_one();
    println!("slow call: {} replicas", slow.await??);
    println!(
        "new connection: refused {}",
        endpoint.connect().await.is_err()
    );
    match timeout(Duration::from_millis(300), server).await {
        Ok(result) => println!("stopped: {:?}", result?),
        Err(_) => println!("deadline: a connection is left, exit without it"),
    }
    Ok(())
}
