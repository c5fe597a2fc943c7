//! `netinspect arp announce`: tells everybody on the link where an address is.

use std::net::Ipv4Addr;

use super::place::{Place, main_link, named, usable};
use super::text::named_mac;
use super::wire::{Interrupt, LinkWire, give_up};
use crate::arp::{Announce, Asker, drive};
use crate::commands::rights::Rights;
use crate::commands::{print, tell};
use crate::error::{Error, Result, exit};
use crate::net::{self, Link};

pub struct Options {
    pub address: Ipv4Addr,
    pub interface: Option<String>,
    pub count: u32,
    /// Announce it although it is not ours.
    pub force: bool,
    pub rights: Rights,
}

/// Exit code 1 where somebody else says that the address is his.
pub fn run(options: Options) -> Result<u8> {
    let links = net::interfaces();
    let address = options.address;
    let link = choose(&links, &options)?;
    if !has(&link, address) && !options.force {
        return Err(Error::Usage(format!(
            "{address} is not an address of {}: announcing it would cut off whoever has it. --force announces it all the same",
            link.name
        )));
    }
    let mac = usable(&link)?;
    let place = Place {
        link,
        asker: Asker {
            mac,
            ip: address.into(),
        },
    };
    let interrupt = Interrupt::listen()?;
    let mut wire = LinkWire::open(&place, &interrupt)?;
    let given_up = give_up(&options.rights, [&wire], None)?;
    if !given_up.is_empty() {
        tell(given_up.trim_start());
    }
    let mut announce = Announce::new(mac, address, options.count);
    drive(&mut wire, &mut announce, |_| Ok(()))?;
    wire.check()?;
    let times = match announce.sent() {
        1 => "once".to_owned(),
        n => format!("{n} times"),
    };
    let mut text = format!(
        "announced {times} on {}: {address} is at {}\n",
        place.link.name,
        named_mac(mac)
    );
    if let Some(other) = announce.claimed_by() {
        text.push_str(&format!(
            "but {} says that {address} is his: two hosts have the same address\n",
            named_mac(other)
        ));
    }
    print(text.as_bytes())?;
    Ok(match announce.claimed_by() {
        Some(_) => exit::NO,
        None => exit::DONE,
    })
}

fn choose(links: &[Link], options: &Options) -> Result<Link> {
    match &options.interface {
        Some(name) => named(links, name),
        None => match links.iter().find(|link| has(link, options.address)) {
            Some(link) => Ok(link.clone()),
            None => main_link(links),
        },
    }
}

fn has(link: &Link, address: Ipv4Addr) -> bool {
    link.addresses.iter().any(|(own, _)| *own == address)
}
