//! Draws a flame graph of two worker threads, as one thread pool.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use std::{env, fs, thread};

use cpu_time::ThreadTime;
use pprof::ProfilerGuardBuilder;
use pprof::flamegraph::Options;

#[inline(never)]
fn decode(data: &[u8]) -> usize {
    data.iter().filter(|byte| **byte != 0).count()
}

#[inline(never)]
fn encrypt(data: &[u8]) -> u32 {
    let mut sum = 0_u32;
    for byte in data {
        sum = sum.rotate_left(5) ^ u32::from(*byte);
    }
    sum
}

#[inline(never)]
fn handle_request(data: &[u8]) {
    black_box(decode(black_box(&data[..16 * 1024])));
    black_box(encrypt(black_box(data)));
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let guard = ProfilerGuardBuilder::default()
        .blocklist(&["libc", "libgcc", "pthread", "vdso"])
        .build()?;
    thread::scope(|scope| {
        for number in 0..2 {
            let work = || {
                let (data, start) = (vec![7; 64 * 1024], ThreadTime::now());
                while start.elapsed() < Duration::from_millis(600) {
                    handle_request(&data);
                }
            };
            let thread = thread::Builder::new().name(format!("worker-{number}"));
            let handle = thread.spawn_scoped(scope, work);
            handle.expect("the system has threads left");
        }
    });
    let report = guard
        .report()
        .frames_post_processor(|stack| {
            // One tower for the pool, not one for each of its threads.
            if stack.thread_name.starts_with("worker-") {
                stack.thread_name = "worker".to_owned();
            }
            // Only frames of this crate: time in std shows as time of its caller.
            stack.frames.retain(|frame| {
                let mut names = frame.iter().map(|symbol| symbol.name());
                names.any(|name| name.starts_with("pprof_rs_flamegraph::"))
            });
        })
        .build()?;
    drop(guard);

    let mut options = Options::default();
    options.title = "Two workers".to_owned();
    options.image_width = Some(800);
    let mut svg = vec![];
    report.flamegraph_with_options(&mut svg, &mut options)?;
    if let Some(folder) = env::var_os("EXAMPLE_ARTIFACTS") {
        fs::write(Path::new(&folder).join("flamegraph.svg"), &svg)?;
    }
    let svg = String::from_utf8(svg)?;

    // Each frame has a title, `name (samples, share)`.
    let frame = |name: &str| svg.contains(&format!("<title>{name} ("));
    let own = |name: &str| frame(&format!("pprof_rs_flamegraph::{name}"));
    check("an SVG with its title", svg.contains(">Two workers</text>"))?;
    check("a frame for the pool", frame("worker"))?;
    check("none for a thread of it", !svg.contains("worker-"))?;
    check("handle_request", own("handle_request"))?;
    check("decode", own("decode"))?;
    check("encrypt", own("encrypt"))?;
    Ok(())
}
