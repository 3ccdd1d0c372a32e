//! Five logs, no network: how a leader makes logs match, and why counting copies is not enough.

type Entry = (u64, char); // The term in which a leader took the command, and the command.
type Log = Vec<Entry>;

const NAMES: [char; 5] = ['A', 'B', 'C', 'D', 'E'];

fn term_at(log: &Log, index: usize) -> Option<u64> {
    match index {
        0 => Some(0), // All logs agree before their first entry.
        _ => Some(log.get(index - 1)?.0),
    }
}

/// Log matching: a follower takes entries only if its log has the leader's term just before them.
fn append(log: &mut Log, leader: &Log, prev: usize) -> bool {
    if term_at(log, prev) != term_at(leader, prev) {
        return false;
    }
    log.truncate(prev); // What contradicts the leader goes. (Real code keeps a tail that agrees.)
    log.extend(&leader[prev..]);
    true
}

/// The leader sends its last entry, then one more each time, until the follower's log matches.
fn replicate(logs: &mut [Log], leader: usize, follower: usize) {
    let sent = logs[leader].clone();
    let mut prev = sent.len() - 1;
    while !append(&mut logs[follower], &sent, prev) {
        prev -= 1;
    }
}

/// Who would vote for a candidate: those whose log is not more recent, by last term, then length.
fn voters(logs: &[Log], candidate: usize) -> String {
    let recency = |log: &Log| (term_at(log, log.len()), log.len());
    let grants = |voter: &usize| recency(&logs[*voter]) <= recency(&logs[candidate]);
    let voters = (0..logs.len()).filter(grants);
    voters.map(|voter| NAMES[voter]).collect()
}

fn copies(logs: &[Log], entry: Entry) -> usize {
    logs.iter().filter(|log| log.contains(&entry)).count()
}

/// What a leader may call committed: up to the last entry of its own term that a majority has.
fn committed(logs: &[Log], leader: usize, term: u64) -> &[Entry] {
    let counts = |entry: &Entry| entry.0 == term && copies(logs, *entry) > logs.len() / 2;
    let last = logs[leader].iter().rposition(counts);
    &logs[leader][..last.map_or(0, |last| last + 1)]
}

fn text(log: &[Entry]) -> String {
    let entries = log.iter().map(|(term, command)| format!("{command}{term}"));
    entries.collect::<Vec<_>>().join(" ")
}

fn show(event: &str, logs: &[Log]) {
    let row = |(name, log): (&char, &Log)| format!("{name}: {}", text(log));
    let rows: Vec<_> = NAMES.iter().zip(logs).map(row).collect();
    println!("{event}\n  {}", rows.join(" | "));
}

fn main() {
    let [a, b, c, d, e] = [0, 1, 2, 3, 4];
    let mut logs = vec![vec![(1, 'o')]; 5];

    logs[a].push((2, 'x'));
    replicate(&mut logs, a, b);
    show("A leads term 2, x reaches B, A crashes", &logs);
    println!("  votes that E can get: {}", voters(&logs, e));

    logs[e].push((3, 'y'));
    show("E leads term 3, y reaches nobody, E crashes", &logs);
    println!("  votes that A can get: {}", voters(&logs, a));

    replicate(&mut logs, a, c);
    show("A leads term 4, x reaches C", &logs);
    println!("  copies of x: {}", copies(&logs, (2, 'x')));
    println!("  newly committed: [{}]", text(committed(&logs, a, 4)));
    println!("  votes that E can get: {}", voters(&logs, e));

    let mut other = logs.clone();
    for follower in [b, c, d] {
        replicate(&mut other, e, follower);
    }
    show("one way on: A crashes, E leads term 5", &other);

    logs[a].push((4, 'z'));
    for follower in [b, c, d] {
        replicate(&mut logs, a, follower);
    }
    show("the other way: A stays and adds z in term 4", &logs);
    println!("  newly committed: [{}]", text(committed(&logs, a, 4)));
    println!("  votes that E can get: {}", voters(&logs, e));
}
