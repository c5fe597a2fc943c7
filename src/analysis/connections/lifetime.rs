//! When Zeek takes a conversation for over, so that what comes later begins another: by the defaults of its
//! `scripts/base/init-bare.zeek`, and by when its timers run out.

use super::conversation::Conversation;
use super::tcp::Tcp;
use super::zeek::Zeek;
use crate::decode::flow::Protocol;
use crate::decode::tcp::flag;
use crate::decode::{Flow, Kind, Segment};
use crate::frame::Timestamp;

const SECOND: i64 = 1_000_000_000;
/// `udp_inactivity_timeout`, `icmp_inactivity_timeout`, `unknown_ip_inactivity_timeout`.
const IDLE: i64 = 60 * SECOND;
/// `tcp_inactivity_timeout`.
const IDLE_TCP: i64 = 300 * SECOND;
/// The same where people type.
const IDLE_TYPING: i64 = 3_600 * SECOND;
const TYPING: [u16; 4] = [21, 22, 23, 513];
/// `tcp_attempt_delay`, `tcp_close_delay`, `tcp_connection_linger`, `tcp_SYN_timeout`.
const DELAY: i64 = 5 * SECOND;
/// `tcp_session_timer`: how often is looked whether a connection that was broken off lingers.
const LOOK: i64 = 6 * SECOND;
/// `dns_session_timeout`: how often is looked whether anything came in the last nine seconds.
const LOOK_DNS: i64 = 10 * SECOND;
const IDLE_DNS: i64 = 9 * SECOND;
/// Where Zeek expects DNS, or what looks like it.
const DNS: [u16; 4] = [53, 137, 5353, 5355];

/// Whether a frame that comes `now`, and belongs to `flow`, is one of another conversation.
pub(super) fn is_over(conversation: &Conversation, flow: &Flow, now: Option<Timestamp>) -> bool {
    let is_reuse = |segment: &Segment| reuses(conversation, segment);
    if flow.segment.as_ref().is_some_and(is_reuse) {
        return true;
    }
    let (Some(start), Some(last), Some(now)) = (conversation.start, conversation.last, now) else {
        return false;
    };
    let idle = now.since(last);
    match conversation.protocol {
        Protocol::Tcp => {
            idle >= patience(conversation) || is_timed_out(conversation, start, last, now)
        }
        Protocol::Udp => {
            let looked = now.since(start) / LOOK_DNS * LOOK_DNS;
            let rested = looked.saturating_sub(last.since(start));
            idle >= IDLE || is_dns(conversation) && rested >= IDLE_DNS
        }
        Protocol::Icmp | Protocol::IcmpMessage | Protocol::Sctp | Protocol::Ip => idle >= IDLE,
        Protocol::Arp | Protocol::Fragment => false,
    }
}

fn is_dns(conversation: &Conversation) -> bool {
    let is_named = matches!(
        conversation.application,
        Some(Kind::Dns | Kind::Mdns | Kind::Llmnr)
    );
    is_named || DNS.contains(&conversation.ends()[1].port)
}

fn patience(conversation: &Conversation) -> i64 {
    let is_typed = matches!(conversation.application, Some(Kind::Ssh | Kind::Ftp));
    match is_typed || TYPING.contains(&conversation.ends()[1].port) {
        true => IDLE_TYPING,
        false => IDLE_TCP,
    }
}

/// A TCP connection, and what Zeek makes of it.
fn followed(conversation: &Conversation) -> Option<(&Tcp, &Zeek)> {
    let tcp = conversation.tcp.as_ref()?;
    Some((tcp, &tcp.account.as_deref()?.zeek))
}

/// Whether a SYN opens another connection: where this one was closed by anybody, or begins elsewhere.
fn reuses(conversation: &Conversation, segment: &Segment) -> bool {
    let Some((tcp, zeek)) = followed(conversation).filter(|_| segment.has(flag::SYN)) else {
        return false;
    };
    let asked = usize::from(segment.is_syn_ack());
    if segment.is_syn_ack() && zeek.was_heard(0) {
        return false;
    }
    // The SYN may come behind its answer.
    let is_behind =
        !segment.is_syn_ack() && tcp.base(1) == Some(segment.seq) && zeek.answers_itself();
    zeek.is_closed() || tcp.base(asked) != Some(segment.seq) && !is_behind
}

/// What becomes of a connection that was closed, broken off or never answered.
fn is_timed_out(
    conversation: &Conversation,
    start: Timestamp,
    last: Timestamp,
    now: Timestamp,
) -> bool {
    let Some((_, zeek)) = followed(conversation) else {
        return false;
    };
    let since = |time: Timestamp| now.since(time);
    if let Some(over) = zeek.over() {
        return since(over) >= DELAY;
    }
    if zeek
        .attempt()
        .is_some_and(|attempt| since(attempt) >= DELAY)
    {
        return true;
    }
    // From the start, as all of these: the first look behind the time that it may linger.
    let at = |time: Timestamp| time.since(start);
    let looks_late = |first: i64| {
        let lingers = at(last).saturating_add(DELAY);
        let looks = match lingers < first {
            true => 0,
            false => (lingers - first) / LOOK + 1,
        };
        looks.saturating_mul(LOOK).saturating_add(first) <= at(now)
    };
    let half_closed = zeek.half_closed().map(|time| at(time).saturating_add(LOOK));
    zeek.is_broken_off() && (looks_late(DELAY) || half_closed.is_some_and(looks_late))
}
