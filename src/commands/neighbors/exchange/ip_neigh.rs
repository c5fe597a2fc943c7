//! What `ip neigh` prints: `10.9.0.2 dev eth0 lladdr 00:1b:21:00:00:02 REACHABLE`.

use super::imported;
use crate::analysis::neighbors::{How, Ways};
use crate::commands::interfaces::mac_text;
use crate::frame::Timestamp;
use crate::store::Binding;
use crate::text::escape::escaped;

/// A state is the kernel's to know; of what we remember only this is true.
const STATE: &str = "STALE";

pub(super) fn line(binding: &Binding) -> Vec<u8> {
    let device = match binding.interface.as_str() {
        "" => String::new(),
        interface => format!(
            " dev {}",
            escaped(interface).replace(char::is_whitespace, "_")
        ),
    };
    let mac = mac_text(binding.mac);
    format!("{}{device} lladdr {mac} {STATE}\n", binding.address).into_bytes()
}

/// An entry without MAC address (FAILED, INCOMPLETE) says nothing.
pub(super) fn read(line: &str, now: Timestamp) -> Result<Option<Binding>, String> {
    let words: Vec<_> = line.split_whitespace().collect();
    let behind = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1).copied()
    };
    let address = words.first().copied().unwrap_or_default();
    let Some(mac) = behind("lladdr") else {
        let is_entry = address.parse::<std::net::IpAddr>().is_ok();
        return match is_entry {
            true => Ok(None),
            false => Err(format!("'{address}' is no IP address")),
        };
    };
    let mut binding = imported(address, mac, behind("dev").unwrap_or_default(), now)?;
    binding.ways = Ways::default().with(How::Kernel).with(How::Import);
    Ok(Some(binding))
}
