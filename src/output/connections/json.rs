//! One JSON object a conversation, on a line.

use serde_json::{Value, json};

use super::{Owners, words};
use crate::analysis::connections::{
    Conversation, Counts, Endpoint, Handshake, Protocol, Sent, Tcp, community_id,
};
use crate::frame::Timestamp;
use crate::text::{Buffer, push_epoch};

pub(super) fn push_record(out: &mut Buffer, conversation: &Conversation, owners: &dyn Owners) {
    let has_ports = matches!(conversation.protocol, Protocol::Tcp | Protocol::Udp);
    let side = |which: usize| {
        let Endpoint { address, port } = conversation.ends[which];
        let Sent {
            frames,
            bytes,
            data,
            ..
        } = conversation.sent[which];
        let mut side = json!({ "address": address.to_string(), "frames": frames, "bytes": bytes });
        if has_ports {
            side["port"] = port.into();
            side["data"] = data.into();
        }
        if let Some(tcp) = &conversation.tcp {
            push_counts(&mut side, tcp, which);
        }
        side
    };
    let mut object = json!({
        "protocol": conversation.protocol.name(),
        "stream": conversation.number,
        "community_id": community_id(conversation),
        "start": conversation.start.map(epoch),
        "duration": seconds(conversation.duration()),
        "client": side(0),
        "server": side(1),
        "ended": words::ending(conversation),
    });
    let service = words::service(conversation);
    if !service.is_empty() {
        object["service"] = service.into();
    }
    if conversation.server_name.is_some() {
        object["server_name"] = words::server_name(conversation).into();
    }
    if let Some(program) = owners.of(conversation) {
        object["program"] = program.into();
    }
    if let Some(tcp) = &conversation.tcp {
        push_tcp(&mut object, tcp);
    }
    out.extend_from_slice(object.to_string().as_bytes());
    out.push(b'\n');
}

fn push_tcp(object: &mut Value, tcp: &Tcp) {
    let (there, back) = tcp.round_trips();
    object["ended"] = tcp.ending().words().into();
    object["ended_by"] = match tcp.ended_by() {
        Some(0) => "client".into(),
        Some(_) => "server".into(),
        None => Value::Null,
    };
    object["handshake"] = json!({
        "seen": match tcp.handshake() {
            Handshake::Whole => "whole",
            Handshake::Part => "in part",
            Handshake::Unseen => "not",
        },
        "rtt": tcp.round_trip().map(seconds),
        "syn_to_syn_ack": there.map(seconds),
        "syn_ack_to_ack": back.map(seconds),
    });
    object["reused_ports"] = tcp.reused.into();
    if let Some(account) = &tcp.account {
        object["history"] = account.zeek.history.letters().into();
    }
}

fn push_counts(side: &mut Value, tcp: &Tcp, which: usize) {
    let Counts {
        retransmissions,
        fast_retransmissions,
        spurious_retransmissions,
        sent_again,
        out_of_order,
        duplicate_acks,
        lost_segments,
        zero_windows,
        window_full,
        keep_alives,
        copies,
    } = tcp.counts()[which];
    side["state"] = tcp.states()[which].name().into();
    if let Some(account) = &tcp.account {
        side["new_data"] = account.new_data(which).into();
        side["missing_data"] = account.missing_data(which).into();
    }
    let counts = [
        ("retransmissions", retransmissions.into()),
        ("fast_retransmissions", fast_retransmissions.into()),
        ("spurious_retransmissions", spurious_retransmissions.into()),
        ("data_sent_again", sent_again),
        ("out_of_order", out_of_order.into()),
        ("duplicate_acks", duplicate_acks.into()),
        ("lost_segments", lost_segments.into()),
        ("zero_windows", zero_windows.into()),
        ("window_full", window_full.into()),
        ("keep_alives", keep_alives.into()),
        ("captured_twice", copies.into()),
    ];
    for (name, count) in counts {
        side[name] = count.into();
    }
}

/// Seconds since 1970, as a text, since a number would not keep the nanoseconds.
fn epoch(time: Timestamp) -> String {
    let mut text = Buffer::new();
    push_epoch(&mut text, time);
    String::from_utf8_lossy(&text).into_owned()
}

fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}
