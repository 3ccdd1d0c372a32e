//! Two mistakes with labels: a label with ids, whose series never go away, and
//! labels whose values run into each other.

use prometheus::core::Collector;
use prometheus::{IntCounterVec, Opts, Registry, TextEncoder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let encoder = TextEncoder::new();
    let registry = Registry::new();
    let by_user = IntCounterVec::new(Opts::new("logins_total", "Logins."), &["user"])?;
    registry.register(Box::new(by_user.clone()))?;

    // Every new id is a series, in memory and in every scrape from now on.
    println!("users  series  bytes in a scrape");
    let mut seen = 0;
    for users in [10, 100, 1_000, 10_000] {
        while seen < users {
            by_user.with_label_values(&[format!("user-{seen}")]).inc();
            seen += 1;
        }
        let families = registry.gather();
        let series: usize = families
            .iter()
            .map(|family| family.get_metric().len())
            .sum();
        let bytes = encoder.encode_to_string(&families)?.len();
        println!("{users:>5}  {series:>6}  {bytes:>17}");
    }

    // Nothing but you removes them, and a handle that was kept counts on unseen.
    let kept = by_user.with_label_values(&["user-0"]);
    by_user.reset();
    kept.inc();
    by_user.with_label_values(&["user-0"]).inc();
    println!("\nafter a reset, with a kept handle and a new one:");
    println!("kept handle: {}", kept.get());
    print!("{}", encoder.encode_to_string(&registry.gather())?);

    // The key of a child is a hash over the values, with nothing in between.
    let by_file = IntCounterVec::new(Opts::new("reads_total", "Reads."), &["bucket", "key"])?;
    by_file.with_label_values(&["ab", "c"]).inc();
    by_file.with_label_values(&["a", "bc"]).inc();
    println!("\nreads of ab c and of a bc, one each:");
    print!("{}", encoder.encode_to_string(&by_file.collect())?);

    // Closed lists meet as well, where one value is the beginning of another.
    let by_shard = IntCounterVec::new(Opts::new("calls_total", "Calls."), &["shard", "replica"])?;
    by_shard.with_label_values(&["1", "12"]).inc();
    by_shard.with_label_values(&["11", "2"]).inc();
    println!("\ncalls of shard 1, replica 12, and of shard 11, replica 2:");
    print!("{}", encoder.encode_to_string(&by_shard.collect())?);

    // No shard contains a slash, so the first one says where the shard ends. With more labels,
    // every value but the last needs such an end.
    by_shard.reset();
    by_shard.with_label_values(&["1/", "12"]).inc();
    by_shard.with_label_values(&["11/", "2"]).inc();
    let series = by_shard.collect()[0].get_metric().len();
    println!("\nthe same with a slash after the shard: {series} series");
    Ok(())
}
