//! What walking the records of a capture costs, from memory: reading and finding frames, nothing else.

use std::io::Write;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::frames::{BATCH, Sample, batch};
use netinspect::batch::Batch;
use netinspect::frame::Frame;
use netinspect::source::{CaptureFile, Progress, Source};

/// About 8 MiB: more than any cache, as a file is.
const BATCHES: usize = 32;

#[divan::bench]
fn pcap(bencher: Bencher) {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(make_pcap);
    walk(bencher, &FILE);
}

#[divan::bench]
fn pcapng(bencher: Bencher) {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(make_pcapng);
    walk(bencher, &FILE);
}

#[divan::bench]
fn pcap_gzipped(bencher: Bencher) {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let written = encoder.write_all(&make_pcap());
        written
            .and_then(|()| encoder.finish())
            .expect("memory takes all")
    });
    walk(bencher, &FILE);
}

fn walk(bencher: Bencher, bytes: &'static [u8]) {
    let mut batch = Batch::default();
    bencher
        .counter(ItemsCount::new(BATCH * BATCHES))
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| {
            let mut file = CaptureFile::from_reader("memory", bytes).expect("memory reads");
            let mut frames = 0;
            while file.fill(&mut batch).expect("a whole file") == Progress::More {
                frames += batch.len();
            }
            assert_eq!(frames + batch.len(), BATCH * BATCHES);
        });
}

/// Every frame of the file, in order.
fn each_frame(mut visit: impl FnMut(&Frame<'_>)) {
    let batch = batch(Sample::Mixed);
    for _ in 0..BATCHES {
        batch.frames().for_each(|frame| visit(&frame));
    }
}

/// Little-endian, microseconds.
fn make_pcap() -> Vec<u8> {
    let mut file = Vec::new();
    push_words(&mut file, &[0xa1b2_c3d4, 0x0004_0002, 0, 0, 262_144, 1]);
    each_frame(|frame| {
        let time = frame.time.unwrap_or_default();
        let micros = time.subsec_nanos() / 1000;
        let length = frame.bytes.len() as u32;
        push_words(
            &mut file,
            &[time.seconds() as u32, micros, length, frame.wire_len],
        );
        file.extend(frame.bytes);
    });
    file
}

/// Little-endian: a section, an interface with microseconds, enhanced packet blocks without options.
fn make_pcapng() -> Vec<u8> {
    let mut file = Vec::new();
    let unknown = u32::MAX;
    push_words(
        &mut file,
        &[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, unknown, unknown, 28],
    );
    push_words(&mut file, &[1, 20, 1, 262_144, 20]);
    each_frame(|frame| {
        let micros = frame.time.unwrap_or_default().nanos() as u64 / 1000;
        let length = frame.bytes.len() as u32;
        let padded = length.next_multiple_of(4);
        let block = 32 + padded;
        let (high, low) = ((micros >> 32) as u32, micros as u32);
        push_words(&mut file, &[6, block, 0, high, low, length, frame.wire_len]);
        file.extend(frame.bytes);
        file.resize(file.len() + (padded - length) as usize, 0);
        push_words(&mut file, &[block]);
    });
    file
}

fn push_words(out: &mut Vec<u8>, words: &[u32]) {
    for word in words {
        out.extend(word.to_le_bytes());
    }
}
