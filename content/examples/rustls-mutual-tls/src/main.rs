//! Mutual TLS: both ends present a certificate of one CA, and the server reads who the client is.

use std::error::Error;
use std::io::{BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    SanType,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};
use webpki::EndEntityCert;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing comes before it");

    // A small CA that signs two leaves, each for one side only.
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let issue = |name, usage| -> Outcome<(CertificateDer<'static>, PrivateKeyDer<'static>)> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = vec![name];
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate()?;
        Ok((params.signed_by(&key, &ca)?.into(), key.into()))
    };
    let (server_cert, server_key) = issue(
        SanType::DnsName("orders.example".try_into()?),
        ExtendedKeyUsagePurpose::ServerAuth,
    )?;
    // A workload is not a host, so its name is a URI.
    let (client_cert, client_key) = issue(
        SanType::URI("spiffe://cluster.example/ns/shop/sa/web".try_into()?),
        ExtendedKeyUsagePurpose::ClientAuth,
    )?;

    // Both sides trust the CA, and nothing else.
    let mut roots = RootCertStore::empty();
    roots.add(ca.der().clone())?;
    let roots = Arc::new(roots);
    let server_config = ServerConfig::builder()
        .with_client_cert_verifier(WebPkiClientVerifier::builder(roots.clone()).build()?)
        .with_single_cert(vec![server_cert], server_key)?;
    let client_config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![client_cert], client_key)?;

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let socket = TcpStream::connect(listener.local_addr()?)?;
    let server = thread::spawn(move || serve(&listener, Arc::new(server_config)));

    let session = ClientConnection::new(Arc::new(client_config), "orders.example".try_into()?)?;
    let mut tls = StreamOwned::new(session, socket);
    writeln!(tls, "list orders")?;
    let mut answer = String::new();
    tls.read_to_string(&mut answer)?;
    println!("client: answer \"{answer}\"");
    server.join().expect("the server thread does not panic")
}

fn serve(listener: &TcpListener, config: Arc<ServerConfig>) -> Outcome<()> {
    let (socket, _) = listener.accept()?;
    let mut tls = StreamOwned::new(ServerConnection::new(config)?, socket);
    let mut request = String::new();
    tls.read_line(&mut request)?;

    // Verified already: the verifier checked the chain before any plaintext came through.
    let chain = tls.conn.peer_certificates().ok_or("no certificate")?;
    println!("server: the client sent {} certificate", chain.len());
    let leaf = EndEntityCert::try_from(&chain[0])?;
    // SPIFFE allows one URI. With two, their order would decide who the client is.
    let names: Vec<&str> = leaf.valid_uri_names().collect();
    let [identity] = names[..] else {
        return Err("not exactly one identity".into());
    };
    println!("server: its identity is {identity}");

    // The handshake says who it is. What it may do is for you to decide.
    let allowed = ["spiffe://cluster.example/ns/shop/sa/web"].contains(&identity);
    println!("server: \"{}\" allowed: {allowed}", request.trim_end());
    write!(tls, "{}", if allowed { "two orders" } else { "denied" })?;
    tls.conn.send_close_notify();
    tls.flush()?;
    Ok(())
}
