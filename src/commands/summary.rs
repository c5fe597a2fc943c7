//! What a run says at its end, on standard error: results are on standard output.

use std::fmt::Write;

use crate::analysis::Reassembled;
use crate::pipeline::{Backwards, LONGEST_USUAL, Outcome};
use crate::source::live::Counts;

/// All that is said at the end: what to mind first, then the counts, of a live capture also the kernel's, and what rights
/// were given up.
pub(super) fn whole(outcome: &Outcome, verb: &str, counts: &[Counts], given_up: &str) -> String {
    format!(
        "{}{}{}{}{}{given_up}",
        limits(outcome, counts),
        frames(outcome, verb),
        drops(counts),
        latecomers(counts),
        behind_the_last(outcome, counts)
    )
}

/// Whether frames were lost on the way here, or results on the way to who reads them.
pub(super) fn is_incomplete(outcome: &Outcome, counts: &[Counts]) -> bool {
    let is_lost = |count: &Counts| count.dropped > 0 || count.interface_dropped > 0;
    counts.iter().any(is_lost) || outcome.unshown > 0 || outcome.untold > 0
}

/// What limits the conclusions that the frames allow, first since it is what one has to know; empty where nothing does.
/// `counts` are the kernel's, of a live capture.
fn limits(outcome: &Outcome, counts: &[Counts]) -> String {
    let mut items = Vec::new();
    let doubts = &outcome.doubts;
    let sum = |of: fn(&Counts) -> u64| -> u64 { counts.iter().map(of).sum() };
    match sum(|count| count.dropped) {
        0 => {}
        n => items.push(format!(
            "{} lost: the kernel dropped them, since we were too slow, so what is missing may have been there \
             (a larger --buffer-size or a narrower -f helps)",
            counted(n, "frame")
        )),
    }
    match sum(|count| count.interface_dropped) {
        0 => {}
        n => items.push(format!(
            "{} lost: the interface or its driver dropped them",
            counted(n, "frame")
        )),
    }
    if outcome.unshown > 0 {
        items.push(format!(
            "{} not shown, since nobody read standard output fast enough (a file written with -w has them)",
            counted(outcome.unshown, "frame")
        ));
    }
    if outcome.untold > 0 {
        items.push(format!(
            "{} of results not shown, since nobody read standard output fast enough",
            counted(outcome.untold, "line")
        ));
    }
    if outcome.unseen > 0 {
        items.push(format!(
            "{} captured but not looked at, nor shown: they still waited when the end was to come at once",
            counted(outcome.unseen, "frame")
        ));
    }
    let in_hand = in_hand(outcome, counts);
    if in_hand > 0 && outcome.failed_to_write {
        items.push(format!(
            "{} taken from the interface and lost: writing had failed",
            counted(in_hand, "frame")
        ));
    }
    if doubts.cut > 0 {
        items.push(format!(
            "{} cut, to {} bytes at most (snapshot length): what stood behind that is missing",
            counted(doubts.cut, "frame"),
            doubts.cut_at
        ));
    }
    if doubts.unfinished > 0 {
        items.push(format!(
            "{} with a checksum left to the network card (offload): captured where they were sent, before it was \
             filled in, so it says nothing",
            counted(doubts.unfinished, "frame")
        ));
    }
    if doubts.oversized > 0 {
        items.push(format!(
            "{} longer than {LONGEST_USUAL} bytes: segments that the network card cuts up or has put together \
             (offload), so the wire saw other ones; or there are jumbo frames",
            counted(doubts.oversized, "frame")
        ));
    }
    if let Some((connections @ 1.., 0)) = doubts.connections {
        items.push(format!(
            "only one direction of {}: the other takes another way, or was left out",
            counted(connections, "TCP connection")
        ));
    }
    items.extend(doubts.backwards.as_ref().map(backwards));
    if items.is_empty() {
        return String::new();
    }
    format!(
        "mind what limits conclusions:\n  - {}\n",
        items.join("\n  - ")
    )
}

/// That times go backwards.
pub(super) fn backwards(found: &Backwards) -> String {
    let seconds = found.by as f64 / 1e9;
    let more = match found.times {
        1 => String::new(),
        times => format!(", and {} more", counted(times - 1, "time")),
    };
    format!(
        "times go backwards, by {seconds} s at frame {}{more}: the clock was set, or frames are not in order",
        found.frame
    )
}

/// What every run over frames can tell.
fn frames(outcome: &Outcome, verb: &str) -> String {
    let mut text = format!(
        "{} {verb}, {} bytes on the wire",
        counted(outcome.passed, "frame"),
        outcome.passed_bytes
    );
    if outcome.read != outcome.passed {
        let _ = write!(text, "; {} read", counted(outcome.read, "frame"));
    }
    if outcome.problems > 0 {
        let _ = write!(text, "; {} cut or malformed", outcome.problems);
    }
    if outcome.timeless > 0 {
        let _ = write!(
            text,
            "\n{} had no time; the file written says 1970-01-01 for them",
            counted(outcome.timeless, "frame")
        );
    }
    if outcome.out_of_range > 0 {
        let _ = write!(
            text,
            "\n{} had a time that the file can't say; it says the nearest it can (pcap: 1970 to 2106, pcapng: from 1970)",
            counted(outcome.out_of_range, "frame")
        );
    }
    if outcome.unkept > 0 {
        let _ = write!(
            text,
            "\n{} beside the frames not in the file written: a .pcap file holds none; a .pcapng file those known here, and \
             of those on whole captures the first one's",
            counted(outcome.unkept, "remark")
        );
    }
    if outcome.forgotten > 0 {
        let _ = write!(
            text,
            "\n{} forgotten to bound memory: numbers of those that went on start anew",
            counted(outcome.forgotten, "conversation")
        );
    }
    fragments(&mut text, &outcome.reassembled);
    text
}

/// What became of packets that came in fragments.
fn fragments(text: &mut String, seen: &Reassembled) {
    let Reassembled {
        whole,
        incomplete,
        refused,
        forgotten,
    } = *seen;
    if whole + incomplete + refused + forgotten == 0 {
        return;
    }
    let _ = write!(
        text,
        "\n{} put together from fragments",
        counted(whole, "packet")
    );
    for (count, what) in [
        (incomplete, "never whole"),
        (
            refused,
            "dropped: fragments overlap or contradict each other",
        ),
        (forgotten, "given up to bound memory"),
    ] {
        if count > 0 {
            let _ = write!(text, "; {count} {what}");
        }
    }
}

/// What the kernel counted, interface by interface.
pub(super) fn drops(counts: &[Counts]) -> String {
    let mut text = String::new();
    for count in counts {
        let _ = write!(
            text,
            "\n{}: {} received by the filter, {} dropped by the kernel, {} dropped by the interface",
            count.interface, count.received, count.dropped, count.interface_dropped
        );
    }
    text
}

/// Frames that the kernel counted between the end and the closing of the socket: nobody lost them, and nobody has them.
fn latecomers(counts: &[Counts]) -> String {
    let mut text = String::new();
    for count in counts.iter().filter(|count| count.unread() > 0) {
        let _ = write!(
            text,
            "\n{}: {} of those received came after the end of the capture, and were not read",
            count.interface,
            count.unread()
        );
    }
    text
}

/// Frames that were taken from the interfaces and not read: those behind what could not be written, or behind the last one
/// that was asked for.
fn in_hand(outcome: &Outcome, counts: &[Counts]) -> u64 {
    let delivered: u64 = counts.iter().map(|count| count.delivered).sum();
    delivered.saturating_sub(outcome.read)
}

/// Frames that came together with the last one that was asked for (`-c`, `--stop-size`), behind it.
fn behind_the_last(outcome: &Outcome, counts: &[Counts]) -> String {
    match in_hand(outcome, counts) {
        0 => String::new(),
        _ if !outcome.errors.is_empty() || outcome.closed_pipe => String::new(),
        frames => format!(
            "\n{frames} of those received came right behind the last one asked for, and were left out"
        ),
    }
}

/// `1 frame`, `2 frames`, `3 addresses`.
pub(super) fn counted(n: u64, noun: &str) -> String {
    let plural = match n {
        1 => "",
        _ if noun.ends_with("ss") => "es",
        _ => "s",
    };
    format!("{n} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::frame::Timestamp;
    use crate::pipeline::Doubts;

    fn of(doubts: Doubts) -> Outcome {
        Outcome {
            doubts,
            ..Outcome::default()
        }
    }

    #[test]
    fn nothing_is_said_where_nothing_limits() {
        let doubts = Doubts {
            connections: Some((3, 1)),
            ..Doubts::default()
        };
        assert_eq!(limits(&of(doubts), &[]), "");
        let none_there = Doubts {
            connections: Some((0, 0)),
            ..Doubts::default()
        };
        assert_eq!(limits(&of(none_there), &[]), "");
    }

    #[test]
    fn frames_after_the_end_are_told_where_they_are_known() {
        let mut counts = Counts {
            interface: "eth0".to_owned(),
            index: 0,
            since: Timestamp::default(),
            all: true,
            one_way: false,
            received: 100,
            dropped: 7,
            interface_dropped: 0,
            delivered: 93,
        };
        assert_eq!(latecomers(std::slice::from_ref(&counts)), "");
        counts.delivered = 90;
        let said = latecomers(std::slice::from_ref(&counts));
        assert!(said.starts_with("\neth0: 3 of those received came after the end"));
        // Those of the other direction may be among them.
        counts.one_way = true;
        assert_eq!(latecomers(&[counts]), "");
    }

    #[test]
    fn frames_in_hand_when_writing_failed_are_told() {
        let counts = [Counts {
            interface: "eth0".to_owned(),
            index: 0,
            since: Timestamp::default(),
            all: true,
            one_way: false,
            received: 468,
            dropped: 0,
            interface_dropped: 0,
            delivered: 467,
        }];
        let mut outcome = Outcome {
            read: 458,
            ..Outcome::default()
        };
        // As where so many were wanted.
        assert_eq!(limits(&outcome, &counts), "");
        assert!(behind_the_last(&outcome, &counts).starts_with("\n9 of those received"));
        outcome.closed_pipe = true;
        assert_eq!(behind_the_last(&outcome, &counts), "");
        outcome.closed_pipe = false;
        outcome
            .errors
            .push(Error::Usage("the disk is full".to_owned()));
        // Whatever else went wrong has nothing to do with them.
        assert_eq!(limits(&outcome, &counts), "");
        outcome.failed_to_write = true;
        let said = limits(&outcome, &counts);
        assert!(
            said.contains("- 9 frames taken from the interface and lost"),
            "{said}"
        );
        assert_eq!(behind_the_last(&outcome, &counts), "");
        outcome.read = 467;
        assert_eq!(limits(&outcome, &counts), "");
    }

    #[test]
    fn each_limit_is_a_line_with_its_number() {
        let doubts = Doubts {
            cut: 2,
            cut_at: 96,
            oversized: 1,
            unfinished: 4,
            backwards: Some(Backwards {
                frame: 17,
                by: 1_500_000_000,
                times: 2,
            }),
            connections: Some((12, 0)),
        };
        let said = limits(&of(doubts), &[]);
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines.len(), 6, "{said}");
        for (line, start) in lines.iter().zip([
            "mind",
            "  - 2 frames cut, to 96 bytes",
            "  - 4 frames with a checksum left",
            "  - 1 frame longer than 1526 bytes",
            "  - only one direction of 12 TCP connections",
            "  - times go backwards, by 1.5 s at frame 17, and 1 time more",
        ]) {
            assert!(line.starts_with(start), "{line}");
        }
    }
}
