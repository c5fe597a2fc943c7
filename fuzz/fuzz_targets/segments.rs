//! Any bytes, taken for TCP segments between two hosts: each eight say who sends it, when, with which flags and numbers,
//! close to each other and around where numbers start over. Whatever they are, they are followed and shown,
//! the same however they are handed over.
#![no_main]

use libfuzzer_sys::fuzz_target;
use netinspect::analysis::Streams;
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::fields::Past;
use netinspect::frame::{LinkType, Timestamp};
use netinspect_fuzz::follow;

/// More take no other ways.
const MOST: usize = 64;

/// What the eight bytes of a step say, over raw IPv4.
fn segment(bases: [u32; 2], step: &[u8; 8]) -> Vec<u8> {
    let [who, flags, seq, ack, len, window, id, option] = *step;
    let from = usize::from(who & 1);
    // One of three connections, one of them with a proxy.
    let port = [80, 81, 1080, 443][usize::from(who >> 1 & 3)];
    let near = |base: u32, by: u8| base.wrapping_add_signed(i32::from(by.cast_signed()));
    let options: &[u8] = match option & 3 {
        0 => &[],
        1 => &[3, 3, option >> 2, 0],
        2 => &[5, 10, 0, 0, 0, option, 0, 0, 0, 9, 1, 1],
        _ => &[option, seq, ack, len],
    };
    let data = vec![option; usize::from(len)];
    let mut packet = vec![
        0x45, 0, 0, 0, 0, id, 0, 0, 64, 6, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2,
    ];
    let total = 40 + options.len() + data.len();
    packet[2..4].copy_from_slice(&(total as u16).to_be_bytes());
    let ports = match from {
        0 => [40_000, port],
        _ => {
            packet[12..20].rotate_left(4);
            [port, 40_000]
        }
    };
    packet.extend(ports.into_iter().flat_map(u16::to_be_bytes));
    packet.extend(near(bases[from], seq).to_be_bytes());
    packet.extend(near(bases[1 - from], ack).to_be_bytes());
    packet.extend([(20 + options.len() as u8) << 2, flags]);
    packet.extend([window & 1, window & 0xfe, 0, 0, 0, 0]);
    packet.extend_from_slice(options);
    packet.extend_from_slice(&data);
    packet
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, steps)) = input.split_first() else {
        return;
    };
    let base = |bits: u8| [0, 1_000, u32::MAX - 3, 1 << 31][usize::from(bits & 3)];
    let bases = [base(*choice), base(choice >> 2)];
    let mut batch = Batch {
        first_number: 1,
        ..Batch::default()
    };
    let (steps, _) = steps.as_chunks::<8>();
    let mut at = 1_700_000_000_000_000_000_i64;
    for step in steps.iter().take(MOST) {
        // Mostly forwards, by up to a second; sometimes at once, or backwards.
        at += match step[0] >> 3 {
            0 => 0,
            31 => -1_000_000_000,
            more => i64::from(more) << 25,
        };
        let packet = segment(bases, step);
        let time = Some(Timestamp::from_nanos(at));
        batch.push(&packet, packet.len() as u32, time, LinkType::RAW, 0);
    }
    let mut decoded = Decoded::default();
    decoded.push_all(&batch);
    let mut streams = Streams::new(Past::Everything);
    decoded.annotate(&batch, |flow, parts| streams.observe(flow, parts));
    follow(&batch, &decoded);
});
