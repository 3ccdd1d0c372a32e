//! Writes a profile as the protobuf file that the pprof tool and its successors
//! read, then reads it back and looks the hot function up.

use std::hint::black_box;
use std::time::Duration;
use std::{env, fs, process};

use cpu_time::ProcessTime;
use pprof::ProfilerGuardBuilder;
// The trait of the prost that pprof was built with; yours may be a newer one.
use pprof::protos::{Message, Profile};

#[inline(never)]
fn checksum(data: &[u8]) -> u32 {
    let mut sum = 0_u32;
    for byte in data {
        sum = sum.rotate_left(5) ^ u32::from(*byte);
    }
    sum
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = vec![7; 64 * 1024];
    let guard = ProfilerGuardBuilder::default()
        .frequency(100)
        .blocklist(&["libc", "libgcc", "pthread", "vdso"])
        .build()?;
    let start = ProcessTime::now();
    while start.elapsed() < Duration::from_secs(1) {
        black_box(checksum(black_box(&data)));
    }
    let written = guard.report().build()?.pprof()?;
    drop(guard);

    let path = env::temp_dir().join(format!("profile-{}.pb", process::id()));
    fs::write(&path, written.encode_to_vec())?;
    let profile = Profile::decode(&fs::read(&path)?[..])?;
    fs::remove_file(&path)?;

    // Names are numbers of entries in one table of strings.
    let text = |index: i64| profile.string_table[index as usize].as_str();
    for value in &profile.sample_type {
        println!("a sample has {} in {}", text(value.ty), text(value.unit));
    }
    println!("and stands for {} ms", profile.period / 1_000_000);

    // A sample points to locations, innermost first, and these to functions.
    let function = |id: &u64| {
        let location = profile.location.iter().find(|it| it.id == *id)?;
        let line = location.line.first()?;
        let id = line.function_id;
        let function = profile.function.iter().find(|it| it.id == id)?;
        Some(text(function.name))
    };
    let (mut samples, mut hot, mut time) = (0, 0, 0);
    for sample in &profile.sample {
        samples += sample.value[0];
        time += sample.value[1];
        let mut stack = sample.location_id.iter().filter_map(function);
        if stack.any(|name| name == "pprof_rs_protobuf::checksum") {
            hot += sample.value[0];
        }
    }
    let (functions, locations) = (profile.function.len(), profile.location.len());

    check("read back as written", profile == written)?;
    check("half of the samples asked for, or more", samples >= 50)?;
    check(
        "checksum is on two of three, or more",
        hot * 3 >= samples * 2,
    )?;
    check(
        "time is samples by period",
        time == samples * profile.period,
    )?;
    check("as many locations as functions", functions == locations)?;
    Ok(())
}
