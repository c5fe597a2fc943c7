//! `netinspect subnet`: what a subnet is, and whether another address is on it.

mod json;
mod text;

use std::net::IpAddr;

pub(super) use text::bits;

use super::print;
use crate::address::{Subnet, Way};
use crate::error::{Result, exit};

pub struct Options {
    pub subnet: Subnet,
    pub other: Option<Other>,
    pub json: bool,
}

/// Where a packet is to go; of the same family as the subnet.
pub struct Other {
    pub address: IpAddr,
    /// Its own idea of its subnet, where that was given.
    pub subnet: Option<Subnet>,
}

impl Other {
    /// The way there from a host.
    fn way(&self, from: &Subnet) -> Way {
        Way::of(from, self.address).unwrap_or(Way::Nowhere)
    }

    /// The way from there back to the host, where its own mask is known.
    fn back(&self, to: &Subnet) -> Option<(Subnet, Way)> {
        let subnet = self.subnet?;
        Some((subnet, Way::of(&subnet, to.address())?))
    }
}

/// Exit code 1 where the other address is not reached without a gateway, so that a script can ask.
pub fn run(options: Options) -> Result<u8> {
    let text = if options.json {
        json::page(&options)
    } else {
        text::page(&options)
    };
    print(text.as_bytes())?;
    let way = options.other.map(|other| other.way(&options.subnet));
    Ok(match way {
        Some(Way::Gateway | Way::Nowhere | Way::Confined) => exit::NO,
        _ => exit::DONE,
    })
}
