//! Where a state machine meets a network, real or simulated.

use crate::batch::Batch;
use crate::decode::Decoded;
use crate::error::Result;
use crate::frame::Timestamp;

use super::heard::{Heard, hear};

/// What a machine wants done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Send the frame it has written.
    Send,
    /// Nothing to send before this moment.
    Wait(Timestamp),
    Done,
}

/// Something that asks.
pub trait Machine {
    /// What to do at `now`; the frame to send goes into `frame`.
    fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step;

    /// What came, and when.
    fn hear(&mut self, heard: &Heard, at: Timestamp);
}

/// A link to send frames on and to hear them from, and its clock.
pub trait Wire {
    fn now(&self) -> Timestamp;

    /// # Errors
    /// Where the link is down or gone.
    fn send(&mut self, frame: &[u8]) -> Result<()>;

    /// Appends what has come to an empty batch; where nothing has, waits for it, until `until` at most.
    ///
    /// # Errors
    /// Where the link is down or gone.
    fn receive(&mut self, until: Timestamp, batch: &mut Batch) -> Result<()>;

    /// Whether the user wants to end.
    fn is_stopped(&self) -> bool;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The machine has done what it was made for.
    Done,
    /// The user had enough.
    Stopped,
}

/// Sends at most so many frames before it looks what has come.
const MOST_AT_ONCE: u32 = 16;

/// Runs a machine to its end. `look` is called whenever it may have something to tell, at the latest every sixteen frames.
///
/// # Errors
/// The wire's, and those of `look`; the machine keeps what it has found by then.
pub fn drive<M: Machine>(
    wire: &mut dyn Wire,
    machine: &mut M,
    mut look: impl FnMut(&mut M) -> Result<()>,
) -> Result<Ended> {
    let mut frame = Vec::new();
    let mut batch = Batch::default();
    let mut decoded = Decoded::default();
    let mut sent = 0;
    loop {
        if wire.is_stopped() {
            look(machine)?;
            return Ok(Ended::Stopped);
        }
        let now = wire.now();
        let until = match machine.poll(now, &mut frame) {
            Step::Send => {
                wire.send(&frame)?;
                sent += 1;
                if sent < MOST_AT_ONCE {
                    continue;
                }
                now
            }
            Step::Wait(until) => until,
            Step::Done => {
                look(machine)?;
                return Ok(Ended::Done);
            }
        };
        sent = 0;
        batch.clear();
        decoded.clear();
        wire.receive(until, &mut batch)?;
        for index in 0..batch.len() {
            decoded.push(&batch, index);
            if let Some(heard) = hear(&decoded.packet(&batch, index)) {
                machine.hear(&heard, batch.frame(index).time.unwrap_or(now));
            }
        }
        look(machine)?;
    }
}
