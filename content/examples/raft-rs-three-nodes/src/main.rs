//! Three members and a message bus in one process: an election, a write, a partition, its healing.

use raft::eraftpb::Message;
use raft::storage::MemStorage;
use raft::{Config, RawNode, Result};
use slog::{Discard, Logger, o};

struct Member {
    node: RawNode<MemStorage>,
    state: Vec<String>,
}

fn member(id: u64) -> Result<Member> {
    let config = Config {
        id,
        // Members wait a random number of ticks before they stand. A window of one value makes
        // this program repeatable, and member 1 the first. Leave both lines out in yours.
        min_election_tick: 20 + 2 * id as usize,
        max_election_tick: 21 + 2 * id as usize,
        // Off by default. With both, a cut-off leader steps down, and a cut-off member does not
        // come back with a term that deposes a healthy leader.
        pre_vote: true,
        check_quorum: true,
        ..Config::default()
    };
    let store = MemStorage::new_with_conf_state((vec![1, 2, 3], vec![]));
    let node = RawNode::new(&config, store, &Logger::root(Discard, o!()))?;
    let state = vec![];
    Ok(Member { node, state })
}

/// The loop around one node. What it wants to send goes on the bus.
fn handle_ready(Member { node, state }: &mut Member, bus: &mut Vec<Message>) -> Result<()> {
    while node.has_ready() {
        let mut ready = node.ready();
        bus.extend(ready.take_messages()); // A leader may send while it writes.
        node.store().wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            node.store().wl().set_hardstate(hard_state.clone());
        }
        bus.extend(ready.take_persisted_messages()); // Votes and acknowledgements only now.
        let mut committed = ready.take_committed_entries();
        let mut light = node.advance_append(ready);
        if let Some(commit) = light.commit_index() {
            node.store().wl().mut_hard_state().set_commit(commit);
        }
        bus.extend(light.take_messages());
        committed.extend(light.take_committed_entries());
        for entry in committed.iter().filter(|entry| !entry.data.is_empty()) {
            state.push(String::from_utf8_lossy(&entry.data).into());
        }
        node.advance_apply();
    }
    Ok(())
}

/// Ticks everyone and delivers messages until all is quiet. Nothing passes to or from `cut`.
fn run(group: &mut [Member], ticks: usize, cut: Option<u64>) -> Result<()> {
    for _ in 0..ticks {
        group.iter_mut().for_each(|member| _ = member.node.tick());
        loop {
            let mut bus = vec![];
            for member in group.iter_mut() {
                handle_ready(member, &mut bus)?;
            }
            bus.retain(|message| cut != Some(message.from) && cut != Some(message.to));
            if bus.is_empty() {
                break;
            }
            for message in bus {
                group[message.to as usize - 1].node.step(message)?;
            }
        }
    }
    Ok(())
}

fn show(title: &str, group: &[Member]) {
    println!("{title}");
    for Member { node, state } in group {
        let (id, role, log) = (node.raft.id, node.raft.state, &node.raft.raft_log);
        let (term, last, commit) = (node.raft.term, log.last_index(), log.committed);
        println!("  {id} {role:?}, term {term}, log to {last}, committed {commit}, {state:?}");
    }
}

fn main() -> Result<()> {
    let mut group = [member(1)?, member(2)?, member(3)?];
    run(&mut group, 22, None)?;
    group[0].node.propose(vec![], b"a = 1".to_vec())?;
    run(&mut group, 2, None)?;
    show("1 is elected and writes a = 1", &group);

    // The old leader accepts this one and can never commit it: `Ok` promises nothing.
    group[0].node.propose(vec![], b"a = 2".to_vec())?;
    run(&mut group, 60, Some(1))?;
    group[1].node.propose(vec![], b"a = 3".to_vec())?;
    run(&mut group, 2, Some(1))?;
    show(
        "1 is cut off and takes a = 2, the others write a = 3",
        &group,
    );

    run(&mut group, 4, None)?;
    show("the partition heals", &group);
    Ok(())
}
