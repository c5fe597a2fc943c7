//! Values of protocols whose numbers are mostly names: between switches, routers, radios and services.

use super::{Known, name, say};
use crate::output::names;

pub(super) fn number(words: &mut String, known: &Known<'_>, n: u64) {
    match known.field {
        "stp.version" => name(words, stp_version(n)),
        "stp.type" => name(words, stp_type(n)),
        "stp.flags.port_role" => name(words, names::stp_role(n)),
        "stp.root.cost" if n == 0 => words.push_str("the sender is the root"),
        "stp.root.prio" | "stp.bridge.prio" if n == 0x8000 => words.push_str("as made"),
        "eapol.type" => name(words, names::eapol(n)),
        "slow.subtype" => name(words, names::slow_protocol(n)),
        "lldp.time_to_live" | "cdp.ttl" => match n {
            0 => words.push_str("seconds: not true any more"),
            _ => words.push_str("seconds"),
        },
        "macsec.SL" if n == 0 => words.push_str("48 bytes or more"),
        "wlan.fc.type_subtype" => name(words, names::wlan(n)),
        "wlan.fc.type" => name(words, wlan_type(n)),
        "ospf.msg" => name(words, names::ospf(n)),
        "pim.type" => name(words, names::pim(n)),
        "eigrp.opcode" => name(words, names::eigrp(n)),
        "rip.command" => name(words, rip_command(n)),
        "vrrp.type" if n == 1 => words.push_str("advertisement: I serve"),
        "vrrp.prio" => name(words, vrrp_priority(n)),
        "snmp.version" => name(words, snmp_version(n)),
        "snmp.data" => name(words, names::snmp_request(n)),
        "mqtt.msgtype" => name(words, names::mqtt(n)),
        "mysql.command" => name(words, names::mysql_command(n)),
        "sctp.chunk_type" => name(words, names::sctp_chunk(n)),
        "ntp.flags.mode" => name(words, ntp_mode(n)),
        "ntp.stratum" => match n {
            0 => words.push_str("not set, or not synchronized"),
            1 => words.push_str("next to a reference clock"),
            2..=15 => say(words, format_args!("{} clocks away from it", n - 1)),
            16 => words.push_str("not synchronized"),
            _ => {}
        },
        _ => {}
    }
}

fn stp_version(n: u64) -> Option<&'static str> {
    match n {
        0 => Some("spanning tree (802.1D)"),
        2 => Some("rapid spanning tree (802.1w)"),
        3 => Some("multiple spanning trees (802.1s)"),
        4 => Some("shortest path bridging"),
        _ => None,
    }
}

fn stp_type(n: u64) -> Option<&'static str> {
    match n {
        0 => Some("configuration: who is the root"),
        2 => Some("rapid: who is the root"),
        0x80 => Some("the tree has changed"),
        _ => None,
    }
}

fn wlan_type(n: u64) -> Option<&'static str> {
    match n {
        0 => Some("management"),
        1 => Some("control"),
        2 => Some("data"),
        _ => None,
    }
}

fn rip_command(n: u64) -> Option<&'static str> {
    match n {
        1 => Some("request"),
        2 => Some("response: routes"),
        _ => None,
    }
}

fn vrrp_priority(n: u64) -> Option<&'static str> {
    match n {
        0 => Some("the sender stops serving"),
        100 => Some("a backup's usual one"),
        255 => Some("the addresses are the sender's own"),
        _ => None,
    }
}

fn snmp_version(n: u64) -> Option<&'static str> {
    match n {
        0 => Some("version 1"),
        1 => Some("version 2c"),
        _ => None,
    }
}

/// RFC 5905, figure 10.
fn ntp_mode(n: u64) -> Option<&'static str> {
    Some(match n {
        1 => "symmetric active",
        2 => "symmetric passive",
        3 => "client: asks for the time",
        4 => "server: tells the time",
        5 => "broadcast",
        6 => "control message",
        7 => "private",
        _ => return None,
    })
}
