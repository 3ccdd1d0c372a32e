//! Two deadlines for one slow call: who ends it, and what the status carries.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use futures::channel::oneshot;
use futures::executor::block_on;
use grpcio::{CallOption, ChannelBuilder, Deadline, EnvBuilder, Error, RpcContext, RpcStatus};
use grpcio::{RpcStatusCode, ServerBuilder, ServerCredentials, UnarySink};
use grpcio_proto::google::rpc;
use prost::Message;
use prost_types::Any;

use pb::{GetRequest, Problem, Volume, Volumes, VolumesClient};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

/// What the service allows itself.
const BUDGET: Duration = Duration::from_millis(1500);

fn read_slow_disk(deadline: Deadline) -> Result<Volume, RpcStatus> {
    let start = Instant::now();
    loop {
        // Between two tries at the disk, look whether the caller's time is up.
        thread::sleep(Duration::from_millis(10));
        if deadline.exceeded() {
            return Err(RpcStatus::new(RpcStatusCode::DEADLINE_EXCEEDED));
        }
        if start.elapsed() >= BUDGET {
            let problem = Problem {
                reason: "DISK_SLOW".into(),
                retry_after_seconds: 10,
            };
            // By convention the details are a whole status, code and message repeated.
            let status = rpc::Status {
                code: RpcStatusCode::DEADLINE_EXCEEDED.into(),
                message: "the disk is slow".into(),
                details: vec![Any {
                    type_url: "type.googleapis.com/volumes.v1.Problem".into(),
                    value: problem.encode_to_vec(),
                }],
            };
            let details = status.encode_to_vec();
            return Err(RpcStatus::with_details(
                status.code,
                status.message,
                details,
            ));
        }
    }
}

#[derive(Clone)]
struct SlowDisk {
    worker_done: mpsc::Sender<&'static str>,
}

impl Volumes for SlowDisk {
    fn get(&mut self, ctx: RpcContext<'_>, _: GetRequest, sink: UnarySink<Volume>) {
        let (deadline, worker_done) = (ctx.deadline(), self.worker_done.clone());
        let (answer, answered) = oneshot::channel();
        // A slow read would stop all calls of a polling thread: it gets a thread of its own,
        // in production one of a bounded pool.
        thread::spawn(move || {
            let _ = answer.send(read_slow_disk(deadline));
            let _ = worker_done.send(match deadline.exceeded() {
                true => "stopped at the caller's deadline",
                false => "gave up by itself",
            });
        });
        ctx.spawn(async move {
            let _ = match answered.await {
                Ok(Ok(volume)) => sink.success(volume).await,
                Ok(Err(status)) => sink.fail(status).await,
                Err(_) => sink.fail(RpcStatus::new(RpcStatusCode::INTERNAL)).await,
            };
        });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let (worker_done, worker) = mpsc::channel();
    let mut server = ServerBuilder::new(env.clone())
        .register_service(pb::create_volumes(SlowDisk { worker_done }))
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", ServerCredentials::insecure())?;
    server.start();
    let channel = ChannelBuilder::new(env).connect(&format!("127.0.0.1:{port}"));
    // Else the first deadline would have to last for the connection as well.
    let connected = block_on(channel.wait_for_connected(Duration::from_secs(10)));
    println!("connected: {connected}");
    let client = VolumesClient::new(channel);

    for millis in [500, 60_000] {
        println!("client waits {millis} ms:");
        let option = CallOption::default().timeout(Duration::from_millis(millis));
        let Err(Error::RpcFailure(status)) = client.get_opt(&GetRequest::default(), option) else {
            return Err("the disk should be stuck".into());
        };
        let details = rpc::Status::decode(status.details())?.details;
        println!("  client: {}, {} details", status.code(), details.len());
        for detail in details {
            let problem = Problem::decode(detail.value.as_slice())?;
            println!("  {}: {}", problem.reason, status.message());
            println!("  retry in {} s", problem.retry_after_seconds);
        }
        println!("  worker: {}", worker.recv()?);
    }
    block_on(server.shutdown())?;
    Ok(())
}
