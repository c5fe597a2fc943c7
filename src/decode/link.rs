//! What a frame starts with, by the link it was captured on; and protocols that are nothing but a link's own.

use etherparse::MacsecHeaderSlice;
use etherparse::err::macsec::HeaderSliceError;

use super::walk::{Next, Span, Walk};
use super::{Kind, cooked, lan, ppp, wlan};
use crate::frame::LinkType;

/// Reads the outermost header, or says what the frame starts with.
#[inline]
pub(super) fn start(walk: &mut Walk<'_>, link: LinkType, span: Span) -> Next {
    match link {
        LinkType::ETHERNET => Next::ethernet(span),
        other => start_other(walk, other, span),
    }
}

fn start_other(walk: &mut Walk<'_>, link: LinkType, span: Span) -> Next {
    match link {
        LinkType::RAW
        | LinkType::RAW_BSD
        | LinkType::RAW_OPENBSD
        | LinkType::IPV4
        | LinkType::IPV6 => Next::ip(span),
        LinkType::LINUX_SLL => cooked::sll(walk, span),
        LinkType::LINUX_SLL2 => cooked::sll2(walk, span),
        LinkType::NULL | LinkType::LOOP => cooked::null(walk, span),
        LinkType::PPP | LinkType::PPP_HDLC => Next::ppp(span),
        LinkType::PPP_ETHER => ppp::pppoe(walk, Kind::Pppoe, span),
        LinkType::C_HDLC => cooked::chdlc(walk, span),
        LinkType::FRELAY => cooked::frame_relay(walk, span),
        LinkType::IEEE802_11 => wlan::ieee80211(walk, span),
        LinkType::IEEE802_11_RADIOTAP => wlan::radiotap(walk, span),
        LinkType::PRISM | LinkType::IEEE802_11_AVS => wlan::prism(walk, span),
        LinkType::PPI => wlan::ppi(walk, span),
        LinkType::TOKEN_RING => lan::token_ring(walk, span),
        LinkType::FDDI => lan::fddi(walk, span),
        LinkType::ARCNET => lan::arcnet(walk, span),
        LinkType::ARCNET_LINUX => lan::arcnet_linux(walk, span),
        LinkType::NFLOG => cooked::nflog(walk, span),
        LinkType::ATM_RFC1483 => Next::llc(span),
        LinkType::PPP_WITH_DIR => Next::ppp(span.after(1)),
        _ => Next::data(span),
    }
}

/// A protocol whose whole message is its header.
pub(super) fn whole(walk: &mut Walk<'_>, kind: Kind, span: Span) -> Next {
    let captured = walk.rest(span).len();
    walk.layer(kind, span, captured);
    Next::STOP
}

/// IEEE 802.1AE: what follows is readable only where it is authenticated, not encrypted.
pub(super) fn macsec(walk: &mut Walk<'_>, span: Span) -> Next {
    let header = match MacsecHeaderSlice::from_slice(walk.rest(span)) {
        Ok(header) => header,
        Err(HeaderSliceError::Len(error)) => return walk.short(Kind::Macsec, span, &error),
        Err(HeaderSliceError::Content(_)) => {
            return walk.malformed(Kind::Macsec, span, 1, "the version is not 0");
        }
    };
    let length = header.slice().len();
    // An unmodified payload's type is read as part of the header.
    match header.next_ether_type() {
        Some(next) => {
            let payload = walk.layer(Kind::Macsec, span, length);
            Next::ether_type(next.0, payload)
        }
        None => Next::data(walk.layer(Kind::Macsec, span, length)),
    }
}
