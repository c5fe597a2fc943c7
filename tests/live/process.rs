//! Processes in the lab, and talking to them.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::frames::hex;

/// A process that ends when its value does.
pub struct Process {
    child: Child,
}

impl Process {
    pub fn spawn(command: &mut Command) -> Self {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        Self {
            child: spawned.unwrap_or_else(|error| panic!("{command:?}: {error}")),
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    fn input(&mut self) -> &mut ChildStdin {
        self.child.stdin.as_mut().expect("a pipe")
    }

    /// Waits for the process to say this. Processes here answer line by line, so nothing is read ahead and lost.
    pub fn expect_line(&mut self, expected: &str) {
        let output: &mut ChildStdout = self.child.stdout.as_mut().expect("a pipe");
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        assert_eq!(
            line.trim_end(),
            expected,
            "read {read:?} from a process in the lab"
        );
    }

    /// Waits for it to end well.
    pub fn succeed(mut self) {
        let status = self.child.wait().expect("an end");
        assert!(status.success(), "a process in the lab failed: {status}");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Already ended is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends frames, byte for byte.
pub struct Sender {
    process: Process,
}

impl Sender {
    /// Of a `wire.py send`; returns when it is ready.
    pub fn new(process: Process) -> Self {
        let mut sender = Self { process };
        sender.send("", &[]);
        sender
    }

    /// Sends them one after the other; when it returns, the other end has them.
    pub fn send(&mut self, interface: &str, frames: &[Vec<u8>]) {
        self.order(frames.iter().map(|frame| (interface, frame)));
    }

    /// The same, each on an interface of its own.
    pub fn send_on(&mut self, frames: &[(&str, Vec<u8>)]) {
        self.order(frames.iter().map(|(interface, frame)| (*interface, frame)));
    }

    fn order<'a>(&mut self, frames: impl Iterator<Item = (&'a str, &'a Vec<u8>)>) {
        let mut orders = String::new();
        for (interface, frame) in frames {
            orders += &format!("{interface} {}\n", hex(frame));
        }
        orders += "mark\n";
        let input = self.process.input();
        input
            .write_all(orders.as_bytes())
            .expect("the sender listens");
        self.process.expect_line("done");
    }
}
