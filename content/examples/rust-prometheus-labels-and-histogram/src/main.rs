//! A counter with labels, a gauge and a histogram, as an HTTP service has them.

use prometheus::{
    HistogramVec, IntCounterVec, IntGauge, TextEncoder, register_histogram_vec,
    register_int_counter_vec, register_int_gauge,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let requests: IntCounterVec =
        register_int_counter_vec!("requests_total", "Requests.", &["method", "code"])?;
    let in_flight: IntGauge = register_int_gauge!("requests_in_flight", "Requests at work.")?;
    // Bounds are in seconds. Choose them around what you promised your users.
    let duration: HistogramVec = register_histogram_vec!(
        "request_duration_seconds",
        "Time to answer.",
        &["method"],
        vec![0.01, 0.1, 1.0]
    )?;

    // A vector has no children yet, so it is not in the output at all.
    let names: Vec<String> = prometheus::gather()
        .iter()
        .map(|family| family.name().to_owned())
        .collect();
    println!("before the first request: {}", names.join(", "));

    // The lookup by label values takes a lock and hashes. Keep the children
    // whose labels you know.
    let get_duration = duration.with_label_values(&["GET"]);
    for (code, seconds) in [("200", 0.004), ("200", 0.05), ("500", 0.7)] {
        in_flight.inc();
        requests.with_label_values(&["GET", code]).inc();
        get_duration.observe(seconds);
        in_flight.dec();
    }
    // Somebody measures in milliseconds: no bound is that high.
    get_duration.observe(20.0);

    // The wrong number of values is an error here, a panic in with_label_values.
    if let Err(error) = requests.get_metric_with_label_values(&["GET"]) {
        println!("one value for two labels: {error}");
    }

    println!();
    let families = prometheus::gather();
    print!("{}", TextEncoder::new().encode_to_string(&families)?);
    Ok(())
}
