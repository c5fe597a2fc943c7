//! One JSON object a conversation, on a line.

use std::net::IpAddr;

use serde::Serialize;

use super::{Owners, words};
use crate::analysis::connections::{
    Conversation, Counts, Endpoint, Handshake, Protocol, Sent, Tcp, community_id,
};
use crate::frame::Timestamp;
use crate::text::{Buffer, push_epoch, written};

#[derive(Serialize)]
struct Record<'a> {
    protocol: &'static str,
    ip_protocol: Option<u8>,
    stream: u32,
    community_id: Option<String>,
    /// Seconds since 1970, as a text, since a number would not keep the nanoseconds.
    start: Option<String>,
    /// In seconds, as all times.
    duration: f64,
    longest_wait: Option<f64>,
    client: Side,
    server: Side,
    ended: String,
    #[serde(flatten)]
    course: Option<Course<'a>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    service: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<String>,
}

/// What one end sent.
#[derive(Serialize)]
struct Side {
    address: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    frames: u64,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<u64>,
    #[serde(flatten)]
    segments: Option<Segments>,
}

/// What one end's segments showed.
#[derive(Serialize)]
struct Segments {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_data: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_data: Option<u64>,
    retransmissions: u32,
    fast_retransmissions: u32,
    spurious_retransmissions: u32,
    data_sent_again: u64,
    out_of_order: u32,
    duplicate_acks: u32,
    lost_segments: u32,
    zero_windows: u32,
    window_full: u32,
    keep_alives: u32,
    captured_twice: u32,
}

/// How a TCP connection went.
#[derive(Serialize)]
struct Course<'a> {
    ended_by: Option<&'static str>,
    handshake: Opening,
    reused_ports: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<&'a str>,
}

#[derive(Serialize)]
struct Opening {
    seen: &'static str,
    rtt: Option<f64>,
    syn_to_syn_ack: Option<f64>,
    syn_ack_to_ack: Option<f64>,
}

pub(super) fn push_record(out: &mut Buffer, conversation: &Conversation, owners: &dyn Owners) {
    let tcp = conversation.tcp.as_ref();
    let record = Record {
        protocol: words::protocol(conversation),
        ip_protocol: conversation.ip_protocol(),
        stream: conversation.number,
        community_id: community_id(conversation),
        start: conversation.start.map(epoch),
        duration: seconds(conversation.duration()),
        longest_wait: conversation.longest_wait().map(seconds),
        client: side(conversation, 0),
        server: side(conversation, 1),
        ended: match tcp {
            Some(tcp) => tcp.ending().words().to_owned(),
            None => words::ending(conversation),
        },
        course: tcp.map(course),
        service: words::service(conversation),
        server_name: conversation
            .server_name
            .is_some()
            .then(|| words::server_name(conversation)),
        program: owners.of(conversation),
    };
    serde_json::to_writer(&mut *out, &record).expect("names are texts, and memory takes all");
    out.push(b'\n');
}

fn side(conversation: &Conversation, which: usize) -> Side {
    let protocol = conversation.protocol;
    let Endpoint { address, port } = conversation.ends()[which];
    let Sent {
        frames,
        bytes,
        data,
        ..
    } = conversation.sent[which];
    let tcp = conversation.tcp.as_ref();
    Side {
        address,
        port: protocol.has_ports().then_some(port),
        frames,
        bytes,
        data: matches!(protocol, Protocol::Tcp | Protocol::Udp).then_some(data),
        segments: tcp.map(|tcp| segments(tcp, which)),
    }
}

fn segments(tcp: &Tcp, which: usize) -> Segments {
    let account = tcp.account.as_ref();
    // One by one, so that a new count can't be forgotten here.
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
    Segments {
        state: tcp.states()[which].name(),
        new_data: account.map(|account| account.new_data(which)),
        missing_data: account.map(|account| account.missing_data(which)),
        retransmissions,
        fast_retransmissions,
        spurious_retransmissions,
        data_sent_again: sent_again,
        out_of_order,
        duplicate_acks,
        lost_segments,
        zero_windows,
        window_full,
        keep_alives,
        captured_twice: copies,
    }
}

fn course(tcp: &Tcp) -> Course<'_> {
    let (there, back) = tcp.round_trips();
    let account = tcp.account.as_ref();
    Course {
        ended_by: tcp.ended_by().map(|end| ["client", "server"][end]),
        handshake: Opening {
            seen: match tcp.handshake() {
                Handshake::Whole => "whole",
                Handshake::Part => "in part",
                Handshake::Unseen => "not",
            },
            rtt: tcp.round_trip().map(seconds),
            syn_to_syn_ack: there.map(seconds),
            syn_ack_to_ack: back.map(seconds),
        },
        reused_ports: tcp.reused,
        history: account.map(|account| account.zeek.history.letters()),
    }
}

fn epoch(time: Timestamp) -> String {
    written(|out| push_epoch(out, time))
}

fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}
