//! A follower crashes after it has acknowledged an entry. Flushed before the acknowledgement, the
//! entry is back after the restart; flushed later, the node panics.

use raft::eraftpb::Message;
use raft::storage::{MemStorage, Storage};
use raft::{Config, RawNode, Result};
use slog::{Discard, Logger, o};
use std::panic::{catch_unwind, set_hook};

struct Member {
    node: RawNode<MemStorage>, // Its storage stands for files in the page cache.
    disk: MemStorage,          // What has been flushed, and survives a crash.
}

fn empty_log() -> MemStorage {
    MemStorage::new_with_conf_state((vec![1, 2], vec![]))
}

fn start(id: u64, log: MemStorage) -> Result<RawNode<MemStorage>> {
    RawNode::new(&Config::new(id), log, &Logger::root(Discard, o!()))
}

fn flush(Member { node, disk }: &Member) -> Result<()> {
    let entries = node.raft.raft_log.all_entries();
    disk.wl().append(&entries)?;
    disk.wl().set_hardstate(node.raft.hard_state());
    Ok(())
}

fn handle_ready(member: &mut Member, bus: &mut Vec<Message>, flush_first: bool) -> Result<()> {
    while member.node.has_ready() {
        let mut ready = member.node.ready();
        bus.extend(ready.take_messages());
        member.node.store().wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            member.node.store().wl().set_hardstate(hard_state.clone());
        }
        if flush_first {
            flush(member)?;
        }
        if let (2, Some(entry)) = (member.node.raft.id, ready.entries().last()) {
            let (last, on_disk) = (entry.index, member.disk.last_index()?);
            println!("  2 acknowledges entry {last}, its disk ends at {on_disk}");
        }
        bus.extend(ready.take_persisted_messages());
        let mut committed = ready.take_committed_entries();
        let mut light = member.node.advance_append(ready);
        if let Some(commit) = light.commit_index() {
            member.node.store().wl().mut_hard_state().set_commit(commit);
        }
        bus.extend(light.take_messages());
        committed.extend(light.take_committed_entries());
        for entry in committed.iter().filter(|entry| !entry.data.is_empty()) {
            let id = member.node.raft.id;
            println!("  {id} applies {}", String::from_utf8_lossy(&entry.data));
        }
        member.node.advance_apply();
    }
    Ok(())
}

fn deliver(group: &mut [Member], flush_first: bool) -> Result<()> {
    loop {
        let mut bus = vec![];
        for member in group.iter_mut() {
            handle_ready(member, &mut bus, flush_first)?;
        }
        if bus.is_empty() {
            return Ok(());
        }
        for message in bus {
            group[message.to as usize - 1].node.step(message)?;
        }
    }
}

fn crash_after_acknowledgement(flush_first: bool) -> Result<()> {
    let [leader, follower] = [start(1, empty_log())?, start(2, empty_log())?];
    let mut group = [leader, follower].map(|node| Member {
        node,
        disk: empty_log(),
    });
    group[0].node.campaign()?;
    deliver(&mut group, flush_first)?;
    flush(&group[1])?; // Sooner or later the operating system does it by itself.

    group[0].node.propose(vec![], b"a = 1".to_vec())?;
    deliver(&mut group, flush_first)?;

    println!("  2 crashes and starts from its disk");
    group[1].node = start(2, group[1].disk.clone())?;
    group[0].node.ping();
    deliver(&mut group, flush_first)
}

fn main() -> Result<()> {
    set_hook(Box::new(|panic| {
        println!("  panic: {}", panic.payload_as_str().unwrap_or_default());
    }));
    println!("flush, then acknowledge");
    crash_after_acknowledgement(true)?;

    println!("acknowledge, flush later");
    let outcome = catch_unwind(|| crash_after_acknowledgement(false));
    assert!(
        outcome.is_err(),
        "the leader commits an entry that 2 has lost"
    );
    Ok(())
}
