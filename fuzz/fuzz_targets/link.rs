//! Any bytes, taken for a frame: the first two choose the link type (most numbers mean none, so they are
//! taken modulo a little more than the registry holds), the rest is the frame.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use netinspect::analysis::{Fragments, Streams};
use netinspect::batch::Batch;
use netinspect::frame::{LinkType, Timestamp};
use netinspect_fuzz::Shower;

static SHOWER: LazyLock<Shower> = LazyLock::new(Shower::default);

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, frame)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let link = LinkType(u16::from_le_bytes(*choice) % 300);
    let mut batch = Batch::default();
    // Twice: whole, and with some of it left uncaptured. The flow tracker sees both.
    batch.first_number = 1;
    let wire_len = frame.len() as u32;
    batch.push(
        frame,
        wire_len,
        Some(Timestamp::new(1_700_000_000, 5)),
        link,
        0,
    );
    let captured = frame.len() - frame.len() / 3;
    batch.push(&frame[..captured], wire_len, None, link, 0);
    // A fragment that comes twice is a copy, or overlaps.
    SHOWER.show_with(
        &batch,
        Some(&mut Fragments::default()),
        &mut Streams::default(),
    );
    SHOWER.show(&batch, &mut Streams::default());
});
