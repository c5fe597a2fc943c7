//! The Dynamic Host Configuration Protocol (RFC 2131) and its options (RFC 2132).

use crate::bytes::chunk;

const OPTIONS: usize = 240;
const MAGIC_AT: usize = 236;
const MAGIC: [u8; 4] = [99, 130, 83, 99];

pub mod option {
    pub const HOST_NAME: u8 = 12;
    pub const REQUESTED_ADDRESS: u8 = 50;
    pub const LEASE_TIME: u8 = 51;
    pub const MESSAGE_TYPE: u8 = 53;
    pub const SERVER: u8 = 54;
}

/// A message, from its operation on.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a>(pub &'a [u8]);

impl<'a> Message<'a> {
    /// The address the client gets.
    pub fn your_address(self) -> Option<[u8; 4]> {
        chunk(self.0, 16)
    }

    pub fn client_mac(self) -> Option<[u8; 6]> {
        chunk(self.0, 28)
    }

    /// The content of the first option of a kind.
    pub fn option(self, kind: u8) -> Option<&'a [u8]> {
        const PAD: u8 = 0;
        const END: u8 = 255;
        if chunk(self.0, MAGIC_AT)? != MAGIC {
            return None;
        }
        let mut rest = self.0.get(OPTIONS..)?;
        loop {
            match *rest {
                [PAD, ref behind @ ..] => rest = behind,
                [END, ..] => return None,
                [code, len, ref behind @ ..] => {
                    let content = behind.get(..usize::from(len))?;
                    if code == kind {
                        return Some(content);
                    }
                    rest = &behind[content.len()..];
                }
                _ => return None,
            }
        }
    }

    /// An option that is an IPv4 address.
    pub fn address(self, kind: u8) -> Option<[u8; 4]> {
        chunk(self.option(kind)?, 0)
    }

    pub fn message_type(self) -> Option<u8> {
        self.option(option::MESSAGE_TYPE)?.first().copied()
    }
}

/// RFC 2132, 9.6.
pub fn type_name(message_type: u8) -> &'static str {
    match message_type {
        1 => "DISCOVER",
        2 => "OFFER",
        3 => "REQUEST",
        4 => "DECLINE",
        5 => "ACK",
        6 => "NAK",
        7 => "RELEASE",
        8 => "INFORM",
        _ => "message",
    }
}
