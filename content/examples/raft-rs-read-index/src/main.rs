//! Reads without a log write, and why a lease on a stopped clock answers with old data.

use raft::eraftpb::Message;
use raft::storage::MemStorage;
use raft::{Config, RawNode, ReadOnlyOption, Result};
use slog::{Discard, Logger, o};
use std::collections::HashMap;

struct Member {
    node: RawNode<MemStorage>,
    value: String,
    reads: u64,
    confirmed: HashMap<Vec<u8>, u64>, // The index that a read has to wait for, by its context.
}

fn member(id: u64, read_only_option: ReadOnlyOption) -> Result<Member> {
    let config = Config {
        id,
        read_only_option,
        check_quorum: true,    // `LeaseBased` is refused without it.
        min_election_tick: 30, // Nobody stands by itself within the ticks of this program.
        ..Config::default()
    };
    let store = MemStorage::new_with_conf_state((vec![1, 2, 3], vec![]));
    let node = RawNode::new(&config, store, &Logger::root(Discard, o!()))?;
    Ok(Member {
        node,
        value: String::new(),
        reads: 0,
        confirmed: HashMap::new(),
    })
}

fn handle_ready(member: &mut Member, bus: &mut Vec<Message>) -> Result<()> {
    let node = &mut member.node;
    while node.has_ready() {
        let mut ready = node.ready();
        bus.extend(ready.take_messages());
        node.store().wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            node.store().wl().set_hardstate(hard_state.clone());
        }
        bus.extend(ready.take_persisted_messages());
        for read in ready.take_read_states() {
            member.confirmed.insert(read.request_ctx, read.index);
        }
        let mut committed = ready.take_committed_entries();
        let mut light = node.advance_append(ready);
        if let Some(commit) = light.commit_index() {
            node.store().wl().mut_hard_state().set_commit(commit);
        }
        bus.extend(light.take_messages());
        committed.extend(light.take_committed_entries());
        for entry in committed.iter().filter(|entry| !entry.data.is_empty()) {
            member.value = String::from_utf8_lossy(&entry.data).into();
        }
        node.advance_apply();
    }
    Ok(())
}

/// Delivers messages until all is quiet, except to and from members that are `paused`.
fn deliver(group: &mut [Member], paused: &[u64]) -> Result<()> {
    loop {
        let mut bus = vec![];
        for member in group.iter_mut() {
            handle_ready(member, &mut bus)?;
        }
        bus.retain(|message| !paused.contains(&message.to) && !paused.contains(&message.from));
        if bus.is_empty() {
            return Ok(());
        }
        for message in bus {
            group[message.to as usize - 1].node.step(message)?;
        }
    }
}

fn read(group: &mut [Member], id: usize) -> Result<()> {
    let reader = &mut group[id - 1];
    // No context is used twice: while one is pending, a second request with it is ignored, and
    // the newer read would get the older index. After a restart this counter would begin again;
    // a program that restarts adds a random number, or the time of its start.
    reader.reads += 1;
    let context = [id as u64, reader.reads].map(u64::to_be_bytes).concat();
    reader.node.read_index(context.clone());
    deliver(group, &[])?;

    let reader = &mut group[id - 1];
    let (role, applied) = (reader.node.raft.state, reader.node.raft.raft_log.applied);
    match reader.confirmed.remove(&context) {
        // Only a state machine that has come as far as the index may answer.
        Some(index) if applied >= index => println!("  {id} {role:?} at {index}: {}", reader.value),
        _ => println!("  {id} {role:?}: no answer"),
    }
    Ok(())
}

fn main() -> Result<()> {
    for option in [ReadOnlyOption::Safe, ReadOnlyOption::LeaseBased] {
        println!("{option:?}");
        let mut group = [member(1, option)?, member(2, option)?, member(3, option)?];
        group[0].node.campaign()?;
        deliver(&mut group, &[])?;
        group[0].node.propose(vec![], b"a = 1".to_vec())?;
        deliver(&mut group, &[])?;
        read(&mut group, 1)?;
        read(&mut group, 3)?; // A follower asks its leader for the index.

        // Member 1 is paused, clock and all. The others wait out its lease, elect and write.
        for _ in 0..20 {
            group[1].node.tick();
            group[2].node.tick();
        }
        group[1].node.campaign()?;
        deliver(&mut group, &[1])?;
        group[1].node.propose(vec![], b"a = 2".to_vec())?;
        deliver(&mut group, &[1])?;

        let role = group[0].node.raft.state;
        println!("  the others write a = 2, and 1 wakes up as {role:?}");
        read(&mut group, 1)?;
    }
    Ok(())
}
