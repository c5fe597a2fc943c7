//! The file of bindings that may be.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use crate::address::parse_mac;
use crate::analysis::neighbors::Expected;
use crate::error::{Error, Result};

/// Reads lines of an IP address and a MAC address, in either order; what follows them, and after `#`, is for people.
pub(super) fn read(path: &Path) -> Result<Expected> {
    let text = fs::read_to_string(path).map_err(|cause| Error::File {
        doing: "read",
        path: path.to_owned(),
        cause,
    })?;
    let mut expected = Expected::default();
    for (number, line) in text.lines().enumerate() {
        let said = line.split('#').next().unwrap_or_default();
        let mut words = said.split_whitespace();
        let Some(first) = words.next() else {
            continue;
        };
        let second = words.next().unwrap_or_default();
        let pair = |ip: &str, mac: &str| Some((ip.parse::<IpAddr>().ok()?, parse_mac(mac)?));
        let Some((address, mac)) = pair(first, second).or_else(|| pair(second, first)) else {
            return Err(Error::Usage(format!(
                "{}, line {}: an IP address and a MAC address belong here, such as 192.168.1.1 00:1b:21:3c:4d:5e",
                path.display(),
                number + 1
            )));
        };
        expected.allow(address, mac);
    }
    Ok(expected)
}
