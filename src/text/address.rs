//! Addresses as people write them.

use std::ops::Range;

use super::short::push_first;
use super::{Buffer, HEX_OCTETS, push};

pub fn push_mac(out: &mut Buffer, mac: [u8; 6]) {
    let mut text = [b':'; 17];
    for (place, octet) in mac.into_iter().enumerate() {
        text[3 * place..3 * place + 2].copy_from_slice(&HEX_OCTETS[usize::from(octet)]);
    }
    out.extend_from_slice(&text);
}

pub fn push_ipv4(out: &mut Buffer, address: [u8; 4]) {
    for octet in address {
        let (digits, count) = &OCTETS[usize::from(octet)];
        push_first(out, digits, usize::from(*count));
    }
    // Behind each octet stands a point.
    out.pop();
}

/// Every octet in decimal and a point, and how many characters that takes.
static OCTETS: [([u8; 4], u8); 256] = {
    let mut octets = [([b'.'; 4], 0); 256];
    let mut n = 0;
    while n < 256 {
        let digits = [(n / 100) as u8, (n / 10 % 10) as u8, (n % 10) as u8];
        let count = if n >= 100 {
            3
        } else if n >= 10 {
            2
        } else {
            1
        };
        let mut place = 0;
        while place < count {
            octets[n].0[place] = b'0' + digits[3 - count + place];
            place += 1;
        }
        octets[n].1 = count as u8 + 1;
        n += 1;
    }
    octets
};

/// RFC 5952, and dotted decimal where the last 32 bits are an IPv4 address, as `inet_ntop` writes it.
pub fn push_ipv6(out: &mut Buffer, address: [u8; 16]) {
    let groups: [u16; 8] = std::array::from_fn(|place| {
        let at = 2 * place;
        u16::from_be_bytes([address[at], address[at + 1]])
    });
    let gap = longest_zeros(&groups);
    let embeds_ipv4 = gap == (0..6) || gap == (0..5) && groups[5] == 0xffff;
    let shown = if embeds_ipv4 { 6 } else { 8 };
    for (place, group) in groups[..shown].iter().enumerate() {
        if !gap.contains(&place) {
            push_group(out, *group);
        } else if place == gap.start {
            // One stands behind the group before, unless this is the first.
            push(out, if place == 0 { "::" } else { ":" });
        }
    }
    if gap.end != 8 && !embeds_ipv4 {
        out.pop();
    }
    if embeds_ipv4 {
        push_ipv4(out, [address[12], address[13], address[14], address[15]]);
    }
}

/// A group in hexadecimal, without zeros in front, and a colon behind it.
fn push_group(out: &mut Buffer, group: u16) {
    let [high, low] = group.to_be_bytes();
    let [[a, b], [c, d]] = [high, low].map(|octet| HEX_OCTETS[usize::from(octet)]);
    let zeros = (group.leading_zeros() / 4).min(3);
    let text = u64::from_le_bytes([a, b, c, d, b':', 0, 0, 0]) >> (8 * zeros);
    push_first(out, &text.to_le_bytes(), 5 - zeros as usize);
}

/// The longest run of groups that are zero, the first of several; a single one is not shortened. Empty where there is none.
fn longest_zeros(groups: &[u16; 8]) -> Range<usize> {
    let (mut longest, mut run) = (0..0, 0);
    for (place, group) in groups.iter().enumerate() {
        run = if *group == 0 { run + 1 } else { 0 };
        if run > longest.len().max(1) {
            longest = place + 1 - run..place + 1;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::super::written;
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn ipv6_is_written_as_inet_ntop_does() {
        for text in [
            "::",
            "::1",
            "fe80::1",
            "2001:db8::",
            "2001:db8:0:1:1:1:1:1",
            "1:0:0:2::3",
            "1:2:3:4:5:6:7:8",
            "::ffff:10.9.0.1",
            "::10.9.0.1",
            "1:2:3:4:5:6::",
            "::2:3:4:5:6:7:8",
        ] {
            // A single zero group is not shortened.
            let text = if text == "::2:3:4:5:6:7:8" {
                "0:2:3:4:5:6:7:8"
            } else {
                text
            };
            let address: Ipv6Addr = text.parse().expect("an address");
            assert_eq!(written(|out| push_ipv6(out, address.octets())), text);
        }
    }

    proptest! {
        #[test]
        fn addresses_read_back(v4 in any::<[u8; 4]>(), v6 in any::<[u8; 16]>(), holes in any::<u8>()) {
            let mut v6 = v6;
            for (place, pair) in v6.chunks_exact_mut(2).enumerate() {
                if holes >> place & 1 == 1 {
                    pair.fill(0);
                }
            }
            prop_assert_eq!(written(|out| push_ipv4(out, v4)), Ipv4Addr::from(v4).to_string());
            let text = written(|out| push_ipv6(out, v6));
            prop_assert_eq!(text.parse::<Ipv6Addr>().expect("an address").octets(), v6);
        }
    }
}
