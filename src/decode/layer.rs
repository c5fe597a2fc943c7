//! What decoding finds: the layers of a frame, where each lies, and why it stopped where it did.

use crate::bytes;
use crate::frame::Frame;

use super::kind::Kind;
use super::note::{Analysis, Note, Remarks};

/// One protocol's part of a frame. Offsets count from the first of [`Packet::bytes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    pub kind: Kind,
    flags: u8,
    /// Index into the batch's [`Notes`](super::Notes), or `NO_NOTE`.
    note: u32,
    pub start: u32,
    /// Bytes of the header that were captured; options and extensions included.
    pub header_len: u32,
    /// Where this layer, payload included, ends as the enclosing layers' lengths say.
    /// May lie beyond the captured bytes.
    pub end: u32,
}

const NO_NOTE: u32 = u32::MAX;
const FRAGMENT: u8 = 1;
const QUOTED: u8 = 2;
const CUT: u8 = 4;
const GUESSED: u8 = 8;

/// What is around a layer, as in [`Layer::flags`]: written as it is for every layer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context(u8);

impl Context {
    /// Inside an IP fragment.
    pub(super) const FRAGMENT: Self = Self(FRAGMENT);

    pub(super) fn set_fragment(&mut self, is_fragment: bool) {
        self.0 = (self.0 & !FRAGMENT) | (u8::from(is_fragment) * FRAGMENT);
    }

    /// What follows is inside the packet that an ICMP error quotes.
    pub(super) fn set_quoted(&mut self) {
        self.0 |= QUOTED;
    }

    #[inline]
    pub(super) fn in_fragment(self) -> bool {
        self.0 & FRAGMENT != 0
    }

    #[inline]
    pub(super) fn quoted(self) -> bool {
        self.0 & QUOTED != 0
    }

    /// Neither in a fragment nor in a quotation: all of a packet is to be there.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        self.0 == 0
    }
}

impl Layer {
    #[inline]
    pub(super) fn new(
        kind: Kind,
        context: Context,
        start: usize,
        header_len: usize,
        end: usize,
    ) -> Self {
        Self {
            kind,
            flags: context.0,
            note: NO_NOTE,
            start: start as u32,
            header_len: header_len as u32,
            end: end as u32,
        }
    }

    pub(super) fn set_cut(&mut self) {
        self.flags |= CUT;
    }

    /// Inside an IP fragment: what follows the header may be missing or belong to no header.
    pub fn in_fragment(&self) -> bool {
        self.flags & FRAGMENT != 0
    }

    /// Inside a packet that an ICMP error quotes: it was sent earlier, by somebody else.
    pub fn quoted(&self) -> bool {
        self.flags & QUOTED != 0
    }

    /// The header is not whole.
    pub fn is_cut(&self) -> bool {
        self.flags & CUT != 0
    }

    /// Named by how its bytes look alone, not by a number that says so.
    pub fn is_guessed(&self) -> bool {
        self.flags & GUESSED != 0
    }

    pub(super) fn set_guessed(&mut self) {
        self.flags |= GUESSED;
    }

    /// Bytes behind the header that belong to this layer, as the lengths on the wire say.
    pub fn payload_len(&self) -> u32 {
        self.end.saturating_sub(self.start + self.header_len)
    }

    pub(crate) fn note(&self) -> Option<usize> {
        (self.note != NO_NOTE).then_some(self.note as usize)
    }

    pub(crate) fn set_note(&mut self, index: usize) {
        self.note = index as u32;
    }
}

/// Why decoding stopped before it reached the innermost layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// The protocol being read.
    pub kind: Kind,
    /// Where it starts, counted as layers are.
    pub offset: u32,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The snapshot length cut the frame inside the header.
    NotCaptured { needed: u32, had: u32 },
    /// The enclosing layer's length leaves less room than the header takes.
    TooShort { needed: u32, had: u32 },
    /// The header claims more bytes than the enclosing layer has room for; what is there was read.
    TooLong { claimed: u32, room: u32 },
    /// A value that the protocol forbids.
    Malformed(&'static str),
    /// More layers than anybody nests in earnest.
    TooDeep,
}

/// How a fragmented packet came to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Where in [`Packet::bytes`] that starts which was fragmented.
    pub start: u32,
    /// Its length in bytes.
    pub len: u32,
    /// How many fragments it came in.
    pub fragments: u32,
    /// How many bytes of the frame's own stand before: fewer than `start` where a tunnel's packet came in fragments too.
    pub own: u32,
}

/// A frame and the layers found in it.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    pub frame: Frame<'a>,
    /// What the layers lie in: the frame's bytes. Where the frame made a fragmented packet whole, its headers, and then
    /// the whole of what was fragmented, as if it had come in this one frame.
    pub bytes: &'a [u8],
    pub joined: Option<&'a Joined>,
    /// Outermost first; the first is always [`Kind::Frame`].
    pub layers: &'a [Layer],
    pub problem: Option<&'a Problem>,
    pub(super) remarks: &'a Remarks,
}

impl<'a> Packet<'a> {
    /// The captured bytes of a layer's header.
    pub fn header(&self, layer: &Layer) -> &'a [u8] {
        let start = layer.start as usize;
        &self.bytes[start..start + layer.header_len as usize]
    }

    /// The captured bytes behind a layer's header that belong to it.
    pub fn payload(&self, layer: &Layer) -> &'a [u8] {
        let captured = self.bytes.len();
        let start = (layer.start + layer.header_len) as usize;
        let end = (layer.end as usize).min(captured).max(start);
        &self.bytes[start..end]
    }

    /// One octet of a layer's header; none where it was not captured.
    pub fn u8(&self, layer: &Layer, at: usize) -> Option<u8> {
        self.header(layer).get(at).copied()
    }

    pub fn u16(&self, layer: &Layer, at: usize) -> Option<u16> {
        bytes::be16(self.header(layer), at)
    }

    pub fn u32(&self, layer: &Layer, at: usize) -> Option<u32> {
        bytes::be32(self.header(layer), at)
    }

    pub fn chunk<const N: usize>(&self, layer: &Layer, at: usize) -> Option<[u8; N]> {
        bytes::chunk(self.header(layer), at)
    }

    /// The outermost layer of a kind.
    pub fn find(&self, kind: Kind) -> Option<&'a Layer> {
        self.layers.iter().find(|layer| layer.kind == kind)
    }

    pub fn note(&self, layer: &Layer) -> Option<Note> {
        self.remarks.note(layer.note()?)
    }

    /// What the segments before it tell about a TCP segment; none where nobody asked for it or there is nothing to tell.
    pub fn analysis(&self, layer: &Layer) -> Option<&'a Analysis> {
        self.remarks.analysis(layer.note()?)
    }

    /// The innermost layer that is a protocol of its own, not plain data.
    pub fn top(&self) -> &'a Layer {
        let named = self
            .layers
            .iter()
            .rev()
            .find(|layer| layer.kind != Kind::Data);
        named.unwrap_or(&self.layers[0])
    }

    /// How that came to be whole which lies right behind a header, where it came in fragments.
    pub fn joined_behind(&self, layer: &Layer) -> Option<&'a Joined> {
        self.joined
            .filter(|joined| joined.start == layer.start + layer.header_len)
    }

    /// The layer that encloses `layer`.
    pub fn below(&self, layer: &Layer) -> Option<&'a Layer> {
        let index = self
            .layers
            .iter()
            .position(|other| std::ptr::eq(other, layer))?;
        self.layers.get(index.checked_sub(1)?)
    }
}
