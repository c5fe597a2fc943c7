//! Ethernet II and IEEE 802.3 framing, and VLAN tags (IEEE 802.1Q).

use etherparse::{Ethernet2HeaderSlice, SingleVlanHeaderSlice};

use super::kind::Kind;
use super::walk::{Next, Span, Walk};

/// Up to here the field behind the addresses is a length, not a type (IEEE 802.3, 3.2.6).
const LARGEST_LENGTH: u16 = 1500;

pub(super) fn ethernet(walk: &mut Walk<'_>, span: Span) -> Next {
    let header = match Ethernet2HeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => header,
        Err(error) => return walk.short(Kind::Ethernet, span, &error),
    };
    let field = header.ether_type().0;
    let kind = if is_length(field) {
        Kind::Ieee8023
    } else {
        Kind::Ethernet
    };
    let payload = walk.layer(kind, span, header.slice().len());
    length_or_type(walk, field, payload)
}

/// One tag: its control information, then a length or type for what follows.
pub(super) fn vlan(walk: &mut Walk<'_>, kind: Kind, span: Span) -> Next {
    let tag = match SingleVlanHeaderSlice::from_slice(walk.rest(span)) {
        Ok(tag) => tag,
        Err(error) => return walk.short(kind, span, &error),
    };
    let field = tag.ether_type().0;
    let payload = walk.layer(kind, span, tag.slice().len());
    length_or_type(walk, field, payload)
}

fn is_length(field: u16) -> bool {
    (1..=LARGEST_LENGTH).contains(&field)
}

pub(super) fn length_or_type(walk: &Walk<'_>, field: u16, payload: Span) -> Next {
    if !is_length(field) {
        return Next::ether_type(field, payload);
    }
    let payload = payload.limit(field as usize);
    // Novell put IPX straight behind the length, without LLC; its checksum is always ffff.
    if walk.rest(payload).starts_with(&[0xff, 0xff]) {
        return Next::data(payload);
    }
    Next::llc(payload)
}
