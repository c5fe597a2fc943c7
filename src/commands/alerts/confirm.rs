//! `--confirm`: where several claim an address, asks each of them alone, by unicast, and adds to the alert who answers.
//!
//! Whoever forges packets for another's address mostly does not answer for it: the kernel below does not know of it.
//! Frames that come meanwhile wait in the kernel's buffer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use crate::analysis::alerts::{Alert, Contested, station};
use crate::arp::{Asker, Confirm, Mac, Standing, drive};
use crate::commands::arp::place::{Place, named, usable};
use crate::commands::arp::wire::{Interrupt, LinkWire};
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::net::{self, Link};

/// Who was asked, and what came of it.
pub(super) type Asked = (Mac, Standing);

/// Each takes up to a second, in which no other frame is looked at: so many in a minute.
const MOST_A_MINUTE: u32 = 10;
const MINUTE: Duration = Duration::from_secs(60);

pub(super) struct Confirmer<'a> {
    lines: Vec<Line<'a>>,
    minute: (Instant, u32),
}

/// An interface open for one family of addresses.
struct Line<'a> {
    link: Link,
    is_ipv4: bool,
    mac: Mac,
    wire: LinkWire<'a>,
}

impl<'a> Confirmer<'a> {
    /// # Errors
    /// Where nobody can be asked on one of the interfaces.
    pub(super) fn open(interfaces: &[String], interrupt: &'a Interrupt) -> Result<Self> {
        let links = net::interfaces();
        let mut lines = Vec::new();
        for name in interfaces {
            if name == "any" {
                return Err(Error::Usage(
                    "--confirm asks on an interface: name each with -i, instead of any".to_owned(),
                ));
            }
            let link = named(&links, name)?;
            let mac = usable(&link)?;
            let families = [
                (true, IpAddr::from(Ipv4Addr::UNSPECIFIED)),
                (false, IpAddr::from(Ipv6Addr::UNSPECIFIED)),
            ];
            for (is_ipv4, ip) in families {
                let place = Place {
                    link: link.clone(),
                    asker: Asker { mac, ip },
                };
                lines.push(Line {
                    link: link.clone(),
                    is_ipv4,
                    mac,
                    wire: LinkWire::open(&place, interrupt)?,
                });
            }
        }
        Ok(Self {
            lines,
            minute: (Instant::now(), 0),
        })
    }

    /// Asks where `alert` is about a contested address; what came of it stands in its evidence too.
    pub(super) fn confirm(&mut self, frame: &Frame<'_>, alert: &mut Alert) -> Vec<Asked> {
        let Some(contested) = alert.contested.take() else {
            return Vec::new();
        };
        let asked = self.ask(frame, &contested);
        let said = match &asked {
            Ok(asked) => words(contested.address, asked),
            Err(why) => format!("nobody was asked: {why}"),
        };
        alert.evidence.push(said);
        asked.unwrap_or_default()
    }

    fn ask(
        &mut self,
        frame: &Frame<'_>,
        contested: &Contested,
    ) -> std::result::Result<Vec<Asked>, String> {
        if contested.is_inside {
            return Err("it is in a VLAN or a tunnel; watch its own interface for that".to_owned());
        }
        let name = frame.interface_name().unwrap_or_default();
        let address = contested.address;
        let line = self
            .lines
            .iter_mut()
            .find(|line| line.link.name == name && line.is_ipv4 == address.is_ipv4())
            .ok_or_else(|| format!("{name} is not open for that"))?;
        if self.minute.0.elapsed() > MINUTE {
            self.minute = (Instant::now(), 0);
        }
        self.minute.1 += 1;
        if self.minute.1 > MOST_A_MINUTE {
            return Err(format!("{MOST_A_MINUTE} times in a minute are enough"));
        }
        // Without an address of ours only those who have it answer, and IPv6 asks nobody so.
        let unnamed = Asker {
            mac: line.mac,
            ip: IpAddr::from(Ipv4Addr::UNSPECIFIED),
        };
        let asker = match Place::new(&line.link, address, None) {
            Ok(place) => place.asker,
            Err(_) if line.is_ipv4 => unnamed,
            Err(error) => return Err(error.to_string()),
        };
        let mut confirm = Confirm::new(asker, address, contested.macs.clone());
        line.wire
            .begin()
            .and_then(|()| drive(&mut line.wire, &mut confirm, |_| Ok(())))
            .map_err(|error| error.to_string())?;
        Ok(confirm.standings())
    }
}

/// As JSON has it.
pub(super) fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Has => "yes",
        Standing::Proxies => "proxy",
        Standing::Silent => "no",
        Standing::Own => "self",
    }
}

fn words(address: IpAddr, asked: &[Asked]) -> String {
    let each: Vec<_> = asked
        .iter()
        .map(|(mac, standing)| {
            let mac = station(*mac);
            match standing {
                Standing::Has => format!("{mac} answers"),
                Standing::Proxies => {
                    // Forged replies may come at that very moment.
                    format!(
                        "{mac} answers as a router does for others (proxy ARP), or sends replies unasked"
                    )
                }
                Standing::Silent => format!("{mac} does not answer"),
                Standing::Own => format!("{mac} is this machine"),
            }
        })
        .collect();
    let owners = asked
        .iter()
        .filter(|(_, standing)| matches!(standing, Standing::Has | Standing::Own))
        .count();
    let verdict = match owners {
        0 => "so nobody of them shows that it has it",
        1 => "so that one has it",
        _ => "so several have it",
    };
    format!(
        "asked by unicast for {address}: {}; {verdict}",
        each.join(", ")
    )
}
