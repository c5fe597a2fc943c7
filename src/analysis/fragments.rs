//! Putting fragmented IP packets together (RFC 791, 3.2; RFC 8200, 4.5; RFC 5722), within bounds of memory and time.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};

use foldhash::fast::RandomState;

use crate::decode::{Fragment, Key, Verdict};
use crate::frame::Timestamp;

/// Bytes held at once, what it takes to hold them included.
const MOST_HELD: usize = 16 << 20;
/// What a packet and each of its parts take beside their data, about.
const COST_OF_PACKET: usize = 256;
const COST_OF_PART: usize = 64;
/// RFC 8200, 4.5: a packet that is not whole by then never will be.
const PATIENCE_NANOS: i64 = 60_000_000_000;
/// The most that an IP header's length can say.
const LARGEST: u32 = 65_535;

const OVERLAP: &str = "overlaps another fragment: the packet is dropped (RFC 5722)";
const DISAGREE: &str = "ends where other fragments say it does not: the packet is dropped";
const TOO_LARGE: &str = "ends beyond 65,535 bytes: the packet is dropped";

/// A packet of which some parts are there.
#[derive(Debug)]
struct Open {
    /// Which of the packets that were begun.
    serial: u64,
    since: Option<Timestamp>,
    /// The parts' data, as they came.
    data: Vec<u8>,
    /// By offset: where in `data` the part starts, and its length.
    parts: BTreeMap<u32, (usize, u32)>,
    /// Where the last part ends, once that was seen.
    end: Option<u32>,
    /// What the first part says it carries.
    protocol: u8,
    /// It will not be put together; what comes of it still is let be.
    refused: bool,
}

impl Open {
    fn new(serial: u64, since: Option<Timestamp>) -> Self {
        Self {
            serial,
            since,
            data: Vec::new(),
            parts: BTreeMap::new(),
            end: None,
            protocol: 0,
            refused: false,
        }
    }

    fn cost(&self) -> usize {
        COST_OF_PACKET + self.data.len() + COST_OF_PART * self.parts.len()
    }

    /// Takes in one more part; returns why the packet is to be dropped, if it is.
    fn add(&mut self, fragment: &Fragment<'_>) -> Result<(), &'static str> {
        let len = fragment.data.len() as u32;
        let end = fragment.offset + len;
        if end > LARGEST {
            return Err(TOO_LARGE);
        }
        let before = self.parts.range(..end.max(1)).next_back();
        if let Some((&offset, &(at, other))) = before
            && offset + other > fragment.offset
        {
            // A copy, from a network that doubles packets or a capture that sees them twice, does no harm.
            let same = offset == fragment.offset && other == len;
            let is_copy = same && self.data[at..at + len as usize] == *fragment.data;
            return if is_copy { Ok(()) } else { Err(OVERLAP) };
        }
        let furthest = self
            .parts
            .last_key_value()
            .map_or(0, |(at, (_, len))| at + len);
        match (fragment.more, self.end) {
            (false, Some(known)) if known != end => return Err(DISAGREE),
            (false, _) if furthest > end => return Err(DISAGREE),
            (true, Some(known)) if end > known => return Err(DISAGREE),
            (false, _) => self.end = Some(end),
            (true, _) => {}
        }
        if fragment.offset == 0 {
            self.protocol = fragment.protocol;
        }
        if len > 0 {
            self.parts.insert(fragment.offset, (self.data.len(), len));
            self.data.extend_from_slice(fragment.data);
        }
        Ok(())
    }

    /// Parts don't overlap, so that they are all there once their lengths add up.
    fn is_whole(&self) -> bool {
        self.end == Some(self.data.len() as u32)
    }
}

/// What became of fragmented packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reassembled {
    pub whole: u64,
    /// Parts were missing after 60 seconds, or at the end.
    pub incomplete: u64,
    /// Parts overlapped or contradicted each other.
    pub refused: u64,
    /// Given up, oldest first, to bound memory.
    pub forgotten: u64,
}

/// Every packet that waits for more of its fragments.
#[derive(Debug, Default)]
pub struct Fragments {
    open: HashMap<Key, Open, RandomState>,
    /// In the order they were begun; those that are not open any more are passed over.
    order: VecDeque<(u64, Key)>,
    begun: u64,
    held: usize,
    counts: Reassembled,
}

impl Fragments {
    /// Takes in the next fragment of the capture, seen at `now`. Where it makes its packet whole, the payload is
    /// appended to `whole`.
    pub fn join(
        &mut self,
        now: Option<Timestamp>,
        fragment: &Fragment<'_>,
        whole: &mut Vec<u8>,
    ) -> Verdict {
        self.let_go(now);
        let packet = match self.open.entry(fragment.key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                self.begun += 1;
                self.held += COST_OF_PACKET;
                self.order.push_back((self.begun, fragment.key));
                entry.insert(Open::new(self.begun, now))
            }
        };
        if packet.refused {
            return Verdict::Refused(None);
        }
        let before = packet.cost();
        let added = packet.add(fragment);
        if added.is_err() {
            packet.refused = true;
            packet.data = Vec::new();
            packet.parts.clear();
            self.counts.refused += 1;
        }
        self.held = self.held + packet.cost() - before;
        if let Err(why) = added {
            return Verdict::Refused(Some(why));
        }
        if !packet.is_whole() {
            self.bound();
            return Verdict::Waits;
        }
        for (at, len) in packet.parts.values() {
            whole.extend_from_slice(&packet.data[*at..at + *len as usize]);
        }
        let verdict = Verdict::Whole {
            protocol: packet.protocol,
            fragments: packet.parts.len() as u32,
        };
        self.counts.whole += 1;
        self.close(fragment.key);
        verdict
    }

    /// What became of all packets, those that are open still among the incomplete.
    pub fn counts(&self) -> Reassembled {
        let waiting = self.open.values().filter(|packet| !packet.refused);
        Reassembled {
            incomplete: self.counts.incomplete + waiting.count() as u64,
            ..self.counts
        }
    }

    /// Gives up what waits for too long, oldest first.
    fn let_go(&mut self, now: Option<Timestamp>) {
        let is_late = |packet: &Open| match (packet.since, now) {
            (Some(since), Some(now)) => now.since(since) > PATIENCE_NANOS,
            _ => false,
        };
        while let Some((key, packet)) = self.oldest()
            && is_late(packet)
        {
            self.counts.incomplete += u64::from(!packet.refused);
            self.close(key);
        }
    }

    /// Gives up the oldest where there is too much.
    fn bound(&mut self) {
        while self.held > MOST_HELD
            && let Some((key, packet)) = self.oldest()
        {
            self.counts.forgotten += u64::from(!packet.refused);
            self.close(key);
        }
    }

    /// The packet that was begun first of those that are open.
    fn oldest(&mut self) -> Option<(Key, &Open)> {
        let Self { open, order, .. } = self;
        let is_open = |(serial, key): &(u64, Key)| {
            open.get(key).is_some_and(|packet| packet.serial == *serial)
        };
        while order.front().is_some_and(|front| !is_open(front)) {
            order.pop_front();
        }
        // Behind one that waits for long, many may have come and gone.
        if order.len() > 2 * open.len() + 64 {
            order.retain(is_open);
        }
        let key = order.front()?.1;
        Some((key, &open[&key]))
    }

    fn close(&mut self, key: Key) {
        if let Some(packet) = self.open.remove(&key) {
            self.held -= packet.cost();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key {
        source: [1; 16],
        destination: [2; 16],
        id: 7,
        protocol: None,
    };

    fn part(offset: u32, more: bool, data: &[u8]) -> Fragment<'_> {
        Fragment {
            key: KEY,
            protocol: 17,
            offset,
            more,
            data,
        }
    }

    fn at(seconds: i64) -> Option<Timestamp> {
        Some(Timestamp::new(seconds, 0))
    }

    const WHOLE: Verdict = Verdict::Whole {
        protocol: 17,
        fragments: 3,
    };

    #[test]
    fn parts_come_together_in_any_order() {
        let parts = [
            part(0, true, b"01234567"),
            part(8, true, b"89abcdef"),
            part(16, false, b"gh"),
        ];
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut fragments = Fragments::default();
            let mut whole = Vec::new();
            let verdicts = order.map(|index| fragments.join(at(0), &parts[index], &mut whole));
            assert_eq!(verdicts, [Verdict::Waits, Verdict::Waits, WHOLE]);
            assert_eq!(whole, b"0123456789abcdefgh");
            assert_eq!((fragments.open.len(), fragments.held), (0, 0));
        }
    }

    #[test]
    fn copies_are_let_pass_and_overlaps_refuse_the_packet() {
        let mut fragments = Fragments::default();
        let mut join = |part| fragments.join(at(0), &part, &mut Vec::new());
        assert_eq!(join(part(0, true, b"01234567")), Verdict::Waits);
        assert_eq!(join(part(0, true, b"01234567")), Verdict::Waits);
        // Teardrop: the second part lies inside the first.
        assert_eq!(
            join(part(0, false, b"0123")),
            Verdict::Refused(Some(OVERLAP))
        );
        assert_eq!(join(part(8, false, b"89")), Verdict::Refused(None));
        assert_eq!(fragments.counts().refused, 1);
        assert_eq!(fragments.counts().incomplete, 0);
    }

    #[test]
    fn ends_that_contradict_refuse_the_packet() {
        let refused = |first: Fragment<'_>, second: Fragment<'_>| {
            let mut fragments = Fragments::default();
            fragments.join(at(0), &first, &mut Vec::new());
            fragments.join(at(0), &second, &mut Vec::new())
        };
        let last = part(16, false, b"gh");
        assert_eq!(
            refused(last, part(24, true, b"x")),
            Verdict::Refused(Some(DISAGREE))
        );
        assert_eq!(
            refused(last, part(24, false, b"x")),
            Verdict::Refused(Some(DISAGREE))
        );
        assert_eq!(
            refused(part(24, true, b"x"), last),
            Verdict::Refused(Some(DISAGREE))
        );
        assert_eq!(
            refused(last, part(65_528, true, b"01234567")),
            Verdict::Refused(Some(TOO_LARGE))
        );
    }

    #[test]
    fn what_is_late_starts_anew() {
        let mut fragments = Fragments::default();
        let mut whole = Vec::new();
        fragments.join(at(0), &part(0, true, b"old_old_"), &mut whole);
        let late = fragments.join(at(61), &part(8, false, b"new"), &mut whole);
        assert_eq!(late, Verdict::Waits);
        let first = fragments.join(at(62), &part(0, true, b"new_new_"), &mut whole);
        assert!(matches!(first, Verdict::Whole { fragments: 2, .. }));
        assert_eq!(whole, b"new_new_new");
        assert_eq!(fragments.counts().incomplete, 1);
    }

    #[test]
    fn memory_is_bounded_however_small_the_parts() {
        let mut fragments = Fragments::default();
        for id in 0..100_000 {
            for offset in [8, 24, 40] {
                let key = Key { id, ..KEY };
                let part = Fragment {
                    key,
                    ..part(offset, true, b"8_bytes_")
                };
                fragments.join(None, &part, &mut Vec::new());
            }
            assert!(fragments.held <= MOST_HELD);
        }
        let counts = fragments.counts();
        assert!(counts.forgotten > 10_000);
        assert_eq!(counts.forgotten + counts.incomplete, 100_000);
        assert_eq!(fragments.open.len() as u64, counts.incomplete);
        assert!(fragments.order.len() <= 2 * fragments.open.len() + 64);
    }
}
