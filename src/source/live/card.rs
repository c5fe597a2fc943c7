//! One interface, opened through libpcap.

use std::time::{Duration, Instant};

use pcap::{Active, Capture, Linktype, Precision};

use super::{Settings, Stopped};
use crate::batch::{Batch, Interface};
use crate::error::{Error, Result};
use crate::frame::{LinkType, Timestamp};

/// What the kernel counted on one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub interface: String,
    /// Frames that passed the filter, whether we read them or not.
    pub received: u32,
    /// Of these, dropped because the buffer was full.
    pub dropped: u32,
    /// Dropped by the card or its driver.
    pub interface_dropped: u32,
}

/// A frame read from the kernel waits at most this long for others to fill its block.
const WAIT_MS: i32 = 10;
/// After this long the kernel has handed over the block that a frame is in; its timers run late at times.
pub(super) const HANDED_OVER: Duration = Duration::from_millis(4 * WAIT_MS as u64);
/// Frames taken from one interface before the others get their turn.
const MOST_AT_ONCE: usize = 4096;
/// The same in bytes, about.
const MOST_BYTES: usize = 512 * 1024;

pub(super) struct Card {
    pub(super) name: String,
    /// Its place among the interfaces asked for; it stays when another one disappears.
    pub(super) index: u32,
    pub(super) capture: Capture<Active>,
    pub(super) link: LinkType,
    pub(super) interface: Interface,
    pub(super) last_counts: Counts,
    /// When the last frame came that was taken from it.
    pub(super) last: Option<Timestamp>,
    /// When it was last asked, if nothing was left in it then.
    pub(super) dry: Option<Instant>,
}

impl Card {
    pub(super) fn open(name: &str, index: u32, settings: &Settings) -> Result<Self> {
        let failed = |doing| {
            move |error: pcap::Error| Error::Capture {
                doing,
                interface: name.to_owned(),
                cause: plain(&error),
            }
        };
        // Cooked frames of all interfaces; there is no card to put into promiscuous mode.
        let promiscuous = settings.promiscuous && name != "any";
        let inactive = Capture::from_device(name)
            .map_err(failed("open"))?
            .snaplen(settings.snaplen.try_into().unwrap_or(i32::MAX))
            .promisc(promiscuous)
            .buffer_size(settings.buffer_size.try_into().unwrap_or(i32::MAX))
            .timeout(WAIT_MS)
            .precision(Precision::Nano);
        let mut capture = inactive
            .open()
            .map_err(failed("capture on"))?
            .setnonblock()
            .map_err(failed("capture on"))?;
        if let Some(direction) = settings.direction {
            capture
                .direction(direction)
                .map_err(failed("choose a direction on"))?;
        }
        if let Some(filter) = &settings.filter {
            capture.filter(filter, true).map_err(|error| {
                let cause = plain(&error);
                Error::Usage(format!(
                    "the capture filter '{filter}' can't be used on {name}: {cause}"
                ))
            })?;
        }
        let link = link_type(capture.get_datalink());
        Ok(Self {
            name: name.to_owned(),
            index,
            link,
            interface: Interface {
                link,
                snaplen: settings.snaplen,
                name: Some(name.to_owned()),
                description: None,
            },
            capture,
            last_counts: Counts {
                interface: name.to_owned(),
                received: 0,
                dropped: 0,
                interface_dropped: 0,
            },
            last: None,
            dry: None,
        })
    }

    /// Whether it has given everything up to the stop.
    pub(super) fn is_past(&self, stopped: Option<Stopped>) -> bool {
        stopped.is_some_and(|stopped| self.last > Some(stopped.at))
    }

    /// Whether nothing more is to be taken from it.
    pub(super) fn is_over(&self, stopped: Option<Stopped>) -> bool {
        self.is_past(stopped)
            || stopped
                .zip(self.dry)
                .is_some_and(|(stopped, asked)| asked.duration_since(stopped.since) >= HANDED_OVER)
    }

    pub(super) fn drain(&mut self, batch: &mut Batch) -> Result<()> {
        let mut room = MOST_AT_ONCE;
        let most_bytes = batch.bytes.len() + MOST_BYTES;
        let asked = Instant::now();
        self.dry = None;
        while room > 0 && batch.bytes.len() < most_bytes {
            room -= 1;
            match self.capture.next_packet() {
                Ok(packet) => {
                    let header = packet.header;
                    // With nanosecond precision this field holds nanoseconds, whatever its name.
                    let time = Timestamp::new(header.ts.tv_sec, header.ts.tv_usec as u32);
                    self.last = Some(time);
                    batch.push(packet.data, header.len, Some(time), self.link, self.index);
                }
                Err(pcap::Error::TimeoutExpired | pcap::Error::NoMorePackets) => {
                    self.dry = Some(asked);
                    break;
                }
                Err(error) => {
                    self.counts();
                    return Err(Error::Capture {
                        doing: "go on capturing on",
                        interface: self.name.clone(),
                        cause: plain(&error),
                    });
                }
            }
        }
        Ok(())
    }

    pub(super) fn counts(&mut self) -> Counts {
        if let Ok(stat) = self.capture.stats() {
            self.last_counts.received = stat.received;
            self.last_counts.dropped = stat.dropped;
            self.last_counts.interface_dropped = stat.if_dropped;
        }
        self.last_counts.clone()
    }
}

/// libpcap numbers a few links differently than its files do.
fn link_type(Linktype(dlt): Linktype) -> LinkType {
    LinkType(match dlt {
        12 => LinkType::RAW.0,
        11 => LinkType::ATM_RFC1483.0,
        19 => LinkType::ATM_CLIP.0,
        other => other as u16,
    })
}

/// libpcap's own words, without the crate's around them.
fn plain(error: &pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(text) => text.clone(),
        other => other.to_string(),
    }
}
