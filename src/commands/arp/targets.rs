//! What to scan, as people write it: an address, a subnet, a range, a host's name; lists of these in files.

use std::fs;
use std::io::{self, Read};
use std::net::{IpAddr, Ipv4Addr, ToSocketAddrs};
use std::path::PathBuf;

use crate::address::{Subnet, parse_address};
use crate::error::{Error, Result};

/// First and last address, both asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub first: IpAddr,
    pub last: IpAddr,
}

/// What stands on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Range(Range),
    /// Looked up when it is asked for.
    Name(String),
    /// A list in a file, or on standard input.
    File(PathBuf),
    Stdin,
}

/// Reads one target: `10.0.0.7`, `10.0.0.0/24`, `10.0.0.1-50`, `10.0.0.1-10.0.1.9`, `printer.example`, `@list.txt`, `-`.
///
/// # Errors
/// Where it is none of these.
pub fn parse(text: &str) -> Result<Target> {
    if text == "-" {
        return Ok(Target::Stdin);
    }
    if let Some(path) = text.strip_prefix('@') {
        return Ok(Target::File(path.into()));
    }
    item(text)
}

/// One entry of a list.
fn item(text: &str) -> Result<Target> {
    let wrong = |error: &dyn std::fmt::Display| Error::Usage(error.to_string());
    if text.contains('/') {
        let subnet: Subnet = text.parse().map_err(|error| wrong(&error))?;
        let (first, last) = subnet.hosts();
        return Ok(Target::Range(Range { first, last }));
    }
    if let Some((first, last)) = text.split_once('-')
        && let Ok(first) = first.parse::<IpAddr>()
    {
        let last = last_of(first, last).ok_or_else(|| {
            Error::Usage(format!(
                "'{text}' is no range: write 10.0.0.1-50 or 10.0.0.1-10.0.1.9, the lower end first"
            ))
        })?;
        return Ok(Target::Range(Range { first, last }));
    }
    if let Ok(address) = text.parse() {
        return Ok(Target::Range(Range {
            first: address,
            last: address,
        }));
    }
    let is_name = text.bytes().any(|byte| byte.is_ascii_alphabetic()) && !text.contains(':');
    if is_name {
        return Ok(Target::Name(text.to_owned()));
    }
    Err(match parse_address(text) {
        Err(error) => wrong(&error),
        Ok(_) => wrong(&format!("'{text}' can't be scanned")),
    })
}

/// The end of a range: a whole address, or an IPv4 address's last number.
fn last_of(first: IpAddr, text: &str) -> Option<IpAddr> {
    let last = match (text.parse::<IpAddr>(), first) {
        (Ok(last), _) => last,
        (Err(_), IpAddr::V4(first)) => {
            let [a, b, c, _] = first.octets();
            Ipv4Addr::new(a, b, c, text.parse().ok()?).into()
        }
        (Err(_), IpAddr::V6(_)) => return None,
    };
    (first.is_ipv4() == last.is_ipv4() && first <= last).then_some(last)
}

/// Reads the lists and looks names up.
///
/// # Errors
/// Where a file can't be read or a line of it is wrong, or a name has no address of the family wanted.
pub(super) fn ranges(targets: &[Target], v6: bool) -> Result<Vec<Range>> {
    let mut ranges = Vec::new();
    for target in targets {
        match target {
            Target::Range(range) => ranges.push(*range),
            Target::Name(name) => ranges.push(look_up(name, v6)?),
            Target::File(path) => {
                let text = fs::read(path).map_err(|cause| Error::File {
                    doing: "read",
                    path: path.clone(),
                    cause,
                })?;
                list(&mut ranges, &text, &path.display().to_string(), v6)?;
            }
            Target::Stdin => {
                let mut text = Vec::new();
                io::stdin()
                    .read_to_end(&mut text)
                    .map_err(|cause| Error::System {
                        doing: "read standard input",
                        cause,
                    })?;
                list(&mut ranges, &text, "standard input", v6)?;
            }
        }
    }
    Ok(ranges)
}

/// Entries apart by blanks, commas or lines; from a # to the end of its line is a remark.
fn list(ranges: &mut Vec<Range>, text: &[u8], from: &str, v6: bool) -> Result<()> {
    let text = String::from_utf8_lossy(text);
    for (number, line) in text.lines().enumerate() {
        let entries = line.split('#').next().unwrap_or_default();
        for entry in entries.split([' ', '\t', ',', '\r']) {
            if entry.is_empty() {
                continue;
            }
            let placed =
                |error: Error| Error::Usage(format!("{from}, line {}: {error}", number + 1));
            match item(entry).map_err(placed)? {
                Target::Name(name) => ranges.push(look_up(&name, v6).map_err(placed)?),
                Target::Range(range) => ranges.push(range),
                Target::File(_) | Target::Stdin => {}
            }
        }
    }
    Ok(())
}

fn look_up(name: &str, v6: bool) -> Result<Range> {
    let unknown = |cause: &str| {
        Error::Usage(format!(
            "'{name}' is no address, subnet or range, and no host of that name was found: {cause}"
        ))
    };
    let found = (name, 0)
        .to_socket_addrs()
        .map_err(|error| unknown(&error.to_string()))?;
    let mut found = found.map(|found| found.ip());
    let address = found
        .find(|address| address.is_ipv6() == v6)
        .ok_or_else(|| {
            unknown(if v6 {
                "it has no IPv6 address"
            } else {
                "it has no IPv4 address"
            })
        })?;
    Ok(Range {
        first: address,
        last: address,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> String {
        match parse(text) {
            Ok(Target::Range(Range { first, last })) => format!("{first} {last}"),
            Ok(other) => format!("{other:?}"),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn targets_in_every_spelling() {
        for (text, expected) in [
            ("10.0.0.7", "10.0.0.7 10.0.0.7"),
            // Neither the network's nor the broadcast address.
            ("10.0.0.9/24", "10.0.0.1 10.0.0.254"),
            ("10.0.0.0/255.255.255.252", "10.0.0.1 10.0.0.2"),
            ("10.0.0.0/31", "10.0.0.0 10.0.0.1"),
            ("10.0.0.4/32", "10.0.0.4 10.0.0.4"),
            ("10.0.0.1-50", "10.0.0.1 10.0.0.50"),
            ("10.0.0.1-10.0.1.9", "10.0.0.1 10.0.1.9"),
            ("fd00::1-fd00::9", "fd00::1 fd00::9"),
            ("fd00::1", "fd00::1 fd00::1"),
            ("printer-2.example", "Name(\"printer-2.example\")"),
            ("-", "Stdin"),
            ("@hosts", "File(\"hosts\")"),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
        for text in [
            "",
            "10.0.0.1-0",
            "10.0.0.9-3",
            "10.0.0.1-fd00::1",
            "10.0.0.1-300",
            "10.0.0.0/33",
            "10.0.0",
            "10.0.0.256",
            "fd00::1-5-9",
        ] {
            assert!(
                range(text).starts_with("error: "),
                "{text}: {}",
                range(text)
            );
        }
    }

    #[test]
    fn lists_may_have_remarks_and_say_where_they_are_wrong() {
        let mut ranges = Vec::new();
        let text = b"# servers\n10.0.0.1 10.0.0.2,10.0.0.8-9 # three\r\n\n10.1.0.0/30\n";
        list(&mut ranges, text, "hosts", false).expect("a list");
        assert_eq!(ranges.len(), 4);
        let wrong = list(&mut ranges, b"10.0.0.1\n10.0.0.999\n", "hosts", false);
        let told = wrong.expect_err("a wrong line").to_string();
        assert!(told.starts_with("hosts, line 2: "), "{told}");
    }
}
