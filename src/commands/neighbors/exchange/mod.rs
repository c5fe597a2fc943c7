//! The forms in which bindings leave and enter the table, one file a form, one line a binding.

mod arp_dat;
mod csv;
mod ip_neigh;
mod json;

use crate::analysis::neighbors::{How, Vlan, Ways};
use crate::frame::Timestamp;
use crate::store::Binding;

/// A form that both directions have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// One object a line, with all that is known.
    Json,
    /// The same for spreadsheets (RFC 4180).
    Csv,
    /// arpwatch's file: MAC address, IPv4 address, last time, host name, interface.
    ArpDat,
    /// What `ip neigh` prints (ip-neighbour(8)).
    IpNeigh,
}

impl Exchange {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::ArpDat => "arp.dat",
            Self::IpNeigh => "ip neigh",
        }
    }

    /// What stands before the first line.
    pub(super) fn header(self) -> &'static [u8] {
        match self {
            Self::Csv => csv::HEADER.as_bytes(),
            _ => b"",
        }
    }

    /// The binding's line, its end included; none where the form can't hold it.
    pub(super) fn line(self, binding: &Binding) -> Option<Vec<u8>> {
        match self {
            Self::Json => Some(json::line(binding)),
            Self::Csv => Some(csv::line(binding)),
            Self::ArpDat => arp_dat::line(binding),
            Self::IpNeigh => Some(ip_neigh::line(binding)),
        }
    }

    /// The form that a file is in, by its first line that says something.
    fn of(line: &str) -> Self {
        match line {
            line if line.starts_with('{') => Self::Json,
            line if line.starts_with("address,") => Self::Csv,
            line if line
                .split_whitespace()
                .any(|word| word == "dev" || word == "lladdr") =>
            {
                Self::IpNeigh
            }
            _ => Self::ArpDat,
        }
    }
}

/// Reads a file line by line.
pub(super) struct Reader {
    form: Option<Exchange>,
    columns: Option<csv::Columns>,
    /// For bindings that are told without a time.
    now: Timestamp,
}

impl Reader {
    /// Of a file in this form; none to tell it by its first line.
    pub(super) fn new(form: Option<Exchange>, now: Timestamp) -> Self {
        Self {
            form,
            columns: None,
            now,
        }
    }

    /// The binding in a line; none in one that has none by right: empty, a header, an entry without MAC address.
    /// An error is a sentence about what is wrong.
    pub(super) fn line(&mut self, line: &str) -> Result<Option<Binding>, String> {
        let line = line
            .trim_end_matches(['\r', '\n'])
            .trim_start_matches('\u{feff}');
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        match *self.form.get_or_insert_with(|| Exchange::of(line)) {
            Exchange::Json => json::read(line).map(Some),
            Exchange::ArpDat => arp_dat::read(line).map(Some),
            Exchange::IpNeigh => ip_neigh::read(line, self.now),
            Exchange::Csv => match &self.columns {
                Some(columns) => columns.read(line).map(Some),
                None => {
                    self.columns = Some(csv::Columns::of(line)?);
                    Ok(None)
                }
            },
        }
    }
}

/// A binding that another program knew at one time.
fn imported(address: &str, mac: &str, interface: &str, time: Timestamp) -> Result<Binding, String> {
    Ok(Binding {
        address: address
            .parse()
            .map_err(|_| format!("'{address}' is no IP address"))?,
        mac: crate::address::parse_mac(mac).ok_or_else(|| format!("'{mac}' is no MAC address"))?,
        interface: interface.to_owned(),
        vlan: Vlan::NONE,
        ways: Ways::default().with(How::Import),
        first_seen: time,
        last_seen: time,
        sightings: 1,
    })
}

/// What JSON and CSV hold besides.
struct Details<'a> {
    vlan: &'a str,
    ways: Ways,
    first_seen: &'a str,
    last_seen: &'a str,
    sightings: Option<u64>,
}

impl Details<'_> {
    fn add_to(self, mut binding: Binding) -> Result<Binding, String> {
        let moment = |text: &str| {
            crate::output::time::parse_rfc3339(text)
                .ok_or_else(|| format!("'{text}' is no time such as 2026-11-22T05:43:00Z"))
        };
        binding.vlan = self.vlan.parse().map_err(|_| {
            format!(
                "'{}' is no VLAN: 1 to 4094, or two such as 100.7",
                self.vlan
            )
        })?;
        binding.first_seen = moment(self.first_seen)?;
        binding.last_seen = moment(self.last_seen)?;
        binding.sightings = self
            .sightings
            .filter(|sightings| i64::try_from(*sightings).is_ok())
            .ok_or("the number of sightings is none")?;
        if self.ways != Ways::default() {
            binding.ways = self.ways;
        }
        if binding.last_seen < binding.first_seen {
            return Err("it was seen last before it was seen first".to_owned());
        }
        Ok(binding)
    }
}

fn way(name: &str) -> Result<How, String> {
    let known = How::ALL.into_iter().find(|how| how.name() == name);
    known.ok_or_else(|| format!("'{name}' is no way of learning an address"))
}

#[cfg(test)]
mod tests;
