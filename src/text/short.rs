//! Short texts that are appended again and again.

use super::Buffer;

/// Text of `N` bytes at most.
#[derive(Debug, Clone, Copy)]
pub struct Short<const N: usize> {
    bytes: [u8; N],
    len: u16,
}

impl<const N: usize> Short<N> {
    /// # Panics
    /// Where `text` is longer than `N` bytes.
    pub const fn new(text: &[u8]) -> Self {
        let mut short = Self {
            bytes: [0; N],
            len: 0,
        };
        short.append(text);
        short
    }

    pub(crate) const fn len(&self) -> usize {
        self.len as usize
    }

    /// None where `text` is longer than `N` bytes.
    pub fn fitting(text: &[u8]) -> Option<Self> {
        (text.len() <= N).then(|| Self::new(text))
    }

    /// # Panics
    /// As [`Self::new`].
    pub const fn append(&mut self, text: &[u8]) {
        let start = self.len();
        self.len += text.len() as u16;
        self.bytes
            .split_at_mut(start)
            .1
            .split_at_mut(text.len())
            .0
            .copy_from_slice(text);
    }
}

#[inline]
pub fn push_short<const N: usize>(out: &mut Buffer, text: &Short<N>) {
    push_first(out, &text.bytes, text.len());
}

/// The first `len` of `bytes`, which are usually few, and have some behind them.
#[inline]
pub fn push_few(out: &mut Buffer, bytes: &[u8], len: usize) {
    const FEW: usize = 32;
    match bytes.first_chunk::<FEW>() {
        Some(few) if len <= FEW => push_first(out, few, len),
        _ => out.extend_from_slice(&bytes[..len]),
    }
}

/// The first `len` of `text`. All of it is copied, and what is too much left behind the end: a few instructions for some
/// tens of bytes, where copying just as many as are wanted is a call.
#[inline]
pub(super) fn push_first<const N: usize>(out: &mut Buffer, text: &[u8; N], len: usize) {
    const A_CALL_ANYWAY: usize = 128;
    if N > A_CALL_ANYWAY {
        return out.extend_from_slice(&text[..len]);
    }
    if out.capacity() - out.len() < N {
        return push_where_room_is_scarce(out, *text, len);
    }
    let end = out.len() + len;
    out.extend_from_slice(text);
    out.truncate(end);
}

/// Apart, so that the usual way has no call in it.
#[cold]
#[inline(never)]
fn push_where_room_is_scarce<const N: usize>(out: &mut Buffer, text: [u8; N], len: usize) {
    out.extend_from_slice(&text[..len]);
}
