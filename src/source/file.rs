//! A capture file read in large chunks: frames borrow from the chunk, nothing is copied but a record cut by its end.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use super::gzip::{self, Gzip};
use super::{Progress, Source, pcap, pcapng};
use crate::about::Interface;
use crate::batch::Batch;
use crate::error::{Damage, Error, Result};

/// Bytes read at once: larger chunks fall out of the second-level cache and were measured slower.
const CHUNK: usize = 512 * 1024;
/// Frames in the batches that are worked on at once, about. What is made of one takes memory by the frame, and far more than
/// its bytes; but for every batch the workers may have to wait for each other.
pub(super) const AT_ONCE: usize = 2_048;
/// The first time fewer, then twice as many each time: getting memory for a whole chunk takes longer than reading a small file.
const FIRST_CHUNK: usize = 32 * 1024;

/// Why a parser can't go on with the bytes it has.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The next record takes this many bytes, counted from where it starts.
    Need(usize),
    /// The record that starts here can't be one.
    Bad(String),
}

/// The container around the frames, and what is known of it so far.
enum Format {
    Pcap(pcap::Reader),
    Pcapng(pcapng::Reader),
}

/// One pcap or pcapng file, gzipped or not, from a path or standard input.
pub struct CaptureFile {
    name: String,
    path: PathBuf,
    input: Box<dyn Read + Send>,
    format: Option<Format>,
    /// The start of a record whose end was not read yet.
    carry: Vec<u8>,
    /// How many bytes that record takes, as far as is known.
    need: usize,
    /// Bytes to be read at once.
    chunk: usize,
    /// Frames that these are to bring, about.
    at_once: usize,
    /// Offset of `carry` in the decompressed input.
    offset: u64,
    frames: u64,
    at_end: bool,
    /// The end or an error was told: there is nothing more.
    done: bool,
}

impl CaptureFile {
    /// Opens `path`; `-` is standard input.
    ///
    /// # Errors
    /// Where the file can't be opened. What it holds is looked at with the first batch.
    pub fn open(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Self::from_named(path, io::stdin());
        }
        Self::from_named(path, open_file(path)?)
    }

    /// Reads what was opened under that name.
    pub(super) fn from_named(path: &Path, raw: impl Read + Send + 'static) -> Result<Self> {
        let name = match path == Path::new("-") {
            true => "standard input".to_owned(),
            false => path.display().to_string(),
        };
        let mut opened = Self::from_reader(&name, raw).map_err(cannot_open(path))?;
        if path != Path::new("-") {
            opened.path = path.to_owned();
        }
        Ok(opened)
    }

    /// Reads a capture from anything; `name` is what messages call it.
    ///
    /// # Errors
    /// Where the first two bytes, which tell whether it is gzipped, can't be read.
    pub fn from_reader(name: &str, mut raw: impl Read + Send + 'static) -> io::Result<Self> {
        let mut first = Vec::with_capacity(gzip::MAGIC.len());
        raw.by_ref()
            .take(gzip::MAGIC.len() as u64)
            .read_to_end(&mut first)?;
        let zipped = first == gzip::MAGIC;
        let whole = Cursor::new(first).chain(raw);
        Ok(Self {
            name: name.to_owned(),
            path: PathBuf::from(name),
            input: if zipped {
                Box::new(Gzip::new(BufReader::with_capacity(CHUNK, whole)))
            } else {
                Box::new(whole)
            },
            format: None,
            carry: Vec::new(),
            need: 1,
            chunk: FIRST_CHUNK,
            at_once: AT_ONCE,
            offset: 0,
            frames: 0,
            at_end: false,
            done: false,
        })
    }

    /// Asks for batches of about as many frames.
    pub fn with_batches_of(self, frames: usize) -> Self {
        Self {
            at_once: frames,
            ..self
        }
    }

    fn damage(&self, offset: u64, what: String) -> Error {
        Error::Damaged(Damage {
            input: self.name.clone(),
            offset,
            frames: self.frames,
            what,
        })
    }

    /// Reads until there is a whole record to parse, or the end; returns how much of `buffer` is filled.
    /// One read is enough where it brings a record: from a pipe, frames must not wait for a chunk to fill.
    fn read_more(&mut self, buffer: &mut Vec<u8>, mut filled: usize) -> (usize, Result<()>) {
        while filled < self.need && !self.at_end {
            let room = self.chunk.max(self.need);
            if buffer.len() < room {
                buffer.resize(room, 0);
            }
            self.chunk = (2 * self.chunk).min(CHUNK);
            match self.input.read(&mut buffer[filled..room]) {
                Ok(0) => self.at_end = true,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.at_end = true;
                    return (filled, Err(self.read_error(error, filled)));
                }
            }
        }
        (filled, Ok(()))
    }

    fn read_error(&self, error: io::Error, filled: usize) -> Error {
        use io::ErrorKind::{BrokenPipe, InvalidData, InvalidInput, UnexpectedEof};
        match error.kind() {
            // What the gzip decoder says of a stream that is cut or damaged.
            UnexpectedEof | InvalidInput | InvalidData => self.damage(
                self.offset + filled as u64,
                format!("the compressed data breaks off ({error}); counted in decompressed bytes"),
            ),
            // Nobody reads what comes of it.
            BrokenPipe => Error::Output(error),
            _ => Error::File {
                doing: "read",
                path: self.path.clone(),
                cause: error,
            },
        }
    }

    /// Parses what `buffer` holds, and keeps its unfinished tail for the next time.
    fn parse(&mut self, batch: &mut Batch, filled: usize) -> Result<()> {
        let Batch {
            bytes,
            records,
            interfaces,
            about,
            ..
        } = batch;
        let data = &bytes[..filled];
        let (used, stop) = match self.format {
            Some(Format::Pcap(ref mut reader)) => reader.parse(data, records),
            Some(Format::Pcapng(ref mut reader)) => reader.parse(data, records, interfaces, about),
            None => match recognise(data, interfaces) {
                Ok((format, header)) => {
                    self.format = Some(format);
                    // The frames after the file header are parsed in the next round, from the carry.
                    (header, Stop::Need(1))
                }
                Err(stop) => (0, stop),
            },
        };
        self.carry.extend_from_slice(&data[used..]);
        self.offset += used as u64;
        self.frames += records.len() as u64;
        if let Some(each) = used.checked_div(records.len()) {
            let wanted = each.saturating_mul(self.at_once);
            self.chunk = self.chunk.min(wanted.max(FIRST_CHUNK));
        }
        match stop {
            Stop::Need(bytes) => {
                self.need = bytes;
                Ok(())
            }
            Stop::Bad(what) => Err(self.damage(self.offset, what)),
        }
    }

    /// What is missing when the input ends inside a record.
    fn check_whole(&self) -> Result<()> {
        let there = self.carry.len();
        let inside = match (&self.format, there) {
            (Some(_), 0) => return Ok(()),
            (None, 0) => {
                let what = "the file is empty; a capture starts with a file header";
                return Err(self.damage(self.offset, what.to_owned()));
            }
            (None, _) => "its header",
            (Some(_), _) => "a record",
        };
        let what = format!(
            "the file ends inside {inside}: {there} of at least {} bytes are there",
            self.need
        );
        Err(self.damage(self.offset, what))
    }
}

pub(super) fn cannot_open(path: &Path) -> impl Fn(io::Error) -> Error {
    move |cause| match cause.kind() {
        io::ErrorKind::BrokenPipe => Error::Output(cause),
        _ => Error::File {
            doing: "open",
            path: path.to_owned(),
            cause,
        },
    }
}

/// Opens a file, but not a folder, which would only fail when it is read.
pub(super) fn open_file(path: &Path) -> Result<File> {
    let file = File::open(path).map_err(cannot_open(path))?;
    if file.metadata().map_err(cannot_open(path))?.is_dir() {
        return Err(cannot_open(path)(io::ErrorKind::IsADirectory.into()));
    }
    Ok(file)
}

/// The format that a file's first bytes tell, and the length of the file header to step over.
fn recognise(
    data: &[u8],
    interfaces: &mut Vec<Interface>,
) -> std::result::Result<(Format, usize), Stop> {
    let Some(magic) = data.first_chunk::<4>() else {
        return Err(Stop::Need(4));
    };
    if *magic == pcapng::MAGIC {
        return Ok((Format::Pcapng(pcapng::Reader::new()), 0));
    }
    match pcap::Reader::from_header(data)? {
        Some(reader) => {
            interfaces.push(reader.interface());
            Ok((Format::Pcap(reader), pcap::FILE_HEADER))
        }
        None => Err(Stop::Bad(format!(
            "this is no pcap or pcapng file: it starts with {:02x} {:02x} {:02x} {:02x}",
            magic[0], magic[1], magic[2], magic[3]
        ))),
    }
}

impl Source for CaptureFile {
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
        batch.clear_records();
        batch.first_number = self.frames + 1;
        while !self.done {
            let carried = self.carry.len();
            if batch.bytes.len() < carried {
                batch.bytes.resize(carried, 0);
            }
            batch.bytes[..carried].copy_from_slice(&self.carry);
            self.carry.clear();
            let (filled, read) = self.read_more(&mut batch.bytes, carried);
            let parsed = self.parse(batch, filled);
            self.done = read.is_err() || parsed.is_err();
            parsed?;
            read?;
            if !batch.is_empty() {
                return Ok(Progress::More);
            }
            if self.at_end && self.carry.len() < self.need {
                self.done = true;
                self.check_whole()?;
            }
        }
        Ok(Progress::End)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of a batch takes memory by the frame, so tiny ones must not come by the ten thousand.
    #[test]
    fn batches_have_about_as_many_frames_as_were_asked_for() -> Result<()> {
        let header: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1];
        let record: [u32; 4] = [1, 0, 4, 4];
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let frame = [words(&record), vec![7; 4]].concat();
        // Larger ones before, for which more is read at once.
        let large = [words(&[1, 0, 1_500, 1_500]), vec![7; 1_500]].concat();
        let frames = [large.repeat(10_000), frame.repeat(100_000)].concat();
        let capture: Vec<u8> = [words(&header), frames].concat();
        let opened = CaptureFile::from_reader("test", Cursor::new(capture));
        let mut file = opened.expect("readable").with_batches_of(3_000);
        let (mut batch, mut sizes) = (Batch::default(), Vec::new());
        while !matches!(file.fill(&mut batch)?, Progress::End) {
            sizes.push(batch.len());
        }
        assert_eq!(sizes.iter().sum::<usize>(), 110_000);
        // How small they are now is found out with one batch of them.
        let too_many = sizes.iter().filter(|size| **size > 3_300).count();
        assert!(too_many <= 1, "{sizes:?}");
        assert!(sizes.len() < 90, "{sizes:?}");
        Ok(())
    }
}
