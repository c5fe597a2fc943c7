//! The pcapng file format (draft-ietf-opsawg-pcapng): sections of blocks, each interface with a link type,
//! resolution and name of its own.

mod options;
mod passing;

use self::options::{Options, text};
use super::file::Stop;
use crate::about::{About, Interface, Section, Statistics};
use crate::batch::Record;
use crate::bytes::{self, Order};
use crate::frame::{LinkType, Timestamp};

/// Type of the Section Header Block, the same in both byte orders.
pub(super) const MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const INTERFACE_DESCRIPTION: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const NAME_RESOLUTION: u32 = 4;
const INTERFACE_STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
const DECRYPTION_SECRETS: u32 = 10;

/// Type and length before a block's body, the length again behind it.
const FRAMING: usize = 12;
/// A block that claims more than this is damage, not data.
const LARGEST_BLOCK: u32 = 16 * 1024 * 1024;

/// More interfaces in one section than this are damage, or meant to fill our memory.
const MOST_INTERFACES: usize = 65_536;

const OPT_COMMENT: u16 = 1;
const OPT_SHB_HARDWARE: u16 = 2;
const OPT_SHB_OS: u16 = 3;
const OPT_IF_NAME: u16 = 2;
const OPT_IF_DESCRIPTION: u16 = 3;
const OPT_IF_TSRESOL: u16 = 9;
const OPT_IF_FILTER: u16 = 11;
const OPT_IF_OS: u16 = 12;
const OPT_IF_TSOFFSET: u16 = 14;

/// What packets of one interface need to be read.
#[derive(Debug, Clone, Copy)]
struct Clock {
    link: LinkType,
    snaplen: u32,
    units_per_second: u128,
    offset_seconds: i64,
}

impl Clock {
    fn time(self, units: u64) -> Timestamp {
        const NANOS: u128 = 1_000_000_000;
        const MICROSECONDS: u128 = 1_000_000;
        // Nearly all clocks count in one of two units; dividing 128-bit numbers takes as long as all the rest.
        let (seconds, nanos) = match self.units_per_second {
            MICROSECONDS => (units / 1_000_000, units % 1_000_000 * 1000),
            NANOS => (units / 1_000_000_000, units % 1_000_000_000),
            other => {
                let fraction = u128::from(units) % other * NANOS / other;
                ((u128::from(units) / other) as u64, fraction as u64)
            }
        };
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Timestamp::new(seconds.saturating_add(self.offset_seconds), nanos as u32)
    }
}

#[derive(Debug)]
pub(super) struct Reader {
    order: Order,
    /// Interfaces of the current section.
    clocks: Vec<Clock>,
    /// How many interfaces earlier sections had: a section counts its own from 0 again.
    earlier_interfaces: u32,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            order: Order::Little,
            clocks: Vec::new(),
            earlier_interfaces: 0,
        }
    }

    /// Reads the whole blocks in `data`; returns how many bytes they take and why it stopped there.
    pub(super) fn parse(
        &mut self,
        data: &[u8],
        records: &mut Vec<Record>,
        interfaces: &mut Vec<Interface>,
        about: &mut About,
    ) -> (usize, Stop) {
        let mut at = 0;
        loop {
            match self.block(data, at, records, interfaces, about) {
                Ok(size) => at += size,
                Err(stop) => return (at, stop),
            }
        }
    }

    /// Reads the block at `at`; returns its size.
    fn block(
        &mut self,
        data: &[u8],
        at: usize,
        records: &mut Vec<Record>,
        interfaces: &mut Vec<Interface>,
        about: &mut About,
    ) -> Result<usize, Stop> {
        let rest = &data[at..];
        if rest.len() < FRAMING {
            return Err(Stop::Need(FRAMING));
        }
        if rest.starts_with(&MAGIC) {
            self.start_section(rest)?;
        }
        let kind = self.order.u32_at(rest, 0);
        let claimed = self.order.u32_at(rest, 4);
        if claimed < FRAMING as u32 || claimed > LARGEST_BLOCK {
            return Err(Stop::Bad(format!(
                "a block of type {kind:#x} claims a length of {claimed} bytes"
            )));
        }
        // Lengths are multiples of 4; writers that forgot the padding in the length still wrote it.
        let size = claimed.next_multiple_of(4) as usize;
        if rest.len() < size {
            return Err(Stop::Need(size));
        }
        let repeated = self.order.u32_at(rest, size - 4);
        if repeated != claimed {
            return Err(Stop::Bad(format!(
                "a block of type {kind:#x} says its length is {claimed} at its start and {repeated} at its end"
            )));
        }
        let body = &rest[8..size - 4];
        let found = match kind {
            SECTION_HEADER => {
                about.sections.push(self.section(body));
                Ok(None)
            }
            INTERFACE_DESCRIPTION => self.interface(body).map(|interface| {
                interfaces.push(interface);
                None
            }),
            ENHANCED_PACKET => self.enhanced_packet(body).map(Some),
            PACKET => self.packet(body).map(Some),
            SIMPLE_PACKET => self.simple_packet(body).map(Some),
            // What carries no frame: where it is damaged, no frame is lost.
            INTERFACE_STATISTICS => {
                about.statistics.extend(self.statistics(body));
                Ok(None)
            }
            NAME_RESOLUTION | DECRYPTION_SECRETS => {
                match passing::block(self.order, kind, body) {
                    Some(block) => about.blocks.push(block),
                    None => about.unknown_blocks += 1,
                }
                Ok(None)
            }
            _ => {
                about.unknown_blocks += 1;
                Ok(None)
            }
        };
        match found {
            Ok(Some(mut record)) => {
                let end = record.start + (record.captured as usize).next_multiple_of(4);
                if kind == ENHANCED_PACKET && body.len() > end {
                    about.add_options(records.len(), |out| {
                        passing::frame_options(out, self.order, &body[end..]);
                    });
                }
                record.start += at + 8;
                records.push(record);
                Ok(size)
            }
            Ok(None) => Ok(size),
            Err(what) => Err(Stop::Bad(what)),
        }
    }

    fn start_section(&mut self, block: &[u8]) -> Result<(), Stop> {
        let Some(magic) = bytes::chunk::<4>(block, 8) else {
            return Err(Stop::Need(FRAMING));
        };
        self.order = [Order::Little, Order::Big]
            .into_iter()
            .find(|order| order.u32(magic) == BYTE_ORDER_MAGIC)
            .ok_or_else(|| Stop::Bad("a section header has no byte-order magic".to_owned()))?;
        debug_assert_eq!(self.order.u32_at(block, 0), SECTION_HEADER);
        self.earlier_interfaces += self.clocks.len() as u32;
        self.clocks.clear();
        Ok(())
    }

    fn section(&self, body: &[u8]) -> Section {
        let mut section = Section::default();
        for (code, value) in Options::new(self.order, body.get(16..).unwrap_or_default()) {
            match code {
                OPT_COMMENT => section.comments.push(text(value)),
                OPT_SHB_HARDWARE => section.hardware = Some(text(value)),
                OPT_SHB_OS => section.system = Some(text(value)),
                _ => {}
            }
        }
        section
    }

    /// None where the block is of no interface, or too short.
    fn statistics(&self, body: &[u8]) -> Option<Statistics> {
        let rest = body.get(12..)?;
        let interface = self.order.u32_at(body, 0);
        let clock = self.clock(interface).ok()?;
        let units =
            u64::from(self.order.u32_at(body, 4)) << 32 | u64::from(self.order.u32_at(body, 8));
        let mut found = Statistics {
            interface: self.earlier_interfaces + interface,
            end: Some(clock.time(units)),
            ..Statistics::default()
        };
        for (code, value) in Options::new(self.order, rest) {
            let Some(number) = bytes::chunk::<8>(value, 0) else {
                continue;
            };
            let number = Some(self.order.u64(number));
            // A time is two words, the high one first in either byte order.
            let time = || {
                let units = u64::from(self.order.u32_at(value, 0)) << 32
                    | u64::from(self.order.u32_at(value, 4));
                Some(clock.time(units))
            };
            match code {
                2 => found.start = time(),
                3 => found.end = time(),
                4 => found.ifrecv = number,
                5 => found.ifdrop = number,
                6 => found.filteraccept = number,
                7 => found.osdrop = number,
                8 => found.usrdeliv = number,
                _ => {}
            }
        }
        Some(found)
    }

    fn interface(&mut self, body: &[u8]) -> Result<Interface, String> {
        if body.len() < 8 {
            return Err("an interface description is too short".to_owned());
        }
        let mut clock = Clock {
            link: LinkType(self.order.u16_at(body, 0)),
            snaplen: self.order.u32_at(body, 4),
            units_per_second: 1_000_000,
            offset_seconds: 0,
        };
        let mut interface = Interface::new(clock.link, clock.snaplen);
        interface.position = self.clocks.len() as u32;
        for (code, value) in Options::new(self.order, &body[8..]) {
            match code {
                OPT_IF_NAME => interface.name = Some(text(value)),
                OPT_IF_DESCRIPTION => interface.description = Some(text(value)),
                // Its first byte says what the rest is; 0 is text in libpcap's language.
                OPT_IF_FILTER if value.first() == Some(&0) => {
                    interface.filter = Some(text(&value[1..]));
                }
                OPT_IF_OS => interface.system = Some(text(value)),
                OPT_IF_TSRESOL => {
                    if let Some(resolution) = value.first() {
                        clock.units_per_second = units_per_second(*resolution);
                    }
                }
                OPT_IF_TSOFFSET => {
                    if let Some(seconds) = bytes::chunk::<8>(value, 0) {
                        clock.offset_seconds = self.order.u64(seconds) as i64;
                    }
                }
                _ => {}
            }
        }
        if self.clocks.len() == MOST_INTERFACES {
            return Err(format!(
                "the section describes over {MOST_INTERFACES} interfaces"
            ));
        }
        self.clocks.push(clock);
        Ok(interface)
    }

    fn clock(&self, interface: u32) -> Result<Clock, String> {
        self.clocks.get(interface as usize).copied().ok_or_else(|| {
            format!(
                "a frame names interface {interface}, but the section describes {}",
                self.clocks.len()
            )
        })
    }

    fn enhanced_packet(&self, body: &[u8]) -> Result<Record, String> {
        if body.len() < 20 {
            return Err("an enhanced packet block is too short".to_owned());
        }
        self.timed(body, self.order.u32_at(body, 0))
    }

    /// The obsolete Packet Block: a 16-bit interface and a drop count where the Enhanced one has 32 bits.
    fn packet(&self, body: &[u8]) -> Result<Record, String> {
        if body.len() < 20 {
            return Err("a packet block is too short".to_owned());
        }
        self.timed(body, u32::from(self.order.u16_at(body, 0)))
    }

    fn timed(&self, body: &[u8], interface: u32) -> Result<Record, String> {
        let clock = self.clock(interface)?;
        let units =
            u64::from(self.order.u32_at(body, 4)) << 32 | u64::from(self.order.u32_at(body, 8));
        let captured = self.order.u32_at(body, 12);
        if captured as usize > body.len() - 20 {
            return Err(format!(
                "a frame claims {captured} captured bytes, its block holds {}",
                body.len() - 20
            ));
        }
        Ok(Record {
            start: 20,
            captured,
            wire_len: self.order.u32_at(body, 16),
            time: Some(clock.time(units)),
            link: clock.link,
            interface: self.earlier_interfaces + interface,
        })
    }

    /// Stores no time and no captured length: the frame is cut at the interface's snapshot length.
    fn simple_packet(&self, body: &[u8]) -> Result<Record, String> {
        if body.len() < 4 {
            return Err("a simple packet block is too short".to_owned());
        }
        let clock = self.clock(0)?;
        let wire_len = self.order.u32_at(body, 0);
        let limit = if clock.snaplen == 0 {
            wire_len
        } else {
            wire_len.min(clock.snaplen)
        };
        Ok(Record {
            start: 4,
            captured: limit.min((body.len() - 4) as u32),
            wire_len,
            time: None,
            link: clock.link,
            interface: self.earlier_interfaces,
        })
    }
}

/// Units in a second for an `if_tsresol` octet: a negative power of 10, or of 2 with the top bit set.
/// Where they are finer than any number here, all a clock can count is less than a nanosecond.
fn units_per_second(resolution: u8) -> u128 {
    let exponent = u32::from(resolution & 0x7f);
    let power = if resolution & 0x80 == 0 {
        10u128.checked_pow(exponent)
    } else {
        1u128.checked_shl(exponent)
    };
    power.unwrap_or(u128::MAX)
}
