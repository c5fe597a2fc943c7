//! What a packet says, by its protocol; and what is wrong with it.

use super::{Seen, application, control, link, tcp};
use crate::decode::{Kind, Layer, Osi, Packet, Why, ethertype, ip_protocol};
use crate::output::colour::{Paint, Role};
use crate::text::{Buffer, push, push_bytes, push_hex, push_number};

pub(super) fn push_message(out: &mut Buffer, packet: &Packet<'_>, seen: &Seen<'_>, paint: Paint) {
    const GAP: &str = "  ";
    push(out, GAP);
    let start = out.len();
    let layer = seen.top;
    // What an application says stands behind what TCP says: a segment with data can still open, close or break.
    let segment = seen.transport.filter(|below| below.kind == Kind::Tcp);
    if let Some(segment) = segment
        && layer.kind != Kind::Tcp
    {
        tcp::push_segment(out, packet, segment, paint);
        push(out, "  ");
    }
    match layer.kind {
        Kind::Arp => control::push_arp(out, packet, layer),
        Kind::Tcp => tcp::push_segment(out, packet, layer, paint),
        Kind::Udp if !layer.is_cut() => push_counted(out, "len=", layer.payload_len()),
        Kind::Udp => {}
        Kind::Icmp => control::push_icmp(out, packet, layer),
        Kind::Icmpv6 => control::push_icmpv6(out, packet, layer),
        Kind::Igmp => control::push_igmp(out, packet, layer),
        Kind::Ipv4 | Kind::Ipv6 | Kind::Fragment => {}
        Kind::Frame => {
            push(out, "link type ");
            push_number(out, packet.frame.link.0.into());
            if let Some(name) = packet.frame.link.name() {
                push(out, " (");
                push(out, name);
                push(out, ")");
            }
            push_start(out, packet.frame.bytes);
        }
        kind if kind.osi() > Osi::Transport || kind == Kind::Quic => {
            application::push_application(out, packet, layer);
            if segment.is_none() {
                push_counted(out, " len=", layer.end - layer.start);
            }
        }
        _ => link::push_link_protocol(out, packet, layer),
    }
    if !seen.plain {
        push_fragment(out, packet);
    }
    push_rest(out, packet, seen);
    if out.len() == start {
        out.truncate(start - GAP.len());
    }
}

/// Which part of a packet this is, where it was fragmented; or how many it was put together from.
fn push_fragment(out: &mut Buffer, packet: &Packet<'_>) {
    let whole_from = packet.joined.map_or(0, |joined| joined.start);
    if let Some(joined) = packet.joined {
        push_tag(out, "[whole: ");
        push_counted(out, "", joined.len);
        push_counted(out, " bytes from ", joined.fragments);
        push(out, " fragments]");
    }
    // A tunnel's packet that is whole may hold a fragment of another.
    let mut open = packet.layers.iter();
    let open = open.find_map(|layer| {
        let not_whole = layer.start + layer.header_len > whole_from;
        fragment(packet, layer).filter(|_| not_whole)
    });
    let Some((id, offset, more, len)) = open else {
        return;
    };
    push_tag(out, "[fragment of packet ");
    push_hex(out, id, 4);
    push(out, ": bytes ");
    push_number(out, offset);
    push(out, " to ");
    push_number(out, (offset + u64::from(len)).saturating_sub(1));
    push(
        out,
        if more {
            ", more follow]"
        } else {
            ", the last]"
        },
    );
}

/// Appends a word, one blank behind what stands there.
fn push_tag(out: &mut Buffer, text: &str) {
    if !out.ends_with(b" ") {
        out.push(b' ');
    }
    push(out, text);
}

/// Identification, offset in bytes, whether more follow, and length of the data.
#[inline]
pub(super) fn fragment(packet: &Packet<'_>, layer: &Layer) -> Option<(u64, u64, bool, u32)> {
    const OFFSET: u16 = 0x1fff;
    const MORE: u16 = 0x2000;
    let found = match layer.kind {
        Kind::Ipv4 if !layer.quoted() => {
            let word = packet.u16(layer, 6)?;
            let id = packet.u16(layer, 4)?.into();
            (
                id,
                u64::from(word & OFFSET) * 8,
                word & MORE != 0,
                layer.payload_len(),
            )
        }
        Kind::Fragment => {
            let word = packet.u16(layer, 2)?;
            let id = packet.u32(layer, 4)?.into();
            (id, u64::from(word & !7), word & 1 != 0, layer.payload_len())
        }
        _ => return None,
    };
    (found.1 > 0 || found.2).then_some(found)
}

/// Bytes that nobody decoded, where the line would not tell of them otherwise.
fn push_rest(out: &mut Buffer, packet: &Packet<'_>, seen: &Seen<'_>) {
    let Some(last) = packet.layers.last() else {
        return;
    };
    if last.kind != Kind::Data || last.quoted() || matches!(seen.top.kind, Kind::Tcp | Kind::Udp) {
        return;
    }
    match seen.top.kind {
        Kind::Ethernet => {
            if let Some(number) = packet.u16(seen.top, 12) {
                push(out, ", EtherType ");
                push_hex(out, number.into(), 4);
                push_meaning(out, ethertype::name(number));
            }
        }
        Kind::Ipv4
            if packet
                .u16(seen.top, 6)
                .is_some_and(|word| word & 0x3fff == 0) =>
        {
            if let Some(number) = packet.u8(seen.top, 9) {
                push_counted(out, "protocol ", number.into());
                push_meaning(out, ip_protocol::name(number));
            }
        }
        Kind::Ipv6 => {
            if let Some(number) = packet.u8(seen.top, 6) {
                push_counted(out, "next header ", number.into());
                push_meaning(out, ip_protocol::name(number));
            }
        }
        _ => {}
    }
    push_counted(out, " len=", last.payload_len());
}

fn push_meaning(out: &mut Buffer, name: Option<&str>) {
    if let Some(name) = name {
        push(out, " (");
        push(out, name);
        push(out, ")");
    }
}

/// The first bytes of what can't be named.
fn push_start(out: &mut Buffer, bytes: &[u8]) {
    const SHOWN: usize = 16;
    if !bytes.is_empty() {
        push(out, " bytes ");
        push_bytes(out, &bytes[..bytes.len().min(SHOWN)]);
        push(out, if bytes.len() > SHOWN { "…" } else { "" });
    }
}

fn push_counted(out: &mut Buffer, name: &str, n: u32) {
    push(out, name);
    push_number(out, n.into());
}

/// The virtual networks and tunnels a frame is in, outermost first.
pub(super) fn push_tags(out: &mut Buffer, packet: &Packet<'_>, paint: Paint) {
    let mut painted = false;
    for layer in packet.layers {
        let Some((name, number)) = tag(packet, layer) else {
            continue;
        };
        if !painted {
            paint.on(out, Role::Quiet);
            painted = true;
        }
        push(out, " ");
        push(out, name);
        if let Some(number) = number {
            push_number(out, number.into());
        }
    }
    if painted {
        paint.off(out);
    }
}

/// A virtual network or a tunnel by name and number.
#[inline]
pub(super) fn tag(packet: &Packet<'_>, layer: &Layer) -> Option<(&'static str, Option<u32>)> {
    let vlan = || packet.u16(layer, 0).map(|n| u32::from(n & 0x0fff));
    let tag = match layer.kind {
        Kind::Vlan => ("vlan ", vlan()),
        Kind::ServiceTag => ("s-vlan ", vlan()),
        Kind::Mpls => ("mpls ", packet.u32(layer, 0).map(|n| n >> 12)),
        Kind::Vxlan => ("vxlan ", packet.u32(layer, 4).map(|n| n >> 8)),
        Kind::Geneve => ("geneve ", packet.u32(layer, 4).map(|n| n >> 8)),
        Kind::Gtp => ("gtp ", packet.u32(layer, 4)),
        Kind::Pppoe => ("pppoe ", packet.u16(layer, 2).map(u32::from)),
        Kind::Gre => ("gre", None),
        _ => return None,
    };
    (!layer.is_cut()).then_some(tag)
}

/// Why decoding stopped early, and whether the capture kept the whole frame.
pub(super) fn push_problem(out: &mut Buffer, packet: &Packet<'_>, paint: Paint) {
    let Some(problem) = packet.problem else {
        return;
    };
    paint.on(out, Role::Problem);
    push(out, "  [");
    match problem.why {
        Why::NotCaptured { needed, had } => {
            push(out, problem.kind.short());
            push(out, " cut by the snapshot length: ");
            push_counted(out, "", had);
            push_counted(out, " of at least ", needed);
            push(out, " bytes captured");
        }
        Why::TooShort { needed, had } => {
            push(out, "malformed ");
            push(out, problem.kind.short());
            push_counted(out, ": needs at least ", needed);
            push_counted(out, " bytes, has ", had);
        }
        Why::TooLong { claimed, room } => {
            push(out, problem.kind.short());
            push_counted(out, " claims ", claimed);
            push_counted(out, " bytes, there is room for ", room);
        }
        Why::Malformed(what) => {
            push(out, "malformed ");
            push(out, problem.kind.short());
            push(out, ": ");
            push(out, what);
        }
        Why::TooDeep => push(out, "nested too deep: the rest is not decoded"),
    }
    push(out, "]");
    paint.off(out);
}
