//! Server streaming: an end, an error, a sink that is dropped, a reader that leaves.

use std::sync::{Arc, mpsc};

use futures::executor::block_on;
use futures::{SinkExt, StreamExt};
use grpcio::{ChannelBuilder, EnvBuilder, Error, RpcContext, RpcStatus, RpcStatusCode};
use grpcio::{ServerBuilder, ServerCredentials, ServerStreamingSink, WriteFlags};

use pb::{Event, VolumeEvents, VolumeEventsClient, WatchRequest};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

async fn produce(name: &str, mut sink: ServerStreamingSink<Event>) -> Result<(), Error> {
    for number in 1.. {
        match (name, number) {
            ("short", 4) => return sink.close().await,
            ("broken", 3) => {
                let text = "the log ends here".into();
                let status = RpcStatus::with_message(RpcStatusCode::DATA_LOSS, text);
                return sink.fail(status).await;
            }
            // Neither closed nor failed: dropping the sink cancels the call.
            ("forgotten", 3) => return Ok(()),
            _ => {}
        }
        let text = format!("{name} changed");
        // Done when Core has taken the message.
        let event = (Event { number, text }, WriteFlags::default());
        sink.send(event).await?;
    }
    Ok(())
}

#[derive(Clone)]
struct Events {
    producer_stopped: mpsc::Sender<Result<(), Error>>,
}

impl VolumeEvents for Events {
    fn watch(
        &mut self,
        ctx: RpcContext<'_>,
        request: WatchRequest,
        sink: ServerStreamingSink<Event>,
    ) {
        let producer_stopped = self.producer_stopped.clone();
        ctx.spawn(async move {
            let outcome = produce(&request.name, sink).await;
            let _ = producer_stopped.send(outcome);
        });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `endless` keeps its polling thread busy, so the client gets one of its own.
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let client_env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let (producer_stopped, outcomes) = mpsc::channel();
    let mut server = ServerBuilder::new(env)
        .register_service(pb::create_volume_events(Events { producer_stopped }))
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", ServerCredentials::insecure())?;
    server.start();

    let channel = ChannelBuilder::new(client_env).connect(&format!("127.0.0.1:{port}"));
    let client = VolumeEventsClient::new(channel);
    for (name, at_most) in [
        ("short", 9),
        ("broken", 9),
        ("forgotten", 9),
        ("endless", 3),
    ] {
        println!("{name}:");
        let mut stream = client.watch(&WatchRequest { name: name.into() })?;
        let mut seen = 0;
        while seen < at_most {
            match block_on(stream.next()) {
                Some(Ok(event)) => seen = event.number,
                None => {
                    println!("  {seen} events, then the end");
                    break;
                }
                Some(Err(Error::RpcFailure(status))) => {
                    // Core may throw away events that came just before a failing status.
                    println!("  at most 2 events: {}, then", seen <= 2);
                    println!("  {}: {}", status.code(), status.message());
                    break;
                }
                Some(Err(error)) => return Err(error.into()),
            }
        }
        if seen == at_most {
            println!("  {seen} events, then the reader leaves");
        }
        // Dropping the receiver cancels the call, so the server may let go as well.
        drop(stream);
        match outcomes.recv()? {
            Ok(()) => println!("  producer: done"),
            Err(error) => println!("  producer: {error}"),
        }
    }
    block_on(server.shutdown())?;
    Ok(())
}
