//! Frames of the common protocols, made byte by byte, and batches of them.

use netinspect::analysis::Streams;
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::frame::{LinkType, Timestamp};

/// What a benchmark is run on.
#[derive(Debug, Clone, Copy)]
pub enum Sample {
    Arp,
    /// The bare acknowledgment: the most common frame there is.
    TcpAck,
    /// A full segment of encrypted data.
    TcpData,
    /// An HTTP request, whose headers are looked through.
    TcpHttp,
    TcpSynIpv6,
    /// A DNS answer with two addresses.
    UdpDns,
    VlanUdp,
    IcmpEcho,
    /// All of the above in turn.
    Mixed,
}

impl Sample {
    pub const EACH: [Self; 8] = [
        Self::Arp,
        Self::TcpAck,
        Self::TcpData,
        Self::TcpHttp,
        Self::TcpSynIpv6,
        Self::UdpDns,
        Self::VlanUdp,
        Self::IcmpEcho,
    ];

    pub const ALL: [Self; 9] = [
        Self::Arp,
        Self::TcpAck,
        Self::TcpData,
        Self::TcpHttp,
        Self::TcpSynIpv6,
        Self::UdpDns,
        Self::VlanUdp,
        Self::IcmpEcho,
        Self::Mixed,
    ];

    /// The frame; `number` tells hosts and connections apart.
    fn frame(self, number: usize) -> Vec<u8> {
        let client = (number % 200) as u8 + 1;
        let port = 40_000 + (number / 200) as u16;
        match self {
            Self::Arp => arp(client),
            Self::TcpAck => ethernet(0x0800, &ipv4(client, 6, &tcp(port, 443, ACK, &TIMES, b""))),
            Self::TcpData => {
                let mut record = vec![0x17, 3, 3, 0x10, 0];
                record.resize(1448, 0xa5);
                let segment = tcp(port, 443, ACK, &TIMES, &record);
                ethernet(0x0800, &ipv4(client, 6, &segment))
            }
            Self::TcpHttp => {
                let segment = tcp(port, 80, PSH | ACK, &TIMES, REQUEST);
                ethernet(0x0800, &ipv4(client, 6, &segment))
            }
            Self::TcpSynIpv6 => {
                let segment = tcp(port, 443, SYN, &SYN_OPTIONS, b"");
                ethernet(0x86dd, &ipv6(client, 6, &segment))
            }
            Self::UdpDns => ethernet(0x0800, &ipv4(client, 17, &udp(53, port, DNS_ANSWER))),
            Self::VlanUdp => {
                let tag = [0, 100, 0x08, 0x00];
                let packet = ipv4(client, 17, &udp(port, 9999, &[0x5a; 200]));
                ethernet(0x8100, &[&tag[..], &packet].concat())
            }
            Self::IcmpEcho => {
                let echo = [8, 0, 0, 0, 0x12, 0x34, 0, 1];
                ethernet(0x0800, &ipv4(client, 1, &[&echo[..], &[0x61; 56]].concat()))
            }
            Self::Mixed => Self::EACH[number % Self::EACH.len()].frame(number),
        }
    }
}

/// Frames in a batch: about what a chunk of a file holds.
pub const BATCH: usize = 1024;

/// A batch of a sample's frames, a tenth of a millisecond apart.
pub fn batch(sample: Sample) -> Batch {
    let mut batch = Batch {
        first_number: 1_000_000,
        ..Batch::default()
    };
    for number in 0..BATCH {
        let frame = sample.frame(number);
        let time = Timestamp::new(1_700_000_000, number as u32 * 100_000);
        let length = frame.len() as u32;
        batch.push(&frame, length, Some(time), LinkType::ETHERNET, 0);
    }
    batch
}

/// A batch's frames decoded, and assigned to their conversations.
pub fn annotated(batch: &Batch) -> Decoded {
    let (mut decoded, mut streams) = (Decoded::default(), Streams::default());
    for index in 0..batch.len() {
        decoded.push(batch, index);
    }
    decoded.annotate(batch, |flow, parts| streams.observe(flow, parts));
    decoded
}

const SYN: u8 = 0x02;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// Two NOPs and the timestamps that most segments carry (RFC 7323).
const TIMES: [u8; 12] = [1, 1, 8, 10, 0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70, 0x81];

/// What a Linux SYN offers: segment size 1460, selective acknowledgment, timestamps, window scale 7.
const SYN_OPTIONS: [u8; 20] = [
    2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0x1a, 0x2b, 0x3c, 0x4d, 0, 0, 0, 0, 1, 3, 3, 7,
];

const REQUEST: &[u8] = b"GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,*/*;q=0.8\r\n\
    Accept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n";

/// `www.example.com A`: 192.0.2.1 and 192.0.2.2, each named by a pointer to the question (RFC 1035, 4.1.4).
const DNS_ANSWER: &[u8] = b"\x12\x34\x81\x80\x00\x01\x00\x02\x00\x00\x00\x00\
    \x03www\x07example\x03com\x00\x00\x01\x00\x01\
    \xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x01\
    \xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04\xc0\x00\x02\x02";

fn ethernet(kind: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x00, 0x1b, 0x21, 0, 0, 2, 0x52, 0x54, 0, 0, 0, 1];
    frame.extend(kind.to_be_bytes());
    frame.extend(payload);
    frame.resize(frame.len().max(60), 0);
    frame
}

/// A request for the router's address.
fn arp(client: u8) -> Vec<u8> {
    let sizes = [0, 1, 8, 0, 6, 4, 0, 1];
    let sender = [0x52, 0x54, 0, 0, 0, client, 10, 9, 0, client];
    let target = [0, 0, 0, 0, 0, 0, 10, 9, 0, 254];
    ethernet(0x0806, &[&sizes[..], &sender, &target].concat())
}

fn ipv4(client: u8, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x45, 0];
    packet.extend((20 + payload.len() as u16).to_be_bytes());
    packet.extend([0x1c, 0x46, 0x40, 0, 64, protocol, 0, 0]);
    packet.extend([10, 9, 0, client, 192, 0, 2, 80]);
    packet.extend(payload);
    packet
}

fn ipv6(client: u8, next: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend((payload.len() as u16).to_be_bytes());
    packet.extend([next, 64]);
    let network = [0x20, 0x01, 0x0d, 0xb8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    packet.extend(network);
    packet.push(client);
    packet.extend(network);
    packet.push(254);
    packet.extend(payload);
    packet
}

fn tcp(source: u16, target: u16, flags: u8, options: &[u8], data: &[u8]) -> Vec<u8> {
    let mut segment = Vec::new();
    segment.extend(source.to_be_bytes());
    segment.extend(target.to_be_bytes());
    segment.extend([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
    let words = (20 + options.len() as u8) / 4;
    segment.extend([words << 4, flags, 0x01, 0xf5, 0, 0, 0, 0]);
    segment.extend(options);
    segment.extend(data);
    segment
}

fn udp(source: u16, target: u16, data: &[u8]) -> Vec<u8> {
    let mut datagram = Vec::new();
    datagram.extend(source.to_be_bytes());
    datagram.extend(target.to_be_bytes());
    datagram.extend((8 + data.len() as u16).to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(data);
    datagram
}
