//! A channel follows a name: what a lookup finds is inserted, what it no longer finds is removed.
//! While there is no endpoint, no timeout of tonic's runs, but a limit of your own does.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::timeout;
use tonic::transport::channel::Change;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};

use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{GetRequest, Volume};

mod pb {
    tonic::include_proto!("volumes.v1");
}

type Error = Box<dyn std::error::Error>;

struct Endpoints {
    changes: Sender<Change<SocketAddr, Endpoint>>,
    known: HashSet<SocketAddr>,
}

impl Endpoints {
    /// In production, a task calls this every few seconds with what `lookup_host` gives.
    async fn update(
        &mut self,
        found: io::Result<impl IntoIterator<Item = SocketAddr>>,
    ) -> Result<(), Error> {
        let found: HashSet<_> = found.into_iter().flatten().collect();
        if found.is_empty() {
            // The lookup has a problem. That is no reason to leave servers that answer.
            return Ok(());
        }
        // Only the difference: to insert an address again would connect to it again.
        for address in found.difference(&self.known) {
            let endpoint = Endpoint::from_shared(format!("http://{address}"))?
                // It connects when a call needs it. Without this, the call waits for the system.
                .connect_timeout(Duration::from_secs(1));
            self.changes
                .send(Change::Insert(*address, endpoint))
                .await?;
        }
        for address in self.known.difference(&found) {
            self.changes.send(Change::Remove(*address)).await?;
        }
        self.known = found;
        Ok(())
    }
}

struct Replica(&'static str);

#[tonic::async_trait]
impl Volumes for Replica {
    async fn get(&self, _: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let name = self.0.into();
        Ok(Response::new(Volume { name, replicas: 3 }))
    }
}

fn serve(name: &'static str) -> Result<SocketAddr, Error> {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?;
    let address = incoming.local_addr()?;
    let server = Server::builder()
        .add_service(VolumesServer::new(Replica(name)))
        .serve_with_incoming(incoming);
    tokio::spawn(server);
    Ok(address)
}

/// Calls often enough to meet every endpoint, and says who answered.
async fn who_answers(channel: &Channel) -> Result<String, Error> {
    let mut volumes = VolumesClient::new(channel.clone());
    let mut names = BTreeSet::new();
    for _ in 0..100 {
        let mut request = Request::new(GetRequest::default());
        request.set_timeout(Duration::from_millis(500));
        // Around the whole call, so that it covers the wait for an endpoint as well.
        match timeout(Duration::from_secs(1), volumes.get(request)).await {
            Ok(volume) => names.insert(volume?.into_inner().name),
            Err(_) => {
                return Ok("nobody: the request's 500 ms did not fire, our own 1 s did".into());
            }
        };
    }
    Ok(Vec::from_iter(names).join(" and "))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let (a, b) = (serve("a")?, serve("b")?);
    let (channel, changes) = Channel::balance_channel(16);
    let known = HashSet::new();
    let mut endpoints = Endpoints { changes, known };

    let failed = || Err(io::Error::other("no such name"));
    for (lookup, found) in [
        ("fails at the start", failed()),
        ("finds a", Ok(vec![a])),
        ("finds a and b", Ok(vec![a, b])),
        ("fails", failed()),
        ("finds b", Ok(vec![b])),
        ("finds nothing", Ok(vec![])),
    ] {
        endpoints.update(found).await?;
        println!("lookup {lookup:18}  {}", who_answers(&channel).await?);
    }
    Ok(())
}
