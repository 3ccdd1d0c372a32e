//! A crash between the header and the body of a record, and inside the body.
//! Recovery finds the torn record by its checksum and cuts it off.

use std::error::Error;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use fail::{FailScenario, fail_point};

const HEADER: u64 = 8;

/// A log in a preallocated file: length and checksum, then the body.
struct Log {
    file: File,
    end: u64,
}

fn crash() -> io::Error {
    io::Error::other("crashed here")
}

impl Log {
    fn append(&mut self, body: &[u8]) -> io::Result<()> {
        let mut header = [0; HEADER as usize];
        header[..4].copy_from_slice(&(body.len() as u32).to_le_bytes());
        header[4..].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
        self.file.write_all_at(&header, self.end)?;
        fail_point!("log-after-header", |_| Err(crash()));
        // The argument says how much of the body still reaches the disk.
        fail_point!("log-in-body", |bytes| {
            let bytes = bytes.and_then(|text| text.parse().ok()).unwrap_or(0);
            self.file.write_all_at(&body[..bytes], self.end + HEADER)?;
            Err(crash())
        });
        self.file.write_all_at(body, self.end + HEADER)?;
        self.file.sync_data()?;
        self.end += HEADER + body.len() as u64;
        Ok(())
    }

    /// Reads until a record is missing or wrong, and ends the log there.
    fn recover(file: File) -> io::Result<Self> {
        let mut end = 0;
        loop {
            let mut header = [0; HEADER as usize];
            file.read_exact_at(&mut header, end)?;
            let [a, b, c, d, crc @ ..] = header;
            let length = u32::from_le_bytes([a, b, c, d]);
            if length == 0 {
                break;
            }
            let mut body = vec![0; length as usize];
            file.read_exact_at(&mut body, end + HEADER)?;
            let text = body.escape_ascii();
            if crc32fast::hash(&body) != u32::from_le_bytes(crc) {
                println!("  at {end:2}: length {length}, body \"{text}\", wrong checksum: cut off");
                file.write_all_at(&vec![0; HEADER as usize + body.len()], end)?;
                file.sync_data()?;
                break;
            }
            println!("  at {end:2}: \"{text}\"");
            end += HEADER + u64::from(length);
        }
        Ok(Self { file, end })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let _scenario = FailScenario::setup();
    let file = tempfile::tempfile()?;
    file.set_len(4096)?;
    let mut log = Log::recover(file.try_clone()?)?;
    log.append(b"one")?;

    for (point, actions) in [("log-after-header", "return"), ("log-in-body", "return(2)")] {
        println!("{point}={actions}");
        fail::cfg(point, actions)?;
        let error = log.append(b"two").expect_err("the point returns an error");
        println!("  append: {error}");
        fail::remove(point);
        // What was in memory is lost with the process; only the file is left.
        log = Log::recover(file.try_clone()?)?;
    }

    println!("no fault");
    log.append(b"three")?;
    Log::recover(file)?;
    Ok(())
}
