//! Two faults that no input provokes: a panic while a lock is held, and the one
//! order of two threads that loses money. No sleeps: a channel tells when.

use std::error::Error;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use fail::{FailGuard, FailScenario, fail_point};

type Account = Arc<Mutex<i64>>;

fn deposit(account: &Account, amount: i64) {
    // A poisoned lock is taken all the same: a balance is never half changed.
    let mut balance = account.lock().unwrap_or_else(PoisonError::into_inner);
    *balance += amount;
    fail_point!("deposit-locked");
}

/// Wrong on purpose: the lock is let go between reading and writing.
fn withdraw(account: &Account, amount: i64) {
    let balance = *account.lock().unwrap_or_else(PoisonError::into_inner);
    fail_point!("withdraw-has-read");
    fail_point!("withdraw-may-write");
    *account.lock().unwrap_or_else(PoisonError::into_inner) = balance - amount;
}

fn main() -> Result<(), Box<dyn Error>> {
    // The panic below is expected; keep the default hook from writing about it.
    std::panic::set_hook(Box::new(|_| {}));
    let _scenario = FailScenario::setup();

    println!("a panic under the lock");
    let account = Account::new(Mutex::new(0));
    let armed = FailGuard::new("deposit-locked", "panic(injected)")?;
    let depositor = thread::spawn({
        let account = Arc::clone(&account);
        move || deposit(&account, 100)
    });
    let panic = depositor.join().expect_err("the point panics");
    let message = panic.downcast::<String>().expect("the message is a string");
    println!("  depositor ended by panic: {message}");
    println!("  lock poisoned: {}", account.is_poisoned());
    println!("  balance: {}", read(&account));
    drop(armed);
    deposit(&account, 100);
    println!("  balance after a second deposit: {}", read(&account));

    println!("a withdrawal held between its read and its write");
    let (has_read, wait_for_read) = channel();
    let _report = FailGuard::with_callback("withdraw-has-read", move || {
        has_read.send(()).expect("the main thread waits for it");
    })?;
    let pause = FailGuard::new("withdraw-may-write", "pause")?;
    let slow = thread::spawn({
        let account = Arc::clone(&account);
        move || withdraw(&account, 30)
    });
    wait_for_read.recv()?;
    println!("  slow thread has read {}", read(&account));
    deposit(&account, 50);
    println!("  deposit of 50 in between: {}", read(&account));
    drop(pause);
    slow.join().expect("the point is gone, so the thread ends");
    println!("  slow thread has withdrawn 30: {}", read(&account));
    println!("  deposit lost: {}", read(&account) == 200 - 30);
    Ok(())
}

fn read(account: &Account) -> i64 {
    *account.lock().unwrap_or_else(PoisonError::into_inner)
}
