//! `netinspect interfaces`: what there is to capture on.

use super::print;
use crate::error::{Result, exit};
use crate::net::{self, Link};
use crate::output::table::table;
use crate::text::{Buffer, push_mac};
use crate::vendor;

pub struct Options {
    pub json: bool,
}

pub fn run(options: Options) -> Result<u8> {
    let links = net::interfaces();
    let text = if options.json {
        as_json(&links)
    } else {
        as_table(&links)
    };
    print(text.as_bytes())?;
    Ok(exit::DONE)
}

fn as_table(links: &[Link]) -> String {
    let header = [
        "Name",
        "State",
        "MAC address",
        "Vendor",
        "Addresses",
        "Gateway",
    ];
    let rows = links.iter().map(|link| {
        [
            link.name.clone(),
            link.state.name().to_owned(),
            link.mac.map(mac_text).unwrap_or_default(),
            link.mac
                .map(|mac| vendor::identify(mac).short().to_owned())
                .unwrap_or_default(),
            lines(
                link.addresses
                    .iter()
                    .map(|(ip, prefix)| format!("{ip}/{prefix}")),
            ),
            lines(link.gateways.iter().map(ToString::to_string)),
        ]
    });
    format!("{}\n", table(&header, rows))
}

fn lines(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n")
}

fn as_json(links: &[Link]) -> String {
    let object = |link: &Link| {
        serde_json::json!({
            "name": link.name,
            "state": link.state.name(),
            "mac": link.mac.map(mac_text),
            "vendor": link.mac.map(|mac| vendor::identify(mac).to_string()),
            "addresses": link.addresses.iter().map(|(ip, prefix)| format!("{ip}/{prefix}")).collect::<Vec<_>>(),
            "gateways": link.gateways,
            "mtu": link.mtu,
            "loopback": link.is_loopback,
        })
    };
    links
        .iter()
        .map(|link| format!("{}\n", object(link)))
        .collect()
}

pub(super) fn mac_text(mac: [u8; 6]) -> String {
    let mut out = Buffer::new();
    push_mac(&mut out, mac);
    String::from_utf8_lossy(&out).into_owned()
}
