//! The Internet Protocol, version 4 (RFC 791).

use etherparse::Ipv4HeaderSlice;
use etherparse::err::ipv4::{HeaderError, HeaderSliceError};

use super::flow::{self, Network};
use super::walk::{Next, Span, Walk};
use super::{Kind, Why};

/// Always in place: most frames have one, and its only usual caller does nothing else.
#[inline(always)]
pub(super) fn ipv4(walk: &mut Walk<'_>, span: Span) -> Next {
    let header = match Ipv4HeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => header,
        Err(HeaderSliceError::Len(error)) => return walk.short(Kind::Ipv4, span, &error),
        Err(HeaderSliceError::Content(HeaderError::UnexpectedVersion { .. })) => {
            return walk.malformed(Kind::Ipv4, span, 1, "the version is not 4");
        }
        Err(HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { .. })) => {
            return walk.malformed(Kind::Ipv4, span, 1, "the header length is under 20 bytes");
        }
    };
    let header_len = header.slice().len();
    let total_len = usize::from(header.total_len());
    let packet = match total_len {
        // Left for the network card to fill in when it cuts a large packet up (segmentation offload).
        0 => span,
        shorter if shorter < header_len => {
            const UP_TO_TOTAL_LENGTH: usize = 4;
            return walk.malformed(
                Kind::Ipv4,
                span,
                UP_TO_TOTAL_LENGTH,
                "the total length is shorter than the header",
            );
        }
        _ => span.limit(total_len),
    };
    walk.check_len(Kind::Ipv4, span, total_len);
    let protocol = header.protocol().0;
    let offset = header.fragments_offset().value();
    let is_fragment = header.more_fragments() || offset > 0;
    walk.begin_packet(span, is_fragment, total_len);
    walk.network = Network::v4(header.slice(), packet.len());
    let payload = walk.layer(Kind::Ipv4, packet, header_len);
    const LARGEST_PACKET: usize = 65_535;
    if 8 * usize::from(offset) + payload.len() > LARGEST_PACKET {
        let why = Why::Malformed("the fragment ends beyond 65,535 bytes");
        walk.problem(Kind::Ipv4, span, why);
    }
    if is_fragment {
        let packet = (protocol.into(), header.identification());
        flow::fragment(walk, packet, offset == 0, payload.len());
    }
    if offset > 0 {
        return Next::data(payload);
    }
    Next::ip_protocol(protocol, payload)
}
