//! How many frames passed each interface, by the kernel's counters in `/proc/net/dev` (proc(5)): the only ones that
//! anybody may read and that are of our network namespace wherever `/sys` is mounted.

use std::fs::File;
use std::io::{self, Read, Seek};

/// Frames that an interface has received and sent since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    pub received: u64,
    pub sent: u64,
}

/// The counters of all interfaces, open to be read again.
pub struct TrafficCounters {
    file: File,
}

impl TrafficCounters {
    /// # Errors
    /// Where there is no `/proc`.
    pub fn open() -> io::Result<Self> {
        let file = File::open("/proc/net/dev")?;
        Ok(Self { file })
    }

    /// As they are now, by interface.
    ///
    /// # Errors
    /// Where they can't be read.
    pub fn read(&mut self) -> io::Result<Vec<(String, Traffic)>> {
        let mut text = String::new();
        self.file.rewind()?;
        self.file.read_to_string(&mut text)?;
        Ok(text.lines().filter_map(line).collect())
    }
}

/// `name:` and the received bytes, packets, and six more, then the same for what was sent.
fn line(line: &str) -> Option<(String, Traffic)> {
    let (name, numbers) = line.split_once(':')?;
    let numbers: Vec<_> = numbers.split_whitespace().collect();
    let packets = |at: usize| numbers.get(at)?.parse().ok();
    let traffic = Traffic {
        received: packets(1)?,
        sent: packets(9)?,
    };
    Some((name.trim().to_owned(), traffic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_told_from_bytes() {
        let text = "  eth0: 1000 10 0 0 0 0 0 3 2000 20 0 0 0 0 0 0";
        let expected = Traffic {
            received: 10,
            sent: 20,
        };
        assert_eq!(line(text), Some(("eth0".to_owned(), expected)));
        assert_eq!(line(" face |bytes    packets errs drop"), None);
        assert_eq!(line("eth0: 1 2"), None);
    }

    #[test]
    fn the_loopback_interface_has_counters_and_they_can_be_read_again() {
        let mut counters = TrafficCounters::open().expect("/proc");
        for _ in 0..2 {
            let all = counters.read().expect("/proc/net/dev");
            assert!(all.iter().any(|(name, _)| name == "lo"), "{all:?}");
        }
    }
}
