//! Where to ask, and as whom: an interface, one of its addresses, its subnets.

use std::net::IpAddr;

use crate::address::Subnet;
use crate::arp::{Asker, Mac, Plan};
use crate::error::{Error, Result};
use crate::net::{self, Link, Route, RouteKind, State};

/// One interface to ask on.
#[derive(Debug, Clone)]
pub(in crate::commands) struct Place {
    pub link: Link,
    pub asker: Asker,
}

impl Place {
    /// On `link`, from the address that `source` names, or the one on the same subnet as `target`, or the first one
    /// of the same family.
    ///
    /// # Errors
    /// Where nobody can be asked there, with the reason.
    pub fn new(link: &Link, target: IpAddr, source: Option<IpAddr>) -> Result<Self> {
        let mac = usable(link)?;
        let own = || {
            let same = subnets(link).filter(|own| own.address().is_ipv4() == target.is_ipv4());
            // From a link-local address where nothing else fits: hosts answer those too.
            let best = same.clone().find(|own| own.contains(target));
            best.or(same.clone().next()).map(|own| own.address())
        };
        let Some(ip) = source.or_else(own) else {
            let family = if target.is_ipv4() { "IPv4" } else { "IPv6" };
            let example = if target.is_ipv4() {
                format!(
                    "; give it one (ip addr add ADDRESS/PREFIX dev {})",
                    link.name
                )
            } else {
                String::new()
            };
            let cause = format!("it has no {family} address to ask from{example}");
            return Err(cannot(link, cause));
        };
        Ok(Self {
            link: link.clone(),
            asker: Asker { mac, ip },
        })
    }

    /// The asker's own subnet.
    pub fn subnet(&self) -> Option<Subnet> {
        subnets(&self.link).find(|own| own.address() == self.asker.ip)
    }

    /// What the kernel knows of the others on the link.
    pub fn kernel_knows(&self) -> Vec<(IpAddr, Mac)> {
        // Without it a few conflicts can't be told from one host with two cards.
        let neighbors = net::neighbors().unwrap_or_default().into_iter();
        neighbors
            .filter(|neighbor| neighbor.interface == self.link.index)
            .filter(|neighbor| neighbor.state.is_known())
            .filter_map(|neighbor| Some((neighbor.address, neighbor.mac?)))
            .collect()
    }
}

/// An interface's addresses with their subnets.
pub(super) fn subnets(link: &Link) -> impl Iterator<Item = Subnet> + Clone {
    let addresses = link.addresses.iter();
    addresses.filter_map(|(address, prefix)| Subnet::new(*address, *prefix))
}

/// Requests a second: what suits the link, unless the user wants another rate; and whether that is little, for being a
/// radio's.
pub(super) fn pace(link: &Link, wanted: Option<u32>) -> (u32, bool) {
    match wanted {
        Some(rate) => (rate, false),
        None if link.is_wireless() => (Plan::WIRELESS, true),
        None => (Plan::WIRED, false),
    }
}

/// The MAC address to ask from, where somebody can be asked on the link at all.
pub(in crate::commands) fn usable(link: &Link) -> Result<Mac> {
    let name = &link.name;
    let cause = match (link.mac, link.state) {
        _ if link.is_loopback => {
            "it leads back to this machine: nobody else is there to be asked".to_owned()
        }
        (None, _) => "its link has no MAC addresses, so there is nothing to ask for".to_owned(),
        (Some(_), State::Down | State::Gone) => {
            format!("it is down; switch it on: ip link set {name} up")
        }
        (Some(_), State::NoCarrier) => "it has no carrier: nothing is connected to it".to_owned(),
        (Some(_), State::Up) if link.no_arp => {
            format!("ARP is switched off there; switch it on: ip link set {name} arp on")
        }
        (Some(mac), State::Up) => return Ok(mac),
    };
    Err(cannot(link, cause))
}

pub(super) fn cannot(link: &Link, cause: String) -> Error {
    Error::Capture {
        doing: "ask on",
        interface: link.name.clone(),
        cause,
    }
}

/// The interface called `name`.
pub(in crate::commands) fn named(links: &[Link], name: &str) -> Result<Link> {
    let found = links.iter().find(|link| link.name == name);
    found.cloned().ok_or_else(|| Error::NoInterface {
        name: name.to_owned(),
        known: format!("there are: {}", names(links)),
    })
}

fn names(links: &[Link]) -> String {
    let names: Vec<_> = links.iter().map(|link| link.name.as_str()).collect();
    names.join(", ")
}

/// The interface that packets to `target` leave by, and how.
///
/// # Errors
/// Where there is none.
pub(super) fn toward(links: &[Link], target: IpAddr, on: Option<&Link>) -> Result<(Link, Route)> {
    let route = net::route_to(target, on.map(|link| link.index))?;
    let way = on.map_or_else(String::new, |link| format!(" through {}", link.name));
    let no_way = |why: &str| Error::Unreachable(format!("there is no way to {target}{way}: {why}"));
    let Some(route) = route else {
        return Err(no_way(
            "no interface is on its subnet, and no gateway leads there",
        ));
    };
    if route.kind == RouteKind::Refused {
        return Err(no_way("a route of this machine refuses it (ip route get)"));
    }
    let own = |link: &&Link| link.addresses.iter().any(|(address, _)| *address == target);
    let link = match route.kind {
        // The kernel says it leads over the loopback interface.
        RouteKind::Local => links.iter().find(own),
        _ => None,
    };
    let by_index = || links.iter().find(|link| link.index == route.interface);
    link.or_else(by_index)
        .map(|link| (link.clone(), route))
        .ok_or_else(|| no_way("its interface is not here"))
}

/// The interface to scan where none was named: the one with the default route, or the only one that is up.
///
/// # Errors
/// Where there are several, or none.
pub(super) fn main_link(links: &[Link]) -> Result<Link> {
    let usable: Vec<&Link> = links.iter().filter(|link| usable(link).is_ok()).collect();
    if let Some(link) = usable.iter().find(|link| !link.gateways.is_empty()) {
        return Ok((*link).clone());
    }
    match usable.as_slice() {
        [link] => Ok((*link).clone()),
        [] => Err(Error::Unreachable(
            "there is no interface to ask on: none but the loopback is up ('netinspect interfaces' lists them)"
                .to_owned(),
        )),
        several => {
            let names: Vec<_> = several.iter().map(|link| link.name.as_str()).collect();
            Err(Error::Usage(format!(
                "there are several interfaces; say which with -i: {}",
                names.join(", ")
            )))
        }
    }
}
