//! TCP's health: how connections open, close and break.

use crate::decode::Packet;
use crate::decode::tcp::{at, flag};

/// Segments by what they say (RFC 9293, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TcpHealth {
    pub segments: u64,
    /// A client asks for a connection: SYN without ACK.
    pub syn: u64,
    /// A server accepts: SYN and ACK.
    pub syn_ack: u64,
    /// A side has sent all it had.
    pub fin: u64,
    /// A side refuses or breaks off.
    pub rst: u64,
    /// A receiver has no room: window 0, outside of SYN, FIN and RST, where it means nothing.
    pub zero_window: u64,
}

impl TcpHealth {
    /// Counts the segment that is the layer at `index`.
    #[inline]
    pub(super) fn count(&mut self, packet: &Packet<'_>, index: usize) {
        let layer = &packet.layers[index];
        let (Some(flags), Some(window)) =
            (packet.u8(layer, at::FLAGS), packet.u16(layer, at::WINDOW))
        else {
            return;
        };
        let has = |wanted: u8| flags & wanted != 0;
        self.segments += 1;
        let special = has(flag::SYN | flag::FIN | flag::RST);
        self.zero_window += u64::from(window == 0 && !special);
        // Most are none of these.
        if special {
            self.syn += u64::from(has(flag::SYN) && !has(flag::ACK));
            self.syn_ack += u64::from(has(flag::SYN) && has(flag::ACK));
            self.fin += u64::from(has(flag::FIN));
            self.rst += u64::from(has(flag::RST));
        }
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        let part = std::mem::take(part);
        self.segments += part.segments;
        self.syn += part.syn;
        self.syn_ack += part.syn_ack;
        self.fin += part.fin;
        self.rst += part.rst;
        self.zero_window += part.zero_window;
    }
}
