//! A named point in a function, and three ways to arm it from code: not at
//! all, for one scope, and for the second call only.

use std::error::Error;
use std::io;

use fail::{FailGuard, FailScenario, fail_point};

fn sync(block: u32) -> io::Result<u32> {
    // `return` in the configuration runs the closure; what it makes is returned
    // early. The text in brackets arrives as the argument.
    fail_point!("sync-block", |text| {
        let text = text.unwrap_or_else(|| "injected".to_owned());
        Err(io::Error::other(text))
    });
    Ok(block)
}

fn show(block: u32) {
    match sync(block) {
        Ok(block) => println!("  block {block}: synced"),
        Err(error) => println!("  block {block}: {error}"),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // One scenario at a time in a process: it clears all points, now and when
    // it is dropped.
    let scenario = FailScenario::setup();

    println!("nothing configured");
    show(1);

    println!("armed while the guard lives");
    let guard = FailGuard::new("sync-block", "return(disk full)")?;
    show(1);
    show(2);
    drop(guard);
    show(3);

    println!("spare one, fail one, spare the rest");
    fail::cfg("sync-block", "1*off->1*return->off")?;
    for block in 1..=4 {
        show(block);
    }
    println!("  configured: {:?}", fail::list());

    scenario.teardown();
    println!("after the scenario");
    show(1);
    println!("  configured: {:?}", fail::list());
    Ok(())
}
