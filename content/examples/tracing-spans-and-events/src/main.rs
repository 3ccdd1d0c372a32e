//! Spans that last, events within them, and a subscriber that prints both as
//! lines, without time and colour so that every run prints the same.

use tracing::field::Empty;
use tracing::{Level, Span, debug, info, info_span, instrument, trace, warn};

/// `skip_all` keeps arguments out of the log; `fields` says what may be in it.
/// A name without a value there would stay empty, so it is `%key`: by `Display`.
#[instrument(skip_all, fields(%key, hit = Empty))]
fn look_up(key: &str, password: &str) -> Option<u32> {
    let known = password == "secret";
    debug!(known, "checked the password");
    let value = (key == "ferris").then_some(7);

    let span = Span::current();
    // Declared as `Empty`, filled in when it is known.
    span.record("hit", value.is_some());
    // Never declared: nothing happens, and nobody tells you.
    span.record("value", value);

    debug!("searched");
    value
}

fn main() {
    // Once, in the application. Libraries only emit.
    tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_target(false)
        .without_time()
        .with_ansi(false)
        .init();

    info!(backends = 3, "started");
    let request = info_span!("request", id = 42, user = %"ann", path = ?"/crab");
    // The span is entered for as long as the closure runs.
    request.in_scope(|| {
        for key in ["ferris", "gopher"] {
            match look_up(key, "secret") {
                Some(value) => info!(value, "found"),
                None => warn!(key, "not found"),
            }
        }
        trace!("below the level, so it is not printed");
    });
    info!("stopped");
}
