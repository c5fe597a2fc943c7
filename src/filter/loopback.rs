//! BSD's loopback in capture filters: libpcap knows the numbers that other systems have for IPv6 only where it reads a file.

use std::io::{self, PipeReader, Write};

use crate::frame::{Frame, LinkType};

/// Links whose frames begin with an address family of the system that captured them (tcpdump.org/linktypes).
pub(super) const LINKS: [LinkType; 3] = [LinkType::NULL, LinkType::LOOP, LinkType(109)];

/// IPv6's on Linux, which libpcap takes for granted where it reads no file.
const LINUX_IPV6: u32 = 10;

/// In which order the system that captured a frame writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Own,
    Other,
}

/// How the address family of a frame is to be read, where it is another system's.
pub(super) fn order(frame: &Frame<'_>) -> Option<Order> {
    if !LINKS.contains(&frame.link) {
        return None;
    }
    let family = u32::from_ne_bytes(*frame.bytes.first_chunk()?);
    match family {
        LINUX_IPV6 => None,
        // A family has 16 bits at most.
        0..=0xffff => Some(Order::Own),
        _ => Some(Order::Other),
    }
}

/// A capture file without frames, as a machine writes it that writes numbers in this order.
pub(super) fn empty_file(link: LinkType, order: Order) -> io::Result<PipeReader> {
    /// Magic number, version 2.4, time zone, accuracy, snapshot length, link type.
    const HEADER: [u32; 5] = [0xa1b2_c3d4, 0, 0, 0, 262_144];
    let ordered = |number: u32| match order {
        Order::Own => number.to_ne_bytes(),
        Order::Other => number.swap_bytes().to_ne_bytes(),
    };
    let version = |number: u16| match order {
        Order::Own => number.to_ne_bytes(),
        Order::Other => number.swap_bytes().to_ne_bytes(),
    };
    let mut bytes = HEADER.map(ordered).concat();
    bytes[4..8].copy_from_slice(&[version(2), version(4)].concat());
    bytes.extend(ordered(u32::from(link.0)));
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(&bytes)?;
    Ok(reader)
}
