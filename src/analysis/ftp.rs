//! Where FTP's data connections will be, as the control connection tells (RFC 959, 4.1.2 and 4.2; RFC 2428), so that a
//! connection between ports that nobody knows is known.

use super::memory::Bounded;
use crate::decode::{Flow, Parts};
use crate::frame::Timestamp;

/// Announced, and not yet there.
const MOST: usize = 4_096;

/// What comes so much later has the port by chance; in nanoseconds.
const PATIENCE: i64 = 300 * 1_000_000_000;

/// Who will ask whom, at which port.
type Meeting = (u128, u128, u16);

/// Data connections that were announced, and when.
pub(super) struct Expected(Bounded<Meeting, Option<Timestamp>>);

impl Expected {
    pub(super) fn new() -> Self {
        Self(Bounded::new(MOST))
    }

    /// Looks at a segment of a control connection. Whoever announces a port means its own, whichever address it names: that
    /// may be one behind a translator.
    #[inline(never)]
    pub(super) fn look(&mut self, flow: &Flow, parts: &Parts<'_>) {
        let packet = parts.packet();
        if let Some(port) = announced(packet.payload(flow.layer_of(&packet))) {
            let (asker, asked) = (flow.destination(), flow.source());
            let meeting = (asker.address, asked.address, port);
            *self.0.get_or_insert_with(meeting, || None) = parts.time();
        }
    }

    /// Whether a connection that begins with that segment was announced, which holds for one and no more. The segment may be
    /// the answer, or a later one.
    pub(super) fn take(&mut self, flow: &Flow, parts: &Parts<'_>) -> bool {
        let is_fresh = |told: &Option<Timestamp>| match (told, parts.time()) {
            (Some(told), Some(now)) => now.since(*told) <= PATIENCE,
            _ => true,
        };
        let (source, destination) = (flow.source(), flow.destination());
        let mut both = [(source, destination), (destination, source)].into_iter();
        both.any(|(asker, asked)| {
            let meeting = (asker.address, asked.address, asked.port);
            self.0.remove_if(&meeting, is_fresh).is_some()
        })
    }
}

/// The port that a command or a reply announces.
fn announced(data: &[u8]) -> Option<u16> {
    /// The longest line with a port has an IPv6 address.
    const LONGEST: usize = 128;
    let (word, rest) = data.split_first_chunk::<4>()?;
    let rest = &rest[..rest.len().min(LONGEST)];
    let port = match &word.map(|byte| byte.to_ascii_uppercase()) {
        b"PORT" => in_octets(rest.strip_prefix(b" ")?),
        b"EPRT" => between_marks(rest.strip_prefix(b" ")?),
        // In words that are any server's own.
        b"227 " => in_octets(from_first(rest, u8::is_ascii_digit)?),
        b"229 " => between_marks(from_first(rest, |byte| *byte == b'(')?.get(1..)?),
        _ => None,
    };
    port.filter(|port| *port != 0)
}

/// What begins with the first byte of that sort, on this line.
fn from_first(text: &[u8], is_it: impl Fn(&u8) -> bool) -> Option<&[u8]> {
    let at = text
        .iter()
        .position(|byte| is_it(byte) || matches!(byte, b'\r' | b'\n'))?;
    Some(&text[at..])
}

/// `h1,h2,h3,h4,p1,p2`: four octets of an address and two of a port.
fn in_octets(text: &[u8]) -> Option<u16> {
    let mut octets = [0_u8; 6];
    let mut rest = text;
    for (octet, place) in octets.iter_mut().zip(0..) {
        if place > 0 {
            rest = rest.strip_prefix(b",")?;
        }
        let end = rest.iter().position(|byte| !byte.is_ascii_digit());
        let (digits, behind) = rest.split_at(end.unwrap_or(rest.len()));
        *octet = number(digits)?.try_into().ok()?;
        rest = behind;
    }
    let [_, _, _, _, high, low] = octets;
    Some(u16::from_be_bytes([high, low]))
}

/// `|1|10.9.0.1|6446|`, or `|||6446|`: what stands between the marks is the kind of address, the address, the port.
fn between_marks(text: &[u8]) -> Option<u16> {
    let mark = text.first().filter(|mark| mark.is_ascii_punctuation())?;
    number(text.split(|byte| byte == mark).nth(3)?)
}

fn number(digits: &[u8]) -> Option<u16> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let digits = digits.iter().filter(|_| is_number);
    digits
        .map(|digit| u16::from(digit - b'0'))
        .try_fold(0_u16, |sum, digit| sum.checked_mul(10)?.checked_add(digit))
        .filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_announce_a_port_is_understood() {
        let cases: &[(&str, Option<u16>)] = &[
            (
                "227 Entering Passive Mode (10,9,0,1,25,46).\r\n",
                Some(6446),
            ),
            ("227 =10,9,0,1,25,46\r\n", Some(6446)),
            ("227 1,9,0,1,25,46\r\n", Some(6446)),
            ("PORTS 1,9,0,1,25,46\r\n", None),
            (
                "229 Entering Extended Passive Mode (|||6446|)\r\n",
                Some(6446),
            ),
            ("PORT 10,9,0,1,25,46\r\n", Some(6446)),
            ("port 10,9,0,1,25,46", Some(6446)),
            ("EPRT |1|10.9.0.1|6446|\r\n", Some(6446)),
            ("EPRT |2|fd09::1|6446|\r\n", Some(6446)),
            ("EPRT $2$fd09::1$6446$\r\n", Some(6446)),
            ("227 Entering Passive Mode (10,9,0,1,0,0).\r\n", None),
            ("227 Entering Passive Mode (10,9,0,1,25).\r\n", None),
            ("227 Entering Passive Mode (10,9,0,1,256,1).\r\n", None),
            ("229 Entering Extended Passive Mode (|||65536|)\r\n", None),
            ("229 Entering Extended Passive Mode\r\n", None),
            ("EPRT 1 10.9.0.1 6446\r\n", None),
            ("PORT 10,9,0,1,,46\r\n", None),
            ("PORT 10,9,0,1,25,\r\n", None),
            ("229 (|||-1|)", None),
            ("229 (|||99999999999|)", None),
            ("229 no\r\n(|||6446|)", None),
            ("229 (", None),
            ("PORT \r\n", None),
            ("EPRT \r\n", None),
            ("220 ready, 1,2,3,4,5,6\r\n", None),
            ("227", None),
            ("", None),
        ];
        for (line, port) in cases {
            assert_eq!(announced(line.as_bytes()), *port, "{line:?}");
        }
        assert_eq!(announced(b"227 \xff (1,2,3,4,5,6)"), Some(1286));
        let long = [&b"227 "[..], &[b'x'; 200], b"(1,2,3,4,5,6)"].concat();
        assert_eq!(announced(&long), None);
    }
}
