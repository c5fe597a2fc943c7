//! Any text, taken for a display filter: it is refused with a place in it, or asked of a frame of every fixture.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::filter::{DisplayFilter, Scratch};
use netinspect::frame::{LinkType, Timestamp};

/// An ARP request, and a SYN with options: between them they have most kinds of values.
const FRAMES: [&[u8]; 2] = [
    b"\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01\x08\x06\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x01\
      \x0a\x09\0\x01\0\0\0\0\0\0\x0a\x09\0\x02",
    b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\x45\0\0\x2c\0\x01\x40\0\x40\x06\0\0\x0a\x09\0\x01\
      \x0a\x09\0\x02\x10\0\0\x50\0\0\0\x01\0\0\0\0\x60\x02\xfa\xf0\0\0\0\0\x02\x04\x05\xb4",
];

static FRAMES_DECODED: LazyLock<(Batch, Decoded)> = LazyLock::new(|| {
    let mut batch = Batch::default();
    let mut decoded = Decoded::default();
    batch.first_number = 1;
    for (index, frame) in FRAMES.iter().enumerate() {
        let time = Some(Timestamp::new(1_700_000_000, 5));
        batch.push(frame, frame.len() as u32, time, LinkType::ETHERNET, 0);
        decoded.push(&batch, index);
    }
    (batch, decoded)
});

fuzz_target!(|text: &str| {
    if let Ok(filter) = DisplayFilter::new(text) {
        let (batch, decoded) = &*FRAMES_DECODED;
        let scratch = Scratch::default();
        for index in 0..decoded.len() {
            filter.accepts(&decoded.packet(batch, index), &scratch);
        }
    }
});
