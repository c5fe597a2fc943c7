//! What capture files are read from: bytes are counted as they come, and waiting for more ends when nobody wants
//! results any more.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::event::{PollFd, PollFlags, poll};

/// Counts what is read, for whoever shows progress. Reads are large, so that it costs nothing.
pub(super) struct Counted<R> {
    input: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    pub(super) fn new(input: R, count: Arc<AtomicU64>) -> Self {
        Self { input, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Standard input. Where `has_reader`, whoever reads our results may go away while there is nothing to read here; that
/// is told as a broken pipe.
pub(super) struct StandardInput {
    input: File,
    has_reader: bool,
}

impl StandardInput {
    pub(super) fn open(has_reader: bool) -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        Ok(Self { input, has_reader })
    }

    /// Waits for more, or the end; an error where the reader of standard output is gone.
    fn wait(&self) -> io::Result<()> {
        let output = io::stdout();
        // Nothing to wait for at the output: that the reader is gone is told unasked.
        let mut ends = [
            PollFd::new(&self.input, PollFlags::IN),
            PollFd::new(&output, PollFlags::empty()),
        ];
        poll(&mut ends, None)?;
        if ends[1].revents().contains(PollFlags::ERR) {
            return Err(ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }
}

impl Read for StandardInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.has_reader {
            self.wait()?;
        }
        self.input.read(buffer)
    }
}
