//! Facts about a TCP segment: which step of opening, sending or closing it is, and what comes next (RFC 9293, 3.5, 3.6).

use std::net::IpAddr;

use super::{Facts, ends, number};
use crate::decode::tcp::{at, flag};
use crate::decode::{Layer, Packet};
use crate::service;

/// What its facts are told of.
struct Segment {
    from: IpAddr,
    to: IpAddr,
    source_port: u16,
    port: u16,
    flags: u8,
    /// Counted from the start of the connection, where that is known.
    sequence: u64,
    acknowledgment: u64,
    raw_sequence: u64,
    len: u64,
}

pub(super) fn segment(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let Some(segment) = read(packet, layer) else {
        return;
    };
    let has = |bits: u8| segment.flags & bits == bits;
    if is_impossible(segment.flags) {
        facts.say(format_args!(
            "No TCP sends this combination of flags. Port scanners do, to tell systems apart by what they answer; \
             so do broken devices."
        ));
    } else if has(flag::RST) {
        segment.reset(facts);
    } else if has(flag::SYN | flag::ACK) {
        segment.accepts(facts);
    } else if has(flag::SYN) {
        segment.asks(facts);
    } else if has(flag::FIN) {
        segment.closes(facts);
    } else if segment.len > 0 {
        segment.sends(facts);
    } else {
        segment.acknowledges(facts);
    }
}

fn read(packet: &Packet<'_>, layer: &Layer) -> Option<Segment> {
    let (from, to) = ends(packet, layer)?;
    Some(Segment {
        from,
        to,
        source_port: packet.u16(layer, at::SOURCE_PORT)?,
        port: packet.u16(layer, at::DESTINATION_PORT)?,
        flags: packet.u8(layer, at::FLAGS)?,
        sequence: number(packet, layer, "tcp.seq")?,
        acknowledgment: number(packet, layer, "tcp.ack")?,
        raw_sequence: number(packet, layer, "tcp.seq_raw")?,
        len: number(packet, layer, "tcp.len")?,
    })
}

/// Opening goes neither with closing nor with breaking off, and everything behind the SYN acknowledges something.
fn is_impossible(flags: u8) -> bool {
    let has = |bit: u8| flags & bit != 0;
    let opens = has(flag::SYN) && (has(flag::FIN) || has(flag::RST));
    opens || !has(flag::SYN) && !has(flag::RST) && !has(flag::ACK)
}

impl Segment {
    fn asks(&self, facts: &mut Facts<'_>) {
        let Self { from, to, port, .. } = self;
        let service = service::name(*port).map_or(String::new(), |name| format!(" ({name})"));
        facts.say(format_args!(
            "Step 1 of 3 of the handshake: {from} asks {to} for a connection to port {port}{service}."
        ));
        facts.say(format_args!(
            "Next: {to} answers SYN, ACK if a program listens there, or RST if none does. Silence means that \
             something got lost or a firewall dropped it; {from} asks again, first after about a second."
        ));
        facts.say(format_args!(
            "States: {from} is in SYN-SENT. {to} goes from LISTEN to SYN-RECEIVED when it accepts."
        ));
    }

    fn accepts(&self, facts: &mut Facts<'_>) {
        let Self {
            from,
            to,
            source_port,
            ..
        } = self;
        facts.say(format_args!(
            "Step 2 of 3 of the handshake: {from} accepts the connection to its port {source_port}. The ACK is for \
             {to}'s SYN, the SYN opens the way back."
        ));
        facts.say(format_args!(
            "Next: {to} answers ACK, and may send data at once."
        ));
        facts.say(format_args!(
            "States: {from} is in SYN-RECEIVED. {to} becomes ESTABLISHED with this, {from} with the ACK."
        ));
    }

    fn acknowledges(&self, facts: &mut Facts<'_>) {
        let Self {
            from,
            to,
            acknowledgment,
            ..
        } = self;
        if (self.sequence, *acknowledgment) == (1, 1) {
            facts.say(format_args!(
                "If the handshake is in this capture, this is most likely step 3 of 3: {from} acknowledges {to}'s SYN."
            ));
            return facts.say(format_args!(
                "States: both sides are ESTABLISHED with it. Next: either may send data; usually the client does."
            ));
        }
        facts.say(format_args!(
            "{from} has everything that {to} sent before number {acknowledgment}. It carries no data, so nothing has \
             to answer it."
        ));
    }

    fn sends(&self, facts: &mut Facts<'_>) {
        let Self {
            from,
            to,
            sequence,
            len,
            ..
        } = self;
        let next = sequence + len;
        let bytes = if *len == 1 { "byte" } else { "bytes" };
        facts.say(format_args!(
            "{from} sends {len} {bytes} of data; the first has number {sequence}."
        ));
        facts.say(format_args!(
            "Next: {to} acknowledges {next}, the number it expects then, perhaps together with data of its own. If \
             no ACK comes, {from} sends the data again."
        ));
    }

    fn closes(&self, facts: &mut Facts<'_>) {
        let Self { from, to, .. } = self;
        let next = self.sequence + self.len + 1;
        facts.say(format_args!(
            "{from} has no more to send, and closes its direction. The other one stays open: {to} may go on sending."
        ));
        facts.say(format_args!(
            "Next: {to} acknowledges {next} (a FIN counts as one byte) and, when it is done too, sends a FIN of its \
             own, which {from} acknowledges."
        ));
        facts.say(format_args!(
            "States: if {from} closes first, it goes to FIN-WAIT-1 and {to} to CLOSE-WAIT, and {from} stays in \
             TIME-WAIT for a while at the end. If {to} closed before, {from} goes to LAST-ACK."
        ));
    }

    fn reset(&self, facts: &mut Facts<'_>) {
        let Self {
            from,
            to,
            source_port,
            ..
        } = self;
        // What a host that knows of no connection answers a SYN with (RFC 9293, 3.10.7.1).
        if self.raw_sequence == 0 && self.flags & flag::ACK != 0 {
            facts.say(format_args!(
                "Refused: no program listens on port {source_port} of {from} (or a firewall says so in its name). \
                 {to}'s program is told \"connection refused\"."
            ));
        } else {
            facts.say(format_args!(
                "{from} breaks the connection off. A FIN would let both sides finish; after a RST, what was still \
                 on its way is lost."
            ));
        }
        facts.say(format_args!(
            "Next: nothing. A RST gets no answer, and both sides forget the connection (CLOSED)."
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_that_contradict_each_other_are_told_from_those_that_don_t() {
        use flag::{ACK, FIN, PSH, RST, SYN, URG};
        for normal in [SYN, SYN | ACK, ACK, PSH | ACK, FIN | ACK, RST, RST | ACK] {
            assert!(!is_impossible(normal), "{normal:#x}");
        }
        for odd in [0, FIN, SYN | FIN, SYN | RST, FIN | PSH | URG, 0xff] {
            assert!(is_impossible(odd), "{odd:#x}");
        }
    }
}
