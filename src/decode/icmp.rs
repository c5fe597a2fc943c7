//! The Internet Control Message Protocols: version 4 (RFC 792) and 6 (RFC 4443), the latter with
//! neighbor discovery (RFC 4861).

use super::walk::{Next, Span, Walk};
use super::{Kind, Layer, Packet, flow, link};
use crate::bytes;

/// Type, code, checksum and four bytes that depend on the type.
const HEADER: usize = 8;

pub(super) fn icmp(walk: &mut Walk<'_>, span: Span) -> Next {
    /// Destination unreachable, source quench, redirect, time exceeded, parameter problem.
    const ERRORS: [u8; 5] = [3, 4, 5, 11, 12];
    flow::icmp(walk, true, walk.rest(span), span.len());
    message(walk, Kind::Icmp, span, |kind| ERRORS.contains(&kind))
}

pub(super) fn icmpv6(walk: &mut Walk<'_>, span: Span) -> Next {
    const ECHO: [u8; 2] = [128, 129];
    /// Informational messages have the high bit set.
    const FIRST_INFORMATIONAL: u8 = 128;
    flow::icmp(walk, false, walk.rest(span), span.len());
    match walk.rest(span).first() {
        Some(&REDIRECT_V6) => redirect(walk, span),
        // Neighbor discovery, multicast listener and others: the message is all fields and options.
        Some(kind) if *kind >= FIRST_INFORMATIONAL && !ECHO.contains(kind) => {
            if !walk.has(Kind::Icmpv6, span, HEADER) {
                return Next::STOP;
            }
            link::whole(walk, Kind::Icmpv6, span)
        }
        _ => message(walk, Kind::Icmpv6, span, |kind| kind < FIRST_INFORMATIONAL),
    }
}

/// A header, then data, or in an error the start of the packet that caused it.
fn message(walk: &mut Walk<'_>, kind: Kind, span: Span, is_error: impl Fn(u8) -> bool) -> Next {
    if !walk.has(kind, span, HEADER) {
        return Next::STOP;
    }
    let message_type = walk.rest(span)[0];
    let payload = walk.layer(kind, span, HEADER);
    if is_error(message_type) && !walk.rest(payload).is_empty() {
        walk.context.set_quoted();
        return Next::ip(payload);
    }
    Next::data(payload)
}

/// The better router and the target, then options; the last of them quotes the packet that it is about
/// (RFC 4861, 4.5 and 4.6.3).
fn redirect(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 40;
    const REDIRECTED: u8 = 4;
    const BEFORE_PACKET: usize = 8;
    if !walk.has(Kind::Icmpv6, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let mut at = FIXED;
    while let Some([kind, units]) = bytes::chunk(rest, at) {
        let end = at + 8 * usize::from(units.max(1));
        let packet = at + BEFORE_PACKET;
        if kind == REDIRECTED && packet < rest.len() && packet < end {
            let quoted = walk.layer(Kind::Icmpv6, span, packet);
            walk.context.set_quoted();
            return Next::ip(quoted.limit(end - packet));
        }
        at = end;
    }
    link::whole(walk, Kind::Icmpv6, span)
}

pub const ECHO_REPLY: u8 = 0;
pub const ECHO_REQUEST: u8 = 8;
pub const PARAMETER_PROBLEM_V6: u8 = 4;
pub const ECHO_REQUEST_V6: u8 = 128;
pub const ECHO_REPLY_V6: u8 = 129;
pub const ROUTER_SOLICITATION: u8 = 133;
pub const ROUTER_ADVERTISEMENT: u8 = 134;
pub const NEIGHBOR_SOLICITATION: u8 = 135;
pub const NEIGHBOR_ADVERTISEMENT: u8 = 136;
pub const REDIRECT_V6: u8 = 137;
pub const LISTENER_REPORT_V2: u8 = 143;

/// What a report says of each group: joined, left, or with which sources (RFC 3376, 4.2; RFC 3810, 5.2).
/// `N` is the length of an address. Gives the record's type and the group.
pub fn group_records<const N: usize>(report: &[u8]) -> impl Iterator<Item = (u8, [u8; N])> {
    const HEADER: usize = 8;
    const RECORD: usize = 4;
    let mut rest = report.get(HEADER..).unwrap_or_default();
    let count = bytes::be16(report, 6).unwrap_or(0);
    (0..count).map_while(move |_| {
        let [kind, auxiliary] = bytes::chunk(rest, 0)?;
        let sources = usize::from(bytes::be16(rest, 2)?);
        let group = bytes::chunk(rest, RECORD)?;
        let len = RECORD + N + N * sources + 4 * usize::from(auxiliary);
        rest = rest.get(len..).unwrap_or_default();
        Some((kind, group))
    })
}

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
