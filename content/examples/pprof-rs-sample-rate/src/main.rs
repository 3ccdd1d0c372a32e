//! A rate that the kernel cannot keep: most samples never come, and the
//! protobuf output reports too little time. The shares stay right.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;
use pprof::ProfilerGuardBuilder;

#[inline(never)]
fn hot() -> u64 {
    (0..30_000).fold(0, |sum, n| sum ^ black_box(n))
}

#[inline(never)]
fn warm() -> u64 {
    (0..10_000).fold(0, |sum, n| sum ^ black_box(n))
}

/// Profiles a second of CPU time. Returns the number of samples, those of them
/// in `hot`, and the milliseconds that the protobuf output reports.
fn profile(rate: i32) -> pprof::Result<(isize, isize, i64)> {
    let guard = ProfilerGuardBuilder::default()
        .frequency(rate)
        .blocklist(&["libc", "libgcc", "pthread", "vdso"])
        .build()?;
    let start = ProcessTime::now();
    while start.elapsed() < Duration::from_secs(1) {
        black_box(hot());
        black_box(warm());
    }
    let report = guard.report().build()?;
    drop(guard);

    let (mut samples, mut in_hot) = (0, 0);
    for (stack, count) in &report.data {
        samples += count;
        let mut symbols = stack.frames.iter().flatten();
        if symbols.any(|symbol| symbol.name() == "pprof_rs_sample_rate::hot") {
            in_hot += count;
        }
    }
    let message = report.pprof()?;
    let nanoseconds: i64 = message.sample.iter().map(|sample| sample.value[1]).sum();
    Ok((samples, in_hot, nanoseconds / 1_000_000))
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("99 samples asked for");
    let (samples, in_hot, reported) = profile(99)?;
    check("  four of five come, or more", samples >= 80)?;
    check("  reported are more than 800 ms", reported > 800)?;
    check("  hot is on more than half", in_hot * 2 > samples)?;

    println!("10000 samples asked for");
    let (samples, in_hot, reported) = profile(10_000)?;
    check("  one of four comes, or less", samples <= 2_500)?;
    check("  reported are less than 250 ms", reported < 250)?;
    check("  hot is on more than half", in_hot * 2 > samples)?;
    Ok(())
}
