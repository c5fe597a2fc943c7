//! Fields of TCP (RFC 9293) and its options.

use super::analysis;
use super::row::{Field, Layout, Past, Type};
use super::value::Value;
use crate::decode::tcp::{self, TcpOption, at};
use crate::decode::{Finding, Kind, Layer, Packet, checksum};

const T: Layout = Layout(Kind::Tcp);
/// The flags are the low 12 bits of the two octets from here.
const FLAGS: u16 = at::DATA_OFFSET as u16;

#[rustfmt::skip]
pub(super) static TCP: &[Field] = &[
    T.dec("tcp.srcport", at::SOURCE_PORT as u16, 2, "Source port"),
    T.dec("tcp.dstport", at::DESTINATION_PORT as u16, 2, "Destination port"),
    T.many("tcp.port", Type::Uint, either_port, "Source or destination port").alias(),
    T.one("tcp.stream", Type::Uint, |p, l| p.note(l).map(|n| Value::Uint(n.stream.into())), "Which connection of the capture, from 0").needs(Past::Streams),
    T.one("tcp.len", Type::Uint, |p, l| tcp::segment_len(p, l).map(|n| Value::Uint(n.into())), "Bytes of data it carries"),
    T.one("tcp.seq", Type::Uint, sequence, "Number of its first data byte, counted from the start of the connection").needs(Past::Streams),
    T.dec("tcp.seq_raw", at::SEQUENCE as u16, 4, "The same as sent on the wire"),
    T.one("tcp.nxtseq", Type::Uint, next_sequence, "Number that the next segment starts with").needs(Past::Streams),
    T.one("tcp.ack", Type::Uint, acknowledgment, "Number of the byte it expects next, counted from the start").needs(Past::Streams),
    T.dec("tcp.ack_raw", at::ACKNOWLEDGMENT as u16, 4, "The same as sent on the wire"),
    T.derived("tcp.hdr_len", Type::Uint, at::DATA_OFFSET as u16, 1, |n| Some(Value::Uint((n >> 4) * 4)), "Length of the header with its options, in bytes: 20 to 60"),
    T.hex_part("tcp.flags", FLAGS, 2, 0x0fff, 4, "All flags as one number"),
    T.hex_part("tcp.flags.res", FLAGS, 2, 0x0e00, 1, "Reserved bits"),
    T.bit("tcp.flags.ae", FLAGS, 2, 0x0100, "Accurate ECN"),
    T.bit("tcp.flags.cwr", FLAGS, 2, 0x0080, "Congestion window reduced: the sender slowed down"),
    T.bit("tcp.flags.ece", FLAGS, 2, 0x0040, "ECN echo: congestion was met on the way"),
    T.bit("tcp.flags.urg", FLAGS, 2, 0x0020, "The urgent pointer counts"),
    T.bit("tcp.flags.ack", FLAGS, 2, 0x0010, "The acknowledgment number counts"),
    T.bit("tcp.flags.push", FLAGS, 2, 0x0008, "Hand it to the application at once"),
    T.bit("tcp.flags.reset", FLAGS, 2, 0x0004, "The connection is broken off or refused"),
    T.bit("tcp.flags.syn", FLAGS, 2, 0x0002, "Opens a connection: synchronises sequence numbers"),
    T.bit("tcp.flags.fin", FLAGS, 2, 0x0001, "The sender has no more data"),
    T.dec("tcp.window_size_value", at::WINDOW as u16, 2, "Bytes the sender can take now, before scaling"),
    T.hex("tcp.checksum", at::CHECKSUM as u16, 2, "Checksum over addresses, header and data"),
    T.one("tcp.checksum.status", Type::Uint, |p, l| Some(Value::Uint(checksum::transport(p, l).status())), "Whether it is right: 0 no, 1 yes, 2 not known").alias(),
    T.one("netinspect.tcp.checksum", Type::Text, |p, l| Some(Value::Text(checksum::transport(p, l).name().as_bytes())), "Whether the checksum is right, in words"),
    T.dec("tcp.urgent_pointer", at::URGENT_POINTER as u16, 2, "Where urgent data ends"),
    T.many("tcp.option_kind", Type::Uint, option_kinds, "Kinds of the options"),
    T.one("tcp.options.mss_val", Type::Uint, |p, l| option(p, l, |o| match o { TcpOption::MaximumSegmentSize(n) => Some(n.into()), _ => None }), "Largest segment the sender takes, in bytes"),
    T.one("tcp.options.wscale.shift", Type::Uint, |p, l| option(p, l, |o| match o { TcpOption::WindowScale(n) => Some(n.into()), _ => None }), "How many bits its windows are to be shifted left by"),
    T.one("tcp.options.timestamp.tsval", Type::Uint, |p, l| option(p, l, |o| match o { TcpOption::Timestamp { value, .. } => Some(value.into()), _ => None }), "The sender's clock"),
    T.one("tcp.options.timestamp.tsecr", Type::Uint, |p, l| option(p, l, |o| match o { TcpOption::Timestamp { echo, .. } => echo.map(u64::from), _ => None }), "The other side's clock, as last received"),
    T.one("tcp.analysis.acks_frame", Type::Uint, |p, l| analysis::number(p, l, |a| a.acks_frame), "The frame whose end it acknowledges").needs(Past::Everything),
    T.one("tcp.analysis.ack_rtt", Type::Seconds, |p, l| analysis::seconds(p, l, |a| a.ack_rtt), "How long the acknowledgment took").needs(Past::Everything),
    T.one("tcp.analysis.initial_rtt", Type::Seconds, |p, l| analysis::seconds(p, l, |a| a.initial_rtt), "How long the handshake took, from SYN to ACK").needs(Past::Everything),
    T.one("tcp.analysis.bytes_in_flight", Type::Uint, |p, l| analysis::number(p, l, |a| a.bytes_in_flight.into()), "Data sent and not acknowledged yet, this segment included, in bytes").needs(Past::Everything),
    T.one("tcp.analysis.push_bytes_sent", Type::Uint, analysis::push_bytes, "Data sent since the last segment with the PSH flag, in bytes").needs(Past::Everything),
    T.one("tcp.analysis.flags", Type::Bool, analysis::flags, "Something is out of the ordinary").needs(Past::Findings),
    T.one("tcp.analysis.reused_ports", Type::Bool, |p, l| analysis::has(p, l, Finding::ReusedPorts), Finding::ReusedPorts.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.retransmission", Type::Bool, analysis::sent_again, "Sent again, fast and needless ones included").needs(Past::Findings),
    T.one("tcp.analysis.fast_retransmission", Type::Bool, |p, l| analysis::has(p, l, Finding::FastRetransmission), Finding::FastRetransmission.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.spurious_retransmission", Type::Bool, |p, l| analysis::has(p, l, Finding::SpuriousRetransmission), Finding::SpuriousRetransmission.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.out_of_order", Type::Bool, |p, l| analysis::has(p, l, Finding::OutOfOrder), Finding::OutOfOrder.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.lost_segment", Type::Bool, |p, l| analysis::has(p, l, Finding::LostSegment), Finding::LostSegment.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.ack_lost_segment", Type::Bool, |p, l| analysis::has(p, l, Finding::AckLostSegment), Finding::AckLostSegment.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.window_update", Type::Bool, |p, l| analysis::has(p, l, Finding::WindowUpdate), Finding::WindowUpdate.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.window_full", Type::Bool, |p, l| analysis::has(p, l, Finding::WindowFull), Finding::WindowFull.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.keep_alive", Type::Bool, |p, l| analysis::has(p, l, Finding::KeepAlive), Finding::KeepAlive.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.keep_alive_ack", Type::Bool, |p, l| analysis::has(p, l, Finding::KeepAliveAck), Finding::KeepAliveAck.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.duplicate_ack", Type::Bool, |p, l| analysis::has(p, l, Finding::DuplicateAck), Finding::DuplicateAck.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.zero_window_probe", Type::Bool, |p, l| analysis::has(p, l, Finding::ZeroWindowProbe), Finding::ZeroWindowProbe.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.zero_window", Type::Bool, |p, l| analysis::has(p, l, Finding::ZeroWindow), Finding::ZeroWindow.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.zero_window_probe_ack", Type::Bool, |p, l| analysis::has(p, l, Finding::ZeroWindowProbeAck), Finding::ZeroWindowProbeAck.meaning()).needs(Past::Findings),
    T.one("tcp.analysis.duplicate_ack_num", Type::Uint, |p, l| analysis::number(p, l, |a| a.duplicate_number.into()), "Which repetition of an acknowledgment it is, from 1").needs(Past::Findings),
    T.one("tcp.analysis.duplicate_ack_frame", Type::Uint, |p, l| analysis::number(p, l, |a| a.duplicate_of), "The frame with the acknowledgment it repeats").needs(Past::Findings),
    T.one("tcp.analysis.rto", Type::Seconds, |p, l| analysis::seconds(p, l, |a| a.rto), "How long after the lost segment it was sent again").needs(Past::Everything),
    T.one("tcp.analysis.rto_frame", Type::Uint, |p, l| analysis::number(p, l, |a| if a.rto == 0 { 0 } else { a.rto_frame }), "The frame that was lost, as far as can be told").needs(Past::Everything),
    T.one("tcp.payload", Type::Bytes, |p, l| Some(p.payload(l)).filter(|b| !b.is_empty()).map(Value::Bytes), "The data").alias(),
];

fn either_port<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    for at in [at::SOURCE_PORT, at::DESTINATION_PORT] {
        if let Some(port) = packet.u16(layer, at) {
            visit(Value::Uint(port.into()));
        }
    }
}

fn sequence<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let note = packet.note(layer)?;
    let raw = packet.u32(layer, at::SEQUENCE)?;
    Some(Value::Uint(raw.wrapping_sub(note.seq_base).into()))
}

fn acknowledgment<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let note = packet.note(layer)?;
    let raw = packet.u32(layer, at::ACKNOWLEDGMENT)?;
    let counts = packet.u8(layer, at::FLAGS)? & tcp::flag::ACK != 0;
    Some(Value::Uint(if counts {
        raw.wrapping_sub(note.ack_base).into()
    } else {
        raw.into()
    }))
}

/// SYN and FIN take a number each (RFC 9293, 3.4).
fn next_sequence<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let note = packet.note(layer)?;
    let flags = packet.u8(layer, at::FLAGS)?;
    let numbered = u32::from(flags & tcp::flag::SYN != 0) + u32::from(flags & tcp::flag::FIN != 0);
    let raw = packet.u32(layer, at::SEQUENCE)?;
    let next = raw
        .wrapping_sub(note.seq_base)
        .wrapping_add(tcp::segment_len(packet, layer)?)
        .wrapping_add(numbered);
    Some(Value::Uint(next.into()))
}

fn option<'a>(
    packet: &Packet<'a>,
    layer: &Layer,
    read: impl Fn(TcpOption<'a>) -> Option<u64>,
) -> Option<Value<'a>> {
    tcp::options(packet, layer).find_map(read).map(Value::Uint)
}

fn option_kinds<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    tcp::option_kinds(packet, layer, |kind| visit(Value::Uint(kind.into())));
}
