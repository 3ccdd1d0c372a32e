//! How long the ClientHello is with and without post-quantum key exchange, and who has to wait for it.

use std::error::Error;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::Acceptor;
use rustls::{ClientConfig, ClientConnection, NamedGroup, RootCertStore};

/// What one TCP segment carries on an ordinary Ethernet.
const SEGMENT: usize = 1460;

fn main() -> Result<(), Box<dyn Error>> {
    let default = aws_lc_rs::default_provider();
    // A provider is a struct of lists: take a ready one and change a field.
    let mut classic = default.clone();
    classic
        .kx_groups
        .retain(|group| group.name() != NamedGroup::X25519MLKEM768);

    for (what, provider) in [("default", default), ("without the hybrid", classic)] {
        println!("{what}");
        let hello = first_message(provider)?;
        let segments = hello.len().div_ceil(SEGMENT);
        println!("  ClientHello: {} bytes, segments: {segments}", hello.len());

        // The server's side of it: feed the bytes as they come in, and look once they are enough.
        let mut acceptor = Acceptor::default();
        for (number, mut segment) in hello.chunks(SEGMENT).enumerate() {
            acceptor.read_tls(&mut segment)?;
            match acceptor.accept().map_err(|(error, _alert)| error)? {
                None => println!("  after segment {}: not enough", number + 1),
                Some(accepted) => {
                    let hello = accepted.client_hello();
                    println!("  after segment {}: complete", number + 1);
                    println!("  server name: {:?}", hello.server_name());
                    println!("  groups: {:?}", hello.named_groups());
                }
            }
        }
    }
    Ok(())
}

/// A connection has no socket: ask it for its bytes.
fn first_message(provider: CryptoProvider) -> Result<Vec<u8>, Box<dyn Error>> {
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let mut session = ClientConnection::new(Arc::new(config), "server.example".try_into()?)?;
    let mut bytes = Vec::new();
    session.write_tls(&mut bytes)?;
    Ok(bytes)
}
