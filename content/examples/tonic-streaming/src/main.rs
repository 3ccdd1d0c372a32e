//! Server streaming: an end, an error in the middle, and a reader that leaves.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use pb::volume_events_client::VolumeEventsClient;
use pb::volume_events_server::{VolumeEvents, VolumeEventsServer};
use pb::{Event, WatchRequest};

mod pb {
    tonic::include_proto!("volumes.v1");
}

struct Events {
    producer_stopped: mpsc::Sender<&'static str>,
}

#[tonic::async_trait]
impl VolumeEvents for Events {
    type WatchStream = ReceiverStream<Result<Event, Status>>;

    async fn watch(
        &self,
        request: Request<WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let name = request.into_inner().name;
        let producer_stopped = self.producer_stopped.clone();
        // A small buffer: a slow reader makes `send` wait instead of filling memory.
        let (events, stream) = mpsc::channel(4);
        tokio::spawn(async move {
            for number in 1.. {
                let event = match (name.as_str(), number) {
                    ("short", 4) => break,
                    ("broken", 3) => Err(Status::data_loss("the log ends here")),
                    _ => Ok(Event {
                        number,
                        text: format!("{name} changed"),
                    }),
                };
                // An error also ends the stream, and then nobody receives any more.
                if events.send(event).await.is_err() {
                    let _ = producer_stopped.send("nobody listens").await;
                    return;
                }
            }
            let _ = producer_stopped.send("all sent").await;
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    let address = incoming.local_addr()?;
    let (producer_stopped, mut why) = mpsc::channel(1);
    let service = VolumeEventsServer::new(Events { producer_stopped });
    tokio::spawn(
        Server::builder()
            .add_service(service)
            .serve_with_incoming(incoming),
    );

    let mut client = VolumeEventsClient::connect(format!("http://{address}")).await?;
    for (name, at_most) in [("short", 9), ("broken", 9), ("endless", 3)] {
        println!("{name}:");
        let request = WatchRequest { name: name.into() };
        let mut stream = client.watch(request).await?.into_inner();
        for _ in 0..at_most {
            match stream.message().await {
                Ok(Some(event)) => println!("  event {}: {}", event.number, event.text),
                Ok(None) => {
                    println!("  end of stream");
                    break;
                }
                Err(status) => {
                    println!("  {:?}: {}", status.code(), status.message());
                    break;
                }
            }
        }
        // Dropping the stream resets it, so the server may let go as well.
        drop(stream);
        let why = why.recv().await.expect("the service holds a sender");
        println!("  producer stopped: {why}");
    }
    Ok(())
}
