//! Where packets go from here, as the kernel's routing tables say.

use std::io::ErrorKind;
use std::net::IpAddr;

use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteFlags, RouteMessage, RouteType,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::netlink;
use crate::error::{Error, Result};

/// The way to one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub kind: RouteKind,
    /// Index of the interface that packets leave by; 0 where there is none.
    pub interface: u32,
    /// The address that packets are sent from, where the kernel chooses one.
    pub source: Option<IpAddr>,
    /// Who passes them on; none where the address is on the link itself.
    pub gateway: Option<IpAddr>,
}

/// What kind of address it is, seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteKind {
    /// Another host, on the link or behind a gateway.
    Unicast,
    /// This machine itself.
    Local,
    Broadcast,
    Multicast,
    /// The administrator set that nothing goes there (blackhole, unreachable, prohibit).
    Refused,
}

/// The way to `target`, as a packet sent now would take it; with `interface` (its index) out of that one only.
/// None where there is no way.
///
/// # Errors
/// Where the kernel can't be asked.
pub fn route_to(target: IpAddr, interface: Option<u32>) -> Result<Option<Route>> {
    const DOING: &str = "ask the kernel for a route";
    let mut question = question(family(target));
    question.header.destination_prefix_length = if target.is_ipv4() { 32 } else { 128 };
    let destination = match target {
        IpAddr::V4(address) => RouteAddress::Inet(address),
        IpAddr::V6(address) => RouteAddress::Inet6(address),
    };
    question
        .attributes
        .push(RouteAttribute::Destination(destination));
    let index = interface.map(RouteAttribute::Oif);
    question.attributes.extend(index);
    match netlink::ask(DOING, RouteNetlinkMessage::GetRoute(question)) {
        Ok(answers) => Ok(answers.iter().find_map(message).map(read)),
        Err(Error::System { doing, cause }) => match cause.kind() {
            // rtnetlink answers with the error that `connect` would meet.
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Ok(None),
            ErrorKind::InvalidInput | ErrorKind::PermissionDenied => Ok(Some(Route {
                kind: RouteKind::Refused,
                interface: 0,
                source: None,
                gateway: None,
            })),
            _ => Err(Error::System { doing, cause }),
        },
        Err(error) => Err(error),
    }
}

/// The gateways of default routes, each with the index of the interface that leads to it, in the kernel's order.
pub(super) fn gateways() -> Vec<(u32, IpAddr)> {
    let mut found = Vec::new();
    for family in [AddressFamily::Inet, AddressFamily::Inet6] {
        let question = RouteNetlinkMessage::GetRoute(question(family));
        // Without an answer interfaces are shown without their gateways.
        let routes = netlink::dump("ask the kernel for its routes", question).unwrap_or_default();
        for route in routes.iter().filter_map(message) {
            for gateway in default_gateways(route) {
                if !found.contains(&gateway) {
                    found.push(gateway);
                }
            }
        }
    }
    found
}

fn default_gateways(route: &RouteMessage) -> Vec<(u32, IpAddr)> {
    if route.header.destination_prefix_length != 0 || route.header.kind != RouteType::Unicast {
        return Vec::new();
    }
    let several = route
        .attributes
        .iter()
        .find_map(|attribute| match attribute {
            RouteAttribute::MultiPath(hops) => Some(hops),
            _ => None,
        });
    match several {
        Some(hops) => hops
            .iter()
            .filter_map(|hop| Some((hop.interface_index, gateway(&hop.attributes)?)))
            .collect(),
        None => out(&route.attributes)
            .zip(gateway(&route.attributes))
            .into_iter()
            .collect(),
    }
}

fn question(family: AddressFamily) -> RouteMessage {
    let mut question = RouteMessage::default();
    question.header.address_family = family;
    // For the route to an address: what is in the table itself, not an entry made for the question.
    question.header.flags = RouteFlags::LookupTable;
    question
}

fn family(address: IpAddr) -> AddressFamily {
    match address {
        IpAddr::V4(_) => AddressFamily::Inet,
        IpAddr::V6(_) => AddressFamily::Inet6,
    }
}

fn message(answer: &RouteNetlinkMessage) -> Option<&RouteMessage> {
    match answer {
        RouteNetlinkMessage::NewRoute(route) => Some(route),
        _ => None,
    }
}

fn read(route: &RouteMessage) -> Route {
    let source = route
        .attributes
        .iter()
        .find_map(|attribute| match attribute {
            RouteAttribute::PrefSource(source) => ip(source),
            _ => None,
        });
    Route {
        kind: match route.header.kind {
            RouteType::Local | RouteType::Anycast => RouteKind::Local,
            RouteType::Broadcast => RouteKind::Broadcast,
            RouteType::Multicast => RouteKind::Multicast,
            RouteType::BlackHole | RouteType::Unreachable | RouteType::Prohibit => {
                RouteKind::Refused
            }
            _ => RouteKind::Unicast,
        },
        interface: out(&route.attributes).unwrap_or(0),
        source,
        gateway: gateway(&route.attributes),
    }
}

fn out(attributes: &[RouteAttribute]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        RouteAttribute::Oif(index) => Some(*index),
        _ => None,
    })
}

/// An IPv4 route may have an IPv6 gateway (RFC 5549), which stands in an attribute of its own.
fn gateway(attributes: &[RouteAttribute]) -> Option<IpAddr> {
    use netlink_packet_route::route::RouteVia;
    let found = attributes.iter().find_map(|attribute| match attribute {
        RouteAttribute::Gateway(gateway) => ip(gateway),
        RouteAttribute::Via(RouteVia::Inet(gateway)) => Some((*gateway).into()),
        RouteAttribute::Via(RouteVia::Inet6(gateway)) => Some((*gateway).into()),
        _ => None,
    });
    found.filter(|gateway| !gateway.is_unspecified())
}

fn ip(address: &RouteAddress) -> Option<IpAddr> {
    match address {
        RouteAddress::Inet(address) => Some((*address).into()),
        RouteAddress::Inet6(address) => Some((*address).into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netlink_packet_route::route::RouteNextHop;
    use std::net::Ipv4Addr;

    #[test]
    fn this_machine_is_reached_over_loopback() {
        for address in ["127.0.0.1", "::1"] {
            let address: IpAddr = address.parse().expect("an address");
            let route = route_to(address, None).expect("an answer");
            // A namespace whose loopback is down has no such route.
            if let Some(route) = route {
                assert_eq!(route.kind, RouteKind::Local, "{route:?}");
                assert_eq!(route.gateway, None, "{route:?}");
            }
        }
    }

    #[test]
    fn a_default_route_names_its_gateways() {
        let gateway: Ipv4Addr = "192.168.1.1".parse().expect("an address");
        let mut route = question(AddressFamily::Inet);
        route.header.kind = RouteType::Unicast;
        route.attributes = vec![
            RouteAttribute::Oif(7),
            RouteAttribute::Gateway(RouteAddress::Inet(gateway)),
        ];
        assert_eq!(default_gateways(&route), [(7, IpAddr::V4(gateway))]);
        route.header.destination_prefix_length = 24;
        assert!(default_gateways(&route).is_empty());
    }

    #[test]
    fn each_of_several_next_hops_counts_for_its_interface() {
        let hop = |interface, last| {
            let mut hop = RouteNextHop::default();
            hop.interface_index = interface;
            let gateway = Ipv4Addr::new(10, 0, 0, last);
            hop.attributes
                .push(RouteAttribute::Gateway(RouteAddress::Inet(gateway)));
            hop
        };
        let mut route = question(AddressFamily::Inet);
        route.header.kind = RouteType::Unicast;
        route
            .attributes
            .push(RouteAttribute::MultiPath(vec![hop(1, 1), hop(2, 2)]));
        let expected = [1, 2].map(|n| (u32::from(n), IpAddr::from([10, 0, 0, n])));
        assert_eq!(default_gateways(&route), expected);
    }
}
