//! A server that requires client certificates, three clients, and what each side sees of a refusal.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing comes before it");

    let new_ca = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate()?)
    };
    let (ca, namesake, other) = (new_ca("CA")?, new_ca("CA")?, new_ca("Other CA")?);
    let mut roots = RootCertStore::empty();
    roots.add(ca.der().clone())?;
    let roots = Arc::new(roots);

    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(["server.example".to_string()])?;
    let chain = vec![leaf.signed_by(&key, &ca)?.into()];
    let verifier = WebPkiClientVerifier::builder(roots.clone()).build()?;
    let config = ServerConfig::builder().with_client_cert_verifier(verifier);
    let config = Arc::new(config.with_single_cert(chain, key.into())?);

    let leaf = CertificateParams::new(["client.example".to_string()])?;
    let clients = [
        ("a certificate of our CA", Some(&ca)),
        ("no certificate", None),
        ("a certificate of another CA", Some(&other)),
        ("a certificate of a namesake CA", Some(&namesake)),
    ];
    for (what, issuer) in clients {
        println!("client with {what}");
        let builder = ClientConfig::builder().with_root_certificates(roots.clone());
        let client_config = match issuer {
            None => builder.with_no_client_auth(),
            Some(issuer) => {
                let key = KeyPair::generate()?;
                let chain = vec![leaf.signed_by(&key, issuer)?.into()];
                builder.with_client_auth_cert(chain, key.into())?
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let mut socket = TcpStream::connect(listener.local_addr()?)?;
        let config = config.clone();
        let server = thread::spawn(move || serve(&listener, config));

        let name = "server.example".try_into()?;
        let mut conn = ClientConnection::new(Arc::new(client_config), name)?;
        conn.complete_io(&mut socket)?;
        let complete = !conn.is_handshaking();

        // In TLS 1.3 the client is done before the server has judged its certificate.
        // Only a read can bring the refusal.
        let mut answer = String::new();
        let read = rustls::Stream::new(&mut conn, &mut socket).read_to_string(&mut answer);
        drop(socket);
        let seen = server.join().expect("the server thread does not panic")?;
        println!("  server: {seen}");
        println!("  client: handshake complete: {complete}");
        match read {
            Ok(_) => println!("  client: first read: \"{answer}\""),
            Err(error) => println!("  client: first read: {:?}, {error}", error.kind()),
        }
    }
    Ok(())
}

fn serve(listener: &TcpListener, config: Arc<ServerConfig>) -> Outcome<String> {
    let (mut socket, _) = listener.accept()?;
    let mut conn = ServerConnection::new(config)?;
    if let Err(refusal) = conn.complete_io(&mut socket) {
        // The alert is out. Closing with bytes unread would reset the connection, and the
        // reset may overtake the alert, so end the sending side only and read on. Let the alert
        // arrive, but do not let a stranger keep us: bound the time of each read, and the bytes.
        // How the reading ends does not matter.
        socket.shutdown(Shutdown::Write)?;
        socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        let _ = io::copy(&mut socket.take(64 * 1024), &mut io::sink());
        return Ok(format!("refused, {refusal}"));
    }
    conn.writer().write_all(b"welcome")?;
    conn.send_close_notify();
    conn.complete_io(&mut socket)?;
    Ok("accepted".to_string())
}
