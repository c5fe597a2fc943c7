//! Packets that came in fragments: all of them count for the conversation that the first names.

use super::*;

/// A fragment of the UDP datagram `id`, from 10.9.0.1:40000 to port 40001 of 10.9.0.2: eight bytes of it from `offset`, in eights.
fn piece(id: u8, offset: u8, is_last: bool) -> Vec<u8> {
    let more = if is_last { 0 } else { 0x20 };
    let mut bytes = vec![0x45, 0, 0, 28, 0, id, more, offset, 64, 17, 0, 0];
    bytes.extend([10, 9, 0, 1, 10, 9, 0, 2]);
    bytes.extend(match offset {
        0 => [0x9c, 0x40, 0x9c, 0x41, 0, 24, 0, 0],
        _ => [b'x'; 8],
    });
    bytes
}

/// Three fragments of a datagram, in this order; each is the one with that offset.
fn put(wire: &mut Wire, id: u8, order: [u8; 3]) {
    for offset in order {
        wire.put(&piece(id, offset, offset == 2));
    }
}

/// What the client sent, and how many fragments belong to nothing.
fn sent(wire: &Wire, mut connections: Connections) -> (Vec<Sent>, u64) {
    let (mut found, mut decoded) = (Vec::new(), Decoded::default());
    decoded.push_all(&wire.batch);
    let frames = decoded.several(&wire.batch, 0..decoded.len());
    let done = &mut |done: Leaving<'_>| found.push(done.sent[0]);
    connections.observe_all(frames, done);
    connections.finish(done);
    (found, connections.unplaced())
}

fn of(frames: u64, ip_bytes: u64, data: u64) -> Sent {
    Sent {
        frames,
        bytes: 28 * frames,
        ip_bytes,
        data,
    }
}

#[test]
fn all_count_in_whichever_order() {
    let orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2]];
    for (order, id) in orders.into_iter().zip(1..) {
        let mut wire = Wire::new();
        put(&mut wire, id, order);
        let (found, unplaced) = sent(&wire, Connections::new(MOST));
        assert_eq!(
            (&found[..], unplaced),
            (&[of(3, 84, 16)][..], 0),
            "{order:?}"
        );
        let conversation = wire.one();
        assert_eq!(conversation.duration(), 2_000_000, "{order:?}");
        // One packet with one header.
        let (found, _) = sent(&wire, Connections::new(MOST).with_lifetimes());
        let whole = &[(1, 44, 16)];
        let told = found
            .iter()
            .map(|sent| (sent.frames, sent.ip_bytes, sent.data));
        assert_eq!(told.collect::<Vec<_>>(), whole, "{order:?}");
    }
}

#[test]
fn a_part_of_a_segment_has_no_length_that_is_known() {
    let mut wire = Wire::new();
    let mut first = piece(1, 0, false);
    first.extend([0x50, 0x18, 1, 0, 0, 0, 0, 0]);
    let mut later = piece(1, 2, true);
    for part in [&mut first, &mut later] {
        part[3] = part.len() as u8;
        part[9] = 6;
        wire.put(part);
    }
    let (found, unplaced) = sent(&wire, Connections::new(MOST));
    let told = (found[0].frames, found[0].bytes, found[0].data);
    assert_eq!((told, unplaced), ((2, 64, 0), 0));
}

#[test]
fn without_ports_nobody_says_how_much_is_carried() {
    let mut wire = Wire::new();
    for offset in 0..2 {
        let mut part = piece(1, offset, offset == 1);
        part[9] = 253;
        wire.put(&part);
    }
    let (found, unplaced) = sent(&wire, Connections::new(MOST));
    assert_eq!((&found[..], unplaced), (&[of(2, 56, 0)][..], 0));
}

#[test]
fn a_tunnel_may_cut_up_what_is_cut_up() {
    let mut wire = Wire::new();
    for (inner, id) in [(0, 11), (2, 12), (4, 13)] {
        let mut inside = piece(1, inner, inner == 4);
        inside.extend([b'y'; 8]);
        inside[3] += 8;
        for (part, offset) in [(&inside[..32], 0), (&inside[32..], 4)] {
            let mut outer = piece(id, offset, offset == 4);
            outer.truncate(20);
            (outer[3], outer[9], outer[15], outer[19]) = (20 + part.len() as u8, 4, 7, 8);
            outer.extend(part);
            wire.put(&outer);
        }
    }
    let (found, unplaced) = sent(&wire, Connections::new(MOST));
    let told: Vec<u64> = found.iter().map(|sent| sent.frames).collect();
    assert_eq!((told, unplaced), (vec![6], 0));
}

/// Puts the last packet of `inner` into two fragments of one between routers.
fn put_through_tunnel(wire: &mut Wire, inner: &Wire) {
    const FIRST: usize = 48;
    let packet = inner.batch.frame(inner.batch.len() - 1).bytes;
    let id = inner.batch.len() as u8;
    for (part, offset) in [(&packet[..FIRST], 0), (&packet[FIRST..], FIRST / 8)] {
        let mut outer = piece(id, offset as u8, offset > 0);
        outer.truncate(20);
        (outer[3], outer[9], outer[15], outer[19]) = (20 + part.len() as u8, 4, 7, 8);
        outer.extend(part);
        wire.put(&outer);
    }
}

#[test]
fn a_segment_is_as_long_as_its_packet_says_where_a_tunnel_cuts_that_up() {
    let (mut wire, mut inner) = (Wire::new(), Wire::new());
    for seq in [101, 201, 301] {
        inner.say(CLIENT, A, seq, 7, 100);
        put_through_tunnel(&mut wire, &inner);
    }
    let through = wire.one();
    let counts = tcp(&through).counts();
    assert_eq!(counts.iter().map(|end| end.lost_segments).sum::<u32>(), 0);
    let sent = &through.sent[0];
    assert_eq!((sent.frames, sent.data), (6, 300));
    // To Zeek, the headers of the tunnel's packets are not the conversation's.
    let (found, _) = self::sent(&wire, Connections::new(MOST).with_lifetimes());
    assert_eq!(found[0].ip_bytes, 3 * 140);
}

#[test]
fn what_is_only_quoted_gets_none() {
    let mut wire = Wire::new();
    let first = piece(1, 0, false);
    wire.put(&first);
    let mut other = piece(9, 0, true);
    (other[19], other[25]) = (3, 8);
    wire.put(&other);
    // Port unreachable, about the first, which was given up.
    let mut error = vec![0x45, 0, 0, 56, 0, 1, 0, 0, 64, 1, 0, 0];
    error.extend([10, 9, 0, 2, 10, 9, 0, 1, 3, 3, 0, 0, 0, 0, 0, 0]);
    error.extend(&first);
    wire.put(&error).put(&piece(1, 2, true));
    let (found, unplaced) = sent(&wire, Connections::new(2));
    assert!(found.iter().all(|sent| sent.frames < 2), "{found:?}");
    assert_eq!(unplaced, 1);
}

#[test]
fn some_may_have_no_time() {
    let mut wire = Wire::new();
    let put = |wire: &mut Wire, offset, has_time| {
        let bytes = piece(1, offset, offset == 2);
        let time = Some(Timestamp::from_nanos(5)).filter(|_| has_time);
        wire.batch.push(&bytes, 28, time, LinkType::RAW, 0);
    };
    for (offset, has_time) in [(2, true), (1, false), (0, false)] {
        put(&mut wire, offset, has_time);
    }
    let conversation = wire.one();
    let time = Some(Timestamp::from_nanos(5));
    assert_eq!((conversation.start, conversation.last), (time, time));
    assert_eq!(conversation.frames(), 3);
}

#[test]
fn those_of_other_packets_are_not_taken_for_them() {
    let mut wire = Wire::new();
    put(&mut wire, 1, [0, 1, 2]);
    wire.put(&piece(2, 1, false));
    // From the other end, and of another protocol.
    let mut other = piece(1, 1, false);
    (other[15], other[19]) = (2, 1);
    wire.put(&other);
    let mut other = piece(1, 1, false);
    other[9] = 132;
    wire.put(&other);
    let (found, unplaced) = sent(&wire, Connections::new(MOST));
    assert_eq!((&found[..], unplaced), (&[of(3, 84, 16)][..], 3));
}

#[test]
fn a_name_is_used_again() {
    for (millis, expected) in [(59_998, 4), (60_001, 3)] {
        let mut wire = Wire::new();
        put(&mut wire, 1, [0, 1, 2]);
        // Counted from the first.
        wire.wait(millis - 2).put(&piece(1, 1, false));
        let (found, unplaced) = sent(&wire, Connections::new(MOST));
        let told = (found[0].frames, unplaced);
        assert_eq!(told, (expected, 4 - expected), "{millis}");
        // What waited for too long is not the new one's.
        let mut wire = Wire::new();
        wire.put(&piece(1, 1, false));
        wire.wait(millis).put(&piece(1, 0, false));
        let (found, unplaced) = sent(&wire, Connections::new(MOST));
        let told = (found[0].frames, unplaced);
        assert_eq!(told, (expected - 2, 4 - expected), "{millis}");
    }
}

#[test]
fn what_has_no_conversation_leads_to_none() {
    let mut wire = Wire::new();
    // The first fragment of a tunnel's packet, and then a datagram of somebody else.
    let mut tunnel = piece(1, 0, false);
    tunnel[9] = 47;
    wire.put(&tunnel);
    let whole = {
        let mut bytes = piece(9, 0, true);
        bytes[25] = 8;
        bytes
    };
    wire.put(&whole);
    let mut later = piece(1, 1, true);
    later[9] = 47;
    wire.put(&later);
    let (found, unplaced) = sent(&wire, Connections::new(MOST));
    assert_eq!((&found[..], unplaced), (&[of(1, 28, 0)][..], 1));
}

#[test]
fn what_was_given_up_gets_no_more() {
    let mut wire = Wire::new();
    wire.put(&piece(1, 0, false));
    let mut other = piece(9, 0, true);
    (other[19], other[25]) = (3, 8);
    wire.put(&other).put(&piece(1, 1, false));
    let (found, unplaced) = sent(&wire, Connections::new(1));
    let told: Vec<_> = found.iter().map(|sent| sent.frames).collect();
    assert_eq!((told, unplaced), (vec![1, 1], 1));
}
