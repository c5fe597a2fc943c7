//! Where frames go: capture files that other programs open.

mod pcap;
mod pcapng;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::batch::Interface;
use crate::error::{Error, Result};
use crate::frame::{Frame, LinkType};

/// Which capture file format is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Pcap,
    Pcapng,
}

impl Format {
    /// pcapng unless the name asks for the old format.
    pub fn of(path: &Path) -> Self {
        match path.extension() {
            Some(ending) if ending == "pcap" => Self::Pcap,
            _ => Self::Pcapng,
        }
    }

    /// Whether the format can say that a frame has no time.
    pub fn keeps(self, frame: &Frame<'_>) -> bool {
        frame.time.is_some() || self == Self::Pcapng && pcapng::is_simple(frame)
    }

    /// Appends a frame as this format stores it. Where it has no time and the format can't say so, the time is 1970's start.
    pub fn push(self, out: &mut Vec<u8>, frame: &Frame<'_>) {
        match self {
            Self::Pcap => pcap::push_record(out, frame),
            Self::Pcapng => pcapng::push_packet(out, frame),
        }
    }
}

/// A capture file being written. Each write is one system call, and its error is seen at once.
pub struct Saver {
    path: PathBuf,
    file: Box<dyn Write + Send>,
    pub format: Format,
    /// The link type that the one interface of a pcap file has, once known.
    link: Option<LinkType>,
    created: Option<File>,
}

impl Saver {
    /// Creates the file; `-` is standard output.
    ///
    /// # Errors
    /// Where it can't be created, or its first bytes not be written.
    pub fn create(path: &Path) -> Result<Self> {
        let format = Format::of(path);
        let mut created = None;
        let file: Box<dyn Write + Send> = if path == Path::new("-") {
            Box::new(io::stdout())
        } else {
            let failed = |cause| Error::File {
                doing: "create",
                path: path.to_owned(),
                cause,
            };
            let file = File::create(path).map_err(failed)?;
            created = Some(file.try_clone().map_err(failed)?);
            Box::new(file)
        };
        let mut saver = Self {
            path: path.to_owned(),
            file,
            format,
            link: None,
            created,
        };
        if format == Format::Pcapng {
            let mut header = Vec::new();
            pcapng::push_section(&mut header);
            saver.write(&header)?;
        }
        Ok(saver)
    }

    /// The file that was created, for whoever gives it to another user; none where that is standard output.
    pub fn take_created(&mut self) -> Option<File> {
        self.created.take()
    }

    /// Makes interfaces known, before the first frame of each.
    ///
    /// # Errors
    /// [`Error::Usage`] where a pcap file would have to hold two link types.
    pub fn add_interfaces(&mut self, interfaces: &[Interface]) -> Result<()> {
        let mut header = Vec::new();
        for interface in interfaces {
            match (self.format, self.link) {
                (Format::Pcapng, _) => pcapng::push_interface(&mut header, interface),
                (Format::Pcap, None) => {
                    pcap::push_header(&mut header, interface);
                    self.link = Some(interface.link);
                }
                (Format::Pcap, Some(link)) if link != interface.link => {
                    return Err(Error::Usage(format!(
                        "a .pcap file holds frames of one link type, but these are of {link} and of {}; \
                         write a .pcapng file",
                        interface.link
                    )));
                }
                (Format::Pcap, Some(_)) => {}
            }
        }
        self.write(&header)
    }

    /// Ends the file: one without an interface still gets a header, or nobody could read it.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn finish(&mut self) -> Result<()> {
        if self.format == Format::Pcap && self.link.is_none() {
            self.add_interfaces(&[Interface {
                link: LinkType::ETHERNET,
                snaplen: 0,
                name: None,
                description: None,
            }])?;
        }
        Ok(())
    }

    /// Writes records that [`Format::push`] made.
    ///
    /// # Errors
    /// Whatever the system says: disk full, closed pipe.
    pub fn write(&mut self, records: &[u8]) -> Result<()> {
        let written = self
            .file
            .write_all(records)
            .and_then(|()| self.file.flush());
        written.map_err(|cause| {
            if self.path == Path::new("-") {
                Error::Output(cause)
            } else {
                Error::File {
                    doing: "write",
                    path: self.path.clone(),
                    cause,
                }
            }
        })
    }
}
