//! Nothing crashed, but was it right? What the clients of one key asked and were told is checked
//! against every order that real time allows; and a timeout is not a failure.

use std::collections::BTreeMap;

use Event::{Answer, Call, Failed, TimedOut};
use stateright::semantics::register::Register;
use stateright::semantics::register::RegisterOp::{self, Read, Write};
use stateright::semantics::register::RegisterRet::{self, ReadOk, WriteOk};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester};

type Client = char;

/// A line of the history, in the order in which the clients saw it happen.
enum Event {
    Call(Client, RegisterOp<u8>),
    Answer(Client, RegisterRet<u8>),
    Failed(Client),   // it certainly did not happen
    TimedOut(Client), // it may have happened, or happen later
}

/// Whether a call at this place of the history is known not to have happened.
fn fails(history: &[Event], call: usize, client: Client) -> bool {
    let end = history[call..]
        .iter()
        .find(|event| matches!(event, Answer(c, _) | Failed(c) | TimedOut(c) if *c == client));
    matches!(end, Some(Failed(_)))
}

/// An order of the calls that explains all answers, if there is one.
fn explain(history: &[Event]) -> Result<Option<String>, String> {
    let mut tester = LinearizabilityTester::new(Register(0));
    let mut ids = BTreeMap::new();
    let mut newest = 0;
    for (place, event) in history.iter().enumerate() {
        match event {
            Call(client, _) if fails(history, place, *client) => {}
            Call(client, op) => {
                let id = *ids.entry(client).or_insert_with(|| {
                    newest += 1;
                    newest
                });
                tester.on_invoke(id, op.clone())?;
            }
            Answer(client, answer) => {
                tester.on_return(ids[client], answer.clone())?;
            }
            Failed(_) => {}
            // The call stays open for ever. One id has one call in flight, so the client needs
            // a new one to go on.
            TimedOut(client) => {
                ids.remove(client);
            }
        }
    }
    let text = |step: &(RegisterOp<u8>, RegisterRet<u8>)| match step {
        (Write(value), _) => format!("write {value}"),
        (Read, ReadOk(value)) => format!("read {value}"),
        (Read, WriteOk) => unreachable!("a read is answered by a value"),
    };
    let order = tester.serialized_history();
    Ok(order.map(|steps| steps.iter().map(text).collect::<Vec<_>>().join(", ")))
}

fn main() -> Result<(), String> {
    // A writes, then A and B read, one after the other.
    for (end, event, [first, second]) in [
        ("times out", TimedOut('A'), [1, 1]),
        ("times out", TimedOut('A'), [0, 1]),
        ("times out", TimedOut('A'), [1, 0]),
        ("\"fails\"", Failed('A'), [1, 1]),
        ("is done", Answer('A', WriteOk), [1, 1]),
        ("is done", Answer('A', WriteOk), [0, 1]),
    ] {
        let history = [
            Call('A', Write(1)),
            event,
            Call('A', Read),
            Answer('A', ReadOk(first)),
            Call('B', Read),
            Answer('B', ReadOk(second)),
        ];
        println!("write 1 {end}, then read {first}, read {second}");
        match explain(&history)? {
            Some(order) => println!("  linearizable: {order}"),
            None => println!("  not linearizable"),
        }
    }
    Ok(())
}
