//! Where frames go: capture files that other programs open.

mod file;
mod format;
mod names;
mod pcap;
mod pcapng;
mod preface;
mod rotate;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::about::{About, Interface};
use crate::error::{Error, Result};
use crate::frame::{Frame, LinkType, Timestamp};
use file::Output;
pub use format::{Fidelity, Format};
use preface::Preface;
use rotate::Rotation;
pub use rotate::{Keep, Rules};

/// What to write, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// `-` is standard output.
    pub path: PathBuf,
    /// A remark about the capture, which pcapng can hold.
    pub comment: Option<String>,
    /// When to go on in another file; none for never.
    pub rotation: Option<Rules>,
    /// Bytes of all files after which to stop.
    pub most: Option<u64>,
    /// Set by somebody else when the user wants to end: then no reader of a pipe is waited for.
    pub enough: Option<Arc<AtomicBool>>,
}

impl Options {
    /// Refuses link types that the file can't hold together.
    ///
    /// # Errors
    /// [`Error::Usage`] where a pcap file would have to hold two.
    pub fn check_links(&self, links: impl IntoIterator<Item = LinkType>) -> Result<()> {
        let mut links = links.into_iter();
        let (Format::Pcap, Some(first)) = (Format::of(&self.path), links.next()) else {
            return Ok(());
        };
        match links.find(|link| *link != first) {
            Some(other) => Err(mixed(first, other)),
            None => Ok(()),
        }
    }
}

fn mixed(first: LinkType, other: LinkType) -> Error {
    Error::Usage(format!(
        "a .pcap file holds frames of one link type, but these are of {first} and of {other}; write a .pcapng file"
    ))
}

/// A capture file being written, or a row of them. Each write is one system call, and its error is seen at once.
pub struct Saver {
    pub format: Format,
    path: PathBuf,
    /// None before the first, and between two of a row.
    output: Option<Output>,
    rotation: Option<Rotation>,
    most: Option<u64>,
    /// Bytes and frames of the files that are finished.
    finished_bytes: u64,
    finished_frames: u64,
    /// Bytes that a file begins with, as far as is known.
    header_size: u64,
    preface: Preface,
    /// The one link type of a pcap file, once known.
    link: Option<LinkType>,
    /// Remarks on sections that no file has room for: a .pcap file has none, and a .pcapng file is one section, whose header is
    /// written before the next input is read.
    unkept: u64,
    /// A write failed: whatever came behind it would stand behind a hole.
    failed: bool,
}

impl Saver {
    /// Creates the file. Of a row of files the first is created only where it is known when it begins.
    ///
    /// # Errors
    /// Where it can't be created.
    pub fn create(options: Options, begins: Option<Timestamp>) -> Result<Self> {
        let Options {
            path,
            comment,
            rotation,
            most,
            enough,
        } = options;
        let rotation = rotation.map(|rules| Rotation::new(&path, rules));
        let mut saver = Self {
            format: Format::of(&path),
            output: None,
            rotation: rotation.transpose()?,
            most,
            path,
            finished_bytes: 0,
            finished_frames: 0,
            header_size: 0,
            preface: Preface::new(comment),
            link: None,
            unkept: 0,
            failed: false,
        };
        match &mut saver.rotation {
            None => saver.output = Some(Output::create(&saver.path, enough)?),
            Some(rotation) => {
                if let Some(begins) = begins {
                    saver.output = Some(rotation.create(Some(begins))?);
                }
            }
        }
        Ok(saver)
    }

    /// The file that is open now, for whoever gives it to another user; none where that is no file of ours.
    pub fn created(&self) -> Option<File> {
        self.output.as_ref().and_then(Output::created)
    }

    /// Where more files will be created, renamed and removed.
    pub fn folder(&self) -> Option<&Path> {
        self.rotation.as_ref().map(|_| names::folder(&self.path))
    }

    /// Whether it may take only some of the frames it is given at once, and so wants to know where each ends.
    pub fn divides(&self) -> bool {
        self.rotation.is_some() || self.most.is_some() || self.format == Format::Pcap
    }

    /// What went wrong since it was asked last that keeps no frame from being written.
    pub fn troubles(&mut self) -> Vec<Error> {
        let rotation = self.rotation.as_mut();
        rotation.map(Rotation::troubles).unwrap_or_default()
    }

    /// Remarks on inputs as a whole that found no room since it was asked last.
    pub fn unkept(&mut self) -> u64 {
        std::mem::take(&mut self.unkept)
    }

    /// Frames that are in the files, whole.
    pub fn frames(&self) -> u64 {
        self.finished_frames + self.output.as_ref().map_or(0, |output| output.frames)
    }

    /// Makes interfaces known, before the first frame of each, and what else the input said.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn add(&mut self, interfaces: &[Interface], about: &About) -> Result<()> {
        let begun = self.output.as_ref().is_some_and(|output| output.begun);
        if begun || self.format == Format::Pcap {
            let comments = about.sections.iter().map(|section| section.comments.len());
            self.unkept += comments.sum::<usize>() as u64;
        } else {
            self.preface.add_sections(&about.sections);
        }
        self.preface.declare(interfaces, &about.sections);
        self.preface.add_statistics(&about.statistics);
        if begun && self.format == Format::Pcapng {
            let mut out = Vec::new();
            preface::push_more(&mut out, interfaces, &about.blocks);
            self.append(&out, 0)?;
        }
        if !begun || self.rotation.is_some() {
            self.preface.remember(interfaces, about);
        }
        Ok(())
    }

    /// Says what time it is where no frame does: files begin and end by it.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn tick(&mut self, clock: Timestamp) -> Result<()> {
        if let Some(rotation) = &mut self.rotation {
            // Both are to be asked: each remembers that it was.
            let (asked, over) = (rotation.is_asked(), rotation.is_over(clock));
            let began = rotation.period();
            if asked || over {
                self.finish_file()?;
            }
            if self.output.is_none() && (asked || over) {
                // The time began when the other was over, not when that was noticed.
                let begins = if asked { Some(clock) } else { began };
                self.open(begins)?;
            }
        }
        if self.output.is_some() {
            self.begin(None)?;
        }
        Ok(())
    }

    /// Writes records that [`Format::push`] made; returns how many, which is fewer than all where enough is written.
    /// `frame` tells a frame, and `end` where its record ends.
    ///
    /// # Errors
    /// Whatever the system says: disk full, closed pipe. [`Error::Usage`] where a pcap file would have to hold two link
    /// types.
    pub fn write<'a>(
        &mut self,
        records: &[u8],
        count: usize,
        frame: impl Fn(usize) -> Frame<'a>,
        end: impl Fn(usize) -> usize,
    ) -> Result<usize> {
        if count == 0 {
            return Ok(0);
        }
        // Frames from `first` on, whose records begin at `from`, are not written yet.
        let (mut first, mut from) = (0, 0);
        if self.divides() {
            let mut start = 0;
            for index in 0..count {
                let (frame, size) = (frame(index), end(index) - start);
                let waiting = &records[from..start];
                if let Err(error) = self.check_link(&frame) {
                    self.append(waiting, index - first)?;
                    return Err(self.with_what_is_held(error));
                }
                let room = (waiting.len() + size) as u64;
                let rotates = self.is_to_rotate(&frame, index - first, room);
                if self.is_full(room, rotates) {
                    self.append(waiting, index - first)?;
                    return Ok(index);
                }
                if rotates {
                    self.append(waiting, index - first)?;
                    self.finish_file()?;
                    (first, from) = (index, start);
                    self.open(frame.time)?;
                }
                self.begin(Some(&frame))?;
                start += size;
            }
        } else {
            self.begin(Some(&frame(0)))?;
        }
        self.append(&records[from..], count - first)?;
        if self.has_enough_frames(0) {
            self.finish_file()?;
        }
        Ok(count)
    }

    /// Whether `room` more bytes would be more than are wanted at all.
    fn is_full(&self, room: u64, rotates: bool) -> bool {
        let present = self.output.as_ref().map_or(0, |output| output.len);
        let begun = self.output.as_ref().is_some_and(|output| output.begun);
        let next = if rotates || !begun {
            self.header_size
        } else {
            0
        };
        let endings = self.preface.end_size(self.format) * (1 + u64::from(rotates));
        let total = self.finished_bytes + present + room + next + endings;
        self.most.is_some_and(|most| total > most)
    }

    /// Whether a frame belongs in another file than the present one, `waiting` others before it not being written yet.
    fn is_to_rotate(&mut self, frame: &Frame<'_>, waiting: usize, room: u64) -> bool {
        let ending = self.preface.end_size(self.format);
        let enough = self.has_enough_frames(waiting as u64);
        let Some(rotation) = &mut self.rotation else {
            return false;
        };
        // Both are to be asked: each remembers that it was.
        let asked = rotation.is_asked();
        let over = frame.time.is_some_and(|time| rotation.is_over(time));
        let Some(output) = &self.output else {
            return true;
        };
        let has_frames = output.frames + waiting as u64 > 0;
        asked || over || enough || has_frames && rotation.exceeds(output.len + room + ending)
    }

    fn has_enough_frames(&self, waiting: u64) -> bool {
        let most = self.rotation.as_ref().and_then(Rotation::most_frames);
        most.zip(self.output.as_ref())
            .is_some_and(|(most, output)| output.frames + waiting >= most)
    }

    fn check_link(&self, frame: &Frame<'_>) -> Result<()> {
        match self.link {
            Some(link) if link != frame.link && self.format == Format::Pcap => {
                Err(mixed(link, frame.link))
            }
            _ => Ok(()),
        }
    }

    fn with_what_is_held(&self, error: Error) -> Error {
        match &self.output {
            Some(output) => Error::Usage(format!(
                "{error}\n{} {}, those before",
                output.name.display(),
                output.holds()
            )),
            None => error,
        }
    }

    /// Writes what a file begins with, once. A pcap file is of the link type of its first frame.
    fn begin(&mut self, frame: Option<&Frame<'_>>) -> Result<()> {
        if self.output.as_ref().is_none_or(|output| output.begun) {
            return Ok(());
        }
        let (out, link) = self.preface.start(self.format, frame);
        self.link = Some(link);
        self.header_size = out.len() as u64;
        self.append(&out, 0)?;
        if let Some(output) = &mut self.output {
            output.begun = true;
        }
        if self.rotation.is_none() {
            self.preface.forget();
        }
        Ok(())
    }

    /// Writes whole blocks; `frames` of them are frames.
    fn append(&mut self, blocks: &[u8], frames: usize) -> Result<()> {
        let Some(output) = &mut self.output else {
            return Ok(());
        };
        if let Some(rotation) = &mut self.rotation {
            let coming = output.len + blocks.len() as u64;
            rotation.make_room(coming);
        }
        let written = output.write(blocks, frames as u64, self.format);
        self.failed |= written.is_err();
        written
    }

    /// The next file of a row.
    fn open(&mut self, begins: Option<Timestamp>) -> Result<()> {
        if let Some(rotation) = &mut self.rotation {
            let opened = rotation.create(begins);
            self.failed |= opened.is_err();
            self.output = Some(opened?);
        }
        Ok(())
    }

    /// Ends the file that is being written. One of a row gets its name now.
    fn finish_file(&mut self) -> Result<()> {
        if !self.failed {
            self.begin(None)?;
            let end = self.preface.end(self.format);
            self.append(&end, 0)?;
        }
        let Some(output) = self.output.take() else {
            return Ok(());
        };
        self.finished_bytes += output.len;
        self.finished_frames += output.frames;
        match &mut self.rotation {
            Some(rotation) => rotation.finish(output),
            None => Ok(()),
        }
    }

    /// Ends the last file: one without a frame still gets a header, or nobody could read it.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn finish(&mut self) -> Result<()> {
        let nothing_yet = self.output.is_none() && self.finished_bytes == 0 && !self.failed;
        if nothing_yet {
            self.open(None)?;
        }
        let finished = self.finish_file();
        if finished.is_err() {
            // What could not be ended is whole up to there, and may have its name.
            let _ = self.finish_file();
        }
        finished
    }
}

/// Whether `path` names standard output.
pub fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}
