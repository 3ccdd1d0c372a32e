//! Mutual TLS: both sides prove who they are, with certificates of a private CA.

use std::error::Error;
use std::sync::Arc;

use futures::executor::block_on;
use grpcio::CertificateRequestType::RequestAndRequireClientCertificateAndVerify;
use grpcio::{ChannelBuilder, ChannelCredentialsBuilder, EnvBuilder, RpcContext};
use grpcio::{ServerBuilder, ServerCredentialsBuilder, UnarySink};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use pb::{GetRequest, Volume, Volumes, VolumesClient};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

type Ca = CertifiedIssuer<'static, KeyPair>;

fn new_ca(name: &str) -> Result<Ca, rcgen::Error> {
    let mut params = CertificateParams::new([])?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

/// A certificate and its key, as PEM. Core looks for the host in the alternative names.
fn identity(ca: &Ca, name: &str) -> Result<(Vec<u8>, Vec<u8>), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, name);
    let certificate = params.signed_by(&key, ca)?;
    Ok((certificate.pem().into(), key.serialize_pem().into()))
}

#[derive(Clone)]
struct Inventory;

impl Volumes for Inventory {
    fn get(&mut self, ctx: RpcContext<'_>, request: GetRequest, sink: UnarySink<Volume>) {
        let peer = ctx.auth_context();
        for property in peer.iter().flatten() {
            if property.name() == "x509_common_name" {
                let name = property.value_str().unwrap_or("not text");
                println!("  server: called by {name}");
            }
        }
        let name = request.name;
        ctx.spawn(async move {
            let _ = sink.success(Volume { name, replicas: 3 }).await;
        });
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Core writes failed handshakes to stderr, unless they go to `log`. Level first: a level
    // of `Off` would leave Core's own printing on.
    log::set_max_level(log::LevelFilter::Error);
    grpcio::redirect_log();

    let (ca, other_ca) = (new_ca("CA one")?, new_ca("CA two")?);
    let (certificate, key) = identity(&ca, "127.0.0.1")?;
    let credentials = ServerCredentialsBuilder::new()
        .root_cert(ca.pem(), RequestAndRequireClientCertificateAndVerify)
        .add_cert(certificate, key)
        .build();
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let mut server = ServerBuilder::new(env.clone())
        .register_service(pb::create_volumes(Inventory))
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", credentials)?;
    server.start();

    let me = Some(identity(&ca, "client.example")?);
    let stranger = Some(identity(&other_ca, "client.example")?);
    for (case, root, identity) in [
        ("both sides known", &ca, me.clone()),
        ("client does not know the CA", &other_ca, me),
        ("client without certificate", &ca, None),
        ("client of another CA", &ca, stranger),
    ] {
        println!("{case}:");
        let mut credentials = ChannelCredentialsBuilder::new().root_cert(root.pem().into());
        if let Some((certificate, key)) = identity {
            credentials = credentials.cert(certificate, key);
        }
        let channel = ChannelBuilder::new(env.clone())
            .set_credentials(credentials.build())
            .connect(&format!("127.0.0.1:{port}"));
        let request = GetRequest {
            name: "disk-1".into(),
        };
        match VolumesClient::new(channel).get(&request) {
            Ok(volume) => println!("  {}: {} replicas", volume.name, volume.replicas),
            Err(grpcio::Error::RpcFailure(status)) => println!("  {}", status.code()),
            Err(error) => return Err(error.into()),
        }
    }
    block_on(server.shutdown())?;
    Ok(())
}
