//! Two of three members are replaced in one step. In between, both majorities have to agree.

use protobuf::Message as _;
use raft::eraftpb::ConfChangeType::{AddNode, RemoveNode};
use raft::eraftpb::{ConfChangeSingle, ConfChangeTransition, ConfChangeV2};
use raft::eraftpb::{EntryType, Message, Snapshot};
use raft::storage::MemStorage;
use raft::{Config, Error, RawNode, Result};
use slog::{Discard, Logger, o};

fn handle_ready(node: &mut RawNode<MemStorage>, bus: &mut Vec<Message>) -> Result<()> {
    let (id, store) = (node.raft.id, node.store().clone());
    while node.has_ready() {
        let mut ready = node.ready();
        bus.extend(ready.take_messages());
        if !ready.snapshot().is_empty() {
            let upto = ready.snapshot().get_metadata().index;
            println!("  {id} starts from a snapshot up to entry {upto}");
            store.wl().apply_snapshot(ready.snapshot().clone())?;
        }
        store.wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            store.wl().set_hardstate(hard_state.clone());
        }
        bus.extend(ready.take_persisted_messages());
        let mut committed = ready.take_committed_entries();
        let mut light = node.advance_append(ready);
        if let Some(commit) = light.commit_index() {
            store.wl().mut_hard_state().set_commit(commit);
        }
        bus.extend(light.take_messages());
        committed.extend(light.take_committed_entries());
        for entry in committed {
            if entry.get_entry_type() == EntryType::EntryConfChangeV2 {
                // It takes effect here, when it is applied, and has to survive a restart.
                let change = ConfChangeV2::parse_from_bytes(&entry.data)?;
                let members = node.apply_conf_change(&change)?;
                store.wl().set_conf_state(members);
            } else if !entry.data.is_empty() {
                println!("  {id} applies {}", String::from_utf8_lossy(&entry.data));
            }
        }
        node.advance_apply();
    }
    Ok(())
}

/// The leader sends heartbeats, then all talk until it is quiet. Nobody reaches those `down`.
fn run(group: &mut [RawNode<MemStorage>], down: &[u64], title: &str) -> Result<()> {
    println!("{title}");
    group[0].ping();
    loop {
        let mut bus = vec![];
        for node in group.iter_mut() {
            handle_ready(node, &mut bus)?;
        }
        bus.retain(|message| !down.contains(&message.to) && !down.contains(&message.from));
        if bus.is_empty() {
            break;
        }
        for message in bus {
            match group[message.to as usize - 1].step(message) {
                Err(Error::StepPeerNotFound) => {} // The last words of a removed member.
                result => result?,
            }
        }
    }
    let log = &group[0].raft.raft_log;
    let (last, commit) = (log.last_index(), log.committed);
    let mut members = group[0].raft.prs().conf().to_conf_state();
    members.voters.sort();
    members.voters_outgoing.sort();
    let (new, old) = (members.voters, members.voters_outgoing);
    println!("  log to {last}, committed {commit}, voters {new:?}, outgoing {old:?}");
    Ok(())
}

fn main() -> Result<()> {
    // The founders start behind a snapshot that names them. The log itself does not say who the
    // first members were, so a newcomer has to get a snapshot as well.
    let mut founding = Snapshot::default();
    founding.mut_metadata().index = 1;
    founding.mut_metadata().term = 1;
    founding.mut_metadata().mut_conf_state().voters = vec![1, 2, 3];
    let logger = Logger::root(Discard, o!());
    let mut group = vec![];
    for id in 1..=5 {
        let store = MemStorage::new();
        if id <= 3 {
            store.wl().apply_snapshot(founding.clone())?;
        }
        group.push(RawNode::new(&Config::new(id), store, &logger)?);
    }
    group[0].campaign()?;
    run(&mut group, &[4, 5], "three members")?;

    let mut enter = ConfChangeV2::default();
    for (change_type, node_id) in [(AddNode, 4), (AddNode, 5), (RemoveNode, 2), (RemoveNode, 3)] {
        let mut change = ConfChangeSingle::default();
        change.set_change_type(change_type);
        change.set_node_id(node_id);
        enter.mut_changes().push(change);
    }
    enter.set_transition(ConfChangeTransition::Explicit); // We say when to leave.
    group[0].propose_conf_change(vec![], enter)?;
    run(&mut group, &[4, 5], "4 and 5, not up yet, replace 2 and 3")?;

    group[0].propose(vec![], b"a = 1".to_vec())?;
    run(&mut group, &[4, 5], "write a = 1")?;
    run(&mut group, &[5], "4 comes up")?;

    group[0].propose_conf_change(vec![], ConfChangeV2::default())?;
    run(&mut group, &[5], "leave the joint configuration")?;

    group[0].propose(vec![], b"a = 2".to_vec())?;
    run(&mut group, &[2, 3], "2 and 3 go, 5 comes up, write a = 2")
}
