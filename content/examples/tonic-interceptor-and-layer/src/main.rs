//! An interceptor decides before the call; a Tower layer sees the answer as well.

use std::convert::Infallible;

use tonic::body::Body;
use tonic::metadata::MetadataValue;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status};
use tower::layer::layer_fn;
use tower::{ServiceExt, service_fn};

use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{GetRequest, Volume};

mod pb {
    tonic::include_proto!("volumes.v1");
}

#[derive(Clone)]
struct Caller(String);

/// Server side: refuses a call, or tells the handler who calls.
fn authenticate(mut request: Request<()>) -> Result<Request<()>, Status> {
    let token = request.metadata().get("authorization");
    if token.is_none_or(|token| token != "Bearer s3cret") {
        return Err(Status::unauthenticated("unknown token"));
    }
    request.extensions_mut().insert(Caller("alice".into()));
    Ok(request)
}

struct Inventory;

#[tonic::async_trait]
impl Volumes for Inventory {
    async fn get(&self, request: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let Some(Caller(caller)) = request.extensions().get() else {
            return Err(Status::internal("no interceptor"));
        };
        println!("  handler: called by {caller}");
        match request.get_ref().name.as_str() {
            "disk-1" => Ok(Response::new(Volume {
                name: "disk-1".into(),
                replicas: 3,
            })),
            _ => Err(Status::not_found("no such volume")),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    let endpoint = Endpoint::from_shared(format!("http://{}", incoming.local_addr()?))?;
    // Around all services: sees each call and what became of it.
    let log = layer_fn(|services: Routes| {
        service_fn(move |request: http::Request<Body>| {
            let path = request.uri().path().to_owned();
            let answer = services.clone().oneshot(request);
            async move {
                let response = answer.await?;
                // A call that fails at once has its status here, else it comes in trailers.
                match Status::from_header_map(response.headers()) {
                    Some(status) => println!("  layer: {path} ended, {:?}", status.code()),
                    None => println!("  layer: {path} answers"),
                }
                Ok::<_, Infallible>(response)
            }
        })
    });
    let server = Server::builder()
        .layer(log)
        .add_service(VolumesServer::with_interceptor(Inventory, authenticate))
        .serve_with_incoming(incoming);
    tokio::spawn(server);

    let channel = endpoint.connect().await?;
    for (token, name) in [
        ("wrong", "disk-1"),
        ("s3cret", "disk-1"),
        ("s3cret", "disk-2"),
    ] {
        println!("get {name} with token {token}:");
        // Client side: any closure of this shape is an interceptor.
        let value: MetadataValue<_> = format!("Bearer {token}").parse()?;
        let mut client =
            VolumesClient::with_interceptor(channel.clone(), move |mut call: Request<()>| {
                call.metadata_mut().insert("authorization", value.clone());
                Ok(call)
            });
        match client.get(GetRequest { name: name.into() }).await {
            Ok(volume) => println!("  client: {} replicas", volume.into_inner().replicas),
            Err(status) => println!("  client: {:?}, {}", status.code(), status.message()),
        }
    }
    Ok(())
}
