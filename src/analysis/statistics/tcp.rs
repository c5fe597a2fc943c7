//! TCP's health: how connections open, close and break.

use crate::decode::tcp::{at, flag};
use crate::decode::{Kind, Packet};

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
    pub(super) fn count(&mut self, packet: &Packet<'_>) {
        let segments = packet
            .layers
            .iter()
            .filter(|layer| layer.kind == Kind::Tcp && !layer.quoted());
        for layer in segments {
            let (Some(flags), Some(window)) =
                (packet.u8(layer, at::FLAGS), packet.u16(layer, at::WINDOW))
            else {
                continue;
            };
            let has = |wanted: u8| flags & wanted != 0;
            self.segments += 1;
            self.syn += u64::from(has(flag::SYN) && !has(flag::ACK));
            self.syn_ack += u64::from(has(flag::SYN) && has(flag::ACK));
            self.fin += u64::from(has(flag::FIN));
            self.rst += u64::from(has(flag::RST));
            self.zero_window += u64::from(window == 0 && !has(flag::SYN | flag::FIN | flag::RST));
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
