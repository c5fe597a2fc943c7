//! Which layer each byte of a frame belongs to.

use std::ops::Range;

use crate::decode::{Kind, Layer, Packet};

/// A stretch of the captured bytes, and the layer whose header (or data) it is.
#[derive(Debug, Clone)]
pub struct Region<'a> {
    pub bytes: Range<usize>,
    /// None for what no layer claims: padding, trailers, and what could not be decoded.
    pub layer: Option<&'a Layer>,
    /// The layer's place among the packet's layers.
    pub index: usize,
}

/// The regions of a packet's bytes, in order; together they are all of them.
pub fn regions<'a>(packet: &Packet<'a>) -> Vec<Region<'a>> {
    let mut found = Vec::with_capacity(packet.layers.len() + 1);
    let mut claimed = 0;
    for (index, layer) in packet.layers.iter().enumerate().skip(1) {
        let start = (layer.start as usize).max(claimed);
        let end = layer.start as usize + own_len(packet, layer);
        if start >= end {
            continue;
        }
        if start > claimed {
            found.push(unclaimed(claimed..start));
        }
        found.push(Region {
            bytes: start..end,
            layer: Some(layer),
            index,
        });
        claimed = end;
    }
    let captured = packet.bytes.len();
    if claimed < captured {
        found.push(unclaimed(claimed..captured));
    }
    found
}

/// How many captured bytes are the layer's own: its header, or all of it where it is plain data.
pub fn own_len(packet: &Packet<'_>, layer: &Layer) -> usize {
    match layer.kind {
        Kind::Data => layer.header_len as usize + packet.payload(layer).len(),
        _ => layer.header_len as usize,
    }
}

fn unclaimed<'a>(bytes: Range<usize>) -> Region<'a> {
    Region {
        bytes,
        layer: None,
        index: 0,
    }
}

/// What bytes are that no layer claims.
pub fn unclaimed_name(packet: &Packet<'_>) -> &'static str {
    match packet.problem {
        Some(_) => "not decoded",
        None => "padding or trailer",
    }
}
