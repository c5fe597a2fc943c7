//! What is said of a scan.

use std::net::IpAddr;

use super::super::attempts::Way;
use super::super::ip_field;
use super::super::kind::{Kind, Severity};
use super::super::report::{Report, Words};
use super::super::sight::Moment;
use super::tried::Fruitless;

impl Way {
    fn ports_named(self) -> &'static str {
        match self {
            Self::Tcp => "TCP ports",
            Self::Udp => "UDP ports",
            Self::Ping | Self::Protocol => "IP protocols",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Ping | Self::Protocol => "IP",
        }
    }

    fn filter(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Ping => "(icmp or icmpv6)",
            Self::Protocol => "frame",
        }
    }
}

pub(super) fn tell_ports(
    at: Moment,
    way: Way,
    client: IpAddr,
    server: IpAddr,
    found: &Fruitless<u16>,
    report: &mut Report,
) {
    report.raise(
        at,
        Kind::PortScan,
        Severity::Warning,
        &(way, client, server),
        || {
            let mut ports = found.tried.clone();
            ports.sort_unstable();
            let listed: Vec<_> = ports.iter().take(16).map(u16::to_string).collect();
            let more = if ports.len() > listed.len() {
                ", …"
            } else {
                ""
            };
            let mut evidence = found.evidence();
            evidence.push(format!("{}{more}", listed.join(", ")));
            Words {
                subject: format!("{client} → {server}"),
                summary: format!(
                    "{client} tries {} {} of {server}",
                    found.count(),
                    way.ports_named()
                ),
                evidence,
                filter: format!(
                    "{} and {} and {}",
                    way.filter(),
                    ip_field(client, "addr"),
                    ip_field(server, "addr")
                ),
            }
        },
    );
}

pub(super) fn tell_hosts(
    at: Moment,
    way: Way,
    client: IpAddr,
    port: u16,
    found: &Fruitless<IpAddr>,
    report: &mut Report,
) {
    // What watches a network pings many hosts too, but hosts that are there.
    let severity = if way == Way::Ping && 2 * found.answered > found.tried.len() {
        Severity::Info
    } else {
        Severity::Warning
    };
    report.raise(at, Kind::HostScan, severity, &(way, client, port), || {
        let hosts = found.count();
        let mut evidence = found.evidence();
        if let (Some(first), Some(last)) = (found.tried.iter().min(), found.tried.iter().max()) {
            evidence.push(format!("from {first} to {last}"));
        }
        let (summary, ports) = match way {
            Way::Ping => (format!("{client} pings {hosts} hosts"), String::new()),
            _ => (
                format!("{client} tries {} port {port} of {hosts} hosts", way.name()),
                format!(" and {}.dstport == {port}", way.filter()),
            ),
        };
        Words {
            subject: client.to_string(),
            summary,
            evidence,
            filter: format!("{} and {}{ports}", way.filter(), ip_field(client, "src")),
        }
    });
}
