//! Frames that answer ours: few and small ones, wanted at once.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::Settings;
use super::card::{Card, Counts};
use crate::batch::Batch;
use crate::error::{Error, Result};

/// ARP packets and neighbor discovery fit, with tags.
const SNAPLEN: u32 = 256;
/// Room for some ten thousand of them.
const BUFFER: u32 = 4 << 20;

/// One interface, listened to with a filter that the kernel runs.
pub struct Answers {
    card: Card,
}

impl Answers {
    /// # Errors
    /// libpcap's words, as [`super::Live::open`].
    pub fn open(interface: &str, filter: &str) -> Result<Self> {
        let settings = Settings {
            snaplen: SNAPLEN,
            promiscuous: false,
            buffer_size: BUFFER,
            direction: None,
            immediate: true,
            duration: None,
            filter: Some(filter.to_owned()),
        };
        Card::open(interface, 0, &settings).map(|card| Self { card })
    }

    /// Appends what has come. Where that is nothing, waits until something does, `wake` becomes readable or `patience`
    /// is over, and looks once more.
    ///
    /// # Errors
    /// libpcap's words: the interface is gone.
    pub fn receive(
        &mut self,
        batch: &mut Batch,
        patience: Duration,
        wake: BorrowedFd<'_>,
    ) -> Result<()> {
        self.card.drain(batch)?;
        if !batch.is_empty() || patience.is_zero() {
            return Ok(());
        }
        let ready = {
            let card: BorrowedFd<'_> = self.card.capture.as_fd();
            let mut fds = [
                PollFd::from_borrowed_fd(card, PollFlags::IN),
                PollFd::from_borrowed_fd(wake, PollFlags::IN),
            ];
            let timeout: Option<Timespec> = patience.try_into().ok();
            poll(&mut fds, timeout.as_ref())
        };
        match ready {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(()),
            Ok(_) => self.card.drain(batch),
            Err(error) => Err(Error::System {
                doing: "wait for answers",
                cause: error.into(),
            }),
        }
    }

    /// What is read later, besides the frames.
    pub fn path_read(&self) -> PathBuf {
        self.card.path_read()
    }

    /// What the kernel counted, drops above all.
    pub fn counts(&mut self) -> Counts {
        self.card.counts()
    }
}
