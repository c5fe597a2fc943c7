//! Any bytes, taken for fragments of a few packets: each three bytes say whose part comes next, where and how long, and
//! the parts come from a payload of any bytes. What is put together is what the parts said, and shows like any packet.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use netinspect::analysis::{Fragments, Streams};
use netinspect::batch::Batch;
use netinspect::frame::{LinkType, Timestamp};
use netinspect_fuzz::Shower;

static SHOWER: LazyLock<Shower> = LazyLock::new(Shower::default);

/// A fragment of packet `id` over raw IP; `at` in units of eight bytes.
fn fragment(payload: &[u8], version: u8, id: u8, at: usize, len: usize, more: bool) -> Vec<u8> {
    let start = (8 * at).min(payload.len());
    let data = &payload[start..(start + len).min(payload.len())];
    let mut packet;
    if version == 4 {
        packet = vec![
            0x45, 0, 0, 0, 0, id, 0, 0, 64, payload[0], 0, 0, 10, 9, 0, 1, 10, 9, 0, 2,
        ];
        packet[2..4].copy_from_slice(&(20 + data.len() as u16).to_be_bytes());
        let word = u16::from(more) << 13 | at as u16;
        packet[6..8].copy_from_slice(&word.to_be_bytes());
    } else {
        packet = vec![0; 40];
        packet[0] = 0x60;
        packet[4..6].copy_from_slice(&(8 + data.len() as u16).to_be_bytes());
        packet[6] = 44;
        let word = (at as u16) << 3 | u16::from(more);
        packet.extend([payload[0], 0, (word >> 8) as u8, word as u8, 0, 0, 0, id]);
    }
    packet.extend_from_slice(data);
    packet
}

fuzz_target!(|input: &[u8]| {
    let Some((count, rest)) = input.split_first() else {
        return;
    };
    let steps = usize::from(*count % 64) * 3;
    if rest.len() <= steps {
        return;
    }
    let (steps, payload) = rest.split_at(steps);
    let (mut fragments, mut streams) = (Fragments::default(), Streams::default());
    for (number, step) in steps.chunks_exact(3).enumerate() {
        let version = if step[0] & 0x80 == 0 { 4 } else { 6 };
        let id = step[0] & 3;
        let more = step[0] & 0x40 != 0;
        let len = usize::from(step[2]) * if step[0] & 0x20 == 0 { 8 } else { 1 };
        let packet = fragment(payload, version, id, step[1].into(), len, more);
        let mut batch = Batch {
            first_number: number as u64 + 1,
            ..Batch::default()
        };
        // Sometimes so late that what waits is given up.
        let seconds = number as i64 * if step[0] & 0x10 == 0 { 1 } else { 40 };
        let time = Some(Timestamp::new(seconds, 0));
        batch.push(&packet, packet.len() as u32, time, LinkType::RAW, 0);
        SHOWER.show_with(&batch, Some(&mut fragments), &mut streams);
    }
});
