//! The Internet Control Message Protocols: version 4 (RFC 792) and 6 (RFC 4443), the latter with
//! neighbor discovery (RFC 4861).

use super::walk::{Next, Span, Walk};
use super::{Kind, Layer, Packet, link};

/// Type, code, checksum and four bytes that depend on the type.
const HEADER: usize = 8;

pub(super) fn icmp(walk: &mut Walk<'_>, span: Span) -> Next {
    /// Destination unreachable, source quench, redirect, time exceeded, parameter problem.
    const ERRORS: [u8; 5] = [3, 4, 5, 11, 12];
    message(walk, Kind::Icmp, span, |kind| ERRORS.contains(&kind))
}

pub(super) fn icmpv6(walk: &mut Walk<'_>, span: Span) -> Next {
    const ECHO: [u8; 2] = [128, 129];
    /// Informational messages have the high bit set.
    const FIRST_INFORMATIONAL: u8 = 128;
    match walk.rest(span).first() {
        // Neighbor discovery, multicast listener and others: the message is all fields and options.
        Some(kind) if *kind >= FIRST_INFORMATIONAL && !ECHO.contains(kind) => {
            if !walk.has(Kind::Icmpv6, span, HEADER) {
                return Next::Stop;
            }
            link::whole(walk, Kind::Icmpv6, span)
        }
        _ => message(walk, Kind::Icmpv6, span, |kind| kind < FIRST_INFORMATIONAL),
    }
}

/// A header, then data, or in an error the start of the packet that caused it.
fn message(walk: &mut Walk<'_>, kind: Kind, span: Span, is_error: impl Fn(u8) -> bool) -> Next {
    if !walk.has(kind, span, HEADER) {
        return Next::Stop;
    }
    let message_type = walk.rest(span)[0];
    let payload = walk.layer(kind, span, HEADER);
    if is_error(message_type) && !walk.rest(payload).is_empty() {
        walk.quoted = true;
        return Next::Ip(payload);
    }
    Next::Data(payload)
}

pub const ECHO_REPLY: u8 = 0;
pub const ECHO_REQUEST: u8 = 8;
pub const ECHO_REQUEST_V6: u8 = 128;
pub const ECHO_REPLY_V6: u8 = 129;
pub const ROUTER_SOLICITATION: u8 = 133;
pub const ROUTER_ADVERTISEMENT: u8 = 134;
pub const NEIGHBOR_SOLICITATION: u8 = 135;
pub const NEIGHBOR_ADVERTISEMENT: u8 = 136;
pub const REDIRECT_V6: u8 = 137;

/// The MAC address in a neighbor discovery message's source or target link-layer address option (RFC 4861, 4.6.1).
pub fn link_address(packet: &Packet<'_>, layer: &Layer) -> Option<[u8; 6]> {
    const SOURCE: u8 = 1;
    const TARGET: u8 = 2;
    let mut options = match packet.u8(layer, 0)? {
        ROUTER_SOLICITATION => packet.header(layer).get(8..)?,
        ROUTER_ADVERTISEMENT => packet.header(layer).get(16..)?,
        NEIGHBOR_SOLICITATION | NEIGHBOR_ADVERTISEMENT => packet.header(layer).get(24..)?,
        REDIRECT_V6 => packet.header(layer).get(40..)?,
        _ => return None,
    };
    // Kind, length in units of eight bytes, content.
    while let [kind, units, content @ ..] = options {
        if matches!(*kind, SOURCE | TARGET) {
            return content.first_chunk().copied();
        }
        options = options.get(8 * usize::from((*units).max(1))..)?;
    }
    None
}
