//! Where frames come from: capture files and the network card. What follows does not know which.

mod ahead;
mod chain;
mod file;
mod gzip;
mod input;
pub mod live;
mod pcap;
mod pcapng;

pub use ahead::read_ahead;
pub use chain::Files;
pub use file::CaptureFile;

use crate::batch::Batch;
use crate::error::Result;

/// What a source says after filling a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There may be more at once.
    More,
    /// The frames in this batch, if any, were the last.
    End,
}

/// Ends a source from another thread than the one that reads it.
pub type Release = Box<dyn Fn() + Send + Sync>;

/// Gives frames in order, a batch at a time.
pub trait Source: Send {
    /// Replaces the batch's contents with the next frames.
    ///
    /// # Errors
    /// Where the input is damaged or the capture fails. The frames then in `batch` came before that
    /// and are good. The next call goes on with what is left (the next file), or says [`Progress::End`].
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress>;

    /// How many bytes of frames wait to be read, where it knows.
    fn waiting(&self) -> usize {
        0
    }

    /// What ends a [`Self::fill`] that waits, and all later ones, from another thread; none where that never waits for
    /// long.
    fn release(&self) -> Option<Release> {
        None
    }
}
