//! The variable FAILPOINTS arms points from outside, in a program that asks for
//! it. This one starts itself as a child, once for each setting.

use std::env;
use std::error::Error;
use std::process::Command;

use fail::{FailScenario, fail_point};

fn read_block(block: u32) -> Result<String, String> {
    fail_point!("read-block", |text| Err(text.unwrap_or_default()));
    Ok(format!("block {block}"))
}

fn child(asks: bool) {
    // `setup` reads the variable, once. The points live as long as the scenario.
    let _scenario = asks.then(FailScenario::setup);
    for block in 1..=3 {
        match read_block(block) {
            Ok(data) => println!("read {data}"),
            Err(text) => println!("error: {text}"),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        Some("asks") => child(true),
        Some("does-not-ask") => child(false),
        _ => parent()?,
    }
    Ok(())
}

fn parent() -> Result<(), Box<dyn Error>> {
    let runs = [
        ("asks", None),
        ("asks", Some("read-block=1*off->1*return(bad sector)")),
        ("asks", Some("other-point=panic;read-block=return(gone)")),
        ("does-not-ask", Some("read-block=return(gone)")),
        ("asks", Some("read-block=retrun(gone)")),
    ];
    for (mode, points) in runs {
        println!("child {mode}, FAILPOINTS {}", points.unwrap_or("not set"));
        // Setting a variable of one's own process is unsafe in edition 2024,
        // because other threads may be reading. A child's is safe to set.
        let mut command = Command::new(env::current_exe()?);
        command.arg(mode).env_remove("FAILPOINTS");
        if let Some(points) = points {
            command.env("FAILPOINTS", points);
        }
        let output = command.output()?;
        for line in String::from_utf8(output.stdout)?.lines() {
            println!("  {line}");
        }
        if !output.status.success() {
            let errors = String::from_utf8(output.stderr)?;
            let why = errors.lines().find(|line| line.starts_with("unable"));
            println!("  child failed: {}", why.unwrap_or("for another reason"));
        }
    }
    Ok(())
}
