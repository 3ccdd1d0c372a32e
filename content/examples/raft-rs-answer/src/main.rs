//! `Ok` from `propose` says three different things. A client is answered when the entry at the
//! index of its proposal is applied, and only if that entry is still of the same term.

use protobuf::Message as _;
use raft::eraftpb::ConfChangeType::AddLearnerNode;
use raft::eraftpb::{ConfChangeSingle, ConfChangeV2, Entry, EntryType, Message};
use raft::storage::MemStorage;
use raft::{Config, RawNode, Result};
use slog::{Discard, Logger, o};
use std::collections::HashMap;

type Node = RawNode<MemStorage>;

struct Member {
    node: Node,
    // By index: term and type of what was proposed, and who asked. A server keeps a channel here.
    waiting: HashMap<u64, (u64, EntryType, &'static str)>,
}

/// Proposes something, and keeps the client only if that went into the log of this member.
fn offer(
    Member { node, waiting }: &mut Member,
    client: &'static str,
    kind: EntryType,
    propose: impl FnOnce(&mut Node) -> Result<()>,
) -> Result<()> {
    let before = node.raft.raft_log.last_index();
    propose(node)?;
    let (index, term) = (node.raft.raft_log.last_index(), node.raft.term);
    if index == before {
        println!("  {client}: Ok, log still ends at {index}, so answer \"not leader\"");
    } else {
        println!("  {client}: Ok, index {index} in term {term}");
        waiting.insert(index, (term, kind, client));
    }
    Ok(())
}

fn write(member: &mut Member, client: &'static str) -> Result<()> {
    // The context travels inside the entry; here it names the request.
    let propose = |node: &mut Node| node.propose(client.into(), b"a = 1".to_vec());
    offer(member, client, EntryType::EntryNormal, propose)
}

fn demote(member: &mut Member, client: &'static str, id: u64) -> Result<()> {
    // A server asks this first, and refuses. Here the change is proposed all the same.
    let pending = member.node.raft.has_pending_conf();
    println!("  a membership change is pending: {pending}");
    let mut single = ConfChangeSingle::default();
    single.set_change_type(AddLearnerNode);
    single.set_node_id(id);
    let mut change = ConfChangeV2::default();
    change.mut_changes().push(single);
    let propose = |node: &mut Node| node.propose_conf_change(client.into(), change);
    offer(member, client, EntryType::EntryConfChangeV2, propose)
}

fn apply(Member { node, waiting }: &mut Member, entry: &Entry) -> Result<()> {
    if entry.get_entry_type() == EntryType::EntryConfChangeV2 {
        let change = ConfChangeV2::parse_from_bytes(&entry.data)?;
        let members = node.apply_conf_change(&change)?;
        node.store().wl().set_conf_state(members);
    }
    if let Some((term, kind, client)) = waiting.remove(&entry.index) {
        if entry.term != term {
            let (index, term) = (entry.index, entry.term);
            println!("  {client}: index {index} now has term {term}: tell the client \"lost\"");
        } else if entry.get_entry_type() != kind {
            println!("  {client}: applied as an empty entry: tell the client \"refused\"");
        } else {
            println!("  {client}: applied: tell the client \"done\"");
        }
    }
    Ok(())
}

fn handle_ready(member: &mut Member, bus: &mut Vec<Message>) -> Result<()> {
    while member.node.has_ready() {
        let node = &mut member.node;
        let mut ready = node.ready();
        bus.extend(ready.take_messages());
        node.store().wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            node.store().wl().set_hardstate(hard_state.clone());
        }
        bus.extend(ready.take_persisted_messages());
        let mut committed = ready.take_committed_entries();
        let mut light = node.advance_append(ready);
        if let Some(commit) = light.commit_index() {
            node.store().wl().mut_hard_state().set_commit(commit);
        }
        bus.extend(light.take_messages());
        committed.extend(light.take_committed_entries());
        for entry in committed {
            apply(member, &entry)?;
        }
        member.node.advance_apply();
    }
    Ok(())
}

/// Delivers messages until all is quiet. Nothing passes to or from `cut`.
fn run(group: &mut [Member], cut: Option<u64>) -> Result<()> {
    loop {
        let mut bus = vec![];
        for member in group.iter_mut() {
            handle_ready(member, &mut bus)?;
        }
        bus.retain(|message| cut != Some(message.from) && cut != Some(message.to));
        if bus.is_empty() {
            return Ok(());
        }
        for message in bus {
            group[message.to as usize - 1].node.step(message)?;
        }
    }
}

fn main() -> Result<()> {
    let mut group = vec![];
    for id in 1..=3 {
        let store = MemStorage::new_with_conf_state((vec![1, 2, 3], vec![]));
        let node = RawNode::new(&Config::new(id), store, &Logger::root(Discard, o!()))?;
        let waiting = HashMap::new();
        group.push(Member { node, waiting });
    }
    println!("1 leads");
    group[0].node.campaign()?;
    run(&mut group, None)?;
    write(&mut group[0], "propose on 1")?;
    run(&mut group, None)?;
    write(&mut group[1], "propose on 2")?;
    run(&mut group, Some(2))?; // It was forwarded, that message is lost, and nobody says so.

    println!("1 is cut off and still leads, 2 is elected, the partition heals");
    write(&mut group[0], "propose on 1")?;
    run(&mut group, Some(1))?;
    group[1].node.campaign()?;
    run(&mut group, Some(1))?;
    group[1].node.ping();
    run(&mut group, None)?;

    println!("2 leads");
    demote(&mut group[1], "first membership change", 3)?;
    demote(&mut group[1], "second membership change", 1)?;
    run(&mut group, None)
}
