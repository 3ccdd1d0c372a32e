//! Mutual TLS: both sides prove who they are, with certificates of a private CA.

use std::error::Error;
use std::iter::successors;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};
use tonic::transport::{Server, ServerTlsConfig};
use tonic::{Request, Response, Status};

use pb::volumes_client::VolumesClient;
use pb::volumes_server::{Volumes, VolumesServer};
use pb::{GetRequest, Volume};

mod pb {
    tonic::include_proto!("volumes.v1");
}

type Ca = CertifiedIssuer<'static, KeyPair>;

fn new_ca(name: &str) -> Result<Ca, rcgen::Error> {
    let mut params = CertificateParams::new([])?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn identity(ca: &Ca, name: &str) -> Result<Identity, rcgen::Error> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new([name.to_owned()])?.signed_by(&key, ca)?;
    Ok(Identity::from_pem(certificate.pem(), key.serialize_pem()))
}

struct Inventory;

#[tonic::async_trait]
impl Volumes for Inventory {
    async fn get(&self, request: Request<GetRequest>) -> Result<Response<Volume>, Status> {
        let chain = request.peer_certs().map_or(0, |chain| chain.len());
        println!("  server: {chain} certificate from the client");
        let name = request.into_inner().name;
        Ok(Response::new(Volume { name, replicas: 3 }))
    }
}

async fn call(endpoint: Endpoint) -> Result<Volume, Box<dyn Error>> {
    let mut client = VolumesClient::new(endpoint.connect().await?);
    let name = "disk-1".into();
    Ok(client.get(GetRequest { name }).await?.into_inner())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Only then does it not matter which other crates bring rustls with AWS-LC.
    rustls::crypto::ring::default_provider()
        .install_default()
        .expect("nothing has installed a provider before");

    let (ca, other_ca) = (new_ca("CA one")?, new_ca("CA two")?);
    let root = Certificate::from_pem(ca.pem());
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse()?)?.with_nodelay(Some(true));
    let endpoint = Endpoint::from_shared(format!("https://{}", incoming.local_addr()?))?;
    let server_tls = ServerTlsConfig::new()
        .identity(identity(&ca, "volumes.example")?)
        .client_ca_root(root.clone());
    let server = Server::builder()
        .tls_config(server_tls)?
        .add_service(VolumesServer::new(Inventory))
        .serve_with_incoming(incoming);
    tokio::spawn(server);

    // The certificate holds a name, and the address has none: say which to expect.
    let tls = ClientTlsConfig::new().domain_name("volumes.example");
    let trusting = tls.clone().ca_certificate(root);
    let me = identity(&ca, "client.example")?;
    let stranger = identity(&other_ca, "client.example")?;
    for (case, tls) in [
        ("both sides known", trusting.clone().identity(me.clone())),
        ("client does not know the CA", tls.identity(me)),
        ("client without certificate", trusting.clone()),
        ("client of another CA", trusting.identity(stranger)),
    ] {
        println!("{case}:");
        match call(endpoint.clone().tls_config(tls)?).await {
            Ok(volume) => println!("  {}: {} replicas", volume.name, volume.replicas),
            Err(error) => {
                let chain = successors(Some(&*error), |&error| error.source());
                let cause = chain.last().map(ToString::to_string).unwrap_or_default();
                // The server's alert may end the connection at any point of the first call.
                match cause.contains("UnknownIssuer") {
                    true => println!("  the client refuses: {cause}"),
                    false => println!("  the server refuses"),
                }
            }
        }
    }
    Ok(())
}
