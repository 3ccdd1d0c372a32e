//! Counts jobs where they are done, and prints what Prometheus would scrape.

use std::sync::LazyLock;

use prometheus::{IntCounter, TextEncoder, register_int_counter};

// The macro makes the counter and registers it in the default registry. The
// static does so once, when it is first used: a second time would be an error.
static JOBS_DONE: LazyLock<IntCounter> = LazyLock::new(|| {
    register_int_counter!("jobs_done_total", "Jobs that ended well.")
        .expect("no other metric has this name")
});

fn work_off(jobs: &[&str]) {
    for job in jobs {
        println!("{job} done");
        JOBS_DONE.inc();
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    work_off(&["resize", "upload"]);
    JOBS_DONE.inc_by(3);
    println!("counted: {}\n", JOBS_DONE.get());

    // Reads every metric of the default registry and writes the text format.
    let families = prometheus::gather();
    print!("{}", TextEncoder::new().encode_to_string(&families)?);
    Ok(())
}
