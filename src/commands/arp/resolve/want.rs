//! What somebody wants resolved, and how: by asking for it, by asking for its gateway, or without asking.

use std::net::{IpAddr, ToSocketAddrs};

use super::super::place::{Place, subnets, toward};
use super::{owner, unknown_name};
use crate::address::{Subnet, multicast_mac, parse_mac};
use crate::arp::Mac;
use crate::error::{Error, Result};
use crate::net::{Link, RouteKind};

/// One address, as it was asked for.
pub(super) struct Want {
    /// As it was typed.
    pub text: String,
    pub target: IpAddr,
    pub fate: Fate,
}

pub(super) enum Fate {
    /// It is this machine's own: frames for it never leave.
    Own { link: String, mac: Option<Mac> },
    /// Frames go to a MAC address that needs no asking.
    Fixed { mac: Mac, why: &'static str },
    /// `address` is asked for at `place`: the target, or the gateway that leads there.
    Ask {
        place: Place,
        address: IpAddr,
        detour: Option<Detour>,
    },
}

/// The target is not on the link.
pub(super) struct Detour {
    /// The asker's subnet, which the target is not on.
    pub subnet: Option<Subnet>,
}

/// # Errors
/// Where `text` is no address, or there is no way there.
pub(super) fn want(links: &[Link], text: &str, on: Option<&Link>) -> Result<Want> {
    let (name, zone) = match text.split_once('%') {
        Some((name, zone)) => (name, Some(super::named(links, zone)?)),
        None => (text, None),
    };
    let on = on.or(zone.as_ref());
    let target = look_up(name, on)?;
    if target.is_unspecified() {
        return Err(Error::Usage(format!("{target} means no address at all")));
    }
    if let IpAddr::V6(address) = target
        && address.is_unicast_link_local()
        && on.is_none()
        && owner(links, target).is_none()
    {
        return Err(Error::Usage(format!(
            "{target} is a link-local address, which every link may have: say with -i which one is meant"
        )));
    }
    let fate = fate(links, target, on)?;
    Ok(Want {
        text: name.to_owned(),
        target,
        fate,
    })
}

/// An address, or the first one of a host's name: IPv4 where it has one, unless the interface has none.
fn look_up(text: &str, on: Option<&Link>) -> Result<IpAddr> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if parse_mac(text).is_some() {
        return Err(Error::Usage(format!(
            "{text} is a MAC address; 'netinspect neighbors history {text}' tells which IP addresses were seen at it"
        )));
    }
    // Names that were meant as addresses.
    let looks_numeric = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b':' || byte == b'/');
    if looks_numeric {
        let wrong = |error: crate::address::NotASubnet| Error::Usage(error.to_string());
        return crate::address::parse_address(text).map_err(wrong);
    }
    let found: Vec<IpAddr> = match (text, 0).to_socket_addrs() {
        Ok(found) => found.map(|address| address.ip()).collect(),
        Err(error) => return Err(unknown_name(text, &error.to_string())),
    };
    let has_v4 = on.is_none_or(|link| subnets(link).any(|own| own.address().is_ipv4()));
    let best = found.iter().find(|address| address.is_ipv4() == has_v4);
    best.or(found.first())
        .copied()
        .ok_or_else(|| unknown_name(text, "it has no address"))
}

/// What people call the default gateway, as systemd's resolver does too (nss-myhostname(8)).
pub(super) fn means_gateway(text: &str) -> bool {
    matches!(text, "gateway" | "_gateway")
}

/// The default gateways.
///
/// # Errors
/// Where there is none.
pub(super) fn gateways(links: &[Link], text: &str, on: Option<&Link>) -> Result<Vec<Want>> {
    let wanted = |link: &&Link| on.is_none_or(|on| on.index == link.index);
    let mut wants = Vec::new();
    for link in links.iter().filter(wanted) {
        for gateway in &link.gateways {
            wants.push(Want {
                text: text.to_owned(),
                target: *gateway,
                fate: fate(links, *gateway, Some(link))?,
            });
        }
    }
    if wants.is_empty() {
        let way = on.map_or_else(String::new, |link| format!(" through {}", link.name));
        return Err(Error::Unreachable(format!(
            "there is no default gateway{way}: no route leads beyond the subnets of this host"
        )));
    }
    Ok(wants)
}

fn fate(links: &[Link], target: IpAddr, on: Option<&Link>) -> Result<Fate> {
    if let Some(link) = owner(links, target) {
        return Ok(Fate::Own {
            link: link.name.clone(),
            mac: link.mac,
        });
    }
    if let Some(mac) = multicast_mac(target) {
        let why = "a group's MAC address is made from its IP address, so nobody is asked";
        return Ok(Fate::Fixed { mac, why });
    }
    if let Some(link) = on {
        // What keeps us from asking there at all, before what the routing table thinks of it.
        Place::new(link, target, None)?;
    }
    let (link, route) = toward(links, target, on)?;
    match route.kind {
        RouteKind::Local => {
            return Ok(Fate::Own {
                link: link.name.clone(),
                mac: link.mac,
            });
        }
        RouteKind::Broadcast => {
            let why = "it means everybody on the subnet, so nobody is asked";
            let mac = [0xff; 6];
            return Ok(Fate::Fixed { mac, why });
        }
        _ => {}
    }
    let address = route.gateway.unwrap_or(target);
    let same_family = |source: &IpAddr| source.is_ipv4() == address.is_ipv4();
    let place = Place::new(&link, address, route.source.filter(same_family))?;
    let subnet = subnets(&link).find(|own| Some(own.address()) == route.source);
    Ok(Fate::Ask {
        address,
        detour: route.gateway.map(|_| Detour {
            subnet: subnet.or_else(|| place.subnet()),
        }),
        place,
    })
}
