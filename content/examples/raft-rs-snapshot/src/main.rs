//! The log is cut while a follower is away, and the snapshot that it needs gets lost. The leader
//! waits for an answer, for ever, until it is told.

use raft::eraftpb::MessageType::MsgSnapshot;
use raft::eraftpb::{Entry, Message, Snapshot};
use raft::storage::{GetEntriesContext, MemStorage, RaftState, Storage};
use raft::{Config, RawNode, Result, SnapshotStatus};
use slog::{Discard, Logger, o};

/// A log that can be cut. `MemStorage` alone would send a snapshot without the state.
struct Store {
    log: MemStorage,
    snapshot: Snapshot, // The one that was made when the log was cut.
}

impl Store {
    fn cut(&mut self, upto: u64, state: &str) -> Result<()> {
        if upto < self.first_index()? {
            return Ok(());
        }
        let before = self.initial_state()?;
        let mut snapshot = Snapshot::default();
        snapshot.mut_metadata().index = upto;
        snapshot.mut_metadata().term = self.term(upto)?;
        snapshot.mut_metadata().set_conf_state(before.conf_state); // The members as of `upto`.
        snapshot.data = state.to_owned().into();

        // `compact` would forget the term at `upto` and, with no entry left, the index as well.
        // A log behind a snapshot knows both, so what is left of the log goes there.
        let (next, end) = (upto + 1, self.last_index()? + 1);
        let rest = self.entries(next, end, None, GetEntriesContext::empty(false))?;
        self.start_from(snapshot)?;
        self.log.wl().append(&rest)?;
        self.log.wl().set_hardstate(before.hard_state); // It would be back at `upto`.
        Ok(())
    }

    fn start_from(&mut self, snapshot: Snapshot) -> Result<()> {
        self.snapshot = snapshot.clone();
        self.log.wl().apply_snapshot(snapshot)
    }
}

impl Storage for Store {
    fn snapshot(&self, _request_index: u64, _to: u64) -> Result<Snapshot> {
        Ok(self.snapshot.clone())
    }

    // The rest is the log's business.
    fn initial_state(&self) -> Result<RaftState> {
        self.log.initial_state()
    }
    fn entries(
        &self,
        low: u64,
        high: u64,
        max_size: impl Into<Option<u64>>,
        context: GetEntriesContext,
    ) -> Result<Vec<Entry>> {
        self.log.entries(low, high, max_size, context)
    }
    fn term(&self, index: u64) -> Result<u64> {
        self.log.term(index)
    }
    fn first_index(&self) -> Result<u64> {
        self.log.first_index()
    }
    fn last_index(&self) -> Result<u64> {
        self.log.last_index()
    }
}

struct Member {
    node: RawNode<Store>,
    state: String, // One letter for each command.
}

fn handle_ready(Member { node, state }: &mut Member, bus: &mut Vec<Message>) -> Result<()> {
    while node.has_ready() {
        let mut ready = node.ready();
        bus.extend(ready.take_messages());
        if !ready.snapshot().is_empty() {
            let snapshot = ready.snapshot();
            *state = String::from_utf8_lossy(&snapshot.data).into();
            let (id, upto) = (node.raft.id, snapshot.get_metadata().index);
            println!("  {id} starts from a snapshot up to {upto}, state {state:?}");
            node.mut_store().start_from(snapshot.clone())?;
        }
        node.store().log.wl().append(ready.entries())?;
        if let Some(hard_state) = ready.hs() {
            node.store().log.wl().set_hardstate(hard_state.clone());
        }
        bus.extend(ready.take_persisted_messages());
        let mut committed = ready.take_committed_entries();
        let mut light = node.advance_append(ready);
        if let Some(commit) = light.commit_index() {
            node.store().log.wl().mut_hard_state().set_commit(commit);
        }
        bus.extend(light.take_messages());
        committed.extend(light.take_committed_entries());
        for entry in committed {
            state.push_str(&String::from_utf8_lossy(&entry.data));
        }
        node.advance_apply();
    }
    Ok(())
}

/// Ticks everyone and delivers messages until all is quiet, except those that get `lost`.
fn run(group: &mut [Member], ticks: usize, lost: fn(&Message) -> bool) -> Result<()> {
    for _ in 0..ticks {
        group.iter_mut().for_each(|member| _ = member.node.tick());
        loop {
            let mut bus = vec![];
            for member in group.iter_mut() {
                handle_ready(member, &mut bus)?;
            }
            bus.retain(|message| !lost(message));
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

/// What the leader knows of member 3. Export this for each member.
fn show(title: &str, leader: &Member) {
    let status = leader.node.status(); // `progress` is `None` on all but the leader.
    if let Some(peer) = status.progress.and_then(|progress| progress.get(3)) {
        let (state, matched, active) = (peer.state, peer.matched, peer.recent_active);
        let behind = leader.node.raft.raft_log.last_index() - matched;
        println!("{title}\n  3: {state:?}, matched {matched}, {behind} behind, active: {active}");
    }
}

fn main() -> Result<()> {
    let mut group = vec![];
    for id in 1..=3 {
        let mut config = Config::new(id);
        config.check_quorum = true; // It will see nothing wrong.
        let log = MemStorage::new_with_conf_state((vec![1, 2, 3], vec![]));
        let snapshot = Snapshot::default();
        let store = Store { log, snapshot };
        let node = RawNode::new(&config, store, &Logger::root(Discard, o!()))?;
        let state = String::new();
        group.push(Member { node, state });
    }
    group[0].node.campaign()?;
    run(&mut group, 1, |_| false)?;
    group[0].node.propose(vec![], b"a".to_vec())?;
    run(&mut group, 4, |_| false)?;

    for letter in b'b'..=b'k' {
        group[0].node.propose(vec![], vec![letter])?;
    }
    run(&mut group, 4, |m| m.to == 3 || m.from == 3)?;
    let Member { node, state } = &mut group[0];
    let applied = node.raft.raft_log.applied;
    node.mut_store().cut(applied, state)?;
    show("3 is cut off, ten writes, the log is cut", &group[0]);

    run(&mut group, 4, |m| m.get_msg_type() == MsgSnapshot)?;
    show("3 is back, its snapshot is lost", &group[0]);
    run(&mut group, 60, |_| false)?;
    show("60 ticks later, with nothing lost", &group[0]);

    group[0].node.report_snapshot(3, SnapshotStatus::Failure);
    show("the failure is reported", &group[0]);
    run(&mut group, 4, |_| false)?;
    group[0].node.propose(vec![], b"l".to_vec())?;
    run(&mut group, 4, |_| false)?;
    show("some heartbeats and one write later", &group[0]);
    Ok(())
}
