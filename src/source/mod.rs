//! Where frames come from: capture files and the network card. What follows does not know which.

mod chain;
mod file;
mod gzip;
mod input;
pub mod live;
mod pcap;
mod pcapng;

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

/// Gives frames in order, a batch at a time.
pub trait Source: Send {
    /// Replaces the batch's contents with the next frames.
    ///
    /// # Errors
    /// Where the input is damaged or the capture fails. The frames then in `batch` came before that
    /// and are good. The next call goes on with what is left (the next file), or says [`Progress::End`].
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress>;
}
