//! The pcap file format (draft-ietf-opsawg-pcap): a file header, then a record header before each frame.
//! Both byte orders, micro- and nanoseconds, and the variant with longer record headers that old Linux tools wrote.

use super::file::Stop;
use crate::about::Interface;
use crate::batch::Record;
use crate::bytes::Order;
use crate::frame::{LinkType, Timestamp};

pub(super) const FILE_HEADER: usize = 24;
const RECORD_HEADER: usize = 16;
/// Record header of the "modified" format: interface index, protocol and packet type follow the lengths.
const MODIFIED_RECORD_HEADER: usize = 24;
/// A record that claims to hold more than this is damage: no link type here has frames near it.
const LARGEST_FRAME: u32 = 262_144;

const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;
const MODIFIED: u32 = 0xa1b2_cd34;

#[derive(Debug)]
pub(super) struct Reader {
    order: Order,
    nanos_per_unit: u32,
    record_header: usize,
    link: LinkType,
    snaplen: u32,
}

impl Reader {
    /// Reads the file header; `None` where the magic number is of another format.
    pub(super) fn from_header(data: &[u8]) -> Result<Option<Self>, Stop> {
        let Some(magic) = data.first_chunk::<4>() else {
            return Err(Stop::Need(FILE_HEADER));
        };
        let recognised = [Order::Little, Order::Big].into_iter().find_map(|order| {
            let (nanos_per_unit, record_header) = match order.u32(*magic) {
                MICROSECONDS => (1000, RECORD_HEADER),
                NANOSECONDS => (1, RECORD_HEADER),
                MODIFIED => (1000, MODIFIED_RECORD_HEADER),
                _ => return None,
            };
            Some((order, nanos_per_unit, record_header))
        });
        let Some((order, nanos_per_unit, record_header)) = recognised else {
            return Ok(None);
        };
        if data.len() < FILE_HEADER {
            return Err(Stop::Need(FILE_HEADER));
        }
        Ok(Some(Self {
            order,
            nanos_per_unit,
            record_header,
            // The upper bits hold the length of a frame check sequence.
            link: LinkType(order.u32_at(data, 20) as u16),
            snaplen: order.u32_at(data, 16),
        }))
    }

    pub(super) fn interface(&self) -> Interface {
        Interface::new(self.link, self.snaplen)
    }

    /// Finds the whole records in `data`; returns how many bytes they take and why it stopped there.
    pub(super) fn parse(&mut self, data: &[u8], records: &mut Vec<Record>) -> (usize, Stop) {
        let mut at = 0;
        loop {
            let rest = &data[at..];
            let (Some(header), true) = (
                rest.first_chunk::<RECORD_HEADER>(),
                rest.len() >= self.record_header,
            ) else {
                return (at, Stop::Need(self.record_header));
            };
            let [seconds, fraction, captured, wire_len] = self.order.u32s(header);
            if captured > LARGEST_FRAME {
                return (
                    at,
                    Stop::Bad(format!(
                        "the record claims to hold {captured} bytes of one frame, over the {LARGEST_FRAME} that a frame can have"
                    )),
                );
            }
            let size = self.record_header + captured as usize;
            if rest.len() < size {
                return (at, Stop::Need(size));
            }
            let fraction = u64::from(fraction) * u64::from(self.nanos_per_unit);
            let seconds = i64::from(seconds);
            records.push(Record {
                start: at + self.record_header,
                captured,
                wire_len,
                time: Some(Timestamp::from_nanos(
                    seconds * 1_000_000_000 + fraction as i64,
                )),
                link: self.link,
                interface: 0,
            });
            at += size;
        }
    }
}
