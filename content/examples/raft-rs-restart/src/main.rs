//! What a node makes of the state that it finds on disk: what comes again, and what it refuses.

use raft::eraftpb::{Entry, HardState};
use raft::storage::MemStorage;
use raft::{Config, NO_LIMIT, RawNode, Result};
use slog::{Discard, Logger, o};
use std::panic::{catch_unwind, set_hook};

/// Starts a node and returns the entries that it hands over to be applied, one list each time.
fn start(last: u64, commit: u64, applied: u64, batch: u64) -> Result<Vec<Vec<u64>>> {
    let mut hard_state = HardState::default();
    hard_state.set_term(1);
    hard_state.set_commit(commit);
    let mut entries = vec![Entry::default(); last as usize];
    for (index, entry) in (1..).zip(&mut entries) {
        entry.set_index(index);
        entry.set_term(1);
    }
    let log = MemStorage::new_with_conf_state((vec![1, 2, 3], vec![]));
    log.wl().append(&entries)?;
    log.wl().set_hardstate(hard_state);

    let mut config = Config::new(1);
    config.applied = applied;
    config.max_committed_size_per_ready = batch;
    let mut node = RawNode::new(&config, log, &Logger::root(Discard, o!()))?;

    let mut handed_over = vec![];
    while node.has_ready() {
        let mut ready = node.ready();
        handed_over.push(ready.take_committed_entries());
        let mut light = node.advance_append(ready);
        handed_over.push(light.take_committed_entries()); // Left in there, they are lost.
        node.advance_apply();
    }
    handed_over.retain(|entries| !entries.is_empty());
    let indexes = |entries: &Vec<Entry>| entries.iter().map(|entry| entry.index).collect();
    Ok(handed_over.iter().map(indexes).collect())
}

fn restart(last: u64, commit: u64, applied: u64, batch: u64) -> Result<()> {
    println!("log to {last}, commit index {commit}, applied index {applied}");
    match catch_unwind(|| start(last, commit, applied, batch)) {
        Ok(handed_over) => println!("  hands over {:?}", handed_over?),
        Err(_) => println!("  does not start"),
    }
    Ok(())
}

fn main() -> Result<()> {
    // `RawNode::new` returns a `Result`, and yet it panics when the state contradicts itself.
    set_hook(Box::new(|panic| {
        println!("  panic: {}", panic.payload_as_str().unwrap_or_default());
    }));

    // The state machine keeps its applied index with its data; the rest follows.
    restart(6, 5, 3, NO_LIMIT)?;
    // It kept nothing: all that is committed comes again, in one piece or in pieces of some bytes.
    restart(6, 5, 0, NO_LIMIT)?;
    restart(6, 5, 0, 8)?;
    // The hard state was written, the entries were not.
    restart(4, 5, 3, NO_LIMIT)?;
    // The applied index was written, the commit index was not.
    restart(6, 4, 5, NO_LIMIT)?;
    Ok(())
}
