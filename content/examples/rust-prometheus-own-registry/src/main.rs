//! A registry of one's own, with constant labels and a collector that reads
//! values where they live instead of keeping copies up to date.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use prometheus::core::{Collector, Desc, Describer};
use prometheus::proto::MetricFamily;
use prometheus::{IntCounter, IntGaugeVec, Opts, Registry, TextEncoder};

type Queue = Arc<Mutex<VecDeque<&'static str>>>;

struct QueueCollector {
    queue: Queue,
    opts: Opts,
    desc: Desc,
}

impl QueueCollector {
    fn new(queue: Queue) -> prometheus::Result<Self> {
        let opts = Opts::new("queue_jobs", "Jobs that wait.").variable_label("kind");
        let desc = opts.describe()?;
        Ok(Self { queue, opts, desc })
    }
}

impl Collector for QueueCollector {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.desc]
    }

    // Called once for each scrape. The gauges are new each time, so a kind that
    // has left the queue leaves the output too, and two scrapes cannot meet.
    fn collect(&self) -> Vec<MetricFamily> {
        let gauges =
            IntGaugeVec::new(self.opts.clone(), &["kind"]).expect("described like this before");
        for kind in self.queue.lock().expect("no holder panics").iter() {
            gauges.with_label_values(&[kind]).inc();
        }
        gauges.collect()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The prefix and the label are added to everything that is gathered here.
    let labels = HashMap::from([("zone".to_owned(), "a".to_owned())]);
    let registry = Registry::new_custom(Some("mailer".to_owned()), Some(labels))?;

    // Two metrics of one name: their constant labels tell them apart.
    let sent =
        |via| IntCounter::with_opts(Opts::new("sent_total", "Mails.").const_label("via", via));
    let (smtp, api) = (sent("smtp")?, sent("api")?);
    registry.register(Box::new(smtp.clone()))?;
    registry.register(Box::new(api.clone()))?;
    if let Err(error) = registry.register(Box::new(sent("smtp")?)) {
        println!("smtp again: {error}");
    }

    let queue = Queue::default();
    registry.register(Box::new(QueueCollector::new(queue.clone())?))?;

    smtp.inc_by(2);
    api.inc();
    let jobs = ["letter", "alert", "letter"];
    queue.lock().expect("no holder panics").extend(jobs);
    let encoder = TextEncoder::new();
    println!("\n{}", encoder.encode_to_string(&registry.gather())?);

    queue
        .lock()
        .expect("no holder panics")
        .retain(|kind| *kind == "alert");
    let mut families = registry.gather();
    families.retain(|family| family.name() == "mailer_queue_jobs");
    println!("after the letters were sent:");
    print!("{}", encoder.encode_to_string(&families)?);

    let default = prometheus::gather().len();
    println!("\nfamilies in the default registry: {default}");
    Ok(())
}
