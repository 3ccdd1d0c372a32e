//! What a blocklist costs: time in a blocked library is missing, and the shares
//! of everything else grow.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;
use pprof::ProfilerGuardBuilder;

// Nearly all of its time passes in memcpy, which belongs to libc.
#[inline(never)]
fn copy(from: &[u8], to: &mut [u8]) {
    to.copy_from_slice(from);
    black_box(to); // or the call becomes a jump, and this frame is lost
}

#[inline(never)]
fn checksum(data: &[u8]) -> u32 {
    let mut sum = 0_u32;
    for byte in data {
        sum = sum.rotate_left(5) ^ u32::from(*byte);
    }
    sum
}

/// Copies for half a second, computes for another, and returns the number of
/// samples and the shares of `copy` and `checksum` in percent.
fn profile(blocklist: &[&str]) -> pprof::Result<[isize; 3]> {
    let (from, mut to) = (vec![7; 1024 * 1024], vec![0; 1024 * 1024]);
    let guard = ProfilerGuardBuilder::default()
        .blocklist(blocklist)
        .build()?;
    let start = ProcessTime::now();
    while start.elapsed() < Duration::from_millis(500) {
        copy(black_box(&from), black_box(&mut to));
    }
    while start.elapsed() < Duration::from_secs(1) {
        black_box(checksum(black_box(&from[..64 * 1024])));
    }
    let report = guard.report().build()?;
    drop(guard);

    let samples: isize = report.data.values().sum();
    let share = |function: &str| {
        let stacks = report.data.iter().filter(|(stack, _)| {
            let mut symbols = stack.frames.iter().flatten();
            symbols.any(|symbol| symbol.name() == function)
        });
        100 * stacks.map(|(_, count)| count).sum::<isize>() / samples.max(1)
    };
    let copy = share("pprof_rs_blocklist::copy");
    let checksum = share("pprof_rs_blocklist::checksum");
    Ok([samples, copy, checksum])
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("Samples everywhere");
    let [all, copy, checksum] = profile(&[])?;
    check("  copy has a third or more", copy > 33)?;
    check("  checksum has a third or more", checksum > 33)?;

    println!("None in libc, libgcc, pthread and vdso");
    let [some, copy, checksum] = profile(&["libc", "libgcc", "pthread", "vdso"])?;
    check("  copy has less than a tenth", copy < 10)?;
    check("  checksum has nine tenths or more", checksum >= 90)?;
    check("  a third of the samples is missing", some * 3 <= all * 2)?;
    Ok(())
}
