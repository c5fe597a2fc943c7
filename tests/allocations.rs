//! Nothing is allocated per packet on the way from the file to the line: buffers grow to what they need once, and
//! are used again.
//!
//! Each test goes through the same frames twice and counts what the second pass asks of the allocator, which must be
//! nothing. The counter is per thread, so that tests beside this one don't disturb it.

#[path = "support/mod.rs"]
#[allow(dead_code)]
mod support;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use netinspect::about::{About, Interface};
use netinspect::analysis::Streams;
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::fields::Selection;
use netinspect::filter::{CaptureFilter, DisplayFilter, Scratch};
use netinspect::frame::{LinkType, Timestamp};
use netinspect::output::colour::Paint;
use netinspect::output::time::{Reference, TimeForm};
use netinspect::output::{Form, FrameWriter};
use netinspect::save::{Options, Saver};
use netinspect::source::{CaptureFile, Progress, Source};

/// The forms for large captures, and what to call them. The tree and the hex dump are for people to read, and may.
fn forms() -> Vec<(&'static str, Form)> {
    let fields = || {
        let names = [
            "frame.number",
            "frame.time_epoch",
            "frame.protocols",
            "eth.src",
            "ip.src",
            "ipv6.dst",
            "tcp.stream",
            "tcp.flags",
            "dns.qry.name",
            "http.host",
        ];
        let found: Option<Vec<_>> = names.into_iter().map(Selection::named).collect();
        found.expect("fields that exist")
    };
    let line = |colour| Form::Line {
        paint: Paint(colour),
        time: TimeForm::default(),
        explain: false,
    };
    vec![
        ("line", line(false)),
        ("line in colour", line(true)),
        ("json", Form::Json),
        ("tabbed fields", Form::Tabbed(fields())),
        ("json of fields", Form::JsonChosen(fields())),
    ]
}

/// The frames of one fixture, copied into one batch.
fn frames_of(name: &str) -> Batch {
    let bytes = fs::read(support::fixture_path(name)).expect("a fixture");
    let mut file = CaptureFile::from_reader(name, Cursor::new(bytes)).expect("memory reads");
    let (mut all, mut batch) = (Batch::default(), Batch::default());
    all.first_number = 1;
    loop {
        let filled = file.fill(&mut batch);
        for frame in batch.frames() {
            all.push(
                frame.bytes,
                frame.wire_len,
                frame.time,
                frame.link,
                frame.interface,
            );
        }
        // A damaged file's frames before the damage count as well.
        if !matches!(filled, Ok(Progress::More)) {
            return all;
        }
    }
}

/// What every batch goes through between being read and being written.
struct Way<'a> {
    decoded: Decoded,
    streams: Streams,
    writer: FrameWriter<'a>,
    shown: Vec<u8>,
}

impl<'a> Way<'a> {
    fn new(form: &'a Form) -> Self {
        Self {
            decoded: Decoded::default(),
            streams: Streams::default(),
            writer: FrameWriter::new(form, false),
            shown: Vec::new(),
        }
    }

    fn go(&mut self, batch: &Batch) {
        self.decoded.clear();
        self.shown.clear();
        for index in 0..batch.len() {
            self.decoded.push(batch, index);
        }
        let streams = &mut self.streams;
        self.decoded
            .annotate(batch, |flow, parts| streams.observe(flow, parts));
        for index in 0..self.decoded.len() {
            let packet = self.decoded.packet(batch, index);
            self.writer
                .push(&mut self.shown, &packet, Reference::default());
        }
    }
}

/// How often `work` asked for memory.
fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn the_counter_counts() {
    assert_eq!(
        allocations(|| drop(std::hint::black_box(vec![1, 2, 3]))),
        1,
        "without this, every other test here would pass"
    );
}

#[test]
fn decoding_and_writing_a_frame_allocate_nothing() {
    let mut wrong = Vec::new();
    for name in support::fixtures() {
        let batch = frames_of(&name);
        for (form_name, form) in &forms() {
            let mut way = Way::new(form);
            way.go(&batch);
            // Seen again, connections reuse their ports, and there is more to tell.
            way.go(&batch);
            let count = allocations(|| way.go(&batch));
            if count > 0 {
                wrong.push(format!(
                    "{name} as {form_name}: {count} allocations for {} frames",
                    batch.len()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_capture_filter_allocates_nothing() {
    let batch = frames_of("demo.pcap");
    let filter = CaptureFilter::new("tcp port 80 or arp").expect("a filter");
    let pass = || batch.frames().filter(|frame| filter.accepts(frame)).count();
    assert!(pass() > 0, "the filter takes something");
    assert_eq!(allocations(|| assert!(pass() > 0)), 0);
}

#[test]
fn a_display_filter_allocates_nothing() {
    let batch = frames_of("demo.pcap");
    let form = Form::Quiet;
    let mut way = Way::new(&form);
    way.go(&batch);
    for text in [
        "tcp.flags.syn == 1",
        "ip.addr == 10.9.0.0/24 and tcp.port in {80, 8000..8099}",
        "dns.qry.name contains \"lab\" or http.host matches \"^www\"",
        "eth.src[0:3] == 00:1b:21",
    ] {
        let filter = DisplayFilter::new(text).expect("a filter");
        let scratch = Scratch::default();
        let pass = || {
            let packets = (0..way.decoded.len()).map(|index| way.decoded.packet(&batch, index));
            packets
                .filter(|packet| filter.accepts(packet, &scratch))
                .count()
        };
        assert!(pass() > 0, "{text}: takes something");
        assert_eq!(allocations(|| assert!(pass() > 0)), 0, "{text}");
    }
}

/// What is allocated belongs to the file (its header, its interfaces, buffers that grow), not to a record.
#[test]
fn reading_allocates_nothing_per_record() {
    const FRAMES: usize = 100_000;
    const MOST: u64 = 64;
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["many.pcap", "many.pcapng"] {
        let path = folder.path().join(name);
        write_many(&path, FRAMES);
        let mut frames = 0;
        let count = allocations(|| frames = count_frames(&path));
        assert_eq!(frames, FRAMES, "{name}");
        assert!(count < MOST, "{name}: {count} allocations");
    }
}

fn write_many(path: &Path, frames: usize) {
    let mut records = Vec::new();
    let options = Options {
        path: path.to_owned(),
        comment: None,
        rotation: None,
        most: None,
        enough: None,
    };
    let mut saver = Saver::create(options, None).expect("a file");
    let interface = Interface::new(LinkType::ETHERNET, 0);
    saver
        .add(&[interface], &About::default())
        .expect("room on the disk");
    let mut batch = Batch::default();
    batch.push(
        &[0; 61],
        61,
        Some(Timestamp::default()),
        LinkType::ETHERNET,
        0,
    );
    for _ in 0..frames {
        saver.format.push(&mut records, &batch.frame(0), &[]);
    }
    let size = records.len() / frames;
    saver
        .write(
            &records,
            frames,
            |_| batch.frame(0),
            |index| size * (index + 1),
        )
        .expect("room on the disk");
    saver.finish().expect("room on the disk");
}

fn count_frames(path: &Path) -> usize {
    let mut file = CaptureFile::open(path).expect("a file");
    let (mut batch, mut frames) = (Batch::default(), 0);
    loop {
        let progress = file.fill(&mut batch).expect("a whole file");
        frames += batch.len();
        if progress == Progress::End {
            return frames;
        }
    }
}
