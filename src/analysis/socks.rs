//! What is reached through a SOCKS proxy: the handshake names the port (SOCKS 4; RFC 1928 and 1929 for version 5).
//!
//! Wireshark counts the connection inside as one of its own, so that a proxied connection takes two numbers.

use crate::decode::{Flow, Parts};

/// The port that proxies listen on (RFC 1928, 3).
pub(super) const PORT: u16 = 1080;

const VERSION_4: u8 = 4;
const VERSION_5: u8 = 5;
const CONNECT: u8 = 1;
/// SOCKS 4's reply is no more than a zero and this.
const GRANTED_4: [u8; 2] = [0, 90];
/// Methods of authentication (RFC 1928, 3): none, user name and password.
const WITHOUT: u8 = 0;
const BY_PASSWORD: u8 = 2;

/// How far the handshake of one connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Handshake {
    /// The client has not spoken yet.
    #[default]
    Silent,
    /// Version 4: the client asked for a port.
    Asked4(u16),
    /// Version 5: the client said how it can prove who it is.
    Greeted,
    /// The proxy wants a password, and is to say whether it is right.
    Proving,
    /// The client is to say where it wants to go.
    Ready,
    Asked5(u16),
    /// What passes from now on is for that port.
    Open(u16),
    /// No handshake, or one that goes no further.
    Other,
}

impl Handshake {
    /// Looks at a segment if it goes to a proxy or comes from one; returns the port that it is really for, once that is
    /// settled.
    #[inline]
    pub(super) fn look(&mut self, flow: &Flow, parts: &Parts<'_>) -> Option<u16> {
        // Spelled out: to search a slice takes five times as long, and every segment is looked at.
        let [low, high] = flow.key.ports();
        match low == PORT || high == PORT {
            true => self.listen(flow, parts),
            false => None,
        }
    }

    /// Not in place: few connections are a proxy's.
    #[inline(never)]
    fn listen(&mut self, flow: &Flow, parts: &Parts<'_>) -> Option<u16> {
        let packet = parts.packet();
        let data = packet.payload(flow.layer_of(&packet));
        self.segment(data, flow.key.ports()[1 - usize::from(flow.from)] == PORT)
    }

    /// The same of its data.
    fn segment(&mut self, data: &[u8], from_client: bool) -> Option<u16> {
        if data.is_empty() {
            return None;
        }
        *self = match (*self, from_client) {
            (Self::Open(port), _) => return Some(port),
            (Self::Silent, true) => match *data {
                [VERSION_4, CONNECT, high, low, ..] => {
                    Self::Asked4(u16::from_be_bytes([high, low]))
                }
                [VERSION_5, _, ..] => Self::Greeted,
                _ => Self::Other,
            },
            (Self::Silent, false) => Self::Other,
            (Self::Asked4(port), false) => match data.starts_with(&GRANTED_4) {
                true => Self::Open(port),
                false => Self::Other,
            },
            (Self::Greeted, false) => match *data {
                [VERSION_5, WITHOUT, ..] => Self::Ready,
                [VERSION_5, BY_PASSWORD, ..] => Self::Proving,
                _ => Self::Other,
            },
            (Self::Proving, false) => Self::Ready,
            (Self::Ready, true) => asked_port(data).map_or(Self::Other, Self::Asked5),
            (Self::Asked5(port), false) => Self::Open(port),
            (waiting, _) => waiting,
        };
        None
    }
}

/// The port in a request of version 5: command, a reserved octet, then the address by its type (RFC 1928, 4 and 5).
fn asked_port(request: &[u8]) -> Option<u16> {
    const ADDRESS: usize = 4;
    let address_len = match *request {
        [VERSION_5, CONNECT, _, 1, ..] => 4,
        [VERSION_5, CONNECT, _, 3, len, ..] => 1 + usize::from(len),
        [VERSION_5, CONNECT, _, 4, ..] => 16,
        _ => return None,
    };
    crate::bytes::be16(request, ADDRESS + address_len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The port that the last of some segments is for. Those of the client start with `>`.
    fn after(segments: &[&[u8]]) -> Option<u16> {
        let mut handshake = Handshake::default();
        let mut found = None;
        for segment in segments {
            let (data, from_client) = match segment {
                [b'>', data @ ..] => (data, true),
                data => (*data, false),
            };
            found = handshake.segment(data, from_client);
        }
        found
    }

    #[test]
    fn the_port_is_known_once_the_proxy_agreed() {
        let v4: [&[u8]; 3] = [
            b">\x04\x01\0\x50\x0a\0\0\x01\0",
            b"\0\x5a\0\0\0\0\0\0",
            b">GET",
        ];
        assert_eq!(after(&v4), Some(80));
        assert_eq!(after(&v4[..2]), None, "the answer itself is the proxy's");
        let refused: [&[u8]; 3] = [v4[0], b"\0\x5b\0\0\0\0\0\0", v4[2]];
        assert_eq!(after(&refused), None);
        let v5: [&[u8]; 6] = [
            b">\x05\x01\0",
            b"\x05\0",
            b">\x05\x01\0\x03\x05ab.cd\x01\xbb",
            b"\x05\0\0\x01\0\0\0\0\0\0",
            b"",
            b"hello",
        ];
        assert_eq!(after(&v5), Some(443));
        let with_password: [&[u8]; 7] = [
            b">\x05\x02\0\x02",
            b"\x05\x02",
            b">\x01\x01u\x01p",
            b"\x01\0",
            b">\x05\x01\0\x01\x0a\0\0\x01\x1f\x90",
            b"\x05\0\0\x01\0\0\0\0\0\0",
            b">data",
        ];
        assert_eq!(after(&with_password), Some(8080));
    }

    #[test]
    fn anything_else_on_the_port_is_let_be() {
        assert_eq!(after(&[b">GET / HTTP/1.1", b"HTTP/1.1 200", b">x"]), None);
        assert_eq!(after(&[b">\x05\x01\0", b"\x05\xff", b">x", b"y"]), None);
        assert_eq!(
            after(&[
                b">\x05\x01\0",
                b"\x05\0",
                b">\x05\x01\0\x03\xff",
                b"y",
                b">z"
            ]),
            None
        );
    }
}
