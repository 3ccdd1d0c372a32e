//! A trace that goes on in the next process: the client writes its context into the headers,
//! the server reads it and hangs its span below. Then two ways to break the chain.

use std::error::Error;

use http::Request;
use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use tracing::{Instrument, Span, debug_span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

/// How the server makes its span.
type MakeSpan = fn() -> Span;

/// The client's half, for a layer of Tower or a wrapper around the call.
fn inject(request: &mut Request<()>) {
    let context = Span::current().context();
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut HeaderInjector(request.headers_mut()));
    });
}

/// The server's half.
async fn serve(request: Request<()>, make_span: MakeSpan) {
    let context = global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(request.headers()))
    });
    let span = make_span();
    // Before anything enters the span: that starts it, and its parent can no longer change.
    if let Err(error) = span.set_parent(context) {
        println!("  set_parent: {error}");
    }
    handle(request).instrument(span).await;
}

async fn handle(_: Request<()>) {
    info_span!("query").in_scope(|| ()); // stands for the work, with spans of its own
}

async fn call(make_span: MakeSpan) -> Result<(), tokio::task::JoinError> {
    let mut request = Request::new(());
    inject(&mut request);
    // Like another process, a new task knows nothing of the span around this one.
    tokio::spawn(serve(request, make_span)).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // In production the OTLP exporter, behind a batch processor.
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(exporter.clone())
        .build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("shop"));
    tracing_subscriber::registry()
        .with(layer.with_filter(LevelFilter::INFO))
        .init();

    let trial = async |title: &str, make_span: MakeSpan| -> Result<(), Box<dyn Error>> {
        println!("{title}");
        call(make_span)
            .instrument(info_span!("call", otel.kind = "client"))
            .await?;

        let spans = exporter.get_finished_spans()?;
        exporter.reset();
        let find = |name| spans.iter().find(|span| span.name == name);
        let client = find("call").ok_or("no span of the client")?;
        let query = find("query").ok_or("no span of the server")?;
        let parent = find("serve").map(|server| server.parent_span_id);
        println!(
            "  same trace: {}",
            query.span_context.trace_id() == client.span_context.trace_id()
        );
        println!(
            "  server's parent is the client's span: {}",
            parent == Some(client.span_context.span_id())
        );
        Ok(())
    };

    let good: MakeSpan = || info_span!("serve", otel.kind = "server");
    trial("as it starts out: a propagator that does nothing", good).await?;
    global::set_text_map_propagator(TraceContextPropagator::new());
    trial("with TraceContextPropagator", good).await?;

    // What `#[instrument]` does, before the first line of your function runs.
    let entered: MakeSpan = || {
        let span = info_span!("serve", otel.kind = "server");
        span.in_scope(|| ());
        span
    };
    trial("the server's span is entered first", entered).await?;
    let finer: MakeSpan = || debug_span!("serve", otel.kind = "server");
    trial("the server's span is below the level", finer).await?;
    Ok(provider.shutdown()?)
}
