//! Bytes as people read them: offset, sixteen in hexadecimal, the same as text.

use super::text::{Buffer, push, push_octet, push_spaces};

const PER_LINE: usize = 16;

/// Appends a frame's bytes; whatever is not printable ASCII shows as a dot.
pub fn push_dump(out: &mut Buffer, bytes: &[u8]) {
    for (index, line) in bytes.chunks(PER_LINE).enumerate() {
        let offset = index * PER_LINE;
        push(out, "      ");
        for shift in [16, 8, 0] {
            // Frames stay below 16 MiB; most below 64 KiB, whose offsets need two octets.
            if shift < 16 || offset >> 16 > 0 {
                push_octet(out, (offset >> shift) as u8);
            }
        }
        push(out, "  ");
        for place in 0..PER_LINE {
            match line.get(place) {
                Some(byte) => push_octet(out, *byte),
                None => push_spaces(out, 2),
            }
            push(out, if place == PER_LINE / 2 - 1 { "  " } else { " " });
        }
        push(out, " ");
        out.extend(line.iter().map(|byte| match byte {
            b' '..=b'~' => *byte,
            _ => b'.',
        }));
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_last_line_keeps_its_columns() {
        let mut out = Buffer::new();
        push_dump(&mut out, b"0123456789abcdef\x1b[");
        let text = String::from_utf8(out).expect("ASCII");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "      0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef"
        );
        assert_eq!(lines[1].find(".["), lines[0].find("0123456789abcdef"));
    }
}
