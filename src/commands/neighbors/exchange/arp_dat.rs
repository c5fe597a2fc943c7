//! arpwatch's `arp.dat`: MAC address, IPv4 address, seconds since 1970, host name, interface, with tabs between.
//! Debian's writes MAC addresses with leading zeros, others without.

use std::net::IpAddr;

use super::imported;
use crate::commands::interfaces::mac_text;
use crate::frame::Timestamp;
use crate::store::Binding;
use crate::text::escape::escaped;

pub(super) fn line(binding: &Binding) -> Option<Vec<u8>> {
    let IpAddr::V4(address) = binding.address else {
        return None;
    };
    let seconds = binding.last_seen.seconds().max(0);
    // Its reader takes a tab or a newline for an end.
    let interface = escaped(&binding.interface).replace(char::is_whitespace, "_");
    let line = format!(
        "{}\t{address}\t{seconds}\t\t{interface}",
        mac_text(binding.mac)
    );
    Some(format!("{}\n", line.trim_end()).into_bytes())
}

pub(super) fn read(line: &str) -> Result<Binding, String> {
    let mut columns = line.split('\t');
    let (Some(mac), Some(address)) = (columns.next(), columns.next()) else {
        return Err(
            "it has no MAC address and address with a tab between, as arp.dat has".to_owned(),
        );
    };
    // arpwatch writes the time since version 1.1, the name and the interface later.
    let seconds = match columns.next() {
        None | Some("") => 0,
        Some(seconds) => seconds
            .parse()
            .map_err(|_| format!("'{seconds}' is no number of seconds"))?,
    };
    let interface = columns.nth(1).unwrap_or_default();
    imported(address, mac, interface, Timestamp::new(seconds, 0))
}
