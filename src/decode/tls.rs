//! The start of TLS records: what is not encrypted (RFC 8446, RFC 6066 for the server name).

use crate::bytes::be16;

const RECORD_HEADER: usize = 5;
const HANDSHAKE: u8 = 22;
pub const CLIENT_HELLO: u8 = 1;
pub const SERVER_HELLO: u8 = 2;
/// A record holds at most 2^14 bytes, and some more when encrypted.
const LARGEST: u16 = (1 << 14) + 2048;

/// Whether the data can start a record: its type, version and length are ones there are.
pub fn starts_record(data: &[u8]) -> bool {
    matches!(data, [20..=24, 3, 0..=4, ..]) && be16(data, 3).is_none_or(|len| len <= LARGEST)
}

/// Stricter, for guessing: a handshake's first record.
pub fn starts_handshake(data: &[u8]) -> bool {
    starts_record(data)
        && data[0] == HANDSHAKE
        && matches!(data.get(RECORD_HEADER), Some(&CLIENT_HELLO | &SERVER_HELLO))
}

/// The first record's content type.
pub fn content_type(data: &[u8]) -> Option<u8> {
    starts_record(data).then(|| data[0])
}

/// The first handshake message's type; none where the record is another or encrypted.
pub fn handshake_type(data: &[u8]) -> Option<u8> {
    if content_type(data)? != HANDSHAKE {
        return None;
    }
    data.get(RECORD_HEADER)
        .copied()
        .filter(|kind| matches!(kind, 0 | 1 | 2 | 4 | 8 | 11..=16 | 20))
}

/// The name of a server that a client asks for.
pub fn server_name(data: &[u8]) -> Option<&[u8]> {
    const SERVER_NAME: u16 = 0;
    let extension = extension(data, CLIENT_HELLO, SERVER_NAME)?;
    // A list's length, a name's type and length.
    let len = usize::from(be16(extension, 3)?);
    extension.get(5..5 + len)
}

/// The version of a hello, as it is really meant: since TLS 1.3 an extension says so. Of those a client offers, the first.
pub fn version(data: &[u8]) -> Option<u16> {
    const SUPPORTED_VERSIONS: u16 = 43;
    let stated = be16(data, RECORD_HEADER + 4)?;
    let meant = match handshake_type(data)? {
        CLIENT_HELLO => {
            let offered = extension(data, CLIENT_HELLO, SUPPORTED_VERSIONS);
            offered.and_then(|list| list.get(1..)).and_then(|list| {
                let mut versions = list
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                versions.find(|version| !is_grease(*version))
            })
        }
        SERVER_HELLO => {
            extension(data, SERVER_HELLO, SUPPORTED_VERSIONS).and_then(|chosen| be16(chosen, 0))
        }
        _ => return None,
    };
    Some(meant.unwrap_or(stated))
}

/// Values that mean nothing, sent so that servers stay tolerant (RFC 8701).
fn is_grease(value: u16) -> bool {
    value & 0x0f0f == 0x0a0a
}

/// The content of an extension of a hello; none where what was captured ends before it.
fn extension(data: &[u8], hello: u8, wanted: u16) -> Option<&[u8]> {
    const RANDOM_END: usize = RECORD_HEADER + 4 + 2 + 32;
    if handshake_type(data)? != hello {
        return None;
    }
    // Session identifier, then what is offered or chosen, each with its length.
    let mut at = RANDOM_END + 1 + usize::from(*data.get(RANDOM_END)?);
    if hello == CLIENT_HELLO {
        at += 2 + usize::from(be16(data, at)?);
        at += 1 + usize::from(*data.get(at)?);
    } else {
        at += 3;
    }
    let mut rest = data.get(at + 2..)?;
    loop {
        let (kind, len) = (be16(rest, 0)?, usize::from(be16(rest, 2)?));
        let content = rest.get(4..4 + len)?;
        if kind == wanted {
            return Some(content);
        }
        rest = &rest[4 + len..];
    }
}

pub fn version_name(version: u16) -> Option<&'static str> {
    Some(match version {
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        _ => return None,
    })
}
