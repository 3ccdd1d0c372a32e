//! One member, one loop: a command goes into the log, becomes durable, and comes back committed.

use raft::eraftpb::Entry;
use raft::storage::MemStorage;
use raft::{Config, RawNode};
use slog::{Discard, Logger, o};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The log lives in memory here. The node reads it through this handle, only you write to it.
    let store = MemStorage::new_with_conf_state((vec![1], vec![]));
    let logger = Logger::root(Discard, o!());
    let mut node = RawNode::new(&Config::new(1), store.clone(), &logger)?;

    // A proposal needs a leader, and there is none yet.
    if let Err(error) = node.propose(vec![], b"colour = green".to_vec()) {
        println!("propose: {error}");
    }

    // The only voter wins at once. In a group, `tick` starts an election when the leader is silent.
    node.campaign()?;
    println!("campaign: {:?} in term {}", node.raft.state, node.raft.term);
    node.propose(vec![], b"colour = blue".to_vec())?;

    while node.has_ready() {
        let mut ready = node.ready();
        println!("ready {}", ready.number());

        // First what must survive a crash: entries and hard state (term, vote, commit index).
        for entry in ready.entries() {
            println!("  persist entry {} of term {}", entry.index, entry.term);
        }
        store.wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            println!(
                "  persist term {}, vote {}",
                hard_state.term, hard_state.vote
            );
            store.wl().set_hardstate(hard_state.clone());
        }

        // Then what is committed. One voter has nobody to send messages to.
        apply(ready.take_committed_entries());

        // `advance` says that the write is done; what that makes possible comes back at once.
        let mut light = node.advance(ready);
        if let Some(commit) = light.commit_index() {
            println!("  persist commit index {commit}");
            store.wl().mut_hard_state().set_commit(commit);
        }
        apply(light.take_committed_entries());
        node.advance_apply();
    }
    Ok(())
}

fn apply(committed: Vec<Entry>) {
    for entry in committed {
        // A new leader opens its term with an empty entry; it is nobody's command.
        let command = match entry.data.is_empty() {
            true => "nothing, the leader's first entry".into(),
            false => String::from_utf8_lossy(&entry.data),
        };
        println!("  apply entry {}: {command}", entry.index);
    }
}
