//! Profiles this process for a second of CPU time, and asks the report which
//! of its functions the time went to.

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;
use pprof::ProfilerGuardBuilder;

// `inline(never)` keeps a function a frame of its own in optimised builds too.
#[inline(never)]
fn checksum(data: &[u8]) -> u32 {
    let mut sum = 0_u32;
    for byte in data {
        sum = sum.rotate_left(5) ^ u32::from(*byte);
    }
    sum
}

#[inline(never)]
fn hash_name(name: &[u8]) -> u32 {
    let mut hash = 0_u32;
    for byte in name {
        hash = hash.wrapping_mul(31) ^ u32::from(*byte);
    }
    hash
}

fn check(statement: &str, holds: bool) -> Result<(), String> {
    println!("{statement}: {}", if holds { "yes" } else { "no" });
    if holds { Ok(()) } else { Err(statement.into()) }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = vec![7; 64 * 1024];

    // Sampling starts here. Time in the listed libraries is not sampled: the
    // unwinder is not safe there.
    let guard = ProfilerGuardBuilder::default()
        .blocklist(&["libc", "libgcc", "pthread", "vdso"])
        .build()?;
    let start = ProcessTime::now();
    while start.elapsed() < Duration::from_secs(1) {
        black_box(checksum(black_box(&data)));
        black_box(hash_name(black_box(&data[..8 * 1024])));
    }
    let report = guard.report().build()?;
    drop(guard); // stops, and forgets the samples

    // Equal stacks may be several entries of `data`, so add up. A frame has more
    // than one symbol where the compiler inlined.
    let samples: isize = report.data.values().sum();
    let share = |function: &str| {
        let stacks = report.data.iter().filter(|(stack, _)| {
            let mut symbols = stack.frames.iter().flatten();
            symbols.any(|symbol| symbol.name() == function)
        });
        100 * stacks.map(|(_, count)| count).sum::<isize>() / samples.max(1)
    };
    let main = share("pprof_rs_hot_function::main");
    let checksum = share("pprof_rs_hot_function::checksum");
    let hash_name = share("pprof_rs_hot_function::hash_name");

    // Every profile differs a little, so print only what must hold.
    check("half of the samples asked for, or more", samples >= 50)?;
    check("main is on nearly every stack", main >= 95)?;
    check("checksum is on two of three, or more", checksum > 66)?;
    check("hash_name is on less than one of three", hash_name < 33)?;
    check("but on some", hash_name > 0)?;
    Ok(())
}
