//! Which ICMP messages answer each other. Conversations take the type and its counterpart for ports, as Zeek and
//! Community ID do.

/// "Ports" of a message, source and destination, and whether it is one of an exchange.
pub(super) fn ports(version: u8, kind: u8, code: u8) -> (u16, u16, bool) {
    let counterpart = if version == 4 { v4(kind) } else { v6(kind) };
    match counterpart {
        Some(answer) => (kind.into(), answer.into(), true),
        None => (kind.into(), code.into(), false),
    }
}

/// Whether a message of this type asks, so that its sender opened the exchange.
pub(super) fn asks(version: u8, kind: u8) -> bool {
    match version {
        4 => matches!(kind, 8 | 10 | 13 | 15 | 17),
        _ => matches!(kind, 128 | 130 | 133 | 135 | 139 | 144),
    }
}

/// RFC 792, 950, 1256.
fn v4(kind: u8) -> Option<u8> {
    Some(match kind {
        0 => 8,
        8 => 0,
        9 => 10,
        10 => 9,
        13 => 14,
        14 => 13,
        15 => 16,
        16 => 15,
        17 => 18,
        18 => 17,
        _ => return None,
    })
}

/// RFC 2710, 4443, 4620, 4861, 6275.
fn v6(kind: u8) -> Option<u8> {
    Some(match kind {
        128 => 129,
        129 => 128,
        130 => 131,
        131 => 130,
        133 => 134,
        134 => 133,
        135 => 136,
        136 => 135,
        139 => 140,
        140 => 139,
        144 => 145,
        145 => 144,
        _ => return None,
    })
}
