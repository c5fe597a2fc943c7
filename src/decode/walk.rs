//! The walk through one frame: each protocol reads its header and says what comes next.

use etherparse::err::LenError;

use super::kind::Kind;
use super::layer::{Layer, Problem, Why};

/// A stretch of the frame. `end` is what the enclosing layer's length says, and may lie beyond the captured bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// What is left behind a header of `len` bytes.
    pub(super) fn after(self, len: usize) -> Self {
        Self {
            start: (self.start + len).min(self.end),
            end: self.end,
        }
    }

    /// The same start, but no more than `len` bytes.
    pub(super) fn limit(self, len: usize) -> Self {
        Self {
            start: self.start,
            end: self.end.min(self.start + len),
        }
    }

    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// What a protocol says comes behind its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Stop,
    /// Bytes that no protocol here claims.
    Data(Span),
    Ethernet(Span),
    EtherType(u16, Span),
    /// IEEE 802.2.
    Llc(Span),
    /// PPP's protocol field and what follows.
    Ppp(Span),
    /// An IP packet; the first four bits tell which version.
    Ip(Span),
    /// What an IP header's protocol number names.
    IpProtocol(u8, Span),
}

/// More layers than this are an attack or a mistake: decoding stops and says so.
const MOST_LAYERS: usize = 64;

/// The state of a walk through one frame.
pub(super) struct Walk<'a> {
    /// Everything that was captured of the frame.
    pub bytes: &'a [u8],
    pub layers: &'a mut Vec<Layer>,
    /// Index of this frame's first layer in `layers`.
    pub first: usize,
    pub problem: Option<Problem>,
    /// Inside an IP fragment.
    pub fragment: bool,
    /// Inside the packet that an ICMP error quotes.
    pub quoted: bool,
}

impl<'a> Walk<'a> {
    /// The captured bytes of a span.
    pub(super) fn rest(&self, span: Span) -> &'a [u8] {
        let captured = self.bytes.len();
        &self.bytes[span.start.min(captured)..span.end.min(captured)]
    }

    /// Notes a layer with a whole header, and returns what lies behind it.
    pub(super) fn layer(&mut self, kind: Kind, span: Span, header_len: usize) -> Span {
        self.push(kind, span, header_len, false);
        span.after(header_len)
    }

    fn push(&mut self, kind: Kind, span: Span, header_len: usize, cut: bool) {
        // A layer may be known to start behind what was captured: there is nothing of it, at the end.
        let start = span.start.min(self.bytes.len());
        let mut layer = Layer::new(kind, start, header_len, span.end);
        layer.set_context(self.fragment, self.quoted, cut);
        self.layers.push(layer);
    }

    /// Whether `needed` bytes of a header are there; where not, notes what there is, and why.
    pub(super) fn has(&mut self, kind: Kind, span: Span, needed: usize) -> bool {
        let whole = self.rest(span).len() >= needed;
        if !whole {
            self.cut(kind, span, needed);
        }
        whole
    }

    /// Notes a layer whose header is not whole, as far as it goes.
    pub(super) fn cut(&mut self, kind: Kind, span: Span, needed: usize) -> Next {
        let had = self.rest(span).len();
        let (needed, captured) = (needed as u32, had as u32);
        let why = if span.len() > had {
            Why::NotCaptured {
                needed,
                had: captured,
            }
        } else {
            Why::TooShort {
                needed,
                had: captured,
            }
        };
        self.stop(kind, span, had, why)
    }

    /// Notes a layer whose content is against its protocol; `header_len` bytes of it can still be read.
    pub(super) fn malformed(
        &mut self,
        kind: Kind,
        span: Span,
        header_len: usize,
        why: &'static str,
    ) -> Next {
        self.stop(kind, span, header_len, Why::Malformed(why))
    }

    fn stop(&mut self, kind: Kind, span: Span, header_len: usize, why: Why) -> Next {
        self.push(kind, span, header_len, true);
        self.problem(kind, span, why);
        Next::Stop
    }

    /// Remembers why decoding can't go on as it should. The first reason is the one that counts.
    pub(super) fn problem(&mut self, kind: Kind, span: Span, why: Why) {
        self.problem.get_or_insert(Problem {
            kind,
            offset: span.start as u32,
            why,
        });
    }

    /// Remembers a length that claims more than there is room for. A fragment's payload and a quotation are
    /// shorter than their headers say, and rightly so.
    pub(super) fn check_len(&mut self, kind: Kind, span: Span, claimed: usize) {
        if claimed > span.len() && !self.quoted && !self.fragment {
            let (claimed, room) = (claimed as u32, span.len() as u32);
            self.problem(kind, span, Why::TooLong { claimed, room });
        }
    }

    /// As [`Self::cut`], from what etherparse says is missing.
    pub(super) fn short(&mut self, kind: Kind, span: Span, error: &LenError) -> Next {
        self.cut(kind, span, error.required_len)
    }

    /// Whether there is room for one more layer.
    pub(super) fn may_go_deeper(&mut self, span: Span) -> bool {
        let deeper = self.layers.len() - self.first < MOST_LAYERS;
        if !deeper {
            self.problem(Kind::Data, span, Why::TooDeep);
        }
        deeper
    }
}
