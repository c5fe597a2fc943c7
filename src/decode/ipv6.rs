//! The Internet Protocol, version 6, and its extension headers (RFC 8200).

use etherparse::err::ip_auth::HeaderSliceError as AuthError;
use etherparse::err::ipv6::HeaderSliceError;
use etherparse::{
    IpAuthHeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice,
};

use super::Kind;
use super::flow::{self, Network};
use super::walk::{Next, Span, Walk};

const HEADER: usize = 40;
/// What a packet whose length does not fit its field starts with: hop-by-hop options, TCP, UDP.
const MAY_BE_LARGER: [u8; 3] = [0, 6, 17];

pub(super) fn ipv6(walk: &mut Walk<'_>, span: Span) -> Next {
    let header = match Ipv6HeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => header,
        Err(HeaderSliceError::Len(error)) => return walk.short(Kind::Ipv6, span, &error),
        Err(HeaderSliceError::Content(_)) => {
            return walk.malformed(Kind::Ipv6, span, 1, "the version is not 6");
        }
    };
    let next = header.next_header().0;
    let packet = match usize::from(header.payload_length()) {
        // A jumbogram (RFC 2675), or left for the network card to fill in.
        0 if MAY_BE_LARGER.contains(&next) => span,
        length => span.limit(HEADER + length),
    };
    let claimed = HEADER + usize::from(header.payload_length());
    walk.check_len(Kind::Ipv6, span, claimed);
    walk.begin_packet(span, false, claimed);
    walk.network = Network::v6(header.slice(), packet.len());
    let payload = walk.layer(Kind::Ipv6, packet, HEADER);
    Next::ip_protocol(next, payload)
}

/// Hop-by-hop options, routing, destination options: next header, length in units of 8 bytes, content.
pub(super) fn extension(walk: &mut Walk<'_>, kind: Kind, span: Span) -> Next {
    match Ipv6RawExtHeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => {
            let (next, len) = (header.next_header().0, header.slice().len());
            if kind == Kind::Routing {
                walk.network.route(header.slice());
            }
            Next::ip_protocol(next, walk.layer(kind, span, len))
        }
        Err(error) => walk.short(kind, span, &error),
    }
}

pub(super) fn fragment(walk: &mut Walk<'_>, span: Span) -> Next {
    match Ipv6FragmentHeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => {
            let (next, len) = (header.next_header().0, header.slice().len());
            let first = header.fragment_offset().value() == 0;
            let is_fragment = header.is_fragmenting_payload();
            if is_fragment {
                walk.begin_packet(span, true, 0);
            }
            let payload = walk.layer(Kind::Fragment, span, len);
            if is_fragment {
                let id = header.identification();
                let packet = ((id >> 16) as u16, id as u16);
                flow::fragment(walk, packet, first, payload.len());
            }
            if first {
                Next::ip_protocol(next, payload)
            } else {
                Next::data(payload)
            }
        }
        Err(error) => walk.short(Kind::Fragment, span, &error),
    }
}

/// The authentication header (RFC 4302), for either version of IP.
pub(super) fn authentication(walk: &mut Walk<'_>, span: Span) -> Next {
    match IpAuthHeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => {
            let (next, len) = (header.next_header().0, header.slice().len());
            Next::ip_protocol(next, walk.layer(Kind::Ah, span, len))
        }
        Err(AuthError::Len(error)) => walk.short(Kind::Ah, span, &error),
        // A length of zero is two words short of the truth: there is nothing to authenticate with.
        Err(AuthError::Content(_)) => {
            const WITHOUT_VALUE: usize = 8;
            if !walk.has(Kind::Ah, span, WITHOUT_VALUE) {
                return Next::STOP;
            }
            let next = walk.rest(span)[0];
            Next::ip_protocol(next, walk.layer(Kind::Ah, span, WITHOUT_VALUE))
        }
    }
}
