//! A step of a connection, said in words.

use crate::analysis::connections::{Fold, Rung};
use crate::analysis::tcp::{Reset, State};
use crate::decode::Finding;
use crate::decode::tcp::flag;
use crate::output::connections::words;

/// Who sends and what that means, then what the header says: `client asks: SYN, seq 0`.
pub(super) fn of(rung: &Rung) -> String {
    let who = name(rung.from);
    let mut text = format!("{who} {}: {}", deed(rung), header(rung));
    if rung.is_copy {
        text.push_str(" [captured twice]");
    }
    for finding in rung
        .findings
        .iter()
        .filter(|finding| is_worth_a_mark(*finding))
    {
        text.push_str(&format!(" [{}]", finding.words()));
    }
    text
}

pub(super) const fn name(end: usize) -> &'static str {
    match end {
        0 => "client",
        _ => "server",
    }
}

/// Window updates are told as what they are, and a probe's answer needs no mark.
fn is_worth_a_mark(finding: Finding) -> bool {
    !matches!(finding, Finding::WindowUpdate | Finding::ZeroWindow)
}

fn deed(rung: &Rung) -> String {
    let to = 1 - rung.from;
    let moved =
        |end: usize, from: State, into: State| rung.before[end] == from && rung.after[end] == into;
    let confirms_fin = moved(to, State::FinWait1, State::FinWait2)
        || moved(to, State::LastAck, State::Closed)
        || moved(to, State::Closing, State::TimeWait);
    if rung.has(flag::RST) {
        return match rung.reset {
            Some(Reset::BreaksOff | Reset::Doubted | Reset::Unseen) => "breaks off",
            Some(Reset::Refuses) => "refuses",
            Some(Reset::Ignored) => "would break off",
            Some(Reset::Late) => "knows of no connection any more",
            // A copy changes nothing.
            None => "resets",
        }
        .to_owned();
    }
    if rung.has(flag::SYN) {
        // Who asked while the other did has not agreed before.
        let is_again = rung.is_again() && rung.before[to] != State::SynReceived;
        return match (rung.has(flag::ACK), is_again) {
            (false, false) => "asks",
            (false, true) => "asks again",
            (true, false) => "agrees, and asks back",
            (true, true) => "agrees again",
        }
        .to_owned();
    }
    if rung.has(flag::FIN) {
        let data = match (rung.len, rung.is_again()) {
            (0, _) => String::new(),
            (len, false) => format!("sends the last {len} bytes and "),
            (len, true) => format!("sends the last {len} bytes again and "),
        };
        // The data may have been sent before, and this not.
        let was_done = rung.before[rung.from] == rung.after[rung.from];
        let done = match (rung.is_again() && was_done, rung.before[rung.from]) {
            (true, _) => "says again that it is done",
            (_, State::CloseWait) if confirms_fin => "confirms, and is done too",
            (_, State::CloseWait) => "is done too",
            _ => "is done",
        };
        return format!("{data}{done}");
    }
    let findings = rung.findings;
    if findings.has(Finding::KeepAlive) {
        return "asks whether anybody is there".to_owned();
    }
    if findings.has(Finding::ZeroWindowProbe) {
        return "asks whether there is room".to_owned();
    }
    let is_full = findings.has(Finding::ZeroWindow);
    if rung.len > 0 {
        let again = if rung.is_again() { " again" } else { "" };
        let full = if is_full { ", has no more room" } else { "" };
        return format!("sends {}{again}{full}", words::size(rung.len.into()));
    }
    if is_full {
        return "has no more room".to_owned();
    }
    if findings.has(Finding::WindowUpdate) {
        return match rung.window {
            Some(window) => format!("has room for {}", words::size(window.into())),
            // The handshake, which says in what windows are counted, was not captured.
            None => "has another window".to_owned(),
        };
    }
    if confirms_fin {
        return "confirms the end".to_owned();
    }
    if moved(to, State::SynReceived, State::Established) {
        return "confirms".to_owned();
    }
    if findings.has(Finding::DuplicateAck) {
        return "still waits".to_owned();
    }
    "has received".to_owned()
}

fn header(rung: &Rung) -> String {
    const FLAGS: [(u8, &str); 3] = [(flag::SYN, "SYN"), (flag::FIN, "FIN"), (flag::RST, "RST")];
    let mut parts: Vec<String> = FLAGS
        .iter()
        .filter(|(bit, _)| rung.has(*bit))
        .map(|(_, name)| (*name).to_owned())
        .collect();
    if rung.has(flag::ACK) {
        parts.push("ACK".to_owned());
    }
    if rung.len > 0 || rung.has(flag::SYN | flag::FIN) {
        parts.push(format!("seq {}", rung.seq));
    }
    if rung.has(flag::ACK) {
        parts.push(format!("ack {}", rung.ack));
    }
    parts.join(", ")
}

/// Which step of the handshake's three or the close's four it is, and what that means for the connection.
pub(super) fn remark(rung: &Rung) -> Option<String> {
    use State::{
        CloseWait, Closed, Established, FinWait1, FinWait2, LastAck, SynReceived, SynSent, TimeWait,
    };
    let (from, to) = (rung.from, 1 - rung.from);
    let turned = |end: usize, into: State| rung.before[end] != into && rung.after[end] == into;
    if rung.is_copy {
        return None;
    }
    if let Some(reset) = rung.reset {
        let remark = match reset {
            Reset::BreaksOff => "reset: closed for both at once, what was on its way is lost",
            Reset::Refuses => "refused: nobody listens there, or a firewall says so",
            Reset::Doubted => "reset, if the other end believes it: its number is not the next one",
            Reset::Ignored => "ignored: it has not the number that the other end expects",
            Reset::Late | Reset::Unseen => return None,
        };
        return Some(remark.to_owned());
    }
    if rung.has(flag::SYN) {
        let remark = match (rung.has(flag::ACK), rung.before[from], rung.before[to]) {
            (false, ..) if turned(from, SynSent) => "handshake, step 1 of 3",
            (false, ..) if turned(from, SynReceived) => "both ask at once (simultaneous open)",
            _ if rung.is_again() => return None,
            (false, _, SynReceived) => "handshake, step 1 of 3, captured behind its answer",
            (true, ..) => "handshake, step 2 of 3",
            _ => return None,
        };
        return Some(remark.to_owned());
    }
    if rung.before[to] == SynReceived && rung.after[to] == Established {
        return Some("handshake, step 3 of 3: open for both".to_owned());
    }
    let other = name(to);
    if rung.has(flag::FIN) {
        if turned(from, LastAck) {
            return Some(match rung.before[to] {
                FinWait1 => "close, steps 2 and 3 of 4 in one".to_owned(),
                _ => "close, step 3 of 4".to_owned(),
            });
        }
        if turned(from, FinWait1) && rung.after[to] == CloseWait {
            return Some(format!("close, step 1 of 4: the {other} may still send"));
        }
        return turned(from, State::Closing)
            .then(|| "both are done at once (simultaneous close)".to_owned());
    }
    if turned(to, FinWait2) {
        let still = name(from);
        return Some(format!(
            "close, step 2 of 4: half-closed, the {still} may still send"
        ));
    }
    if turned(to, Closed) {
        return Some("close, step 4 of 4: closed".to_owned());
    }
    turned(to, TimeWait).then(|| "close confirmed".to_owned())
}

/// What was left out, honestly.
pub(super) fn folded(fold: &Fold) -> String {
    let mut parts = Vec::new();
    for end in 0..2 {
        if fold.segments[end] > 0 {
            parts.push(format!(
                "{} from the {}, {}",
                segments(fold.segments[end]),
                name(end),
                words::size(fold.data[end])
            ));
        }
    }
    if fold.again > 0 {
        parts.push(format!("{} sent again", fold.again));
    }
    let took = words::time(fold.end.since(fold.start));
    format!("… {} in {took} …", parts.join("; "))
}

fn segments(n: u64) -> String {
    match n {
        1 => "1 segment".to_owned(),
        n => format!("{n} segments"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Findings;
    use crate::frame::Timestamp;

    /// A segment of the server, and the states of both ends before and after it.
    fn said(flags: u8, before: [State; 2], after: [State; 2]) -> (String, Option<String>) {
        let rung = rung(flags, before, after);
        (deed(&rung), remark(&rung))
    }

    fn rung(flags: u8, before: [State; 2], after: [State; 2]) -> Rung {
        Rung {
            frame: 9,
            time: Timestamp::default(),
            from: 1,
            flags,
            seq: 1,
            ack: 1,
            len: 0,
            window: None,
            findings: Findings::NONE,
            is_copy: false,
            reset: None,
            before,
            after,
        }
    }

    #[test]
    fn a_reset_is_told_by_what_becomes_of_it() {
        use State::Closed;
        let told = |reset| {
            let mut rung = rung(flag::RST, [Closed; 2], [Closed; 2]);
            rung.reset = reset;
            let remark = remark(&rung);
            let first = remark.map(|words| words.split([':', ',']).next().map(str::to_owned));
            (deed(&rung), first.flatten().unwrap_or_default())
        };
        for (reset, deed, remark) in [
            (Some(Reset::Refuses), "refuses", "refused"),
            (Some(Reset::BreaksOff), "breaks off", "reset"),
            (Some(Reset::Doubted), "breaks off", "reset"),
            (Some(Reset::Unseen), "breaks off", ""),
            (Some(Reset::Ignored), "would break off", "ignored"),
            (Some(Reset::Late), "knows of no connection any more", ""),
            // Captured twice.
            (None, "resets", ""),
        ] {
            let expected = (deed.to_owned(), remark.to_owned());
            assert_eq!(told(reset), expected, "{reset:?}");
        }
    }

    #[test]
    fn who_asks_late_or_at_once_is_told_apart() {
        use State::{Established, SynReceived, SynSent};
        let remark_of = |before, after| said(flag::SYN, before, after).1.unwrap_or_default();
        let crossed = remark_of([SynSent, State::Listen], [SynReceived; 2]);
        assert!(crossed.contains("simultaneous open"), "{crossed}");
        let late = [SynReceived, Established];
        assert_eq!(
            remark_of(late, late),
            "handshake, step 1 of 3, captured behind its answer"
        );
        assert_eq!(remark_of([Established; 2], [Established; 2]), "");
        // Nobody has agreed before where both asked, whatever was sent again.
        let mut agreed = rung(flag::SYN | flag::ACK, [SynReceived; 2], [SynReceived; 2]);
        agreed.findings.add(Finding::Retransmission);
        assert_eq!(deed(&agreed), "agrees, and asks back");
        agreed.before = [SynSent, SynReceived];
        assert_eq!(deed(&agreed), "agrees again");
    }

    #[test]
    fn what_is_said_beside_the_data_is_not_left_out() {
        use State::{CloseWait, Established, FinWait1};
        let open = [Established; 2];
        let mut full = rung(flag::ACK, open, open);
        full.len = 100;
        full.findings.add(Finding::ZeroWindow);
        assert_eq!(deed(&full), "sends 100 B, has no more room");
        let mut update = rung(flag::ACK, open, open);
        update.findings.add(Finding::WindowUpdate);
        assert_eq!(deed(&update), "has another window");
        update.window = Some(5_000);
        assert_eq!(deed(&update), "has room for 5.00 kB");
        let mut done = rung(flag::FIN | flag::ACK, open, [CloseWait, FinWait1]);
        done.len = 100;
        done.findings.add(Finding::Retransmission);
        assert_eq!(deed(&done), "sends the last 100 bytes again and is done");
        done.before = done.after;
        assert_eq!(
            deed(&done),
            "sends the last 100 bytes again and says again that it is done"
        );
    }
}
