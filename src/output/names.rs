//! Names of numbers that protocols have, for whichever form shows them.

/// Whether a table, numbered from `first` on, has a name for a number.
fn nth(names: &[&'static str], n: u64, first: u64) -> Option<&'static str> {
    let index = usize::try_from(n.checked_sub(first)?).ok()?;
    names.get(index).copied()
}

/// What a group record says (RFC 3376, 4.2.12). Leaving out no source is membership; taking from no source is none.
pub(super) fn group_record(kind: u8) -> &'static str {
    match kind {
        1 => "takes some sources of",
        2 => "is in",
        3 => "leaves",
        4 => "joins",
        5 => "takes more sources of",
        6 => "takes fewer sources of",
        _ => "says of",
    }
}

/// IEEE 802.1X-2020, 11.3.2.
pub(super) fn eapol(n: u64) -> Option<&'static str> {
    nth(
        &[
            "authentication message",
            "start",
            "log off",
            "key",
            "alert",
            "key agreement (MKA)",
        ],
        n,
        0,
    )
}

/// IEEE 802.3, annex 57A.
pub(super) fn slow_protocol(n: u64) -> Option<&'static str> {
    match n {
        1 => Some("LACP: link aggregation"),
        2 => Some("marker"),
        3 => Some("OAM: link health"),
        10 => Some("organisation's own"),
        _ => None,
    }
}

/// RFC 2328, A.3.1.
pub(super) fn ospf(n: u64) -> Option<&'static str> {
    const NAMES: [&str; 5] = [
        "hello",
        "database description",
        "link state request",
        "link state update",
        "link state acknowledgment",
    ];
    nth(&NAMES, n, 1)
}

/// RFC 9260, 3.2.
pub(super) fn sctp_chunk(n: u64) -> Option<&'static str> {
    const NAMES: [&str; 15] = [
        "data",
        "asks to open (INIT)",
        "agrees to open (INIT ACK)",
        "acknowledges (SACK)",
        "are you there? (HEARTBEAT)",
        "I am (HEARTBEAT ACK)",
        "breaks off (ABORT)",
        "closes (SHUTDOWN)",
        "agrees to close (SHUTDOWN ACK)",
        "error",
        "cookie echo",
        "cookie acknowledgment",
        "congestion echo",
        "congestion window reduced",
        "closed (SHUTDOWN COMPLETE)",
    ];
    nth(&NAMES, n, 0)
}

/// RFC 7761, 4.9.
pub(super) fn pim(n: u64) -> Option<&'static str> {
    const NAMES: [&str; 9] = [
        "hello: a multicast router is here",
        "register",
        "register stop",
        "join or prune",
        "bootstrap",
        "assert",
        "graft",
        "graft acknowledgment",
        "candidate rendezvous point",
    ];
    nth(&NAMES, n, 0)
}

/// RFC 7868, 6.3.
pub(super) fn eigrp(n: u64) -> Option<&'static str> {
    match n {
        1 => Some("update"),
        2 => Some("request"),
        3 => Some("query"),
        4 => Some("reply"),
        5 => Some("hello"),
        10 => Some("query (SIA)"),
        11 => Some("reply (SIA)"),
        _ => None,
    }
}

/// RFC 3416, 3.
pub(super) fn snmp_request(n: u64) -> Option<&'static str> {
    const NAMES: [&str; 9] = [
        "get-request",
        "get-next-request",
        "response",
        "set-request",
        "trap (version 1)",
        "get-bulk-request",
        "inform-request",
        "trap",
        "report",
    ];
    nth(&NAMES, n, 0)
}

/// MQTT 5.0, 2.1.2.
pub(super) fn mqtt(n: u64) -> Option<&'static str> {
    const NAMES: [&str; 15] = [
        "connect",
        "connected (CONNACK)",
        "publish",
        "got it (PUBACK)",
        "received (PUBREC)",
        "release (PUBREL)",
        "complete (PUBCOMP)",
        "subscribe",
        "subscribed (SUBACK)",
        "unsubscribe",
        "unsubscribed (UNSUBACK)",
        "are you there? (PINGREQ)",
        "I am (PINGRESP)",
        "disconnect",
        "authentication",
    ];
    nth(&NAMES, n, 1)
}

/// dev.mysql.com, command phase.
pub(super) fn mysql_command(n: u64) -> Option<&'static str> {
    match n {
        1 => Some("quit"),
        2 => Some("use database"),
        3 => Some("query"),
        4 => Some("list fields"),
        9 => Some("statistics"),
        14 => Some("ping"),
        17 => Some("change user"),
        22 => Some("prepare"),
        23 => Some("execute"),
        25 => Some("close statement"),
        26 => Some("reset statement"),
        31 => Some("reset connection"),
        _ => None,
    }
}

/// postgresql.org, message formats: the same letter may mean one thing from the client, another from the server.
pub(super) fn postgres(letter: u8, to_server: bool) -> Option<&'static str> {
    Some(match (letter, to_server) {
        (b'Q', true) => "query",
        (b'P', true) => "prepare",
        (b'B', true) => "bind",
        (b'E', true) => "execute",
        (b'D', true) => "describe",
        (b'C', true) => "close statement",
        (b'S', true) => "sync",
        (b'H', true) => "flush",
        (b'p', true) => "password",
        (b'X', true) => "quit",
        (b'R', false) => "authentication",
        (b'S', false) => "parameter",
        (b'K', false) => "key to cancel with",
        (b'Z', false) => "ready for a query",
        (b'T', false) => "columns of the rows",
        (b'D', false) => "row",
        (b'C', false) => "done",
        (b'E', false) => "error",
        (b'N', false) => "notice",
        (b'1', false) => "prepared",
        (b'2', false) => "bound",
        (b'A', false) => "notification",
        (b'd', _) => "copied data",
        _ => return None,
    })
}

/// IEEE 802.11-2020, table 9-1: type and subtype in one number, as Wireshark joins them.
pub(super) fn wlan(n: u64) -> Option<&'static str> {
    Some(match n {
        0x00 => "association request",
        0x01 => "association response",
        0x02 => "reassociation request",
        0x03 => "reassociation response",
        0x04 => "probe request",
        0x05 => "probe response",
        0x08 => "beacon",
        0x09 => "announcement of traffic (ATIM)",
        0x0a => "disassociation",
        0x0b => "authentication",
        0x0c => "deauthentication",
        0x0d => "action",
        0x18 => "block acknowledgment request",
        0x19 => "block acknowledgment",
        0x1a => "power save poll",
        0x1b => "request to send",
        0x1c => "clear to send",
        0x1d => "acknowledgment",
        0x20 => "data",
        0x24 => "null: no data",
        0x28 => "data with priority (QoS)",
        0x2c => "null with priority: no data",
        _ => return None,
    })
}

/// IEEE 802.1Q-2022, 14.2.8: the role of a port in a rapid spanning tree.
pub(super) fn stp_role(n: u64) -> Option<&'static str> {
    nth(
        &["unknown", "alternate or backup", "root", "designated"],
        n,
        0,
    )
}

/// iana.org, telnet-options.
pub(super) fn telnet_option(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "binary",
        1 => "echo",
        3 => "suppress go ahead",
        5 => "status",
        24 => "terminal type",
        31 => "window size",
        32 => "terminal speed",
        33 => "flow control",
        34 => "line mode",
        35 => "X display",
        39 => "environment",
        _ => return None,
    })
}
