//! The User Datagram Protocol (RFC 768), and what is carried in it under a port that says so.

use etherparse::UdpHeaderSlice;

use super::walk::{Next, Span, Walk};
use super::{Kind, application, checksum, flow, tunnel};

/// Its number in an IP header.
pub(super) const UDP: u8 = 17;
const HEADER: usize = 8;
/// Ports of the tunnels that are looked into (RFC 7348 and its extension, RFC 8926, 3GPP TS 29.281, RFC 4380, RFC 8086, RFC 7510).
const VXLAN: u16 = 4789;
const VXLAN_GPE: u16 = 4790;
const GENEVE: u16 = 6081;
const GTP_USER: u16 = 2152;
const TEREDO: u16 = 3544;
const GRE_IN_UDP: u16 = 4754;
const MPLS_IN_UDP: u16 = 6635;

#[inline]
pub(super) fn udp(walk: &mut Walk<'_>, span: Span) -> Next {
    let header = match UdpHeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => header,
        Err(error) => return walk.short(Kind::Udp, span, &error),
    };
    let ports = (header.source_port(), header.destination_port());
    let datagram = match usize::from(header.length()) {
        // More than 65,535 bytes (RFC 2675), or left for the network card to fill in.
        0 => span,
        length if length < HEADER => {
            const UP_TO_LENGTH: usize = 6;
            return walk.malformed(Kind::Udp, span, UP_TO_LENGTH, "the length is under 8 bytes");
        }
        length => span.limit(length),
    };
    walk.check_len(Kind::Udp, span, header.length().into());
    checksum::look(walk, UDP, datagram, header.checksum());
    flow::udp(walk, header.slice(), datagram.len().saturating_sub(HEADER));
    let payload = walk.layer(Kind::Udp, datagram, HEADER);
    match ports {
        (_, VXLAN) => tunnel::vxlan(walk, payload),
        (_, VXLAN_GPE) => tunnel::vxlan_gpe(walk, payload),
        (_, GENEVE) => tunnel::geneve(walk, payload),
        (_, GTP_USER) | (GTP_USER, _) => tunnel::gtp(walk, payload),
        (_, TEREDO) | (TEREDO, _) => tunnel::teredo(walk, payload),
        (_, GRE_IN_UDP) | (GRE_IN_UDP, _) => tunnel::gre(walk, payload),
        (_, MPLS_IN_UDP) | (MPLS_IN_UDP, _) => tunnel::mpls(walk, payload),
        _ => application::over_udp(walk, ports, payload),
    }
}
