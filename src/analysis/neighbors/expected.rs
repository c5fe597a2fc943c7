//! The bindings that may be, from a file that an administrator keeps.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;

/// Addresses with the MAC addresses that each may have.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    macs: HashMap<IpAddr, Vec<[u8; 6]>, RandomState>,
}

impl Expected {
    /// Allows one more; an address that fails over between machines has several.
    pub fn allow(&mut self, address: IpAddr, mac: [u8; 6]) {
        self.macs.entry(address).or_default().push(mac);
    }

    pub fn allows(&self, address: IpAddr, mac: [u8; 6]) -> bool {
        self.macs
            .get(&address)
            .is_some_and(|macs| macs.contains(&mac))
    }
}
