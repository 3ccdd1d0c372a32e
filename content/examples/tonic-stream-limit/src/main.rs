//! A request's timeout ends at the response headers; a stream needs a limit of your own.
//! Time is virtual and the connection in memory, so the seconds are exact.

use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status};

use pb::volume_events_client::VolumeEventsClient;
use pb::volume_events_server::{VolumeEvents, VolumeEventsServer};
use pb::{Event, WatchRequest};

mod pb {
    tonic::include_proto!("volumes.v1");
}

struct QuietDisk;

#[tonic::async_trait]
impl VolumeEvents for QuietDisk {
    type WatchStream = ReceiverStream<Result<Event, Status>>;

    async fn watch(&self, _: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let (events, stream) = mpsc::channel(1);
        tokio::spawn(async move {
            for number in 1.. {
                let text = "checked".into();
                if events.send(Ok(Event { number, text })).await.is_err() {
                    break;
                }
                sleep(Duration::from_secs(60)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (client_end, server_end) = tokio::io::duplex(4096);
    let server = Server::builder()
        .add_service(VolumeEventsServer::new(QuietDisk))
        .serve_with_incoming(tokio_stream::once(Ok::<_, std::io::Error>(server_end)));
    tokio::spawn(server);
    let mut client_end = Some(TokioIo::new(client_end));
    let connector = tower::service_fn(move |_| {
        std::future::ready(client_end.take().ok_or("only one connection"))
    });
    let channel = Endpoint::from_static("http://in.memory")
        .connect_with_connector(connector)
        .await?;

    let start = Instant::now();
    let mut request = Request::new(WatchRequest::default());
    request.set_timeout(Duration::from_secs(1));
    println!("timeout of the request: 1 s");
    let mut client = VolumeEventsClient::new(channel);
    let mut events = client.watch(request).await?.into_inner();
    println!("headers after {} s", start.elapsed().as_secs());
    for _ in 0..3 {
        let event = events.message().await?.ok_or("the stream ended")?;
        println!(
            "event {} after {} s",
            event.number,
            start.elapsed().as_secs()
        );
    }

    println!("own limit for the next event: 5 s");
    match timeout(Duration::from_secs(5), events.message()).await {
        Ok(event) => println!("event: {:?}", event?),
        Err(_) => println!("given up after {} s", start.elapsed().as_secs()),
    }
    // Dropping the stream cancels the call, so the server need not go on either.
    drop(events);
    Ok(())
}
