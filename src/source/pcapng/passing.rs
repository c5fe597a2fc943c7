//! What is passed on from file to file without being understood here: put into little-endian order, which is what we
//! write.

use super::options::Options;
use super::{DECRYPTION_SECRETS, NAME_RESOLUTION};
use crate::about::Block;
use crate::bytes::Order;

/// A Name Resolution or Decryption Secrets Block; none where it breaks off.
pub(super) fn block(order: Order, kind: u32, body: &[u8]) -> Option<Block> {
    let mut out = Vec::with_capacity(body.len());
    let options = match kind {
        NAME_RESOLUTION => names(&mut out, order, body)?,
        DECRYPTION_SECRETS => secrets(&mut out, order, body)?,
        _ => return None,
    };
    let before = out.len();
    for (code, value) in Options::new(order, options) {
        push_option(&mut out, code, value);
    }
    if out.len() > before {
        out.extend([0; 4]);
    }
    Some(Block { kind, body: out })
}

/// Records of a type, a length and a value that is the same in both orders, up to one of type 0; returns what follows.
fn names<'a>(out: &mut Vec<u8>, order: Order, body: &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = body;
    loop {
        let header = rest.get(..4)?;
        let (kind, length) = (order.u16_at(header, 0), order.u16_at(header, 2));
        push_option(out, kind, rest.get(4..4 + usize::from(length))?);
        rest = rest.get(4 + usize::from(length).next_multiple_of(4)..)?;
        if kind == 0 {
            return Some(rest);
        }
    }
}

/// The kind of secret, its length, and what is the same in both orders; returns what follows.
fn secrets<'a>(out: &mut Vec<u8>, order: Order, body: &'a [u8]) -> Option<&'a [u8]> {
    let header = body.get(..8)?;
    let (kind, length) = (order.u32_at(header, 0), order.u32_at(header, 4));
    let padded = usize::try_from(length).ok()?.checked_next_multiple_of(4)?;
    out.extend(kind.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend_from_slice(body[8..].get(..padded)?);
    Some(&body[8 + padded..])
}

/// The options of an Enhanced Packet Block: comments, flags, hashes, …
pub(super) fn frame_options(out: &mut Vec<u8>, order: Order, options: &[u8]) {
    for (code, value) in Options::new(order, options) {
        let start = out.len() + 4;
        push_option(out, code, value);
        if order == Order::Big {
            let (width, count) = numbers(code);
            let value = &mut out[start..start + value.len()];
            let numbers = value.chunks_exact_mut(width).take(count);
            numbers.for_each(<[u8]>::reverse);
        }
    }
}

/// How wide the numbers are that an Enhanced Packet Block's option begins with, and how many; the rest is bytes.
fn numbers(code: u16) -> (usize, usize) {
    const FLAGS: u16 = 2;
    const DROP_COUNT: u16 = 4;
    const PACKET_ID: u16 = 5;
    const QUEUE: u16 = 6;
    const PROCESS_AND_THREAD: u16 = 8;
    match code {
        FLAGS | QUEUE => (4, 1),
        PROCESS_AND_THREAD => (4, 2),
        DROP_COUNT | PACKET_ID => (8, 1),
        // A private enterprise number stands before a custom value.
        2988 | 2989 | 19372 | 19373 => (4, 1),
        _ => (1, 0),
    }
}

fn push_option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    out.extend_from_slice(value);
    out.resize(out.len().next_multiple_of(4), 0);
}
