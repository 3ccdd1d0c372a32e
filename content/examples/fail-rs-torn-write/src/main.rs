//! A crash between the header and the body of a record, and inside the body.
//! Recovery finds the torn record by its checksum and clears what is behind.

use std::error::Error;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use fail::{FailScenario, fail_point};

const HEADER: u64 = 8;

/// A log in a preallocated file: length and checksum, then the body.
struct Log {
    file: File,
    /// Where the next record goes; unknown after an error.
    end: Option<u64>,
}

fn crash() -> io::Error {
    io::Error::other("crashed here")
}

impl Log {
    fn append(&mut self, body: &[u8]) -> io::Result<()> {
        // No length of zero: that is how recovery knows the end of the log.
        let length = u32::try_from(body.len()).ok().filter(|&length| length > 0);
        let length = length.ok_or(io::ErrorKind::InvalidInput)?;
        // Taken out here, put back after the sync.
        let end = self.end.take();
        let end = end.ok_or_else(|| io::Error::other("recover first"))?;

        let mut header = [0; HEADER as usize];
        header[..4].copy_from_slice(&length.to_le_bytes());
        header[4..].copy_from_slice(&crc32fast::hash(body).to_le_bytes());
        self.file.write_all_at(&header, end)?;
        fail_point!("log-after-header", |_| Err(crash()));
        // The argument says how much of the body still reaches the disk.
        fail_point!("log-in-body", |bytes| {
            let bytes = bytes.and_then(|text| text.parse().ok()).unwrap_or(0);
            self.file.write_all_at(&body[..bytes], end + HEADER)?;
            Err(crash())
        });
        self.file.write_all_at(body, end + HEADER)?;
        self.file.sync_data()?;
        self.end = Some(end + HEADER + u64::from(length));
        Ok(())
    }

    /// Reads until a record is missing or wrong, and ends the log there.
    fn recover(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        let mut end = 0;
        // A header that the file cuts short ends the log too.
        while end + HEADER <= size {
            let mut header = [0; HEADER as usize];
            file.read_exact_at(&mut header, end)?;
            let [a, b, c, d, crc @ ..] = header;
            let length = u32::from_le_bytes([a, b, c, d]);
            if length == 0 {
                break;
            }
            // Before allocating: a torn length can be any number.
            if u64::from(length) > size - end - HEADER {
                println!("  at {end:2}: length {length}, beyond the file: cut off");
                break;
            }
            let mut body = vec![0; length as usize];
            file.read_exact_at(&mut body, end + HEADER)?;
            let text = body.escape_ascii();
            if crc32fast::hash(&body) != u32::from_le_bytes(crc) {
                println!("  at {end:2}: length {length}, body \"{text}\", wrong checksum: cut off");
                break;
            }
            println!("  at {end:2}: \"{text}\"");
            end += HEADER + u64::from(length);
        }
        // Clear the rest. The next record may be shorter than the torn one, and
        // what it does not cover would be read as the header after it.
        file.set_len(end)?;
        file.set_len(size)?;
        file.sync_all()?;
        let end = Some(end);
        Ok(Self { file, end })
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let _scenario = FailScenario::setup();
    let file = tempfile::tempfile()?;
    file.set_len(4096)?;
    let mut log = Log::recover(file.try_clone()?)?;
    log.append(b"one")?;

    for (point, actions) in [("log-after-header", "return"), ("log-in-body", "return(4)")] {
        println!("{point}={actions}");
        fail::cfg(point, actions)?;
        // The second time the log refuses: it no longer knows where it ends.
        for _ in 0..2 {
            let error = log.append(b"second").expect_err("no append succeeds");
            println!("  append: {error}");
        }
        fail::remove(point);
        // What was in memory is lost with the process; only the file is left.
        log = Log::recover(file.try_clone()?)?;
    }

    println!("no fault, a shorter record");
    log.append(b"two")?;
    Log::recover(file)?;
    Ok(())
}
