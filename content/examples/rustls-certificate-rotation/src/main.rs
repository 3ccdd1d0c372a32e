//! A resolver whose certificate is exchanged while the server runs, and who notices when.
//! No sockets here: two state machines, and a function that carries bytes between them.

use std::error::Error;
use std::io::{Read, Write};
use std::sync::{Arc, RwLock};

use rcgen::generate_simple_self_signed;
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection,
};

#[derive(Debug)]
struct Rotating(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Rotating {
    // Called inside every full handshake, so it must not wait: it copies a pointer, no more.
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().ok().map(|current| current.clone())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let provider = aws_lc_rs::default_provider();
    let installed = provider.clone().install_default();
    installed.expect("nothing comes before it");

    // Two certificates for the same name, both trusted by the clients.
    let issue = || -> Result<Arc<CertifiedKey>, Box<dyn Error>> {
        let made = generate_simple_self_signed(["server.example".to_string()])?;
        let (chain, key) = (vec![made.cert.into()], made.signing_key.into());
        // Refuses a key that does not belong to the certificate, before any client meets it.
        Ok(CertifiedKey::from_der(chain, key, &provider)?.into())
    };
    let (old, new) = (issue()?, issue()?);

    let resolver = Arc::new(Rotating(RwLock::new(old.clone())));
    let server_config = ServerConfig::builder().with_no_client_auth();
    let server_config = Arc::new(server_config.with_cert_resolver(resolver.clone()));
    let mut roots = RootCertStore::empty();
    roots.add(old.cert[0].clone())?;
    roots.add(new.cert[0].clone())?;
    let first_client = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A clone shares the session store of its original, and would resume the first client's
    // session. With a store of its own, the second client is a stranger to the server.
    let mut second_client = first_client.clone();
    second_client.resumption = Resumption::in_memory_sessions(1);

    let connect = |config: &ClientConfig| -> Result<[Connection; 2], Box<dyn Error>> {
        let name = "server.example".try_into()?;
        let mut client: Connection = ClientConnection::new(config.clone().into(), name)?.into();
        let mut server: Connection = ServerConnection::new(server_config.clone())?.into();
        while client.is_handshaking() || server.is_handshaking() {
            carry(&mut client, &mut server)?;
            carry(&mut server, &mut client)?;
        }
        Ok([client, server])
    };
    let show = |who: &str, [client, server]: &mut [Connection; 2]| -> Result<(), Box<dyn Error>> {
        client.writer().write_all(b"ping")?;
        carry(client, server)?;
        server.reader().read_exact(&mut [0; 4])?;
        let chain = client.peer_certificates().ok_or("no certificate")?;
        let which = if chain == old.cert { "old" } else { "new" };
        let kind = client.handshake_kind().ok_or("no handshake")?;
        println!("{who}: {kind:?} handshake, {which} certificate, ping arrived");
        Ok(())
    };

    let mut open = connect(&first_client)?;
    show("first client", &mut open)?;
    *resolver.0.write().expect("no reader panics") = new.clone();
    println!("certificate exchanged");
    show("its open connection", &mut open)?;
    show("second client", &mut connect(&second_client)?)?;
    show("first client again", &mut connect(&first_client)?)?;
    Ok(())
}

/// Takes what one side has to send to the other: all the I/O that rustls asks for.
fn carry(from: &mut Connection, to: &mut Connection) -> Result<(), Box<dyn Error>> {
    let mut wire = Vec::new();
    while from.wants_write() {
        from.write_tls(&mut wire)?;
    }
    let mut rest = wire.as_slice();
    while !rest.is_empty() {
        to.read_tls(&mut rest)?;
        to.process_new_packets()?;
    }
    Ok(())
}
