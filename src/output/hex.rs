//! Bytes as people read them: offset, sixteen in hexadecimal, the same as text; and which layer they belong to.

use super::colour::{Paint, Role};
use super::regions::{Region, regions, unclaimed_name};
use crate::decode::Packet;
use crate::text::{Buffer, push, push_number, push_octet, push_spaces};

const PER_LINE: usize = 16;
const INDENT: &str = "      ";

/// Appends a frame's bytes, each layer's in a colour of its own, and below them which layer has which.
/// Whatever is not printable ASCII shows as a dot. Without colour, `text2pcap` reads what this writes.
/// Below them stands the whole of a packet that the frame completes, headers included.
pub fn push_dump(out: &mut Buffer, packet: &Packet<'_>, paint: Paint) {
    let regions = regions(packet);
    if let Some(joined) = packet.joined {
        let mut own = regions.clone();
        own.retain(|region| region.bytes.start < joined.own as usize);
        own.push(Region {
            bytes: joined.own as usize..packet.frame.bytes.len(),
            layer: None,
            index: 0,
        });
        push_bytes(out, packet.frame.bytes, &own, "fragment", paint);
        push(out, INDENT);
        push(out, "and put together from ");
        push_number(out, joined.fragments.into());
        push(out, " fragments:\n");
    }
    push_bytes(out, packet.bytes, &regions, unclaimed_name(packet), paint);
}

fn push_bytes(
    out: &mut Buffer,
    bytes: &[u8],
    regions: &[Region<'_>],
    unclaimed: &str,
    paint: Paint,
) {
    for (index, line) in bytes.chunks(PER_LINE).enumerate() {
        let offset = index * PER_LINE;
        push(out, INDENT);
        push_offset(out, offset);
        push(out, "  ");
        push_line(out, line, |place| role_at(regions, offset + place), paint);
        out.push(b'\n');
    }
    push_legend(out, unclaimed, regions, paint);
}

/// Appends up to sixteen bytes in hexadecimal and as text, without an offset and without trailing blanks between.
pub fn push_short(out: &mut Buffer, bytes: &[u8]) {
    let line = &bytes[..bytes.len().min(PER_LINE)];
    for byte in line {
        push_octet(out, *byte);
        out.push(b' ');
    }
    out.push(b' ');
    out.extend(line.iter().map(|byte| printable(*byte)));
}

fn push_offset(out: &mut Buffer, offset: usize) {
    for shift in [16, 8, 0] {
        // Frames stay below 16 MiB; most below 64 KiB, whose offsets need two octets.
        if shift < 16 || offset >> 16 > 0 {
            push_octet(out, (offset >> shift) as u8);
        }
    }
}

fn push_line(out: &mut Buffer, line: &[u8], role: impl Fn(usize) -> Role, paint: Paint) {
    let mut brush = Brush::new(paint);
    for place in 0..PER_LINE {
        match line.get(place) {
            Some(byte) => {
                brush.take(out, role(place));
                push_octet(out, *byte);
            }
            None => push_spaces(out, 2),
        }
        push(out, if place == PER_LINE / 2 - 1 { "  " } else { " " });
    }
    push(out, " ");
    for (place, byte) in line.iter().enumerate() {
        brush.take(out, role(place));
        out.push(printable(*byte));
    }
    brush.drop(out);
}

fn printable(byte: u8) -> u8 {
    match byte {
        b' '..=b'~' => byte,
        _ => b'.',
    }
}

/// Changes colour only where the role changes.
struct Brush {
    paint: Paint,
    role: Option<Role>,
}

impl Brush {
    fn new(paint: Paint) -> Self {
        Self { paint, role: None }
    }

    fn take(&mut self, out: &mut Buffer, role: Role) {
        if self.role != Some(role) {
            self.drop(out);
            self.paint.on(out, role);
            self.role = Some(role);
        }
    }

    fn drop(&mut self, out: &mut Buffer) {
        if self.role.take().is_some() {
            self.paint.off(out);
        }
    }
}

fn role_at(regions: &[Region<'_>], offset: usize) -> Role {
    let index = regions.partition_point(|region| region.bytes.end <= offset);
    regions.get(index).map_or(Role::Quiet, role_of)
}

fn role_of(region: &Region<'_>) -> Role {
    match region.layer {
        Some(_) => Role::Layer(region.index),
        None => Role::Quiet,
    }
}

/// `0–13 Ethernet · 14–33 IPv4 · …`, over as many lines as it takes.
fn push_legend(out: &mut Buffer, unclaimed: &str, regions: &[Region<'_>], paint: Paint) {
    const WIDTH: usize = 80;
    let mut column = 0;
    for region in regions {
        let name = match region.layer {
            Some(layer) => layer.kind.short(),
            None => unclaimed,
        };
        let mut range = Buffer::new();
        push_range(&mut range, region.bytes.start, region.bytes.end);
        // The dash takes three bytes and one column.
        let width = range.len() + 1 + name.len();
        if column == 0 || column + 3 + width > WIDTH {
            push(out, if column == 0 { "" } else { "\n" });
            push(out, INDENT);
            column = INDENT.len();
        } else {
            push(out, " \u{b7} ");
            column += 3;
        }
        paint.on(out, role_of(region));
        out.extend_from_slice(&range);
        push(out, " ");
        push(out, name);
        paint.off(out);
        column += width;
    }
    if column > 0 {
        out.push(b'\n');
    }
}

/// First and last byte of a range that is not empty: `0–13`, or `23` alone.
pub fn push_range(out: &mut Buffer, start: usize, end: usize) {
    push_number(out, start as u64);
    if end > start + 1 {
        push(out, "\u{2013}");
        push_number(out, end as u64 - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    fn dump(bytes: &[u8], link: LinkType, paint: Paint) -> String {
        let mut batch = Batch::default();
        batch.push(bytes, bytes.len() as u32, None, link, 0);
        let mut decoded = Decoded::default();
        decoded.push(&batch, 0);
        let mut out = Buffer::new();
        push_dump(&mut out, &decoded.packet(&batch, 0), paint);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_short_last_line_keeps_its_columns() {
        let text = dump(b"0123456789abcdef\x1b[", LinkType(147), Paint(false));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "      0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef"
        );
        assert_eq!(lines[1].find(".["), lines[0].find("0123456789abcdef"));
        assert_eq!(lines[2], "      0–17 data");
    }

    #[test]
    fn layers_have_their_ranges_and_colours() {
        let mut frame = vec![0xff; 14];
        frame[12..].copy_from_slice(&[0xbe, 0xef]);
        frame.extend_from_slice(b"?!");
        let plain = dump(&frame, LinkType::ETHERNET, Paint(false));
        assert!(
            plain.ends_with("      0–13 Ethernet \u{b7} 14–15 data\n"),
            "{plain}"
        );
        let painted = dump(&frame, LinkType::ETHERNET, Paint(true));
        assert_eq!(
            painted.matches("\x1b[0m").count(),
            6,
            "two roles, three times"
        );
    }
}
