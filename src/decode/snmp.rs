//! The outside of the Simple Network Management Protocol (RFC 1157, RFC 3416, RFC 3412): which version, whose
//! password, what is wanted of which variable. Written in BER (ITU-T X.690).

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const IDENTIFIER: u8 = 0x06;
/// The kinds of request are tagged 0xa0 and up.
const REQUEST: u8 = 0xa0;
const REQUEST_MASK: u8 = 0xe0;

/// Of RFC 1157 and RFC 1901: 0 and 1; of RFC 3412: 3.
pub const VERSION_3: u64 = 3;
/// Version 1's, with a layout of its own.
pub const TRAP: u8 = 4;

/// A message, from its outermost tag on.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a>(pub &'a [u8]);

/// A value with this tag at the start, as far as it was captured, and what follows it.
fn element(data: &[u8], wanted: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    const LONG: u8 = 0x80;
    let [tag, len, rest @ ..] = data else {
        return None;
    };
    if !wanted(*tag) {
        return None;
    }
    let (len, rest) = match *len {
        short if short & LONG == 0 => (usize::from(short), rest),
        long => {
            let (octets, rest) = rest.split_at_checked(usize::from(long & !LONG))?;
            if octets.len() > 4 {
                return None;
            }
            let len = octets
                .iter()
                .fold(0u64, |n, octet| n << 8 | u64::from(*octet));
            (usize::try_from(len).ok()?, rest)
        }
    };
    Some(rest.split_at(len.min(rest.len())))
}

fn tagged(data: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(data, |found| found == tag)
}

impl<'a> Message<'a> {
    /// What the message holds behind the version, and the version.
    fn opened(self) -> Option<(u64, &'a [u8])> {
        let (inside, _) = tagged(self.0, SEQUENCE)?;
        let (version, rest) = tagged(inside, INTEGER)?;
        match version {
            [n] => Some(((*n).into(), rest)),
            _ => None,
        }
    }

    /// 0 is version 1, 1 is 2c, 3 is 3.
    pub fn version(self) -> Option<u64> {
        Some(self.opened()?.0)
    }

    /// The password of versions 1 and 2c, which everybody on the way can read.
    pub fn community(self) -> Option<&'a [u8]> {
        let (version, rest) = self.opened()?;
        (version != VERSION_3).then(|| Some(tagged(rest, OCTETS)?.0))?
    }

    /// What version 3 has behind its header and its part about security.
    fn scoped(self) -> Option<&'a [u8]> {
        let (version, rest) = self.opened()?;
        if version != VERSION_3 {
            return None;
        }
        let (_, behind_header) = tagged(rest, SEQUENCE)?;
        Some(tagged(behind_header, OCTETS)?.1)
    }

    /// Version 3 can hide all but the outside.
    pub fn is_encrypted(self) -> bool {
        self.scoped()
            .is_some_and(|data| data.first() == Some(&OCTETS))
    }

    /// Kind of request, 0 to 8, and what it holds; none where it is encrypted.
    pub fn request(self) -> Option<(u8, &'a [u8])> {
        let (version, rest) = self.opened()?;
        let data = if version == VERSION_3 {
            let (scoped, _) = tagged(self.scoped()?, SEQUENCE)?;
            let (_, behind_engine) = tagged(scoped, OCTETS)?;
            tagged(behind_engine, OCTETS)?.1
        } else {
            tagged(rest, OCTETS)?.1
        };
        let (content, _) = element(data, |tag| tag & REQUEST_MASK == REQUEST)?;
        Some((data[0] & !REQUEST_MASK, content))
    }

    /// The first variable that it is about, as BER has object identifiers.
    pub fn variable(self) -> Option<&'a [u8]> {
        let (kind, content) = self.request()?;
        if kind == TRAP {
            return Some(tagged(content, IDENTIFIER)?.0);
        }
        // Request, error, and which variable the error is about: three numbers.
        let mut rest = content;
        for _ in 0..3 {
            rest = tagged(rest, INTEGER)?.1;
        }
        let (variables, _) = tagged(rest, SEQUENCE)?;
        let (first, _) = tagged(variables, SEQUENCE)?;
        Some(tagged(first, IDENTIFIER)?.0)
    }
}

/// The numbers of an object identifier (X.690, 8.19): seven bits an octet, the first two numbers in one.
pub fn numbers(identifier: &[u8]) -> impl Iterator<Item = u64> {
    const MORE: u8 = 0x80;
    let mut rest = identifier;
    let mut held = None;
    let mut first = true;
    std::iter::from_fn(move || {
        if let Some(second) = held.take() {
            return Some(second);
        }
        let len = rest.iter().position(|octet| octet & MORE == 0)? + 1;
        let (octets, behind) = rest.split_at(len);
        rest = behind;
        let number = octets
            .iter()
            .fold(0u64, |n, octet| n << 7 | u64::from(octet & !MORE));
        if !std::mem::take(&mut first) {
            return Some(number);
        }
        let top = (number / 40).min(2);
        held = Some(number - 40 * top);
        Some(top)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question of version 2c for sysDescr.0, community "public".
    const GET: &[u8] = b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19\x02\x01\x05\x02\x01\0\x02\x01\0\x30\x0e\x30\x0c\
                         \x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x05\0";

    #[test]
    fn a_request_is_read_from_outside_in() {
        let message = Message(GET);
        assert_eq!(message.version(), Some(1));
        assert_eq!(message.community(), Some(&b"public"[..]));
        assert_eq!(message.request().map(|(kind, _)| kind), Some(0));
        let variable = message.variable().map(|id| numbers(id).collect());
        assert_eq!(variable, Some(vec![1, 3, 6, 1, 2, 1, 1, 1, 0]));
    }

    #[test]
    fn what_is_cut_or_odd_is_read_as_far_as_it_goes() {
        for len in 0..GET.len() {
            let message = Message(&GET[..len]);
            let _ = (message.version(), message.community(), message.variable());
        }
        assert_eq!(
            Message(b"\x30\x84\xff\xff\xff\xff\x02\x01\x00").version(),
            Some(0)
        );
        assert_eq!(
            Message(b"\x30\x89\xff\xff\xff\xff\xff\xff\xff\xff\xff").version(),
            None
        );
    }
}
