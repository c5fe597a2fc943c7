//! MQTT's control packets (OASIS MQTT 3.1.1 and 5.0): what each is, which topic it is about.

use crate::bytes::{be16, chunk};

pub const CONNECT: u8 = 1;
pub const PUBLISH: u8 = 3;
const RELEASE: u8 = 6;
pub const SUBSCRIBE: u8 = 8;
pub const UNSUBSCRIBE: u8 = 10;

/// A control packet: its kind, and what follows its length, as far as it was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlPacket<'a> {
    pub kind: u8,
    body: &'a [u8],
}

/// The packets in a segment, the last perhaps cut.
pub fn packets(data: &[u8]) -> impl Iterator<Item = ControlPacket<'_>> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (first, behind) = rest.split_first()?;
        // Four bits are fixed for each kind but one: other values are the middle of something (2.2.2).
        let fixed = match first >> 4 {
            PUBLISH => first & 0x0f,
            RELEASE | SUBSCRIBE | UNSUBSCRIBE => 2,
            0 => return None,
            _ => 0,
        };
        if first & 0x0f != fixed {
            return None;
        }
        let (len, body) = variable(behind)?;
        let (body, next) = body.split_at(len.min(body.len()));
        rest = next;
        Some(ControlPacket {
            kind: first >> 4,
            body,
        })
    })
}

/// A number of up to four octets, seven bits each, lowest first (2.2.3).
fn variable(data: &[u8]) -> Option<(usize, &[u8])> {
    const MORE: u8 = 0x80;
    const LONGEST: usize = 4;
    let len = data
        .iter()
        .take(LONGEST)
        .position(|octet| octet & MORE == 0)?
        + 1;
    let (octets, rest) = data.split_at(len);
    let number = octets
        .iter()
        .rev()
        .fold(0, |n, octet| n << 7 | usize::from(octet & !MORE));
    Some((number, rest))
}

fn string(data: &[u8]) -> Option<&[u8]> {
    data.get(2..2 + usize::from(be16(data, 0)?))
}

impl<'a> ControlPacket<'a> {
    /// What is published, or each of what is asked for.
    pub fn topics(self) -> impl Iterator<Item = &'a [u8]> {
        // A wish for a topic has an octet of options behind it.
        let behind = usize::from(self.kind == SUBSCRIBE);
        let mut rest = self.about();
        let only_one = self.kind == PUBLISH;
        std::iter::from_fn(move || {
            let topic = string(rest)?;
            let next = rest.get(2 + topic.len() + behind..);
            rest = next.filter(|_| !only_one).unwrap_or_default();
            Some(topic)
        })
    }

    /// What is behind the packet's number and properties.
    fn about(self) -> &'a [u8] {
        const IDENTIFIER: usize = 2;
        match self.kind {
            PUBLISH => self.body,
            SUBSCRIBE | UNSUBSCRIBE => {
                let rest = self.body.get(IDENTIFIER..).unwrap_or_default();
                // Version 5 has properties before it; without them it starts with a zero, which no topic's length does.
                match string(rest).filter(|topic| !topic.is_empty()) {
                    Some(_) => rest,
                    None => {
                        let (len, behind) = variable(rest).unwrap_or_default();
                        behind.get(len..).unwrap_or_default()
                    }
                }
            }
            _ => &[],
        }
    }

    /// The name that a client gives itself when it connects.
    pub fn client(self) -> Option<&'a [u8]> {
        const FLAGS_AND_KEEP_ALIVE: usize = 3;
        const VERSION_5: u8 = 5;
        if self.kind != CONNECT {
            return None;
        }
        let protocol = string(self.body)?;
        let at = 2 + protocol.len();
        let [version] = chunk(self.body, at)?;
        let mut rest = self.body.get(at + 1 + FLAGS_AND_KEEP_ALIVE..)?;
        if version == VERSION_5 {
            let (len, behind) = variable(rest)?;
            rest = behind.get(len..)?;
        }
        string(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_follow_each_other_in_one_segment() {
        let segment = b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03abc\x30\x08\0\x04a/b!21\xc0\0";
        let found: Vec<_> = packets(segment).collect();
        let kinds: Vec<_> = found.iter().map(|packet| packet.kind).collect();
        assert_eq!(kinds, [CONNECT, PUBLISH, 12]);
        assert_eq!(found[0].client(), Some(&b"abc"[..]));
        assert_eq!(found[1].topics().next(), Some(&b"a/b!"[..]));
    }

    #[test]
    fn both_versions_subscribe() {
        let topic = |data| {
            packets(data)
                .next()
                .and_then(|packet| packet.topics().next())
        };
        assert_eq!(topic(b"\x82\x08\0\x01\0\x03a/b\0"), Some(&b"a/b"[..]));
        assert_eq!(topic(b"\x82\x09\0\x01\0\0\x03a/b\0"), Some(&b"a/b"[..]));
        let both = packets(b"\x82\x0b\0\x01\0\x01a\0\0\x02b/\0")
            .next()
            .expect("a packet");
        assert_eq!(both.topics().collect::<Vec<_>>(), [&b"a"[..], b"b/"]);
        assert_eq!(topic(b"\x82\xff\xff\xff\xff\x01"), None);
    }
}
