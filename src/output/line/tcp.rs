//! What a TCP segment says: its flags in words, relative numbers, window, length and options.

use crate::bytes::{be16, be32};
use crate::decode::tcp::{self, TcpOption, at, flag};
use crate::decode::{Finding, Layer, Packet};
use crate::output::colour::{Paint, Role};
use crate::text::{Buffer, Short, push, push_number, push_short};

/// Every set flag by name, in the order a reader looks for them; for each octet that there can be.
static FLAGS: [Short<{ "[SYN, FIN, RST, PSH, ACK, URG, ECE, CWR]".len() }>; 256] = {
    let mut all = [Short::new(b"[no flags]"); 256];
    let mut flags = 1;
    while flags < all.len() {
        let mut text = Short::new(b"[");
        let mut place = 0;
        while place < NAMES.len() {
            let (bit, name) = NAMES[place];
            if flags as u8 & bit != 0 {
                text.append(if text.len() > 1 { b", " } else { b"" });
                text.append(name.as_bytes());
            }
            place += 1;
        }
        text.append(b"]");
        all[flags] = text;
        flags += 1;
    }
    all
};

const NAMES: [(u8, &str); 8] = [
    (flag::SYN, "SYN"),
    (flag::FIN, "FIN"),
    (flag::RST, "RST"),
    (flag::PSH, "PSH"),
    (flag::ACK, "ACK"),
    (flag::URG, "URG"),
    (flag::ECE, "ECE"),
    (flag::CWR, "CWR"),
];

pub(super) fn push_segment(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, paint: Paint) {
    let header = packet.header(layer);
    let Some(flags) = header.get(at::FLAGS).copied() else {
        return;
    };
    push_flags(out, flags, paint);
    let note = packet.note(layer).unwrap_or_default();
    if let Some(raw) = be32(header, at::SEQUENCE) {
        push_named(out, " seq=", raw.wrapping_sub(note.seq_base));
    }
    if flags & flag::ACK != 0
        && let Some(raw) = be32(header, at::ACKNOWLEDGMENT)
    {
        push_named(out, " ack=", raw.wrapping_sub(note.ack_base));
    }
    if let Some(window) = be16(header, at::WINDOW) {
        push_named(out, " win=", window.into());
    }
    if let Some(len) = tcp::segment_len(packet, layer) {
        push_named(out, " len=", len);
    }
    if flags & flag::URG != 0
        && let Some(urgent) = be16(header, at::URGENT_POINTER)
    {
        push_named(out, " urgent=", urgent.into());
    }
    for option in tcp::options(packet, layer) {
        // Options that were not captured whole are not the sender's fault.
        if option != TcpOption::Broken || !layer.is_cut() {
            push_option(out, option);
        }
    }
    push_findings(out, packet, layer, paint);
}

/// What is out of the ordinary, seen with the segments before it.
fn push_findings(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, paint: Paint) {
    let Some(analysis) = packet.analysis(layer) else {
        return;
    };
    for finding in analysis.findings.iter() {
        paint.on(out, Role::Problem);
        push(out, " [");
        push(out, finding.words());
        if finding == Finding::DuplicateAck {
            push(out, " ");
            push_number(out, analysis.duplicate_number.into());
            push(out, " of frame ");
            push_number(out, analysis.duplicate_of);
        }
        push(out, "]");
        paint.off(out);
    }
}

fn push_flags(out: &mut Buffer, flags: u8, paint: Paint) {
    let role = if flags & flag::RST != 0 {
        Role::Broken
    } else if flags & flag::SYN != 0 {
        Role::Open
    } else if flags & flag::FIN != 0 {
        Role::Close
    } else {
        Role::Quiet
    };
    paint.on(out, role);
    push_short(out, &FLAGS[usize::from(flags)]);
    paint.off(out);
}

fn push_named(out: &mut Buffer, name: &str, n: u32) {
    push(out, name);
    push_number(out, n.into());
}

/// Options that tell something about the connection; a time stamp's two numbers say nothing on one line.
fn push_option(out: &mut Buffer, option: TcpOption<'_>) {
    match option {
        TcpOption::MaximumSegmentSize(size) => push_named(out, " mss=", size.into()),
        TcpOption::WindowScale(shift) => push_named(out, " wscale=", shift.into()),
        TcpOption::SackPermitted => push(out, " sack-ok"),
        TcpOption::Sack(ranges) => push_named(out, " sack-ranges=", (ranges.len() / 8) as u32),
        TcpOption::Timestamp { .. } => {}
        TcpOption::Other(kind, _) => push_named(out, " option-", kind.into()),
        TcpOption::Broken => push(out, " [options don't add up]"),
    }
}
