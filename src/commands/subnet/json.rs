//! One object for programs.

use serde_json::{Value, json};

use super::{Options, Other};
use crate::address::{Block, Class, Scope, Subnet, Way, solicited_node};
use crate::commands::interfaces::mac_text;
use std::net::IpAddr;

/// Numbers up to here are exact in every JSON reader (RFC 8259, 6).
const EXACT: u128 = 1 << 53;

pub(super) fn page(options: &Options) -> String {
    let subnet = &options.subnet;
    let scope = Scope::of(subnet.address());
    let (first, last) = subnet.hosts();
    let mut object = json!({
        "address": subnet.address(),
        "prefix": subnet.prefix(),
        "subnet": Block::from(*subnet).to_string(),
        "network": subnet.network(),
        "mask": subnet.mask(),
        "wildcard": subnet.wildcard(),
        "broadcast": subnet.broadcast(),
        "first_host": first,
        "last_host": last,
        "host_bits": subnet.host_bits(),
        // Null where it is too large for a JSON number; host_bits says it then.
        "hosts": u64::try_from(subnet.count()).ok().filter(|count| u128::from(*count) <= EXACT),
        "class": match subnet.address() {
            IpAddr::V4(address) => json!(Class::of(address).letter().to_string()),
            IpAddr::V6(_) => Value::Null,
        },
        "scope": {
            "name": scope.name,
            "meaning": scope.meaning,
            "block": scope.block.to_string(),
            "source": scope.rfc,
            "private": scope.is_private(),
            "public": scope.is_public(),
        },
    });
    if let IpAddr::V6(address) = subnet.address() {
        object["solicited_node"] = json!(solicited_node(address));
    }
    if let Some(other) = &options.other {
        object["other"] = describe(subnet, other);
    }
    format!("{object}\n")
}

fn describe(subnet: &Subnet, other: &Other) -> Value {
    let mut object = direction(subnet, other.address, other.way(subnet));
    object["address"] = json!(other.address);
    object["scope"] = json!(Scope::of(other.address).name);
    if let Some((from, way)) = other.back(subnet) {
        object["back"] = direction(&from, subnet.address(), way);
        object["back"]["subnet"] = json!(Block::from(from).to_string());
    }
    object
}

/// How packets go one way.
fn direction(from: &Subnet, to: IpAddr, way: Way) -> Value {
    json!({
        "masked": from.masked(to),
        "same_subnet": from.contains(to),
        "way": match way {
            Way::Inside => "inside",
            Way::Broadcast => "broadcast",
            Way::Multicast(_) => "multicast",
            Way::Neighbor => "neighbor",
            Way::LinkLocal => "link-local",
            Way::Gateway => "gateway",
            Way::Nowhere => "nowhere",
            Way::Confined => "confined",
        },
        "mac": match way {
            Way::Broadcast => Some(mac_text([0xff; 6])),
            Way::Multicast(mac) => Some(mac_text(mac)),
            _ => None,
        },
    })
}
