//! TLS between two threads: rustls speaks the protocol, a socket on loopback carries the bytes.

use std::error::Error;
use std::io::{BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::aws_lc_rs;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

fn main() -> Outcome {
    // Choose the cryptography once, before the first config asks for it.
    aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing comes before it");

    // Signed with its own key, but not a CA: rustls refuses a CA as a server's own certificate.
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["server.example".to_string()])?;

    // Two questions, in this order: how do I verify the peer, and what do I present?
    let server_config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], signing_key.into())?;
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone())?;
    let client_config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || serve(&listener, Arc::new(server_config)));

    // The name is what the certificate must be for. The address does not matter to rustls.
    let session = ClientConnection::new(Arc::new(client_config), "server.example".try_into()?)?;
    let mut tls = StreamOwned::new(session, TcpStream::connect(address)?);
    writeln!(tls, "client")?;
    let mut answer = String::new();
    tls.read_to_string(&mut answer)?;
    println!("client received: {}", answer.trim_end());

    let suite = tls.conn.negotiated_cipher_suite().ok_or("no handshake")?;
    let group = tls.conn.negotiated_key_exchange_group();
    let group = group.ok_or("no key exchange")?;
    println!("protocol version:   {:?}", suite.version().version);
    println!("cipher suite:       {:?}", suite.suite());
    println!("key exchange group: {:?}", group.name());

    server.join().expect("the server thread does not panic")
}

fn serve(listener: &TcpListener, config: Arc<ServerConfig>) -> Outcome {
    let (socket, _) = listener.accept()?;
    let mut tls = StreamOwned::new(ServerConnection::new(config)?, socket);

    // The first read drives the handshake.
    let mut name = String::new();
    tls.read_line(&mut name)?;
    println!("server received: {}", name.trim_end());
    write!(tls, "hello, {name}")?;

    // Says that the answer is complete. Without it the client would report an error.
    tls.conn.send_close_notify();
    tls.flush()?;
    Ok(())
}
