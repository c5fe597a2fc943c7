//! What each stage of the pipeline costs, on its own: where a regression is, not only that there is one.
//!
//! `cargo bench` runs all; `cargo bench -- json` those with that in their name. The last column says how many frames
//! a second; `benches/README.md` says how the whole program compares.

mod forms;
mod frames;
mod readers;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use frames::{BATCH, Sample, annotated, batch};
use netinspect::analysis::Streams;
use netinspect::decode::Decoded;
use netinspect::filter::{CaptureFilter, DisplayFilter, Scratch};

fn main() {
    divan::main();
}

#[divan::bench(args = Sample::ALL)]
fn decode(bencher: Bencher, sample: Sample) {
    let batch = batch(sample);
    let mut decoded = Decoded::default();
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        decoded.clear();
        for index in 0..batch.len() {
            decoded.push(black_box(&batch), index);
        }
        decoded.len()
    });
}

/// What runs in one thread, whatever the number of workers: to which conversation each frame belongs.
#[divan::bench(args = [Sample::TcpAck, Sample::TcpSynIpv6, Sample::Mixed])]
fn streams(bencher: Bencher, sample: Sample) {
    let batch = batch(sample);
    let mut streams = Streams::default();
    let mut decoded = Decoded::default();
    for index in 0..batch.len() {
        decoded.push(&batch, index);
    }
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        let mut seen = 0u32;
        decoded.annotate(black_box(&batch), |flow, parts| {
            let note = streams.observe(flow, parts);
            seen += u32::from(note.is_some());
            // Notes are kept by the batch and forgotten with it; kept here, they would pile up.
            None
        });
        seen
    });
}

#[divan::bench(args = ["tcp", "arp or icmp", "host 10.9.0.7 and tcp port 443", "udp[8:2] = 0x1234"])]
fn capture_filter(bencher: Bencher, text: &str) {
    let batch = batch(Sample::Mixed);
    let filter = CaptureFilter::new(text).expect("a filter");
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        let frames = black_box(&batch).frames();
        frames.filter(|frame| filter.accepts(frame)).count()
    });
}

#[divan::bench(args = ["tcp.flags.syn == 1", "ip.addr == 10.9.0.0/24 and tcp.port == 443", "frame contains \"example\""])]
fn display_filter(bencher: Bencher, text: &str) {
    let batch = batch(Sample::Mixed);
    let decoded = annotated(&batch);
    let filter = DisplayFilter::new(text).expect("a filter");
    let scratch = Scratch::default();
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        let packets = (0..decoded.len()).map(|index| decoded.packet(black_box(&batch), index));
        packets
            .filter(|packet| filter.accepts(packet, &scratch))
            .count()
    });
}
