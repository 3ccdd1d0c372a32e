//! Counters of known labels that live in their thread and flush themselves. Shows what
//! makes them flush, and what becomes of the counts of a thread that ends before.

use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use prometheus::{IntCounterVec, register_int_counter_vec};
use prometheus_static_metric::{auto_flush_from, make_auto_flush_static_metric};

make_auto_flush_static_metric! {
    pub struct Lookups: LocalIntCounter {
        "result" => { hit, miss },
    }
}

static VEC: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("lookups_total", "Lookups in the cache.", &["result"])
        .expect("no other metric has this name")
});

// One static for all threads: behind it each thread has counters of its own. A duration
// as third argument replaces the interval of one second.
static LOOKUPS: LazyLock<Lookups> = LazyLock::new(|| auto_flush_from!(VEC, Lookups));

/// Flushes when the worker ends, on an early return and on a panic as well.
struct FlushAtEnd;

impl Drop for FlushAtEnd {
    fn drop(&mut self) {
        LOOKUPS.flush();
    }
}

fn work() {
    for _ in 0..10 {
        LOOKUPS.hit.inc();
    }
}

/// What a scrape would show now.
fn scraped() -> String {
    let of = |result| VEC.with_label_values(&[result]).get();
    format!("hit {:2}, miss {}", of("hit"), of("miss"))
}

fn main() {
    for _ in 0..3 {
        LOOKUPS.hit.inc();
    }
    println!("three hits:            {}", scraped());

    // Nothing runs when the interval is over. The next update looks at the clock, and
    // takes the counts of all fields along.
    thread::sleep(Duration::from_millis(1_500));
    println!("after the interval:    {}", scraped());
    LOOKUPS.miss.inc();
    println!("one miss:              {}", scraped());

    thread::spawn(work).join().expect("work does not panic");
    println!("\na thread made ten hits and ended");
    println!("                       {}", scraped());

    // A flush is for the thread that calls it. The counts of the other are gone.
    LOOKUPS.flush();
    println!("main flushes:          {}", scraped());

    let worker = thread::spawn(|| {
        let _flush = FlushAtEnd;
        work();
    });
    worker.join().expect("work does not panic");
    println!("\nthe same with a guard: {}", scraped());
}
