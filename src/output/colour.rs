//! Colour, in one place: what a part of the output is, not which colour it has.

use crate::decode::Kind;
use crate::text::Buffer;

/// A part of the output that stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing out of the ordinary: the terminal's own colour.
    Plain,
    /// What is there for orientation: numbers, times, link addresses.
    Quiet,
    Protocol(Kind),
    /// TCP's opening, closing and breaking.
    Open,
    Close,
    Broken,
    /// What is wrong with a frame.
    Problem,
    /// A frame's heading.
    Heading,
    /// What belongs to one layer, counted from the outermost.
    Layer(usize),
    /// A sentence for learners.
    Fact,
}

/// Whether colours are written at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint(pub bool);

impl Paint {
    /// Starts a role's colour.
    pub fn on(self, out: &mut Buffer, role: Role) {
        if self.0 {
            out.extend_from_slice(code(role));
        }
    }

    /// Ends it.
    pub fn off(self, out: &mut Buffer) {
        if self.0 {
            out.extend_from_slice(b"\x1b[0m");
        }
    }
}

/// The sixteen colours that every terminal has, so that the user's own scheme holds.
fn code(role: Role) -> &'static [u8] {
    match role {
        Role::Plain => b"",
        Role::Quiet => b"\x1b[2m",
        Role::Open => b"\x1b[1;32m",
        Role::Close => b"\x1b[33m",
        Role::Broken => b"\x1b[1;31m",
        Role::Problem => b"\x1b[31m",
        Role::Heading => b"\x1b[1m",
        Role::Layer(index) => LAYERS[index % LAYERS.len()],
        Role::Fact => b"\x1b[32m",
        Role::Protocol(kind) => match kind {
            Kind::Arp => b"\x1b[1;33m",
            Kind::Tcp => b"\x1b[36m",
            Kind::Udp => b"\x1b[34m",
            Kind::Icmp | Kind::Icmpv6 | Kind::Igmp => b"\x1b[35m",
            _ => b"\x1b[1m",
        },
    }
}

/// Neighbours differ; red is for what is wrong, green for explanations.
const LAYERS: [&[u8]; 4] = [b"\x1b[33m", b"\x1b[36m", b"\x1b[35m", b"\x1b[94m"];
