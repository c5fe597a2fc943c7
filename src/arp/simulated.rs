//! A link with hosts on it, for tests: answers late, twice, or not at all, as told; always the same for the same seed.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::heard::tests::decoded;
use super::wire::{Ended, Machine, Wire, drive};
use super::{Asker, BROADCAST, Mac, hear};
use crate::batch::Batch;
use crate::error::Result;
use crate::frame::{LinkType, Timestamp};

pub const ME: Mac = [2, 0, 0, 0, 0, 1];
pub const MY_IP: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 1);

pub fn me() -> Asker {
    Asker {
        mac: ME,
        ip: MY_IP.into(),
    }
}

/// One MAC address and how it answers.
#[derive(Clone)]
pub struct Host {
    pub mac: Mac,
    pub owns: Vec<Ipv4Addr>,
    /// Answers for these too, but to nobody who names no sender.
    pub proxies: Vec<Ipv4Addr>,
    pub delay: Duration,
    /// Of a hundred questions so many are not answered.
    pub loss: u64,
    /// Says everything so many times.
    pub copies: u32,
}

impl Host {
    pub fn new(mac: Mac, owns: &[Ipv4Addr]) -> Self {
        Self {
            mac,
            owns: owns.to_vec(),
            proxies: Vec::new(),
            delay: Duration::from_micros(50),
            loss: 0,
            copies: 1,
        }
    }
}

pub struct Network {
    pub hosts: Vec<Host>,
    now: Timestamp,
    start: Timestamp,
    random: u64,
    /// On their way here.
    coming: Vec<(Timestamp, Vec<u8>)>,
    /// What was sent, and when.
    pub sent: Vec<(Duration, Vec<u8>)>,
}

pub fn last(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 9, 0, last)
}

pub fn mac(last: u8) -> Mac {
    [0, 0x10, 0xdb, 0, 0, last]
}

impl Network {
    pub fn new(hosts: Vec<Host>) -> Self {
        let start = Timestamp::new(1_700_000_000, 0);
        Self {
            hosts,
            now: start,
            start,
            random: 42,
            coming: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// Runs a machine to its end; how long that took.
    pub fn run<M: Machine>(&mut self, machine: &mut M) -> Duration {
        let ended = drive(self, machine, |_| Ok(())).expect("no errors here");
        assert_eq!(ended, Ended::Done);
        self.elapsed()
    }

    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.now.since(self.start) as u64)
    }

    /// A frame that comes by itself.
    pub fn comes(&mut self, after: Duration, frame: Vec<u8>) {
        self.coming.push((self.start.after(after), frame));
    }

    fn chance(&mut self) -> u64 {
        // xorshift64
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % 100
    }
}

/// A frame that says an address; to everybody where `to` is the broadcast address.
pub fn said(opcode: u8, (sha, spa): (Mac, Ipv4Addr), (to, tpa): (Mac, Ipv4Addr)) -> Vec<u8> {
    let mut frame = [to, sha].concat();
    frame.extend_from_slice(&[8, 6, 0, 1, 8, 0, 6, 4, 0, opcode]);
    frame.extend_from_slice(&sha);
    frame.extend_from_slice(&spa.octets());
    frame.extend_from_slice(&to);
    frame.extend_from_slice(&tpa.octets());
    frame
}

impl Wire for Network {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn send(&mut self, frame: &[u8]) -> Result<()> {
        self.sent.push((self.elapsed(), frame.to_vec()));
        let asked = decoded(frame, hear).expect("a question");
        let (IpAddr::V4(target), IpAddr::V4(asker)) = (asked.told, asked.address) else {
            return Ok(());
        };
        for host in self.hosts.clone() {
            let to_it = [BROADCAST, host.mac].contains(&asked.ethernet_destination);
            let answers = host.owns.contains(&target)
                || host.proxies.contains(&target) && !asker.is_unspecified();
            if !to_it || !answers || self.chance() < host.loss {
                continue;
            }
            let answer = said(2, (host.mac, target), (asked.mac, asker));
            for copy in 0..host.copies {
                let at = self
                    .now
                    .after(host.delay + Duration::from_micros(copy.into()));
                self.coming.push((at, answer.clone()));
            }
        }
        // Sending takes a moment.
        self.now = self.now.after(Duration::from_nanos(900));
        Ok(())
    }

    fn receive(&mut self, until: Timestamp, batch: &mut Batch) -> Result<()> {
        self.coming.sort_by_key(|(at, _)| *at);
        if let Some((first, _)) = self.coming.first() {
            self.now = self.now.max((*first).min(until));
        } else {
            self.now = self.now.max(until);
        }
        let now = self.now;
        let waiting = self.coming.partition_point(|(at, _)| *at <= now);
        for (at, frame) in self.coming.drain(..waiting) {
            let length = frame.len() as u32;
            batch.push(&frame, length, Some(at), LinkType::ETHERNET, 0);
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        false
    }
}
