//! The way of a frame through the library, without the process: for what needs thousands of runs.

use std::io::Cursor;

use netinspect::analysis::Streams;
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::error::Error;
use netinspect::frame::{LinkType, Timestamp};
use netinspect::output::colour::Paint;
use netinspect::output::time::{Reference, TimeForm};
use netinspect::output::{Form, FrameWriter};
use netinspect::source::{CaptureFile, Progress, Source};

/// A frame, owned, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub number: u64,
    pub time: Option<Timestamp>,
    pub bytes: Vec<u8>,
    pub wire_len: u32,
    pub link: LinkType,
}

/// What came out of reading a whole input.
pub struct Reading {
    pub frames: Vec<Kept>,
    /// What stopped it, where something did.
    pub error: Option<Error>,
}

/// Reads one input.
pub fn read(input: Vec<u8>) -> Reading {
    Reader::default().read(input)
}

/// Reads inputs, one after the other, with the same buffers: filling them anew would take most of the time.
#[derive(Default)]
pub struct Reader {
    batch: Batch,
    decoded: Decoded,
}

impl Reader {
    /// Reads, decodes and shows everything in `input`, as a line and as JSON.
    ///
    /// # Panics
    /// Where it does not end, or the source goes on after an error.
    pub fn read(&mut self, input: Vec<u8>) -> Reading {
        // Every round takes a byte or ends, so this many are more than enough.
        let most_rounds = input.len() + 16;
        let mut file = match CaptureFile::from_reader("input", Cursor::new(input)) {
            Ok(file) => file,
            Err(error) => panic!("memory can be read: {error}"),
        };
        let forms = [
            Form::Json,
            Form::Line {
                paint: Paint(true),
                time: TimeForm::default(),
                explain: false,
            },
            Form::Tree {
                paint: Paint(true),
                time: TimeForm::default(),
                explain: true,
            },
        ];
        let mut writers = forms.each_ref().map(|form| FrameWriter::new(form, true));
        let Self { batch, decoded } = self;
        let (mut streams, mut shown) = (Streams::default(), Vec::new());
        let mut frames = Vec::new();
        for _ in 0..most_rounds {
            let filled = file.fill(batch);
            decoded.clear();
            for index in 0..batch.len() {
                decoded.push(batch, index);
            }
            decoded.annotate(batch, |flow, parts| streams.observe(flow, parts));
            for index in 0..decoded.len() {
                let packet = decoded.packet(batch, index);
                shown.clear();
                for writer in &mut writers {
                    writer.push(&mut shown, &packet, Reference::default());
                }
                assert!(std::str::from_utf8(&shown).is_ok(), "output is no UTF-8");
                let frame = &packet.frame;
                frames.push(Kept {
                    number: frame.number,
                    time: frame.time,
                    bytes: frame.bytes.to_vec(),
                    wire_len: frame.wire_len,
                    link: frame.link,
                });
            }
            match filled {
                Ok(Progress::More) => {}
                Ok(Progress::End) => {
                    return Reading {
                        frames,
                        error: None,
                    };
                }
                Err(error) => {
                    let after = file.fill(batch);
                    assert!(
                        matches!(after, Ok(Progress::End)) && batch.is_empty(),
                        "{after:?}"
                    );
                    return Reading {
                        frames,
                        error: Some(error),
                    };
                }
            }
        }
        panic!("no end after {most_rounds} rounds");
    }
}
