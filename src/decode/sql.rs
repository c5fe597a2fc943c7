//! The messages of two database servers: MySQL (client/server protocol, dev.mysql.com) and PostgreSQL (frontend/backend
//! protocol 3.0, postgresql.org).

use super::{Kind, Layer, Packet};
use crate::bytes::{Order, be16, be32};

/// Whether a message goes to the server: to the port that it listens on.
pub fn to_server(packet: &Packet<'_>, layer: &Layer) -> bool {
    const MYSQL: u16 = 3306;
    const POSTGRES: u16 = 5432;
    const DESTINATION: usize = 2;
    let port = if layer.kind == Kind::Mysql {
        MYSQL
    } else {
        POSTGRES
    };
    let below = packet.below(layer);
    below.is_some_and(|tcp| packet.u16(tcp, DESTINATION) == Some(port))
}

fn until_zero(data: &[u8]) -> &[u8] {
    let end = memchr::memchr(0, data).unwrap_or(data.len());
    &data[..end]
}

/// What a MySQL packet says, as far as it tells by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mysql<'a> {
    /// The server speaks first: its version.
    Greeting(&'a [u8]),
    /// The client says who it is: its user name.
    Login(&'a [u8]),
    /// Instead of that, the client asks for TLS first.
    WantsTls,
    /// A command's number, and what it is about.
    Command(u8, &'a [u8]),
    Done,
    /// The error's number, and the message.
    Failed(u16, &'a [u8]),
    /// Rows, or what belongs to a command before.
    Other,
}

impl<'a> Mysql<'a> {
    /// Reads the first packet in a segment; none where there is none.
    pub fn read(data: &'a [u8], to_server: bool) -> Option<Self> {
        const HEADER: usize = 4;
        const PROTOCOL_10: u8 = 10;
        const BEFORE_USER: usize = 32;
        const STATE: usize = 6;
        const QUERY: u8 = 3;
        // A TLS record, which follows where both agreed on it.
        if let [20..=23, 3, ..] = data {
            return None;
        }
        let length = Order::Little.u32([*data.first()?, *data.get(1)?, *data.get(2)?, 0]) as usize;
        let (number, body) = (*data.get(3)?, data.get(HEADER..)?);
        let body = &body[..length.min(body.len())];
        Some(match (to_server, number, *body.first()?) {
            (true, 0, QUERY) => {
                // No attributes, in one set: what newer clients put before the text.
                let text = &body[1..];
                Self::Command(QUERY, text.strip_prefix(b"\0\x01").unwrap_or(text))
            }
            (true, 0, command) => Self::Command(command, &body[1..]),
            (true, 1, _) if body.len() == BEFORE_USER => Self::WantsTls,
            (true, 1, _) => Self::Login(until_zero(body.get(BEFORE_USER..)?)),
            (false, 0, PROTOCOL_10) => Self::Greeting(until_zero(&body[1..])),
            (false, _, 0) => Self::Done,
            (false, _, 0xff) => {
                let code = Order::Little.u16([*body.get(1)?, *body.get(2)?]);
                let text = body.get(3..)?;
                // A state of five characters may stand before the message.
                let has_state = text.first() == Some(&b'#');
                Self::Failed(code, text.get(if has_state { STATE } else { 0 }..)?)
            }
            _ => Self::Other,
        })
    }
}

/// What a PostgreSQL message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Postgres<'a> {
    /// The client says who it is, and which database it wants: names and values, each ended by a zero.
    Startup(&'a [u8]),
    /// The client asks for TLS first.
    WantsTls,
    /// The server answers that: it agrees or not.
    Tls(bool),
    /// The letter that names the message, and what it holds.
    Message(u8, &'a [u8]),
}

impl<'a> Postgres<'a> {
    /// Reads the first message in a segment; none where there is none.
    pub fn read(data: &'a [u8], to_server: bool) -> Option<Self> {
        const VERSION_3: u32 = 0x0003_0000;
        const TLS: u32 = 80_877_103;
        const HEADER: usize = 8;
        let first = *data.first()?;
        // A message without a letter starts with its length, so with a zero.
        if to_server && first == 0 {
            return match be32(data, 4)? {
                VERSION_3 => Some(Self::Startup(&data[HEADER..])),
                TLS => Some(Self::WantsTls),
                _ => None,
            };
        }
        if let ([answer @ (b'S' | b'N')], false) = (data, to_server) {
            return Some(Self::Tls(*answer == b'S'));
        }
        let length = be32(data, 1)? as usize;
        let body = data.get(5..)?;
        let len = length.checked_sub(4)?.min(body.len());
        first
            .is_ascii_alphanumeric()
            .then(|| Self::Message(first, &body[..len]))
    }

    /// The SQL text of a query, or of a statement that is prepared.
    pub fn query(self) -> Option<&'a [u8]> {
        match self {
            Self::Message(b'Q', text) => Some(until_zero(text)),
            Self::Message(b'P', text) => {
                let name = until_zero(text);
                Some(until_zero(text.get(name.len() + 1..)?))
            }
            _ => None,
        }
    }

    /// The value of a parameter in a startup message.
    pub fn parameter(self, wanted: &[u8]) -> Option<&'a [u8]> {
        let Self::Startup(rest) = self else {
            return None;
        };
        let mut words = rest.split(|octet| *octet == 0);
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            if name == wanted {
                return Some(value);
            }
        }
        None
    }

    /// The message in an error or a notice: fields with a letter each, M being the text for people.
    pub fn error(self) -> Option<&'a [u8]> {
        let Self::Message(b'E' | b'N', fields) = self else {
            return None;
        };
        let mut fields = fields.split(|octet| *octet == 0);
        fields.find_map(|field| field.strip_prefix(b"M"))
    }
}

/// How many columns the rows have that a server announces (`T`).
pub fn columns(row_description: &[u8]) -> Option<u16> {
    be16(row_description, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mysql_is_told_apart_by_direction_and_number() {
        let read = |data: &'static [u8], to_server| Mysql::read(data, to_server);
        assert_eq!(
            read(b"\x0a\0\0\0\x0a8.0.36\0xx", false),
            Some(Mysql::Greeting(b"8.0.36"))
        );
        assert_eq!(
            read(b"\x09\0\0\0\x03SELECT 1", true),
            Some(Mysql::Command(3, b"SELECT 1"))
        );
        assert_eq!(
            read(b"\x0f\0\0\x01\xff\x15\x04#28000denied", false),
            Some(Mysql::Failed(1045, b"denied"))
        );
        assert_eq!(
            read(b"\x07\0\0\x02\0\0\0\x02\0\0\0", false),
            Some(Mysql::Done)
        );
        assert_eq!(read(b"\x01\0\0", true), None);
    }

    #[test]
    fn postgres_messages_have_a_letter_but_for_the_first() {
        let startup = b"\0\0\0\x20\0\x03\0\0user\0me\0database\0shop\0\0";
        let startup = Postgres::read(startup, true).expect("a message");
        assert_eq!(startup.parameter(b"user"), Some(&b"me"[..]));
        assert_eq!(startup.parameter(b"database"), Some(&b"shop"[..]));
        assert_eq!(startup.parameter(b"password"), None);
        let query = Postgres::read(b"Q\0\0\0\x0dSELECT 1\0", true).expect("a message");
        assert_eq!(query.query(), Some(&b"SELECT 1"[..]));
        let parse = Postgres::read(b"P\0\0\0\x10s1\0SELECT 2\0\0\0", true).expect("a message");
        assert_eq!(parse.query(), Some(&b"SELECT 2"[..]));
        let error = Postgres::read(b"E\0\0\0\x19SERROR\0C42P01\0Mnope\0\0", false);
        assert_eq!(error.expect("a message").error(), Some(&b"nope"[..]));
        assert_eq!(Postgres::read(b"\x16\x03\x01\0\x20", true), None);
    }
}
