//! The end of a stream with and without close_notify, and when you may ignore the difference.

use std::error::Error;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::aws_lc_rs;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing comes before it");

    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["server.example".to_string()])?;
    let server = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], signing_key.into())?;
    let server = Arc::new(server);
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone())?;
    let client = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Arc::new(client);

    // The end of the stream is the end of the message.
    println!("messages that end with the stream");
    for (message, polite) in [("pay 100", true), ("pay 100", false), ("pay 10", false)] {
        let how = if polite { "with" } else { "without" };
        println!("- server sends \"{message}\" {how} close_notify");
        let mut tls = connect(&client, &server, message.into(), polite)?;
        let mut text = String::new();
        match tls.read_to_string(&mut text) {
            Ok(_) => println!("  complete: \"{text}\""),
            // What has arrived may be a part. Throw it away, even if it looks whole.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                println!("  UnexpectedEof: \"{text}\" may be cut off, not used");
            }
            Err(error) => return Err(error.into()),
        }
    }

    // The first byte is the length, so the end of the stream says nothing that is not known.
    println!("messages that begin with their length");
    for message in ["pay 100", "pay 10"] {
        println!("- server sends 7, \"{message}\" without close_notify");
        let bytes = [&[7], message.as_bytes()].concat();
        let mut tls = connect(&client, &server, bytes, false)?;
        let mut length = [0];
        tls.read_exact(&mut length)?;
        let mut text = vec![0; length[0].into()];
        match tls.read_exact(&mut text) {
            Ok(()) => println!("  complete: {:?}", String::from_utf8(text)?),
            Err(error) => println!("  {:?}: the message is cut off, not used", error.kind()),
        }
    }
    Ok(())
}

fn connect(
    client: &Arc<ClientConfig>,
    server: &Arc<ServerConfig>,
    message: Vec<u8>,
    polite: bool,
) -> Outcome<StreamOwned<ClientConnection, TcpStream>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let socket = TcpStream::connect(listener.local_addr()?)?;
    let session = ServerConnection::new(server.clone())?;
    // Detached: the server ends as soon as it has sent its message.
    thread::spawn(move || -> Outcome<()> {
        let mut tls = StreamOwned::new(session, listener.accept()?.0);
        tls.write_all(&message)?;
        if polite {
            tls.conn.send_close_notify();
        }
        tls.flush()?;
        Ok(())
    });
    let session = ClientConnection::new(client.clone(), "server.example".try_into()?)?;
    Ok(StreamOwned::new(session, socket))
}
