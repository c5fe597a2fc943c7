//! The walk through one frame: each protocol reads its header and says what comes next.

use etherparse::err::LenError;

use super::ethertype;
use super::flow::{Flow, Network};
use super::kind::Kind;
use super::layer::{Context, Layer, Problem, Why};
use crate::frame::{Frame, Timestamp};

/// A stretch of the frame. `end` is what the enclosing layer's length says, and may lie beyond the captured bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// What is left behind a header of `len` bytes.
    #[inline]
    pub(super) fn after(self, len: usize) -> Self {
        Self {
            start: self.plus(len).min(self.end),
            end: self.end,
        }
    }

    /// The same start, but no more than `len` bytes.
    #[inline]
    pub(super) fn limit(self, len: usize) -> Self {
        Self {
            start: self.start,
            end: self.end.min(self.plus(len)),
        }
    }

    /// No length that is passed here takes more than 32 bits: no header or packet is longer than its frame or a 16-bit field
    /// and a few bytes.
    #[inline]
    fn plus(self, len: usize) -> u32 {
        self.start.saturating_add(len as u32)
    }

    #[inline]
    pub(super) fn len(self) -> usize {
        (self.end - self.start) as usize
    }
}

/// What a protocol says comes behind its header: who reads on, and where. Two plain numbers, so that it is handed over in
/// registers: an enum went through memory, and a third of all decoding was spent on waiting for that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    reader: u32,
    span: u64,
}

/// Who reads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Nobody,
    /// Bytes that no protocol here claims.
    Data,
    Ethernet,
    EtherType(u16),
    /// IEEE 802.2.
    Llc,
    /// PPP's protocol field and what follows.
    Ppp,
    /// An IP packet; the first four bits tell which version.
    Ip,
    /// What an IP header's protocol number names.
    IpProtocol(u8),
}

const DATA: u32 = 1;
const ETHERNET: u32 = 2;
const LLC: u32 = 3;
const PPP: u32 = 4;
const IP: u32 = 5;
const ETHER_TYPE: u32 = 0x1_0000;
const IP_PROTOCOL: u32 = 0x2_0000;

impl Next {
    pub(super) const STOP: Self = Self { reader: 0, span: 0 };

    #[inline]
    pub(super) fn is_stop(self) -> bool {
        self.reader == Self::STOP.reader
    }

    #[inline]
    fn new(reader: u32, span: Span) -> Self {
        Self {
            reader,
            span: u64::from(span.start) << 32 | u64::from(span.end),
        }
    }

    pub(super) fn data(span: Span) -> Self {
        Self::new(DATA, span)
    }

    pub(super) fn ethernet(span: Span) -> Self {
        Self::new(ETHERNET, span)
    }

    pub(super) fn ether_type(number: u16, span: Span) -> Self {
        match number {
            // Either: the packet's own version counts, as it does for those that receive it.
            ethertype::IPV4 | ethertype::IPV6 => Self::ip(span),
            other => Self::new(ETHER_TYPE | u32::from(other), span),
        }
    }

    pub(super) fn llc(span: Span) -> Self {
        Self::new(LLC, span)
    }

    pub(super) fn ppp(span: Span) -> Self {
        Self::new(PPP, span)
    }

    pub(super) fn ip(span: Span) -> Self {
        Self::new(IP, span)
    }

    pub(super) fn ip_protocol(number: u8, span: Span) -> Self {
        Self::new(IP_PROTOCOL | u32::from(number), span)
    }

    #[inline]
    pub(super) fn reader(self) -> Reader {
        match self.reader {
            DATA => Reader::Data,
            ETHERNET => Reader::Ethernet,
            LLC => Reader::Llc,
            PPP => Reader::Ppp,
            IP => Reader::Ip,
            named if named & ETHER_TYPE != 0 => Reader::EtherType(named as u16),
            named if named & IP_PROTOCOL != 0 => Reader::IpProtocol(named as u8),
            _ => Reader::Nobody,
        }
    }

    #[inline]
    pub(super) fn span(self) -> Span {
        Span {
            start: (self.span >> 32) as u32,
            end: self.span as u32,
        }
    }
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
    /// What the next layer is inside of.
    pub context: Context,
    /// How much of the packet that the last IP header began is in later fragments of a packet around it, in bytes.
    pub elsewhere: u32,
    /// An ICMP error around says that the packet it quotes did not arrive.
    pub unreachable: bool,
    /// What conversations and checksums need of the IP header around.
    pub network: Network<'a>,
    /// A TCP or UDP checksum was left to the network card.
    pub is_left_to_card: bool,
    /// Where to put what the frame is part of, behind what is there; none where nobody asks.
    pub flows: Option<&'a mut Vec<Flow>>,
    /// The frame's number, from 1.
    pub number: u64,
    pub time: Option<Timestamp>,
}

impl<'a> Walk<'a> {
    /// At the start of `frame`, with `bytes` in it. Its layers go behind those that are there.
    pub(super) fn new(
        frame: &Frame<'_>,
        bytes: &'a [u8],
        layers: &'a mut Vec<Layer>,
        flows: Option<&'a mut Vec<Flow>>,
    ) -> Self {
        Self {
            bytes,
            first: layers.len(),
            layers,
            problem: None,
            context: Context::default(),
            elsewhere: 0,
            unreachable: false,
            network: Network::Unknown,
            is_left_to_card: false,
            flows,
            number: frame.number,
            time: frame.time,
        }
    }

    /// The captured bytes of a span.
    pub(super) fn rest(&self, span: Span) -> &'a [u8] {
        let captured = self.bytes.len();
        &self.bytes[(span.start as usize).min(captured)..(span.end as usize).min(captured)]
    }

    /// Notes a layer with a whole header, and returns what lies behind it.
    pub(super) fn layer(&mut self, kind: Kind, span: Span, header_len: usize) -> Span {
        self.push(kind, span, header_len, false);
        span.after(header_len)
    }

    fn push(&mut self, kind: Kind, span: Span, header_len: usize, cut: bool) {
        // A layer may be known to start behind what was captured: there is nothing of it, at the end.
        let start = (span.start as usize).min(self.bytes.len());
        let mut layer = Layer::new(kind, self.context, start, header_len, span.end as usize);
        if cut {
            layer.set_cut();
        }
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
        Next::STOP
    }

    /// Remembers why decoding can't go on as it should. The first reason is the one that counts.
    pub(super) fn problem(&mut self, kind: Kind, span: Span, why: Why) {
        self.problem.get_or_insert(Problem {
            kind,
            offset: span.start,
            why,
        });
    }

    /// Notes what an IP header says of its packet, which is to lie in `span`: whether it is a fragment, and how long it is.
    /// Inside the first fragment of another packet it may end with that, and be as incomplete as a fragment is.
    pub(super) fn begin_packet(&mut self, span: Span, is_fragment: bool, claimed: usize) {
        self.elsewhere = match self.context.in_fragment() && !is_fragment {
            true => claimed.saturating_sub(span.len()) as u32,
            false => 0,
        };
        self.context.set_fragment(is_fragment || self.elsewhere > 0);
    }

    /// Remembers a length that claims more than there is room for. A fragment's payload and a quotation are
    /// shorter than their headers say, and rightly so.
    pub(super) fn check_len(&mut self, kind: Kind, span: Span, claimed: usize) {
        if claimed > span.len() && self.context.is_plain() {
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
