//! Threads count without atomics in local metrics; the shared metric sees the
//! counts when they are flushed, or never.

use std::thread;

use prometheus::{Histogram, HistogramOpts, IntCounter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = IntCounter::new("rows_total", "Rows that were read.")?;

    // Flush after each batch: a scrape is then at most one batch behind.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let local = rows.local();
                for _batch in 0..10 {
                    for _row in 0..1_000 {
                        local.inc();
                    }
                    local.flush();
                }
            });
        }
    });
    println!("four threads, flushed after each batch: {}", rows.get());

    rows.reset();
    let local = rows.local();
    local.inc_by(5);
    println!("\nlocal counter {}, shared {}", local.get(), rows.get());
    local.flush();
    println!("flushed:   local {}, shared {}", local.get(), rows.get());

    // A local counter that is dropped takes its counts with it.
    local.inc_by(7);
    drop(local);
    println!("inc_by(7), dropped unflushed: shared {}", rows.get());

    // A local histogram flushes itself.
    let sizes = Histogram::with_opts(HistogramOpts::new("size_bytes", "Size of a row."))?;
    let local = sizes.local();
    local.observe(3.0);
    println!(
        "\nlocal histogram {}, shared {}",
        local.get_sample_count(),
        sizes.get_sample_count()
    );
    drop(local);
    println!("dropped unflushed: shared {}", sizes.get_sample_count());
    Ok(())
}
