//! A deadline covers the whole call: it ends a stream that is alive and flowing.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use futures::executor::block_on;
use futures::{SinkExt, StreamExt};
use grpcio::{CallOption, ChannelBuilder, EnvBuilder, Error, RpcContext};
use grpcio::{ServerBuilder, ServerCredentials, ServerStreamingSink, WriteFlags};

use pb::{Event, VolumeEvents, VolumeEventsClient, WatchRequest};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

#[derive(Clone)]
struct BusyDisk {
    stopped: mpsc::Sender<Error>,
}

impl VolumeEvents for BusyDisk {
    fn watch(
        &mut self,
        ctx: RpcContext<'_>,
        _: WatchRequest,
        mut sink: ServerStreamingSink<Event>,
    ) {
        let stopped = self.stopped.clone();
        ctx.spawn(async move {
            for number in 1.. {
                let text = "written".into();
                let event = (Event { number, text }, WriteFlags::default());
                if let Err(error) = sink.send(event).await {
                    let _ = stopped.send(error);
                    return;
                }
            }
        });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The handler hardly lets go of its polling thread, so the client gets one of its own.
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let client_env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let (stopped, why) = mpsc::channel();
    let mut server = ServerBuilder::new(env)
        .register_service(pb::create_volume_events(BusyDisk { stopped }))
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", ServerCredentials::insecure())?;
    server.start();

    let channel = ChannelBuilder::new(client_env).connect(&format!("127.0.0.1:{port}"));
    let client = VolumeEventsClient::new(channel);

    let limit = Duration::from_secs(1);
    println!("timeout of the call: {} s", limit.as_secs());
    let start = Instant::now();
    let option = CallOption::default().timeout(limit);
    let mut events = client.watch_opt(&WatchRequest::default(), option)?;
    let mut seen = 0;
    let status = loop {
        match block_on(events.next()) {
            Some(Ok(event)) => seen = event.number,
            Some(Err(Error::RpcFailure(status))) => break status,
            other => return Err(format!("not expected: {other:?}").into()),
        }
    };
    println!("events came: {}", seen > 0);
    println!("client: {}, {}", status.code(), status.message());
    println!("not before the limit: {}", start.elapsed() >= limit);
    println!("server: {}", why.recv()?);
    block_on(server.shutdown())?;
    Ok(())
}
