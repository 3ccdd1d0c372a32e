//! Checks before every handler, in place of an interceptor; a wrapper in place of a layer.

use std::sync::Arc;

use futures::executor::block_on;
use grpcio::{CallOption, ChannelBuilder, CheckResult, EnvBuilder, Error, MetadataBuilder};
use grpcio::{RpcContext, RpcStatus, RpcStatusCode, ServerBuilder, ServerChecker};
use grpcio::{ServerCredentials, UnarySink};

use pb::{GetRequest, Volume, Volumes, VolumesClient};

// Generated, and more than this program calls.
#[allow(dead_code)]
mod pb {
    include!(concat!(env!("OUT_DIR"), "/volumes.v1.rs"));
}

/// Refuses a call or lets it pass; it cannot hand anything to the handler.
#[derive(Clone)]
struct Token;

impl ServerChecker for Token {
    fn check(&mut self, ctx: &RpcContext<'_>) -> CheckResult {
        println!("  checker: {}", String::from_utf8_lossy(ctx.method()));
        let mut headers = ctx.request_headers().iter();
        let token = headers.find(|(key, _)| *key == "authorization");
        if token.is_some_and(|(_, value)| value == b"Bearer s3cret") {
            return CheckResult::Continue;
        }
        let text = "unknown token".into();
        CheckResult::Abort(RpcStatus::with_message(
            RpcStatusCode::UNAUTHENTICATED,
            text,
        ))
    }

    // Each call gets a copy, so state that must last belongs behind an `Arc`.
    fn box_clone(&self) -> Box<dyn ServerChecker> {
        Box::new(self.clone())
    }
}

/// What sees answers has to be written into the handler.
fn answer<T: Send + 'static>(
    ctx: &RpcContext<'_>,
    outcome: Result<T, RpcStatus>,
    sink: UnarySink<T>,
) {
    let method = String::from_utf8_lossy(ctx.method()).into_owned();
    ctx.spawn(async move {
        let code = outcome
            .as_ref()
            .map_or_else(|status| status.code(), |_| RpcStatusCode::OK);
        println!("  wrapper: {method} ends, {code}");
        let _ = match outcome {
            Ok(message) => sink.success(message).await,
            Err(status) => sink.fail(status).await,
        };
    });
}

#[derive(Clone)]
struct Inventory;

impl Volumes for Inventory {
    fn get(&mut self, ctx: RpcContext<'_>, request: GetRequest, sink: UnarySink<Volume>) {
        let outcome = match request.name.as_str() {
            "disk-1" => Ok(Volume {
                name: request.name,
                replicas: 3,
            }),
            _ => Err(RpcStatus::with_message(
                RpcStatusCode::NOT_FOUND,
                "no such volume".into(),
            )),
        };
        answer(&ctx, outcome, sink);
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let env = Arc::new(EnvBuilder::new().cq_count(1).build());
    let mut server = ServerBuilder::new(env.clone())
        .register_service(pb::create_volumes(Inventory))
        .add_checker(Token)
        .build()?;
    let port = server.add_listening_port("127.0.0.1:0", ServerCredentials::insecure())?;
    server.start();
    let channel = ChannelBuilder::new(env).connect(&format!("127.0.0.1:{port}"));
    let client = VolumesClient::new(channel);

    for (token, name) in [
        ("wrong", "disk-1"),
        ("s3cret", "disk-1"),
        ("s3cret", "disk-2"),
    ] {
        println!("get {name} with token {token}:");
        let mut headers = MetadataBuilder::new();
        headers.add_str("authorization", &format!("Bearer {token}"))?;
        let option = CallOption::default().headers(headers.build());
        match client.get_opt(&GetRequest { name: name.into() }, option) {
            Ok(volume) => println!("  client: {} replicas", volume.replicas),
            Err(Error::RpcFailure(status)) => {
                println!("  client: {}, {}", status.code(), status.message());
            }
            Err(error) => return Err(error.into()),
        }
    }
    block_on(server.shutdown())?;
    Ok(())
}
