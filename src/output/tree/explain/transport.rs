//! Facts about ports, sequence numbers, windows and options; and about UDP beside TCP.

use super::{Facts, ends};
use crate::address::is_many;
use crate::decode::tcp::{self, TcpOption, at, flag};
use crate::decode::{Kind, Layer, Packet};
use crate::fields::Value;
use crate::service::{self, PortRange};

/// What UDP does not do (RFC 768), and what happens to the datagram at its destination.
pub(super) fn datagram(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let (Some((from, to)), Some(own), Some(port)) = (
        ends(packet, layer),
        packet.u16(layer, 0),
        packet.u16(layer, 2),
    ) else {
        return;
    };
    if let (Some(service), None) = (service::name(own), service::name(port)) {
        return facts.say(format_args!(
            "Most likely the answer of {service} on {from} to what came from port {port} of {to}: UDP itself \
             connects the two by addresses and ports only, not by numbers as TCP does."
        ));
    }
    facts.say(format_args!(
        "UDP: no handshake before, no acknowledgment after, no order. If this gets lost, only the programs can notice. \
         For one question and one answer that is enough, and quicker than TCP."
    ));
    if is_many(to) {
        facts.say(format_args!(
            "Next: every program that listens on port {port} there may answer, or none. Nobody sends an error for a \
             datagram to many."
        ));
    } else {
        facts.say(format_args!(
            "Next: what the program on port {port} of {to} makes of it. If none listens, {to} answers with ICMP: \
             port unreachable."
        ));
    }
}

pub(super) fn field(
    facts: &mut Facts<'_>,
    packet: &Packet<'_>,
    layer: &Layer,
    name: &str,
    value: Value<'_>,
) {
    let flags = match layer.kind {
        Kind::Tcp => packet.u8(layer, at::FLAGS).unwrap_or(0),
        _ => 0,
    };
    let opens = flags & flag::SYN != 0;
    let asks = opens && flags & flag::ACK == 0;
    let number = match value {
        Value::Uint(n) => n,
        Value::Bool(set) => u64::from(set),
        _ => return,
    };
    match name {
        "tcp.srcport" if asks => facts.say(format_args!(
            "The client's port: its system picked one that was free, for this connection only (an ephemeral port; \
             Linux takes 32768 to 60999). The answers go there."
        )),
        "tcp.dstport" if asks => server_port(facts, number),
        "udp.srcport" => own_port(facts, number),
        "tcp.stream" => facts.say(format_args!(
            "Not in the packet, but counted here: two addresses and two ports together name a connection."
        )),
        "tcp.seq" if opens => facts.say(format_args!(
            "Every byte has a number. Shown from 0; on the wire each side starts at random, so that no stranger can \
             guess it and interfere."
        )),
        "tcp.ack" if asks => facts.say(format_args!(
            "Means nothing yet: the ACK flag isn't set, as there is nothing to acknowledge."
        )),
        "tcp.ack" if opens => facts.say(format_args!(
            "One more than the number of the SYN: a SYN counts as one byte, so that it can be acknowledged."
        )),
        "tcp.window_size_value" => window(facts, opens),
        "tcp.checksum" => facts.say(format_args!(
            "Covers the data and both IP addresses too. In a capture on the sender it is often wrong: its card fills it \
             in later (offload)."
        )),
        "tcp.flags.syn" if number == 1 => facts.say(format_args!(
            "Only the first segment of each side has it: it says which number that side counts from."
        )),
        "tcp.flags.ack" if number == 1 && opens => facts.say(format_args!(
            "From here on every segment has it; only the very first had nothing to acknowledge."
        )),
        "tcp.flags.push" if number == 1 => facts.say(format_args!(
            "The sender has no more to add for now: the receiver need not wait before it hands the data on."
        )),
        "tcp.flags.ece" if number == 1 && asks && flags & flag::CWR != 0 => facts.say(format_args!(
            "In a SYN, ECE and CWR together offer ECN: routers may mark packets instead of dropping them (RFC 3168)."
        )),
        "tcp.options.mss_val" if opens => segment_size(facts, packet, layer, number),
        "tcp.options.wscale.shift" if opens => facts.say(format_args!(
            "Holds for every later window of this side, if both SYNs have this option. Without it a window ends at \
             65535 bytes, which is little for a long and fast path."
        )),
        "tcp.options.timestamp.tsval" if opens => facts.say(format_args!(
            "A counter of the sender's, not a time of day. The other side sends it back, which measures the round trip \
             (RFC 7323)."
        )),
        "tcp.option_kind" if opens => selective(facts, packet, layer),
        "udp.checksum" if number == 0 => facts.say(format_args!(
            "Zero: the sender worked none out. IPv4 allows that; IPv6 only inside some tunnels (RFC 6935)."
        )),
        _ => {}
    }
}

fn server_port(facts: &mut Facts<'_>, number: u64) {
    let service = u16::try_from(number).ok().and_then(service::name);
    match service {
        Some(service) => facts.say(format_args!(
            "The server's port: a program has to listen there. {number} is {service} by convention; nothing enforces it."
        )),
        None => facts.say(format_args!(
            "The server's port: a program has to listen there."
        )),
    }
}

fn own_port(facts: &mut Facts<'_>, number: u64) {
    let Ok(port) = u16::try_from(number) else {
        return;
    };
    if service::name(port).is_none() && PortRange::of(port) != PortRange::WellKnown {
        facts.say(format_args!(
            "Most likely the client's: its system picked one that was free (an ephemeral port). Answers go there."
        ));
    }
}

fn window(facts: &mut Facts<'_>, opens: bool) {
    if opens {
        facts.say(format_args!(
            "How much the other side may send before it has to wait for an ACK. In a SYN it is never scaled."
        ));
    } else {
        facts.say(format_args!(
            "How much the other side may send before it has to wait: this times the scale from the SYNs, if both had one."
        ));
    }
}

/// The MTU that a maximum segment size comes from (RFC 9293, 3.7.1).
fn segment_size(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer, size: u64) {
    let Some((from, to)) = ends(packet, layer) else {
        return;
    };
    let headers = if from.is_ipv4() { 40 } else { 60 };
    let mtu = size + headers;
    facts.say(format_args!(
        "The largest segment that {to} is to send to {from}: {mtu} bytes a packet, less {headers} for the IP and TCP \
         headers. {to} says its own; each keeps to the other's."
    ));
}

fn selective(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    if tcp::options(packet, layer).any(|option| option == TcpOption::SackPermitted) {
        facts.say(format_args!(
            "SACK: when a segment is missing, the receiver may name later ones that it has, so that only the missing \
             one is sent again."
        ));
    }
}
