//! A unary call: server and client in one program, over loopback.

use tokio::sync::oneshot;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{GetRequest, Volume};

mod pb {
    tonic::include_proto!("volumes.v1");
}

struct Inventory;

#[tonic::async_trait]
impl Volumes for Inventory {
    async fn get(&self, request: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let name = request.into_inner().name;
        if name != "disk-1" {
            return Err(Status::not_found(format!("no volume named {name}")));
        }
        Ok(Response::new(Volume { name, replicas: 3 }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Bound before the client starts, so the client cannot come too early.
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    let address = incoming.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(
        Server::builder()
            .add_service(VolumesServer::new(Inventory))
            .serve_with_incoming_shutdown(incoming, async {
                let _ = stopped.await;
            }),
    );

    let mut client = VolumesClient::connect(format!("http://{address}")).await?;
    for name in ["disk-1", "disk-2"] {
        let request = GetRequest { name: name.into() };
        match client.get(request).await {
            Ok(response) => {
                let volume = response.into_inner();
                println!("{}: {} replicas", volume.name, volume.replicas);
            }
            Err(status) => println!("{name}: {:?}, {}", status.code(), status.message()),
        }
    }

    // The server finishes the calls that it has, then `serve` returns.
    let _ = stop.send(());
    server.await??;
    println!("server stopped");
    Ok(())
}
