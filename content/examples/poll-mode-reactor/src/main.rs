//! Two poll-mode reactors that share nothing. Each core has its own state, pollers and device;
//! what one wants of the other travels through a ring, as a function and an argument. A core is
//! always running, so it counts the turns that found work.

use std::collections::VecDeque;
use std::{iter, thread};

use rtrb::{Consumer, Producer, RingBuffer};

const BLOCKS: usize = 1000;
const BATCH: usize = 8; // messages in one turn, so that the pollers get theirs
const NOT_YET: usize = 4; // times that a device is asked in vain for each request

/// Runs on the core that receives it, with that core's state.
type Message = (fn(&mut Core, usize), usize);
/// Says whether it found anything to do.
type Poller = fn(&mut Core) -> bool;

/// What one core owns. No lock and no `Arc`: nobody else can reach it.
struct Core {
    number: usize,
    peer: Producer<Message>,
    device: VecDeque<(usize, usize)>, // block, and how often the device still says "not yet"
    answers: Vec<usize>,
    in_vain: usize,
    busy: u64, // turns that found work, and turns that did not: what you would export
    idle: u64,
    next: usize,
    running: bool,
}

/// The loop of one core. It never sleeps: it asks, whether there is anything to do or not.
fn reactor(mut core: Core, mut inbox: Consumer<Message>, pollers: &[Poller]) -> Core {
    while core.running {
        let mut busy = false;
        for (function, argument) in iter::from_fn(|| inbox.pop().ok()).take(BATCH) {
            function(&mut core, argument);
            busy = true;
        }
        for poller in pollers {
            busy |= poller(&mut core); // Not `||`: that would skip the pollers after a busy one.
        }
        *(if busy { &mut core.busy } else { &mut core.idle }) += 1;
    }
    core
}

/// A poller of core 0: one request in a turn. Even blocks are its own, odd ones are core 1's.
fn frontend(core: &mut Core) -> bool {
    let submit = |core: &mut Core, block| core.device.push_back((block, NOT_YET));
    if core.next == BLOCKS {
        return false;
    }
    if core.next.is_multiple_of(2) {
        submit(core, core.next);
    } else if core.peer.push((submit, core.next)).is_err() {
        return false; // The ring is full. Waiting would stop the core: try again next turn.
    }
    core.next += 1;
    true
}

/// A poller of both cores: is the oldest request done? The answer belongs to core 0.
fn completions(core: &mut Core) -> bool {
    let answer = |core: &mut Core, block| core.answers.push(block);
    let Some((block, left)) = core.device.front_mut() else {
        return false;
    };
    if *left > 0 {
        *left -= 1;
        core.in_vain += 1;
        return false; // It asked. That is no work, or every turn would count as busy.
    }
    let block = *block;
    if core.number == 0 {
        answer(core, block);
    } else if core.peer.push((answer, block)).is_err() {
        return false;
    }
    core.device.pop_front();
    true
}

/// A poller of core 0: is everything answered? Then both loops end.
fn finish(core: &mut Core) -> bool {
    let stop = |core: &mut Core, _| core.running = false;
    let done = core.answers.len() == BLOCKS && core.peer.push((stop, 0)).is_ok();
    if done {
        stop(core, 0);
    }
    done
}

fn main() {
    // A ring for each direction, with one writer and one reader.
    let (to_one, inbox_one) = RingBuffer::new(64);
    let (to_zero, inbox_zero) = RingBuffer::new(64);
    let start = |number, peer, inbox, pollers: &'static [Poller]| {
        let core = Core {
            number,
            peer,
            // Room for everything: growing would ask the allocator, and that may take a lock.
            device: VecDeque::with_capacity(BLOCKS),
            answers: Vec::with_capacity(BLOCKS),
            in_vain: 0,
            busy: 0,
            idle: 0,
            next: 0,
            running: true,
        };
        thread::spawn(move || reactor(core, inbox, pollers))
    };
    let zero = start(0, to_one, inbox_zero, &[frontend, completions, finish]);
    let one = start(1, to_zero, inbox_one, &[completions]);
    let [zero, one] = [zero, one].map(|core| core.join().expect("no poller panics"));

    let (own, others): (Vec<usize>, Vec<usize>) = zero.answers.iter().partition(|&b| b % 2 == 0);
    let (own_count, others_count) = (own.len(), others.len());
    println!("core 0: {own_count} blocks answered by its own device");
    println!("core 0: {others_count} blocks answered by core 1, through the rings");
    for core in [&zero, &one] {
        let (number, in_vain) = (core.number, core.in_vain);
        println!("core {number}: asked its device in vain {in_vain} times");
    }
    // The counts depend on the machine. But to core 1 a request brings two busy turns at most, by
    // its message and its answer, and of four turns with "not yet" the message fills only one.
    let idle = if one.idle > one.busy { "yes" } else { "no" };
    println!("core 1: more idle turns than busy ones: {idle}");
    assert!(one.idle > one.busy && own.is_sorted() && others.is_sorted());
    println!("the answers of each core came in the order of the requests");
}
