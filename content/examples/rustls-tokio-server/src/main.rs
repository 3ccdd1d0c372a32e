//! A TLS server on Tokio. Each handshake runs in the task of its connection and under a limit,
//! so that nobody waits for a client that says nothing.
//! Time is virtual: when all tasks wait, it jumps to the next timer.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ClientConfig, RootCertStore, ServerConfig, crypto::aws_lc_rs};
use std::sync::{Arc, LazyLock};
use std::{error::Error, io, time::Duration};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::{TlsAcceptor, TlsConnector};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;
type Accepted = io::Result<(DuplexStream, &'static str)>;

const LIMIT: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);

/// Stands for `tokio::net::TcpListener`. Streams in memory, because virtual time may jump while
/// bytes are on their way through a real socket.
struct Listener(mpsc::Receiver<Accepted>);

impl Listener {
    async fn accept(&mut self) -> Accepted {
        let gone = || Err(io::Error::other("no more clients"));
        self.0.recv().await.unwrap_or_else(gone)
    }
}

/// Waits for the listener, and never for a client.
async fn serve(mut listener: Listener, acceptor: TlsAcceptor) {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // This ends by itself; the pause keeps the loop from spinning until it does.
                say(&format!("server: cannot accept: {error}"));
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let acceptor = acceptor.clone(); // cheap, an `Arc` inside
        tokio::spawn(async move {
            // What goes wrong with one client ends this task, and nothing else.
            if let Err(error) = answer(acceptor, stream).await {
                say(&format!("server: {peer}: {error}"));
            }
        });
    }
}

async fn answer(acceptor: TlsAcceptor, stream: DuplexStream) -> Outcome<()> {
    // One limit over the whole handshake: with one for each read, every byte would begin it anew.
    // When it has passed, the future is dropped, and the stream inside it is closed.
    let mut tls = timeout(LIMIT, acceptor.accept(stream)).await??;
    tls.write_all(b"welcome").await?;
    tls.shutdown().await?; // sends close_notify
    Ok(())
}

/// Sends a byte each second, and then waits until the server closes.
async fn linger(mut stream: DuplexStream, peer: &str, bytes: &[u8]) -> Outcome<()> {
    for byte in bytes {
        stream.write_u8(*byte).await?;
        sleep(SECOND).await;
    }
    stream.read_to_end(&mut Vec::new()).await?;
    say(&format!("{peer} is let go"));
    Ok(())
}

fn say(what: &str) {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    println!("{} s  {what}", START.elapsed().as_secs());
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Outcome<()> {
    aws_lc_rs::default_provider()
        .install_default()
        .expect("nothing comes before it");
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["server.example".to_string()])?;
    let server_config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], signing_key.into())?;
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone())?;
    let client_config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();

    let (network, listener) = mpsc::channel(1);
    let acceptor = TlsAcceptor::from(Arc::new(server_config));
    tokio::spawn(serve(Listener(listener), acceptor));
    let connect = async |peer| -> Outcome<DuplexStream> {
        say(&format!("{peer} connects"));
        let (client, server) = duplex(4096);
        network.send(Ok((server, peer))).await?;
        Ok(client)
    };

    let silent = tokio::spawn(linger(connect("silent").await?, "silent", b""));
    sleep(SECOND).await;
    // Begins like a first message, and goes on slowly.
    let slow = tokio::spawn(linger(connect("slow").await?, "slow", b"\x16\x03\x01\x02"));

    sleep(SECOND).await;
    let mut plain = connect("plain").await?;
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await?;
    plain.read_to_end(&mut Vec::new()).await?;
    let failure = io::Error::other("too many open files");
    network.send(Err(failure)).await?;

    sleep(SECOND).await;
    let stream = connect("honest").await?;
    let connector = TlsConnector::from(Arc::new(client_config));
    let name = "server.example".try_into()?;
    let mut tls = connector.connect(name, stream).await?;
    let mut text = String::new();
    tls.read_to_string(&mut text).await?;
    say(&format!("honest reads \"{text}\""));

    silent.await??;
    slow.await?
}
