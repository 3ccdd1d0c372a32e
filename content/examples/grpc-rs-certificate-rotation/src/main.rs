//! A server certificate is replaced while the server runs and a connection is open.

use std::error::Error;
use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use grpcio::CertificateRequestType::DontRequestClientCertificate;
use grpcio::{ChannelBuilder, ChannelCredentialsBuilder, EnvBuilder, RpcContext};
use grpcio::{ServerBuilder, ServerCredentials, ServerCredentialsBuilder};
use grpcio::{ServerCredentialsFetcher, UnarySink};
use rcgen::{CertifiedKey, generate_simple_self_signed};

use pb::{GetRequest, Volume, Volumes, VolumesClient};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

/// Certificate and key as PEM, where a real server would have two files.
type Pem = (String, String);

fn self_signed() -> Result<Pem, rcgen::Error> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    Ok((cert.pem(), signing_key.serialize_pem()))
}

#[derive(Default)]
struct Files {
    now: Option<Pem>,
    handed_out: u32,
}

struct Reload(Arc<Mutex<Files>>);

impl ServerCredentialsFetcher for Reload {
    /// `None` means "as before", so a new certificate is parsed only once.
    fn fetch(&self) -> Result<Option<ServerCredentialsBuilder>, Box<dyn Error>> {
        let mut files = self.0.lock().map_err(|error| error.to_string())?;
        Ok(files.now.take().map(|(certificate, key)| {
            files.handed_out += 1;
            // A debug build of Core aborts without roots, even where no client is asked.
            ServerCredentialsBuilder::new()
                .root_cert(certificate.clone(), DontRequestClientCertificate)
                .add_cert(certificate.into(), key.into())
        }))
    }
}

#[derive(Clone)]
struct Inventory;

impl Volumes for Inventory {
    fn get(&mut self, ctx: RpcContext<'_>, request: GetRequest, sink: UnarySink<Volume>) {
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

    let (old, new) = (self_signed()?, self_signed()?);
    let files = Arc::new(Mutex::new(Files {
        now: Some(old.clone()),
        handed_out: 0,
    }));
    let reload = Box::new(Reload(files.clone()));
    let credentials = ServerCredentials::with_fetcher(reload, DontRequestClientCertificate);
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let mut server = ServerBuilder::new(env.clone())
        .register_service(pb::create_volumes(Inventory))
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", credentials)?;
    server.start();

    // Each client trusts one certificate only, and shares no connection with another.
    let connect = |(certificate, _): &Pem| {
        let credentials = ChannelCredentialsBuilder::new().root_cert(certificate.clone().into());
        let channel = ChannelBuilder::new(env.clone())
            .use_local_subchannel_pool(true)
            .set_credentials(credentials.build())
            .connect(&format!("127.0.0.1:{port}"));
        VolumesClient::new(channel)
    };
    let call = |who: &str, client: &VolumesClient| match client.get(&GetRequest::default()) {
        Ok(_) => println!("  {who}: answered"),
        Err(grpcio::Error::RpcFailure(status)) => println!("  {who}: {}", status.code()),
        Err(error) => println!("  {who}: {error}"),
    };

    println!("old certificate:");
    let early = connect(&old);
    call("trusts the old one", &early);
    call("trusts the new one", &connect(&new));

    files.lock().map_err(|error| error.to_string())?.now = Some(new.clone());
    println!("new certificate:");
    call("connected before", &early);
    call("trusts the old one", &connect(&old));
    call("trusts the new one", &connect(&new));
    let handed_out = files.lock().map_err(|error| error.to_string())?.handed_out;
    println!("certificates handed to Core: {handed_out}");
    block_on(server.shutdown())?;
    Ok(())
}
