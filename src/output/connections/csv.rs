//! One CSV record a conversation (RFC 4180), the same facts as in JSON.

use super::words;
use crate::analysis::connections::{Conversation, Counts, Handshake, community_id};
use crate::output::columns::make_cell;
use crate::text::{self, Buffer, push_epoch, push_number, push_seconds};

const NAMES: &str = "protocol,stream,start,duration,client_address,client_port,server_address,server_port,service,\
    server_name,ended,client_state,server_state,handshake,rtt,syn_to_syn_ack,syn_ack_to_ack,client_frames,\
    server_frames,client_bytes,server_bytes,client_data,server_data,client_retransmissions,server_retransmissions,\
    client_out_of_order,server_out_of_order,client_duplicate_acks,server_duplicate_acks,client_lost_segments,\
    server_lost_segments,client_zero_windows,server_zero_windows,captured_twice,community_id,longest_wait,ip_protocol";

pub(super) fn push_header(out: &mut Buffer) {
    text::push(out, NAMES);
    text::push(out, "\r\n");
}

pub(super) fn push_record(out: &mut Buffer, conversation: &Conversation) {
    let mut record = Record { out, first: true };
    let [client, server] = conversation.ends();
    let tcp = conversation.tcp.as_ref();
    let (there, back) = tcp.map(|tcp| tcp.round_trips()).unwrap_or_default();
    record.text(words::protocol(conversation));
    record.number(conversation.number.into());
    record.cell(|out| {
        if let Some(start) = conversation.start {
            push_epoch(out, start);
        }
    });
    record.seconds(Some(conversation.duration()));
    for end in [client, server] {
        record.text(&end.address.to_string());
        record.number(end.port.into());
    }
    record.cell(|out| words::push_service(out, conversation));
    record.text(&words::server_name(conversation));
    record.cell(|out| words::push_ending(out, conversation));
    for end in 0..2 {
        record.text(tcp.map_or("", |tcp| tcp.states()[end].name()));
    }
    record.text(tcp.map_or("", |tcp| match tcp.handshake() {
        Handshake::Whole => "whole",
        Handshake::Part => "in part",
        Handshake::Unseen => "not seen",
    }));
    record.seconds(tcp.and_then(|tcp| tcp.round_trip()));
    record.seconds(there);
    record.seconds(back);
    let sent = &conversation.sent;
    record.both(|end| Some(sent[end].frames));
    record.both(|end| Some(sent[end].bytes));
    record.both(|end| Some(sent[end].data));
    let counts: [fn(&Counts) -> u32; 5] = [
        |counts| counts.retransmissions,
        |counts| counts.out_of_order,
        |counts| counts.duplicate_acks,
        |counts| counts.lost_segments,
        |counts| counts.zero_windows,
    ];
    for read in counts {
        record.both(|end| tcp.map(|tcp| read(&tcp.counts()[end]).into()));
    }
    record.cell(|out| {
        if let Some(tcp) = tcp {
            push_number(
                out,
                tcp.counts()
                    .iter()
                    .map(|counts| u64::from(counts.copies))
                    .sum(),
            );
        }
    });
    record.text(&community_id(conversation).unwrap_or_default());
    record.seconds(conversation.longest_wait());
    record.cell(|out| {
        if let Some(number) = conversation.ip_protocol() {
            push_number(out, number.into());
        }
    });
    text::push(out, "\r\n");
}

struct Record<'a> {
    out: &'a mut Buffer,
    first: bool,
}

impl Record<'_> {
    fn cell(&mut self, write: impl FnOnce(&mut Buffer)) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        let start = self.out.len();
        write(self.out);
        make_cell(self.out, start);
    }

    fn text(&mut self, text: &str) {
        self.cell(|out| text::push(out, text));
    }

    fn number(&mut self, n: u64) {
        self.cell(|out| push_number(out, n));
    }

    fn seconds(&mut self, nanos: Option<i64>) {
        self.cell(|out| {
            if let Some(nanos) = nanos {
                push_seconds(out, nanos, 9);
            }
        });
    }

    /// The same of the client and of the server.
    fn both(&mut self, read: impl Fn(usize) -> Option<u64>) {
        for end in 0..2 {
            self.cell(|out| {
                if let Some(n) = read(end) {
                    push_number(out, n);
                }
            });
        }
    }
}
