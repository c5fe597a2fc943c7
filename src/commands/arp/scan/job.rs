//! What is asked on which interface.

use std::net::{IpAddr, Ipv6Addr};

use super::super::place::{Place, cannot, main_link, named, pace, subnets, toward, usable};
use super::super::targets::{Range, ranges};
use super::{Options, too_many};
use crate::arp::Targets;
use crate::commands::summary::counted;
use crate::commands::tell;
use crate::error::{Error, Result};
use crate::net::{self, Link};

/// One interface and one address to ask from.
pub(super) struct Job {
    pub place: Place,
    pub targets: Targets,
    /// Of the targets, those that are this host's own: they need no asking.
    pub own: Vec<IpAddr>,
    /// Requests a second.
    pub rate: u32,
    /// That is less than on a wire, since it is a radio.
    pub is_slowed: bool,
    /// IPv6 without targets: ask all nodes first, from these addresses.
    pub all_nodes: Option<Vec<Ipv6Addr>>,
}

/// # Errors
/// Where there is nothing to ask or nowhere to ask it.
pub(super) fn jobs(options: &Options) -> Result<Vec<Job>> {
    let links = net::interfaces();
    let on = options.interface.as_deref();
    let on = on.map(|name| named(&links, name)).transpose()?;
    if options.targets.is_empty() {
        let link = on.map_or_else(|| main_link(&links), Ok)?;
        return if options.v6 {
            all_nodes(options, &link).map(|job| vec![job])
        } else {
            own_subnets(options, &link)
        };
    }
    let ranges = ranges(&options.targets, options.v6)?;
    if let Some(other) = ranges
        .iter()
        .find(|range| options.v6 && range.first.is_ipv4())
    {
        return Err(Error::Usage(format!(
            "-6 asks by IPv6, and {} is an IPv4 address; leave one of them out",
            other.first
        )));
    }
    let mut groups: Vec<(Place, Vec<Range>)> = Vec::new();
    for range in ranges {
        let link = match &on {
            Some(link) => link.clone(),
            None => toward(&links, range.first, None)?.0,
        };
        let place = Place::new(&link, range.first, None)?;
        let same = |other: &&mut (Place, Vec<Range>)| {
            other.0.link.index == place.link.index && other.0.asker == place.asker
        };
        match groups.iter_mut().find(same) {
            Some((_, ranges)) => ranges.push(range),
            None => groups.push((place, vec![range])),
        }
    }
    if groups.is_empty() {
        return Err(Error::Usage("the list of targets is empty".to_owned()));
    }
    groups
        .into_iter()
        .map(|(place, ranges)| job(options, place, &ranges))
        .collect()
}

/// Every IPv4 subnet that the interface is on.
fn own_subnets(options: &Options, link: &Link) -> Result<Vec<Job>> {
    usable(link)?;
    let mut jobs: Vec<Job> = Vec::new();
    for subnet in subnets(link).filter(|subnet| subnet.address().is_ipv4()) {
        let covered = |job: &Job| {
            job.place
                .subnet()
                .is_some_and(|own| own.network() == subnet.network())
        };
        if subnet.host_bits() == 0 || jobs.iter().any(covered) {
            continue;
        }
        let (first, last) = subnet.hosts();
        let place = Place::new(link, first, Some(subnet.address()))?;
        jobs.push(job(options, place, &[Range { first, last }])?);
    }
    if jobs.is_empty() {
        // Says it where there is no address at all.
        let place = Place::new(link, IpAddr::from([0, 0, 0, 0]), None)?;
        let own = place.asker.ip;
        let cause =
            format!("its address {own} stands alone, without a subnet; name what to ask for");
        return Err(cannot(link, cause));
    }
    Ok(jobs)
}

fn all_nodes(options: &Options, link: &Link) -> Result<Job> {
    let place = Place::new(link, Ipv6Addr::UNSPECIFIED.into(), None)?;
    let all = link
        .addresses
        .iter()
        .filter_map(|(address, _)| match address {
            IpAddr::V6(address) => Some(*address),
            IpAddr::V4(_) => None,
        });
    let (local, other): (Vec<_>, Vec<_>) = all.partition(Ipv6Addr::is_unicast_link_local);
    // One of each kind: hosts answer from the like.
    let sources = local.first().into_iter().chain(other.first()).copied();
    let (rate, is_slowed) = pace(link, options.rate);
    Ok(Job {
        rate,
        is_slowed,
        place,
        targets: Targets::default(),
        own: Vec::new(),
        all_nodes: Some(sources.collect()),
    })
}

fn job(options: &Options, place: Place, ranges: &[Range]) -> Result<Job> {
    let ends = ranges.iter().map(|range| (range.first, range.last));
    let all = Targets::new(ends).ok_or_else(too_many)?;
    let link = &place.link;
    let own: Vec<IpAddr> = link.addresses.iter().map(|(address, _)| *address).collect();
    let own: Vec<IpAddr> = own.into_iter().filter(|ip| all.contains(*ip)).collect();
    let nobody = nobody_s(link, &all);
    for (address, what) in &nobody {
        tell(&format!("{address} is not asked: it is {what}"));
    }
    let left_out: Vec<IpAddr> = nobody.into_iter().map(|(address, _)| address).collect();
    let targets = all.without(&left_out).without(&own);
    warn_elsewhere(link, &targets);
    let (rate, is_slowed) = pace(link, options.rate);
    Ok(Job {
        rate,
        is_slowed,
        place,
        targets,
        own,
        all_nodes: None,
    })
}

/// Addresses that no host has, and what they are instead.
fn nobody_s(link: &Link, all: &Targets) -> Vec<(IpAddr, String)> {
    let mut found = Vec::new();
    for subnet in subnets(link) {
        let Some(broadcast) = subnet.broadcast() else {
            continue;
        };
        let block = crate::address::Block::from(subnet);
        let network = (
            subnet.network(),
            format!("the network's own address of {block}"),
        );
        let broadcast = (broadcast, format!("the broadcast address of {block}"));
        let here = [network, broadcast];
        found.extend(
            here.into_iter()
                .filter(|(address, _)| all.contains(*address)),
        );
    }
    found
}

/// Those outside the link's subnets are asked all the same: a wire may carry several.
fn warn_elsewhere(link: &Link, targets: &Targets) {
    let on_link = |address: &IpAddr| {
        subnets(link).any(|subnet| subnet.contains(*address))
            || matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
    };
    let elsewhere = targets.iter().filter(|address| !on_link(address)).count();
    if elsewhere > 0 {
        tell(&format!(
            "{} outside the subnets of {}: hosts there answer only if they are on this link all the same",
            counted(elsewhere as u64, "address"),
            link.name
        ));
    }
}
