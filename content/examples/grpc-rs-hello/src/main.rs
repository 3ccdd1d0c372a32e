//! A unary call through gRPC Core: server and client in one program, over loopback.

use std::sync::Arc;

use futures::executor::block_on;
use grpcio::{ChannelBuilder, EnvBuilder, Error, RpcContext, RpcStatus, RpcStatusCode};
use grpcio::{ServerBuilder, ServerCredentials, UnarySink};

use pb::{GetRequest, Volume, Volumes, VolumesClient};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

#[derive(Clone)]
struct Inventory;

impl Volumes for Inventory {
    // A callback, no `async fn`: it returns at once and answers through the sink.
    fn get(&mut self, ctx: RpcContext<'_>, request: GetRequest, sink: UnarySink<Volume>) {
        let name = request.name;
        ctx.spawn(async move {
            let answer = if name == "disk-1" {
                sink.success(Volume { name, replicas: 3 })
            } else {
                let text = format!("no volume named {name}");
                sink.fail(RpcStatus::with_message(RpcStatusCode::NOT_FOUND, text))
            };
            if let Err(error) = answer.await {
                println!("the answer did not leave: {error}");
            }
        });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Owns the polling threads; server and channels share it.
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let mut server = ServerBuilder::new(env.clone())
        .register_service(pb::create_volumes(Inventory))
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", ServerCredentials::insecure())?;
    server.start();

    let channel = ChannelBuilder::new(env).connect(&format!("127.0.0.1:{port}"));
    let client = VolumesClient::new(channel);
    for name in ["disk-1", "disk-2"] {
        let request = GetRequest { name: name.into() };
        // Blocks, which is fine here and never in a handler: there, take `get_async`.
        match client.get(&request) {
            Ok(volume) => println!("{}: {} replicas", volume.name, volume.replicas),
            Err(Error::RpcFailure(status)) => {
                println!("{name}: {}, {}", status.code(), status.message());
            }
            Err(error) => return Err(error.into()),
        }
    }

    // Lets running calls finish; dropping the server would cancel them.
    block_on(server.shutdown())?;
    println!("server stopped");
    Ok(())
}
