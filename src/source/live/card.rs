//! One interface, opened through libpcap.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pcap::{Active, Capture, Linktype, Precision};

use super::{Settings, Stopped, machine, now};
use crate::about::{Interface, Statistics};
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::frame::{LinkType, Timestamp};

/// What the kernel counted on one interface, and we.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub interface: String,
    /// Its place among the interfaces asked for.
    pub index: u32,
    /// When counting began.
    pub since: Timestamp,
    /// Whether every frame counts, or only those that a filter or a direction lets pass.
    pub all: bool,
    /// Only one direction was asked for. libpcap leaves the other out after the kernel counted it.
    pub one_way: bool,
    /// Frames that passed the filter, whether we read them or not.
    pub received: u64,
    /// Of these, dropped because the buffer was full.
    pub dropped: u64,
    /// Dropped by the card or its driver.
    pub interface_dropped: u64,
    /// Frames that we read.
    pub delivered: u64,
}

impl Counts {
    /// Of the frames received, those that were neither dropped nor read: when the capture is over, they came after its end.
    pub fn unread(&self) -> u64 {
        match self.one_way {
            true => 0,
            false => self.received.saturating_sub(self.dropped + self.delivered),
        }
    }

    /// The same as a file says it. Wireshark and dumpcap count as dropped by the interface whatever is lost below the
    /// capturing program.
    pub(super) fn statistics(&self, now: Timestamp) -> Statistics {
        Statistics {
            interface: self.index,
            start: Some(self.since),
            end: Some(now),
            ifrecv: self.all.then_some(self.received),
            ifdrop: Some(self.interface_dropped + self.dropped),
            filteraccept: Some(self.received),
            osdrop: Some(self.dropped),
            usrdeliv: Some(self.delivered),
        }
    }
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
    /// What libpcap last said: received, dropped, dropped by the interface.
    told: [u32; 3],
    /// When the last frame came that was taken from it.
    pub(super) last: Option<Timestamp>,
    /// When it was last asked, if nothing was left in it then.
    pub(super) dry: Option<Instant>,
    /// All that the kernel had counted after it was told to stop was taken.
    is_empty: bool,
    /// What keeps it from going on, in libpcap's words, and since when.
    pub(super) failed: Option<(String, Instant)>,
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
        let promiscuous = settings.promiscuous && name != super::ANY;
        let inactive = Capture::from_device(name)
            .map_err(failed("open"))?
            .snaplen(settings.snaplen.try_into().unwrap_or(i32::MAX))
            .promisc(promiscuous)
            .buffer_size(settings.buffer_size.try_into().unwrap_or(i32::MAX))
            .timeout(WAIT_MS)
            .immediate_mode(settings.immediate)
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
                name: Some(name.to_owned()),
                description: machine::description(name),
                filter: settings.filter.clone(),
                system: machine::system(),
                ..Interface::new(link, settings.snaplen)
            },
            capture,
            last_counts: Counts {
                interface: name.to_owned(),
                index,
                since: now(),
                all: settings.filter.is_none() && settings.direction.is_none(),
                one_way: settings.direction.is_some(),
                received: 0,
                dropped: 0,
                interface_dropped: 0,
                delivered: 0,
            },
            told: [0; 3],
            last: None,
            dry: None,
            is_empty: false,
            failed: None,
        })
    }

    /// Whether it has given everything up to the stop. With a clock that was set back since then nobody could tell, and on
    /// a busy link it would go on until the clock is there again.
    pub(super) fn is_past(&self, stopped: Option<Stopped>) -> bool {
        stopped.is_some_and(|stopped| self.last > Some(stopped.at) || now() < stopped.at)
    }

    /// Whether nothing more is to be taken from it.
    pub(super) fn is_over(&self, stopped: Option<Stopped>) -> bool {
        self.is_past(stopped)
            || stopped.zip(self.dry).is_some_and(|(stopped, asked)| {
                let waited = asked.duration_since(stopped.since);
                self.is_empty || waited >= HANDED_OVER
            })
    }

    /// Notices where nothing is left in the kernel's buffer once it is told to stop, so that no time has to pass to be
    /// sure of it. Where libpcap itself leaves out frames (those of the other direction), that is not known.
    pub(super) fn look_whether_empty(&mut self) {
        let counts = self.counts();
        self.is_empty = counts.delivered + counts.dropped >= counts.received;
    }

    /// Where libpcap reads what a card dropped, whenever it is asked for counts.
    pub(super) fn path_read(&self) -> PathBuf {
        Path::new("/sys/class/net")
            .join(&self.name)
            .join("statistics")
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
                    self.last_counts.delivered += 1;
                    batch.push(packet.data, header.len, Some(time), self.link, self.index);
                }
                Err(pcap::Error::TimeoutExpired | pcap::Error::NoMorePackets) => {
                    self.dry = Some(asked);
                    break;
                }
                Err(error) => {
                    self.dry = Some(asked);
                    self.failed.get_or_insert_with(|| (plain(&error), asked));
                    break;
                }
            }
        }
        self.bury()
    }

    /// Reports a failure once there is nothing left: an interface disappears with frames in the kernel's buffer, in a block that is
    /// handed over later.
    fn bury(&mut self) -> Result<()> {
        let (Some((_, since)), Some(_)) = (&self.failed, self.dry) else {
            return Ok(());
        };
        let waited = since.elapsed();
        self.look_whether_empty();
        match self
            .failed
            .take_if(|_| self.is_empty || waited >= HANDED_OVER)
        {
            None => Ok(()),
            Some((cause, _)) => Err(Error::Capture {
                doing: "go on capturing on",
                interface: self.name.clone(),
                cause,
            }),
        }
    }

    /// To be asked often enough: libpcap counts in 32 bits, which a busy link fills within hours.
    pub(super) fn counts(&mut self) -> Counts {
        if let Ok(stat) = self.capture.stats() {
            let counts = &mut self.last_counts;
            let told = [stat.received, stat.dropped, stat.if_dropped];
            let totals = [
                &mut counts.received,
                &mut counts.dropped,
                &mut counts.interface_dropped,
            ];
            for ((total, now), before) in totals.into_iter().zip(told).zip(self.told) {
                *total += u64::from(now.wrapping_sub(before));
            }
            self.told = told;
        }
        self.last_counts.clone()
    }
}

/// libpcap numbers a few links differently than its files do.
pub(super) fn link_type(Linktype(dlt): Linktype) -> LinkType {
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
