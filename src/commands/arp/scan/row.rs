//! One answer as the forms show it.

use std::net::IpAddr;

use super::super::text::{in_millis, millis};
use crate::arp::{Mac, Voice};
use crate::commands::interfaces::mac_text;
use crate::vendor;

pub(super) struct Row {
    pub address: IpAddr,
    pub mac: Mac,
    pub rtt: Option<std::time::Duration>,
    pub attempts: u32,
    pub notes: Vec<String>,
}

impl Row {
    pub fn new(address: IpAddr, voice: &Voice, notes: Vec<String>) -> Self {
        Self {
            address,
            mac: voice.mac,
            rtt: Some(voice.rtt),
            attempts: voice.attempts,
            notes,
        }
    }

    pub const HEADER: [&'static str; 6] = [
        "Address",
        "MAC address",
        "Vendor",
        "RTT ms",
        "Requests",
        "Notes",
    ];

    pub fn cells(&self) -> [String; 6] {
        [
            self.address.to_string(),
            mac_text(self.mac),
            vendor::identify(self.mac).to_string(),
            self.rtt.map(millis).unwrap_or_default(),
            self.attempts.to_string(),
            self.notes.join(", "),
        ]
    }

    /// As the table has them: short enough for 80 columns.
    pub fn short_cells(&self) -> [String; 6] {
        let [address, mac, _, rtt, attempts, notes] = self.cells();
        let vendor = vendor::identify(self.mac).short().to_owned();
        let attempts = if self.attempts == 0 {
            String::new()
        } else {
            attempts
        };
        [address, mac, vendor, rtt, attempts, notes]
    }

    /// Tab-separated.
    pub fn line(&self) -> String {
        let [address, mac, vendor, rtt, _, notes] = self.cells();
        let mut line = format!("{address}\t{mac}\t{vendor}\t{rtt}");
        if !notes.is_empty() {
            line.push('\t');
            line.push_str(&notes);
        }
        line.push('\n');
        line
    }

    /// `event` is "answer", or "finding" for what became clear about it later.
    pub fn json(&self, event: &str, interface: &str) -> String {
        let object = serde_json::json!({
            "event": event,
            "address": self.address,
            "mac": mac_text(self.mac),
            "vendor": vendor::identify(self.mac).to_string(),
            "interface": interface,
            "rtt_ms": self.rtt.map(in_millis),
            "requests": self.attempts,
            "notes": self.notes,
        });
        format!("{object}\n")
    }
}
