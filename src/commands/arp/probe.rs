//! `netinspect arp probe`: is this address free?

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::place::{Place, main_link, named, subnets, toward, usable};
use super::text::named_mac;
use super::wire::{Interrupt, LinkWire, give_up};
use crate::address::{Block, Subnet};
use crate::arp::{Asker, Ended, Jitter, Probe, Verdict, drive};
use crate::commands::rights::Rights;
use crate::commands::{print, tell};
use crate::error::{Error, Result, exit};
use crate::net::{self, Link};

pub struct Options {
    pub address: Ipv4Addr,
    pub interface: Option<String>,
    pub quiet: bool,
    pub rights: Rights,
}

/// Exit code 0 where it is free, 1 where it is not.
pub fn run(options: Options) -> Result<u8> {
    let links = net::interfaces();
    let address = options.address;
    let has = |link: &&Link| link.addresses.iter().any(|(own, _)| *own == address);
    if let Some(link) = links.iter().find(has) {
        let text = format!("{address} is taken, by this host ({})\n", link.name);
        return print(text.as_bytes()).map(|()| exit::NO);
    }
    let link = choose(&links, &options)?;
    if let Some(block) = subnets(&link).find(|own| is_nobody_s(own, address.into())) {
        let what = if block.network() == IpAddr::V4(address) {
            "the network's own address"
        } else {
            "the broadcast address"
        };
        return Err(Error::Usage(format!(
            "{address} is {what} of {}, which {} is on: no host can have it",
            Block::from(block),
            link.name
        )));
    }
    let mac = usable(&link)?;
    let own = own_address(&link, address);
    let interrupt = Interrupt::listen()?;
    // A probe names no sender, so that it needs no address of ours.
    let asker = Asker {
        mac,
        ip: own.unwrap_or(Ipv4Addr::UNSPECIFIED).into(),
    };
    let place = Place { link, asker };
    let mut wire = LinkWire::open(&place, &interrupt)?;
    let given_up = give_up(&options.rights, [&wire], None)?;
    if !given_up.is_empty() {
        tell(given_up.trim_start());
    }
    if !options.quiet {
        tell(&format!(
            "probing for {address} on {}: three times, 4 to 7 seconds in all (RFC 5227)",
            place.link.name
        ));
    }
    let mut probe = Probe::new(mac, own, address, jitter());
    let ended = drive(&mut wire, &mut probe, |_| Ok(()))?;
    wire.check()?;
    if ended == Ended::Stopped && probe.verdict().is_none() {
        tell("ended before it was known");
        return Ok(exit::DONE);
    }
    tell_verdict(&place, address, probe.verdict(), own.is_some())
}

/// Whether no host on the subnet can have it.
fn is_nobody_s(subnet: &Subnet, address: IpAddr) -> bool {
    let broadcast = subnet.broadcast();
    broadcast.is_some() && (broadcast == Some(address) || subnet.network() == address)
}

fn tell_verdict(
    place: &Place,
    address: Ipv4Addr,
    verdict: Option<Verdict>,
    could_check: bool,
) -> Result<u8> {
    let name = &place.link.name;
    let (text, code) = match verdict {
        Some(Verdict::Free) | None => {
            let unchecked = if could_check {
                ""
            } else {
                " (whether a router answers for it could not be checked, without an address of our own)"
            };
            (
                format!("{address} is free on {name}: nobody answered{unchecked}"),
                exit::DONE,
            )
        }
        Some(Verdict::Taken(mac)) => (
            format!("{address} is taken, by {}", named_mac(mac)),
            exit::NO,
        ),
        Some(Verdict::Rival(mac)) => (
            format!(
                "{address} is about to be taken: {} probes for it too",
                named_mac(mac)
            ),
            exit::NO,
        ),
        Some(Verdict::Proxied(mac)) => (
            format!(
                "{address} is proxied: nobody on this link has it, but {} answers for it, as a router does that leads there (proxy ARP)",
                named_mac(mac)
            ),
            exit::NO,
        ),
    };
    print(format!("{text}\n").as_bytes())?;
    Ok(code)
}

/// The interface named, or the one whose subnet the address is on.
fn choose(links: &[Link], options: &Options) -> Result<Link> {
    let target = IpAddr::V4(options.address);
    if let Some(name) = &options.interface {
        return named(links, name);
    }
    let on = |link: &&Link| subnets(link).any(|subnet| subnet.contains(target));
    if let Some(link) = links.iter().find(on) {
        return Ok(link.clone());
    }
    match toward(links, target, None) {
        Ok((link, route)) if route.gateway.is_some() => Err(Error::Usage(format!(
            "{target} is on no subnet of this host; say with -i on which link to probe for it, such as -i {}",
            link.name
        ))),
        Ok((link, _)) => Ok(link),
        Err(_) => main_link(links),
    }
}

/// Ours on the same subnet, which a router's answer for others can be asked for from.
fn own_address(link: &Link, address: Ipv4Addr) -> Option<Ipv4Addr> {
    let subnet = subnets(link).find(|subnet| subnet.contains(address.into()))?;
    match subnet.address() {
        IpAddr::V4(own) => Some(own),
        IpAddr::V6(_) => None,
    }
}

/// Random, as the RFC wants it, so that hosts that start together don't probe together.
fn jitter() -> Jitter {
    let seed = RandomState::new();
    let mut count = 0u64;
    Box::new(move |least: Duration, most: Duration| {
        count += 1;
        let mut hasher = seed.build_hasher();
        hasher.write_u64(count);
        let span = most.saturating_sub(least).as_nanos() as u64;
        least + Duration::from_nanos(hasher.finish() % span.max(1))
    })
}
