//! Label values that are known at compile time become fields of a struct: no
//! lock and no hash at an update, and a value that does not exist cannot be counted.

use prometheus::{IntCounterVec, Opts, Registry, TextEncoder};
use prometheus_static_metric::make_static_metric;

make_static_metric! {
    struct Requests: IntCounter {
        "method" => { get, put },
        // A field, and the value to write where a Rust name cannot spell it.
        "result" => { ok, not_found: "not found" },
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::new();
    let opts = Opts::new("requests_total", "Requests.");
    let vec = IntCounterVec::new(opts, &["method", "result"])?;
    registry.register(Box::new(vec.clone()))?;

    // Looks up every combination once, and so makes all of them.
    let requests = Requests::from(&vec);
    requests.get.ok.inc();
    requests.get.not_found.inc_by(2);

    // `requests.post.ok` would not compile. The vector itself takes any string,
    // and a misspelt value is a new series.
    vec.with_label_values(&["gte", "ok"]).inc();

    let families = registry.gather();
    print!("{}", TextEncoder::new().encode_to_string(&families)?);
    Ok(())
}
