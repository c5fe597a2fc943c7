//! Frames from the network card, through libpcap: non-blocking, with `poll` and a stop flag of our own, since
//! libpcap's read timeouts never fire on a quiet link.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pcap::{Active, Capture, Direction, Linktype, Precision};
use rustix::event::{PollFd, PollFlags, poll};

use super::{Progress, Source};
use crate::batch::{Batch, Interface};
use crate::error::{Error, Result};
use crate::frame::{LinkType, Timestamp};

/// How to capture.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Most bytes to keep of a frame.
    pub snaplen: u32,
    pub promiscuous: bool,
    /// Size of the kernel's buffer, in bytes.
    pub buffer_size: u32,
    pub direction: Option<Direction>,
    /// In libpcap's language; run by the kernel.
    pub filter: Option<String>,
}

pub use pcap::Direction as FrameDirection;

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
/// Frames taken from one interface before the others get their turn.
const MOST_AT_ONCE: usize = 4096;
/// Bytes in one batch, about.
const MOST_BYTES: usize = 512 * 1024;

struct Card {
    name: String,
    /// Its place among the interfaces asked for; it stays when another one disappears.
    index: u32,
    capture: Capture<Active>,
    link: LinkType,
    interface: Interface,
    last_counts: Counts,
}

/// One or more interfaces at once.
pub struct Live {
    cards: Vec<Card>,
    /// Readable when a signal came.
    wake: OwnedFd,
    stop: Arc<AtomicBool>,
    /// When it was told to stop: frames up to then are still taken.
    stopped_at: Option<Timestamp>,
    told_interfaces: bool,
    next_number: u64,
    gone: Vec<Counts>,
}

impl Live {
    /// Opens every interface, or none. `wake` becomes readable and `stop` true when capturing is to end.
    ///
    /// # Errors
    /// libpcap's words, with the interface they are about; the caller knows what they mean here.
    pub fn open(
        names: &[String],
        settings: &Settings,
        wake: OwnedFd,
        stop: Arc<AtomicBool>,
    ) -> Result<Self> {
        let cards = names
            .iter()
            .zip(0..)
            .map(|(name, index)| Card::open(name, index, settings))
            .collect::<Result<_>>()?;
        Ok(Self {
            cards,
            wake,
            stop,
            stopped_at: None,
            told_interfaces: false,
            next_number: 1,
            gone: Vec::new(),
        })
    }

    /// The kernel's counts, interface by interface.
    pub fn counts(&mut self) -> Vec<Counts> {
        let mut counts = self.gone.clone();
        counts.extend(self.cards.iter_mut().map(Card::counts));
        counts
    }

    /// Names and link types, in the order given.
    pub fn describe(&self) -> impl Iterator<Item = (&str, LinkType)> {
        self.cards
            .iter()
            .map(|card| (card.name.as_str(), card.link))
    }

    /// Waits for a frame, a signal, or the reader of our results to go away; in that case returns false.
    fn wait(&self) -> Result<bool> {
        let output = std::io::stdout();
        let mut fds = vec![
            // Nothing to wait for there: that the reader is gone is told unasked.
            PollFd::new(&output, PollFlags::empty()),
            PollFd::new(&self.wake, PollFlags::IN),
        ];
        fds.extend(self.cards.iter().map(|card| {
            let fd: BorrowedFd<'_> = card.capture.as_fd();
            PollFd::from_borrowed_fd(fd, PollFlags::IN)
        }));
        match poll(&mut fds, None) {
            Ok(_) => Ok(!fds[0].revents().contains(PollFlags::ERR)),
            Err(rustix::io::Errno::INTR) => Ok(true),
            Err(error) => Err(Error::System {
                doing: "wait for frames",
                cause: error.into(),
            }),
        }
    }

    /// Whether all that was to be captured has been taken.
    fn is_over(&mut self, batch: &Batch) -> bool {
        if !self.stop.load(Ordering::Relaxed) {
            return self.cards.is_empty();
        }
        let stopped_at = *self.stopped_at.get_or_insert_with(now);
        // What the kernel had received by then is taken, or it would be lost uncounted; but no more than that,
        // or a busy link would keep us for ever.
        batch
            .records
            .last()
            .is_none_or(|record| record.time > Some(stopped_at))
    }

    /// Takes what is waiting on every interface.
    fn drain(&mut self, batch: &mut Batch) -> Result<()> {
        let mut at = 0;
        while at < self.cards.len() {
            match self.cards[at].drain(batch) {
                Ok(()) => at += 1,
                Err(error) => {
                    let card = self.cards.remove(at);
                    self.gone.push(card.last_counts);
                    return Err(error);
                }
            }
        }
        if self.cards.len() > 1 {
            batch.records.sort_by_key(|record| record.time);
        }
        Ok(())
    }
}

impl Source for Live {
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
        batch.clear();
        batch.first_number = self.next_number;
        if !self.told_interfaces {
            self.told_interfaces = true;
            let interfaces = self.cards.iter().map(|card| card.interface.clone());
            batch.interfaces.extend(interfaces);
        }
        let mut drained = self.drain(batch);
        if batch.is_empty() && drained.is_ok() {
            if self.is_over(batch) || !self.wait()? {
                return Ok(Progress::End);
            }
            drained = self.drain(batch);
        }
        self.next_number += batch.len() as u64;
        drained?;
        if self.is_over(batch) {
            return Ok(Progress::End);
        }
        Ok(Progress::More)
    }
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    Timestamp::new(since.as_secs() as i64, since.subsec_nanos())
}

impl Card {
    fn open(name: &str, index: u32, settings: &Settings) -> Result<Self> {
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
            capture.filter(filter, true).map_err(failed("filter on"))?;
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
        })
    }

    fn drain(&mut self, batch: &mut Batch) -> Result<()> {
        let mut room = MOST_AT_ONCE;
        while room > 0 && batch.bytes.len() < MOST_BYTES {
            room -= 1;
            match self.capture.next_packet() {
                Ok(packet) => {
                    let header = packet.header;
                    // With nanosecond precision this field holds nanoseconds, whatever its name.
                    let time = Timestamp::new(header.ts.tv_sec, header.ts.tv_usec as u32);
                    batch.push(packet.data, header.len, Some(time), self.link, self.index);
                }
                Err(pcap::Error::TimeoutExpired | pcap::Error::NoMorePackets) => break,
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

    fn counts(&mut self) -> Counts {
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

/// The names of what can be captured on.
pub fn capturable() -> Vec<String> {
    let devices = pcap::Device::list().unwrap_or_default();
    devices.into_iter().map(|device| device.name).collect()
}
