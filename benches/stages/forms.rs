//! What writing a decoded frame costs, form by form.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use super::frames::{BATCH, Sample, annotated, batch};
use netinspect::fields::Selection;
use netinspect::output::colour::Paint;
use netinspect::output::time::{Reference, TimeForm};
use netinspect::output::{Form, FrameWriter};

#[divan::bench(args = Sample::ALL)]
fn line(bencher: Bencher, sample: Sample) {
    write(bencher, sample, &in_lines(false));
}

/// As on a terminal.
#[divan::bench]
fn line_in_colour(bencher: Bencher) {
    write(bencher, Sample::Mixed, &in_lines(true));
}

#[divan::bench(args = [Sample::TcpAck, Sample::UdpDns, Sample::Mixed])]
fn tree(bencher: Bencher, sample: Sample) {
    let form = Form::Tree {
        paint: Paint(false),
        time: TimeForm::default(),
        explain: false,
    };
    write(bencher, sample, &form);
}

#[divan::bench(args = Sample::ALL)]
fn json(bencher: Bencher, sample: Sample) {
    write(bencher, sample, &Form::Json);
}

#[divan::bench(args = [Sample::Arp, Sample::TcpAck, Sample::UdpDns, Sample::Mixed])]
fn ten_fields(bencher: Bencher, sample: Sample) {
    write(bencher, sample, &Form::Tabbed(ten()));
}

#[divan::bench]
fn ten_fields_as_csv(bencher: Bencher) {
    write(bencher, Sample::Mixed, &Form::Csv(ten()));
}

#[divan::bench]
fn ten_fields_as_json(bencher: Bencher) {
    write(bencher, Sample::Mixed, &Form::JsonChosen(ten()));
}

fn in_lines(colour: bool) -> Form {
    Form::Line {
        paint: Paint(colour),
        time: TimeForm::default(),
        explain: false,
    }
}

/// The same that `scripts/bench` asks for.
fn ten() -> Vec<Selection> {
    const NAMES: [&str; 10] = [
        "frame.number",
        "frame.time_epoch",
        "frame.len",
        "eth.src",
        "eth.dst",
        "ip.src",
        "ip.dst",
        "ip.proto",
        "tcp.srcport",
        "tcp.dstport",
    ];
    let found: Option<Vec<_>> = NAMES.into_iter().map(Selection::named).collect();
    found.expect("fields that exist")
}

/// Frames are decoded beforehand and belong to conversations, as a worker has them when it comes to writing.
fn write(bencher: Bencher, sample: Sample, form: &Form) {
    let batch = batch(sample);
    let decoded = annotated(&batch);
    let mut writer = FrameWriter::new(form, false);
    let mut out = Vec::new();
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        out.clear();
        for index in 0..decoded.len() {
            let packet = decoded.packet(black_box(&batch), index);
            writer.push(&mut out, &packet, Reference::default());
        }
        out.len()
    });
}
