//! A session resumed: the second handshake skips certificates, until the server forgets.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, RootCertStore, ServerConfig, ServerConnection,
    StreamOwned,
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing comes before it");

    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["server.example".to_string()])?;
    let chain = vec![cert.der().clone()];
    let key = signing_key.serialize_der();
    let new_server = || -> Outcome<Arc<ServerConfig>> {
        Ok(Arc::new(
            ServerConfig::builder()
                .with_no_client_auth()
                .with_single_cert(chain.clone(), key.clone().try_into()?)?,
        ))
    };
    let server = new_server()?;

    // A config holds the store of sessions, and its clones share it. Who builds a config for
    // each connection never resumes.
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone())?;
    let client = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut forgetful = client.clone();
    forgetful.resumption = Resumption::disabled();
    let client = Arc::new(client);

    connect("first connection", &client, &server)?;
    connect("second connection", &client, &server)?;
    connect(
        "client with resumption disabled",
        &forgetful.into(),
        &server,
    )?;

    // A config built anew, as after a restart, comes with an empty store of its own.
    let restarted = new_server()?;
    connect("server with a new config", &client, &restarted)?;
    connect("the same once more", &client, &restarted)?;
    Ok(())
}

fn connect(what: &str, client: &Arc<ClientConfig>, server: &Arc<ServerConfig>) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let config = server.clone();
    let server = thread::spawn(move || serve(&listener, config));

    let session = ClientConnection::new(client.clone(), "server.example".try_into()?)?;
    let mut tls = StreamOwned::new(session, TcpStream::connect(address)?);
    // The tickets follow the handshake. A client that never reads never has one to resume with.
    tls.read_to_string(&mut String::new())?;

    let here = tls.conn.handshake_kind().ok_or("no handshake")?;
    let there = server.join().expect("the server thread does not panic")?;
    let tickets = tls.conn.tls13_tickets_received();
    println!("{what}: {here:?}, new tickets: {tickets}");
    if here != there {
        return Err("the two sides disagree".into());
    }
    Ok(())
}

fn serve(listener: &TcpListener, config: Arc<ServerConfig>) -> Outcome<HandshakeKind> {
    let (socket, _) = listener.accept()?;
    let mut tls = StreamOwned::new(ServerConnection::new(config)?, socket);
    tls.write_all(b"welcome")?;
    tls.conn.send_close_notify();
    tls.flush()?;
    Ok(tls.conn.handshake_kind().ok_or("no handshake")?)
}
