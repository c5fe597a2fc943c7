//! Writing numbers and addresses as bytes: what every per-packet form is made of. Nothing here allocates
//! once the buffer is large enough; `std::fmt` was measured to take four to six times as long.

mod address;
pub mod amount;
pub mod escape;
mod memory;
mod number;
pub mod shell;
mod short;
pub mod wrap;
pub mod zone;

pub use address::{push_ipv4, push_ipv6, push_mac};
pub use memory::Memory;
pub use number::{push_epoch, push_hex, push_number, push_padded, push_right, push_seconds};
use short::push_first;
pub use short::{Short, push_few, push_short};

pub type Buffer = Vec<u8>;

/// Every octet in two hexadecimal digits.
static HEX_OCTETS: [[u8; 2]; 256] = {
    let mut octets = [[0; 2]; 256];
    let mut n = 0;
    while n < 256 {
        octets[n] = hex_octet(n as u8);
        n += 1;
    }
    octets
};

/// Both digits at once, the first in the lower byte of a word.
const fn hex_octet(octet: u8) -> [u8; 2] {
    const ZEROS: u16 = u16::from_le_bytes(*b"00");
    const FROM_NINE_TO_A: u16 = (b'a' - b'9' - 1) as u16;
    let n = octet as u16;
    let digits = n >> 4 | (n & 0xf) << 8;
    // Six more carry what is above nine into the next four bits.
    let letters = (digits + 0x0606) >> 4 & 0x0101;
    (digits + ZEROS + letters * FROM_NINE_TO_A).to_le_bytes()
}

/// What is pushed, as text of its own.
pub fn written(push: impl FnOnce(&mut Buffer)) -> String {
    let mut out = Buffer::new();
    push(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

pub fn push(out: &mut Buffer, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// `text` with at least `width` characters, spaces behind; `text` is ASCII.
pub fn push_left(out: &mut Buffer, text: &str, width: usize) {
    push(out, text);
    push_spaces(out, width.saturating_sub(text.len()));
}

pub fn push_spaces(out: &mut Buffer, count: usize) {
    const SPACES: &[u8; 16] = b"                ";
    match count <= SPACES.len() {
        true => push_first(out, SPACES, count),
        false => out.resize(out.len() + count, b' '),
    }
}

/// Two hexadecimal digits a byte, nothing between.
pub fn push_bytes(out: &mut Buffer, bytes: &[u8]) {
    // Sixteen at a time, and worked out instead of looked up: that takes some forty vector instructions.
    let (whole, rest) = bytes.as_chunks::<16>();
    for octets in whole {
        out.extend_from_slice(octets.map(hex_octet).as_flattened());
    }
    let mut text = [[0; 2]; 16];
    for (digits, octet) in text.iter_mut().zip(rest) {
        *digits = HEX_OCTETS[usize::from(*octet)];
    }
    out.extend_from_slice(text[..rest.len()].as_flattened());
}

pub fn push_octet(out: &mut Buffer, octet: u8) {
    out.extend_from_slice(&HEX_OCTETS[usize::from(octet)]);
}
