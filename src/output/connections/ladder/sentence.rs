//! A step of a connection, said in words.

use crate::analysis::connections::{Fold, Rung};
use crate::analysis::tcp::State;
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
        return match rung.before[to] {
            State::SynSent => "refuses",
            _ => "breaks off",
        }
        .to_owned();
    }
    if rung.has(flag::SYN) {
        return match (rung.has(flag::ACK), rung.is_again()) {
            (false, false) => "asks",
            (false, true) => "asks again",
            (true, false) => "agrees, and asks back",
            (true, true) => "agrees again",
        }
        .to_owned();
    }
    if rung.has(flag::FIN) {
        let data = match rung.len {
            0 => String::new(),
            len => format!("sends the last {len} bytes and "),
        };
        let done = match (rung.is_again(), rung.before[rung.from]) {
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
    if findings.has(Finding::ZeroWindow) {
        return "has no more room".to_owned();
    }
    if findings.has(Finding::WindowUpdate) {
        return format!("has room for {}", words::size(rung.window.into()));
    }
    if rung.len > 0 {
        let again = if rung.is_again() { " again" } else { "" };
        return format!("sends {}{again}", words::size(rung.len.into()));
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
    if rung.has(flag::RST) {
        return Some(match rung.before[to] {
            SynSent => "refused: nobody listens there, or a firewall says so".to_owned(),
            _ => "reset: closed for both at once, what was on its way is lost".to_owned(),
        });
    }
    if rung.has(flag::SYN) {
        return match (rung.is_again(), rung.has(flag::ACK)) {
            (true, _) => None,
            (_, false) if turned(from, SynSent) => Some("handshake, step 1 of 3".to_owned()),
            (_, true) => Some("handshake, step 2 of 3".to_owned()),
            _ => Some("both ask at once (simultaneous open)".to_owned()),
        };
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
