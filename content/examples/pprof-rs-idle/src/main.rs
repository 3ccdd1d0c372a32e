//! CPU time is what is sampled: a process that waits yields an empty flame
//! graph and no error, and a wait is missing from any other.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use pprof::{ProfilerGuardBuilder, Report};

const SECOND: Duration = Duration::from_secs(1);

#[inline(never)]
fn wait_for_disk() {
    thread::sleep(SECOND);
}

#[inline(never)]
fn compute() {
    let start = ProcessTime::now();
    while start.elapsed() < SECOND {
        black_box((0..10_000_u64).fold(0, |sum, n| sum ^ black_box(n)));
    }
}

fn profile(work: impl Fn()) -> pprof::Result<Report> {
    let guard = ProfilerGuardBuilder::default()
        .blocklist(&["libc", "libgcc", "pthread", "vdso"])
        .build()?;
    work();
    guard.report().build()
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("A profile of a wait");
    let start = Instant::now();
    let report = profile(wait_for_disk)?;
    check("  took a second", start.elapsed() >= SECOND)?;
    // Ask this before you send a graph to somebody.
    check("  has no samples", report.data.is_empty())?;
    let mut svg = Vec::new();
    let result = report.flamegraph(&mut svg);
    check("  flamegraph returns Ok", result.is_ok())?;
    check("  and writes nothing", svg.is_empty())?;

    println!("A profile of a wait and a computation, equally long");
    let report = profile(|| {
        wait_for_disk();
        compute();
    })?;
    check("  has samples", !report.data.is_empty())?;
    let mut svg = Vec::new();
    report.flamegraph(&mut svg)?;
    let svg = String::from_utf8(svg)?;
    check("  shows compute", svg.contains("pprof_rs_idle::compute"))?;
    check("  hides the wait", !svg.contains("wait_for_disk"))?;
    Ok(())
}
