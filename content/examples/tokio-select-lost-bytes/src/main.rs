//! `read_exact` in a `select!` loop loses what it has read whenever the other branch wins.
//! A reader that keeps its bytes outside the loop does not.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, interval, sleep};

/// Sends three frames, each a byte of length and then the text, in pieces that ignore the frames.
async fn slow_peer(mut stream: DuplexStream) -> io::Result<()> {
    for piece in [b"\x05al".as_slice(), b"pha\x04b", b"eta\x05gamma"] {
        stream.write_all(piece).await?;
        sleep(Duration::from_millis(15)).await;
    }
    Ok(())
}

/// A length above this means that we are no longer where a frame begins.
const LIMIT: u8 = 16;

/// Not safe to cancel: the length and the text read so far live in this future.
async fn read_frame(stream: &mut DuplexStream) -> io::Result<String> {
    let length = stream.read_u8().await?;
    if length > LIMIT {
        return Err(io::Error::other(format!("a frame of {length} bytes?")));
    }
    let mut text = vec![0; length.into()];
    stream.read_exact(&mut text).await?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Safe to cancel: so is `read_buf`, and what it has read is in the caller's buffer.
async fn read_frame_into(buffer: &mut Vec<u8>, stream: &mut DuplexStream) -> io::Result<String> {
    loop {
        if let Some((&length, rest)) = buffer.split_first() {
            if length > LIMIT {
                return Err(io::Error::other(format!("a frame of {length} bytes?")));
            }
            let length = usize::from(length);
            if let Some(text) = rest.get(..length) {
                let text = String::from_utf8_lossy(text).into_owned();
                buffer.drain(..=length);
                return Ok(text);
            }
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::Error::other("the peer has closed"));
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    // `biased` polls the branches in the order written; here so that every run is the same.
    println!("read_exact inside the loop");
    let (mut stream, peer) = duplex(64);
    tokio::spawn(slow_peer(peer));
    let mut heartbeat = interval(Duration::from_millis(10));
    loop {
        tokio::select! {
            biased;
            frame = read_frame(&mut stream) => match frame {
                Ok(text) => println!("  frame {text:?}"),
                Err(error) => { println!("  end: {error}"); break }
            },
            _ = heartbeat.tick() => println!("  heartbeat"),
        }
    }

    println!("the same loop, the buffer outside");
    let (mut stream, peer) = duplex(64);
    tokio::spawn(slow_peer(peer));
    let mut heartbeat = interval(Duration::from_millis(10));
    let mut buffer = Vec::new();
    loop {
        tokio::select! {
            biased;
            frame = read_frame_into(&mut buffer, &mut stream) => match frame {
                Ok(text) => println!("  frame {text:?}"),
                Err(error) => { println!("  end: {error}"); break }
            },
            _ = heartbeat.tick() => println!("  heartbeat"),
        }
    }
}
