//! What switches and routers tell their neighbors on the link: LLDP (IEEE 802.1AB) and Cisco's CDP, both lists of kind,
//! length and value.

use crate::bytes::be16;

/// LLDP's kinds of value.
pub mod lldp_kind {
    pub const CHASSIS: u8 = 1;
    pub const PORT: u8 = 2;
    pub const TIME_TO_LIVE: u8 = 3;
    pub const SYSTEM_NAME: u8 = 5;
}

/// CDP's.
pub mod cdp_kind {
    pub const DEVICE: u16 = 1;
    pub const PORT: u16 = 3;
    pub const PLATFORM: u16 = 6;
}

/// Each value of an LLDP message with its kind, up to the end mark.
pub fn lldp(message: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    const END: u8 = 0;
    const LENGTH: u16 = 0x01ff;
    let mut rest = message;
    std::iter::from_fn(move || {
        // Seven bits of kind, nine of length.
        let word = be16(rest, 0)?;
        let value = rest.get(2..2 + usize::from(word & LENGTH))?;
        rest = &rest[2 + value.len()..];
        let kind = (word >> 9) as u8;
        (kind != END).then_some((kind, value))
    })
}

/// The first value of a kind.
pub fn lldp_value(message: &[u8], wanted: u8) -> Option<&[u8]> {
    lldp(message)
        .find(|(kind, _)| *kind == wanted)
        .map(|(_, value)| value)
}

/// Each value of a CDP message with its kind.
pub fn cdp(message: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    const MESSAGE_HEADER: usize = 4;
    const HEADER: usize = 4;
    let mut rest = message.get(MESSAGE_HEADER..).unwrap_or_default();
    std::iter::from_fn(move || {
        let len = usize::from(be16(rest, 2)?);
        let value = rest.get(HEADER..len)?;
        let kind = be16(rest, 0)?;
        rest = &rest[len..];
        Some((kind, value))
    })
}

/// The first value of a kind.
pub fn cdp_value(message: &[u8], wanted: u16) -> Option<&[u8]> {
    cdp(message)
        .find(|(kind, _)| *kind == wanted)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_bad_lengths_end_the_list() {
        let message = b"\x02\x07\x04\x02\0\0\0\0\x01\x06\x02\0\x78\x0a\x03sw1\0\0";
        assert_eq!(
            lldp_value(message, lldp_kind::SYSTEM_NAME),
            Some(&b"sw1"[..])
        );
        assert_eq!(lldp_value(&message[..12], lldp_kind::TIME_TO_LIVE), None);
        let message = b"\x02\xb4\0\0\0\x01\0\x07sw1\0\x03\0\x03";
        assert_eq!(cdp_value(message, cdp_kind::DEVICE), Some(&b"sw1"[..]));
        assert_eq!(cdp(message).count(), 1, "a length under its own header");
    }
}
