//! The real link: sends through `pnet`, hears through libpcap.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::place::Place;
use crate::arp::{Asker, Mac, Wire};
use crate::batch::Batch;
use crate::commands::interfaces::mac_text;
use crate::commands::live::explain;
use crate::commands::rights::Rights;
use crate::commands::signals;
use crate::error::{Error, Result};
use crate::frame::Timestamp;
use crate::net::{Link, LinkProbe, Sender, State};
use crate::privilege;
use crate::source::live::Answers;

/// Whether and how the user ends it.
pub(in crate::commands) struct Interrupt {
    /// Readable from then on.
    wake: OwnedFd,
    stop: Arc<AtomicBool>,
}

impl Interrupt {
    pub fn listen() -> Result<Self> {
        let signals::Ending { wake, stop, .. } = signals::ending(false)?;
        Ok(Self { wake, stop })
    }
}

/// How often to look whether the link is still up.
const LOOK: Duration = Duration::from_millis(250);
/// A full queue empties within this, or something is wrong with the card.
const QUEUE: Duration = Duration::from_millis(100);

/// One interface, open both ways. Nothing more is opened from then on, so that rights may be given up.
pub(in crate::commands) struct LinkWire<'a> {
    link: Link,
    sender: Sender,
    answers: Answers,
    interrupt: &'a Interrupt,
    probe: LinkProbe,
    /// What the kernel knew of the others on the link when it was opened.
    hints: Vec<(IpAddr, Mac)>,
    /// Frames that the kernel had no room for before anybody was asked.
    dropped_before: u64,
    /// The same moment on the clock that frames are stamped with, and on one that nobody sets.
    start: (Timestamp, Instant),
    looked: Instant,
}

impl<'a> LinkWire<'a> {
    /// # Errors
    /// Where the rights are missing, or the interface is gone.
    pub fn open(place: &Place, interrupt: &'a Interrupt) -> Result<Self> {
        let link = place.link.clone();
        let answers = Answers::open(&link.name, &filter(&place.asker)).map_err(explain)?;
        let sender = Sender::open(&link).map_err(|cause| cannot_send(&link, &cause))?;
        let probe = LinkProbe::open(link.index).map_err(|cause| Error::System {
            doing: "ask the kernel how a link is",
            cause,
        })?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let since = since.unwrap_or_default();
        let now = Timestamp::new(since.as_secs() as i64, since.subsec_nanos());
        Ok(Self {
            link,
            sender,
            answers,
            interrupt,
            probe,
            hints: place.kernel_knows(),
            dropped_before: 0,
            start: (now, Instant::now()),
            looked: Instant::now(),
        })
    }

    pub fn hints(&self) -> Vec<(IpAddr, Mac)> {
        self.hints.clone()
    }

    pub fn path_read(&self) -> PathBuf {
        self.answers.path_read()
    }

    /// Forgets what came while others were asked on another link.
    ///
    /// # Errors
    /// Where the link is gone.
    pub fn begin(&mut self) -> Result<()> {
        let mut stale = Batch::default();
        while {
            stale.clear();
            self.receive(self.now(), &mut stale)?;
            !stale.is_empty()
        } {}
        self.dropped_before = self.answers.counts().dropped;
        Ok(())
    }

    /// Answers that the kernel had no room for.
    pub fn dropped(&mut self) -> u64 {
        self.answers.counts().dropped - self.dropped_before
    }

    /// # Errors
    /// Where the link is not up any more: a frame sent into it is lost, and the kernel does not say so.
    pub fn check(&mut self) -> Result<()> {
        self.looked = Instant::now();
        // Where the kernel does not say, sending will.
        match self.probe.state().unwrap_or(State::Up) {
            State::Up => Ok(()),
            State::Down => Err(ended(&self.link, "it was switched off meanwhile")),
            State::NoCarrier => {
                let cause = "it lost its carrier meanwhile: is the other end still connected?";
                Err(ended(&self.link, cause))
            }
            State::Gone => Err(ended(&self.link, "the interface is gone")),
        }
    }
}

/// Gives up every right but those that asking over `wires` takes, and filling a table; what the summary is to say of it,
/// if anything, a line below what it says else.
///
/// # Errors
/// Where the kernel refuses what it offers.
pub(in crate::commands) fn give_up<'a>(
    rights: &Rights,
    wires: impl IntoIterator<Item = &'a LinkWire<'a>>,
    table: Option<&Path>,
) -> Result<String> {
    let rights = Rights {
        table: table.map(Path::to_owned),
        ..rights.clone()
    };
    let reads = wires.into_iter().map(LinkWire::path_read).collect();
    rights.drop(reads, Vec::new(), None)
}

/// What the kernel is to hand over: what speaks of addresses, and is not our own.
fn filter(asker: &Asker) -> String {
    let own = mac_text(asker.mac);
    match asker.ip {
        IpAddr::V4(_) => format!("arp and not ether src {own}"),
        // "and" and "or" bind alike there. Neighbor discovery, echo replies, errors about an option; behind a hop-by-hop header reports of groups.
        IpAddr::V6(_) => format!(
            "ip6 and not ether src {own} \
             and ((ip6[6] = 58 and ((ip6[40] >= 133 and ip6[40] <= 136) or ip6[40] = 129 or ip6[40] = 4)) \
             or (ip6[6] = 0 and ip6[40] = 58 and ip6[48] = 143))"
        ),
    }
}

fn ended(link: &Link, cause: &str) -> Error {
    Error::Capture {
        doing: "go on asking on",
        interface: link.name.clone(),
        cause: cause.to_owned(),
    }
}

fn cannot_send(link: &Link, cause: &io::Error) -> Error {
    if cause.kind() == io::ErrorKind::PermissionDenied {
        return privilege::not_permitted(&link.name);
    }
    Error::Capture {
        doing: "send on",
        interface: link.name.clone(),
        cause: cause.to_string(),
    }
}

impl Wire for LinkWire<'_> {
    fn now(&self) -> Timestamp {
        let (start, since) = self.start;
        start.after(since.elapsed())
    }

    fn send(&mut self, frame: &[u8]) -> Result<()> {
        const ENOBUFS: i32 = 105;
        let since = Instant::now();
        loop {
            let Err(cause) = self.sender.send(frame) else {
                return Ok(());
            };
            let is_full =
                cause.raw_os_error() == Some(ENOBUFS) || cause.kind() == io::ErrorKind::WouldBlock;
            if !is_full || since.elapsed() > QUEUE {
                self.check()?;
                return Err(cannot_send(&self.link, &cause));
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn receive(&mut self, until: Timestamp, batch: &mut Batch) -> Result<()> {
        let patience = until.since(self.now()).max(0) as u64;
        let patience = Duration::from_nanos(patience).min(LOOK);
        let wake = self.interrupt.wake.as_fd();
        let received = self.answers.receive(batch, patience, wake);
        if received.is_err() || self.looked.elapsed() > LOOK {
            self.check()?;
        }
        received
    }

    fn is_stopped(&self) -> bool {
        self.interrupt.stop.load(Ordering::Relaxed)
    }
}
