//! The Domain Name System's messages (RFC 1035), as DNS, multicast DNS (RFC 6762) and LLMNR (RFC 4795) use them.
//!
//! Read without copying, and as far as a message goes: libraries give up on one that is cut.

use crate::bytes::{be16, be32};

pub(super) const HEADER: usize = 12;

/// A message, from its identifier on.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a>(pub &'a [u8]);

/// A domain name inside a message.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    message: &'a [u8],
    at: usize,
}

#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub name: Name<'a>,
    pub kind: u16,
}

/// A resource record of the answer, authority or additional section.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub name: Name<'a>,
    pub kind: u16,
    /// Seconds it may be kept.
    pub ttl: u32,
    pub data: &'a [u8],
    message: &'a [u8],
    data_at: usize,
}

pub mod record {
    pub const A: u16 = 1;
    pub const CNAME: u16 = 5;
    pub const PTR: u16 = 12;
    pub const AAAA: u16 = 28;
}

/// Whether data begins as messages do: a kind of message that there is (RFC 6895, 2.2), the reserved bit not set, one question at
/// most (RFC 9619), and no error in what asks.
pub(super) fn starts_message(data: &[u8]) -> bool {
    const RESERVED: u16 = 0x0040;
    const LAST_KIND: u16 = 6;
    const QUESTIONS: usize = 4;
    if data.len() < HEADER {
        return false;
    }
    let message = Message(data);
    let (Some(flags), Some(questions)) = (message.flags(), be16(data, QUESTIONS)) else {
        return false;
    };
    let asks_well = message.is_response() == Some(true) || message.code() == Some(0);
    flags >> 11 & 0xf <= LAST_KIND && flags & RESERVED == 0 && questions <= 1 && asks_well
}

impl<'a> Message<'a> {
    pub fn is_response(self) -> Option<bool> {
        self.flags().map(|flags| flags & 0x8000 != 0)
    }

    pub fn flags(self) -> Option<u16> {
        be16(self.0, 2)
    }

    /// The response code, without its extension (RFC 6891).
    pub fn code(self) -> Option<u8> {
        self.flags().map(|flags| (flags & 0x000f) as u8)
    }

    /// How many questions the header claims.
    fn count(self, section: usize) -> usize {
        be16(self.0, 4 + 2 * section).map_or(0, usize::from)
    }

    pub fn questions(self) -> impl Iterator<Item = Question<'a>> {
        let mut at = HEADER;
        (0..self.count(0)).map_while(move |_| {
            let name = Name {
                message: self.0,
                at,
            };
            let behind = name.end()?;
            at = behind + 4;
            Some(Question {
                name,
                kind: be16(self.0, behind)?,
            })
        })
    }

    /// The records of the answer section, as far as they can be read.
    pub fn answers(self) -> impl Iterator<Item = Record<'a>> {
        self.records().take(self.count(1))
    }

    /// The records of the answer, authority and additional sections, as far as they can be read.
    pub fn records(self) -> impl Iterator<Item = Record<'a>> {
        let mut at = Some(HEADER);
        for _ in 0..self.count(0) {
            at = at
                .and_then(|at| {
                    Name {
                        message: self.0,
                        at,
                    }
                    .end()
                })
                .map(|end| end + 4);
        }
        let count = self.count(1) + self.count(2) + self.count(3);
        (0..count).map_while(move |_| {
            let record = self.record(at?)?;
            at = Some(record.data_at + record.data.len());
            Some(record)
        })
    }

    fn record(self, at: usize) -> Option<Record<'a>> {
        let name = Name {
            message: self.0,
            at,
        };
        let behind = name.end()?;
        let data_at = behind + 10;
        let len = usize::from(be16(self.0, behind + 8)?);
        Some(Record {
            name,
            kind: be16(self.0, behind)?,
            ttl: be32(self.0, behind + 4)?,
            data: self.0.get(data_at..data_at + len)?,
            message: self.0,
            data_at,
        })
    }
}

impl<'a> Record<'a> {
    /// The name that the data is, for records whose data is one.
    pub fn target(&self) -> Name<'a> {
        Name {
            message: self.message,
            at: self.data_at,
        }
    }
}

/// The two high bits of a length octet say that it is a pointer instead.
const POINTER: u8 = 0xc0;

impl<'a> Name<'a> {
    /// Its labels, compression followed; ends where the name does or stops making sense.
    pub fn labels(self) -> impl Iterator<Item = &'a [u8]> {
        /// RFC 1035, 3.1: lengths and labels together.
        const MOST_OCTETS: usize = 255;
        let mut at = self.at;
        // Each pointer leads further back than anything read so far: or a label in front of its own pointer
        // would be read again and again.
        let mut earliest = self.at;
        let mut octets = 0;
        std::iter::from_fn(move || {
            let mut len = *self.message.get(at)?;
            while len & POINTER == POINTER {
                at = usize::from(be16(self.message, at)? & 0x3fff);
                if at >= earliest {
                    return None;
                }
                earliest = at;
                len = *self.message.get(at)?;
            }
            let label = self.message.get(at + 1..at + 1 + usize::from(len))?;
            at += 1 + label.len();
            octets += 1 + label.len();
            let goes_on = len > 0 && len & POINTER == 0 && octets < MOST_OCTETS;
            goes_on.then_some(label)
        })
        .fuse()
    }

    /// Where the name ends in the message; none where it does not.
    fn end(self) -> Option<usize> {
        let mut at = self.at;
        loop {
            let len = *self.message.get(at)?;
            if len & POINTER == POINTER {
                return Some(at + 2);
            }
            at += 1 + usize::from(len);
            if len == 0 {
                return Some(at);
            }
        }
    }
}

/// The usual name of a record type (registry: iana.org, dns-parameters).
pub fn type_name(kind: u16) -> Option<&'static str> {
    Some(match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        13 => "HINFO",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        35 => "NAPTR",
        41 => "OPT",
        43 => "DS",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        252 => "AXFR",
        255 => "ANY",
        _ => return None,
    })
}

/// What a response code means (RFC 1035, 4.1.1; RFC 2136, 2.2).
pub fn code_name(code: u8) -> &'static str {
    match code {
        0 => "no error",
        1 => "the query is malformed (FORMERR)",
        2 => "the server failed (SERVFAIL)",
        3 => "no such name (NXDOMAIN)",
        4 => "not implemented (NOTIMP)",
        5 => "refused (REFUSED)",
        9 => "not authoritative (NOTAUTH)",
        _ => "an error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_to_itself_ends() {
        let mut message = [0; 20];
        message[5] = 1;
        message[12] = 0xc0;
        message[13] = 12;
        let question = Message(&message).questions().next().expect("a question");
        assert_eq!(question.name.labels().count(), 0);
    }

    #[test]
    fn a_pointer_to_the_label_before_it_ends() {
        let mut message = vec![0; 12];
        message[5] = 1;
        message.extend(b"\x03abc\xc0\x0c");
        let question = Message(&message).questions().next();
        assert!(question.is_none(), "its type is missing");
        message.extend([0, 1, 0, 1]);
        let question = Message(&message).questions().next().expect("a question");
        assert_eq!(question.name.labels().count(), 1);
    }

    #[test]
    fn compressed_names_are_followed() {
        let mut message = vec![0; 12];
        message[5] = 1;
        message[7] = 1;
        message.extend(b"\x03www\x07example\x00\x00\x01\x00\x01");
        message.extend(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x09\x00\x02");
        let answer = Message(&message).answers().next().expect("an answer");
        let labels: Vec<_> = answer.name.labels().collect();
        assert_eq!(labels, [&b"www"[..], &b"example"[..]]);
        assert_eq!(
            (answer.kind, answer.ttl, answer.data),
            (1, 60, &[10, 9, 0, 2][..])
        );
    }
}
