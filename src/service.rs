//! Ports and the services behind them (registry: IANA service names and port numbers, RFC 6335).

/// The three ranges of RFC 6335, section 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortRange {
    /// 0 to 1023: assigned by IANA; on most systems only a privileged process may listen there.
    WellKnown,
    /// 1024 to 49151: registered with IANA.
    Registered,
    /// 49152 to 65535: never assigned; clients get theirs here.
    Dynamic,
}

impl PortRange {
    pub fn of(port: u16) -> Self {
        match port {
            0..=1023 => Self::WellKnown,
            1024..=49151 => Self::Registered,
            _ => Self::Dynamic,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::WellKnown => "well-known",
            Self::Registered => "registered",
            Self::Dynamic => "dynamic",
        }
    }
}

/// The service that is usually found on a port, whether TCP or UDP.
pub fn name(port: u16) -> Option<&'static str> {
    // Most ports are a client's. A bit for each is found at once; searching took a twentieth of a line's time.
    if KNOWN[usize::from(port / 64)] >> (port % 64) & 1 == 0 {
        return None;
    }
    let index = SERVICES
        .binary_search_by_key(&port, |(port, _)| *port)
        .ok()?;
    Some(SERVICES[index].1)
}

/// Which of two ports is the server's, as far as numbers tell: the one that a service is known for; where both are or
/// neither is, the lower one, since clients get theirs from the top (RFC 6335, section 6).
pub fn likely_server(one: u16, other: u16) -> u16 {
    match (name(one).is_some(), name(other).is_some()) {
        (true, false) => one,
        (false, true) => other,
        _ => one.min(other),
    }
}

/// Whether a port is in [`SERVICES`], a bit for each.
static KNOWN: [u64; 1024] = {
    let mut known = [0; 1024];
    let mut index = 0;
    while index < SERVICES.len() {
        let port = SERVICES[index].0;
        known[(port / 64) as usize] |= 1 << (port % 64);
        index += 1;
    }
    known
};

/// Services that people meet, by port. Sorted, which a test holds.
#[rustfmt::skip]
static SERVICES: &[(u16, &str)] = &[
    (7, "echo"), (9, "discard"), (13, "daytime"), (17, "qotd"), (19, "chargen"), (20, "ftp-data"), (21, "ftp"),
    (22, "ssh"), (23, "telnet"), (25, "smtp"), (37, "time"), (43, "whois"), (49, "tacacs"), (53, "dns"),
    (67, "dhcp-server"), (68, "dhcp-client"), (69, "tftp"), (70, "gopher"), (79, "finger"), (80, "http"),
    (88, "kerberos"), (102, "iso-tsap"), (109, "pop2"), (110, "pop3"), (111, "sunrpc"), (113, "ident"),
    (119, "nntp"), (123, "ntp"), (135, "msrpc"), (137, "netbios-ns"), (138, "netbios-dgm"), (139, "netbios-ssn"),
    (143, "imap"), (161, "snmp"), (162, "snmp-trap"), (177, "xdmcp"), (179, "bgp"), (194, "irc"), (199, "smux"),
    (201, "appletalk"), (264, "bgmp"), (319, "ptp-event"), (320, "ptp-general"), (389, "ldap"), (427, "svrloc"),
    (443, "https"), (444, "snpp"), (445, "smb"), (464, "kpasswd"), (465, "smtps"), (497, "retrospect"),
    (500, "isakmp"), (502, "modbus"), (512, "exec"), (513, "login"), (514, "syslog"), (515, "printer"),
    (520, "rip"), (521, "ripng"), (540, "uucp"), (543, "klogin"), (544, "kshell"), (546, "dhcpv6-client"),
    (547, "dhcpv6-server"), (548, "afp"), (554, "rtsp"), (563, "nntps"), (587, "submission"), (593, "http-rpc"),
    (623, "ipmi"), (631, "ipp"), (636, "ldaps"), (639, "msdp"), (646, "ldp"), (647, "dhcp-failover"),
    (666, "doom"), (694, "heartbeat"), (749, "kerberos-adm"), (853, "dns-tls"), (860, "iscsi-system"),
    (873, "rsync"), (902, "vmware"), (989, "ftps-data"), (990, "ftps"), (992, "telnets"), (993, "imaps"),
    (995, "pop3s"), (1080, "socks"), (1194, "openvpn"), (1352, "lotusnotes"), (1433, "mssql"),
    (1434, "mssql-monitor"), (1494, "citrix-ica"), (1521, "oracle"), (1645, "radius-old"), (1646, "radacct-old"),
    (1701, "l2tp"), (1719, "h323-ras"), (1720, "h323"), (1723, "pptp"), (1812, "radius"), (1813, "radius-acct"),
    (1883, "mqtt"), (1900, "ssdp"), (1985, "hsrp"), (2000, "sccp"), (2049, "nfs"), (2055, "netflow"),
    (2082, "cpanel"), (2083, "cpanels"), (2123, "gtp-control"), (2152, "gtp-user"), (2181, "zookeeper"),
    (2222, "ethernet-ip"), (2375, "docker"), (2376, "docker-tls"), (2379, "etcd"), (2380, "etcd-peer"),
    (2404, "iec-104"), (2775, "smpp"), (2905, "m3ua"), (3000, "http-dev"), (3128, "squid"), (3260, "iscsi"),
    (3268, "ldap-gc"), (3269, "ldaps-gc"), (3306, "mysql"), (3389, "rdp"), (3478, "stun"), (3493, "nut"),
    (3544, "teredo"), (3689, "daap"), (3702, "ws-discovery"), (3784, "bfd"), (3868, "diameter"),
    (4070, "spotify"), (4369, "epmd"), (4444, "krb524"), (4500, "ipsec-nat"), (4739, "ipfix"), (4789, "vxlan"),
    (4840, "opc-ua"), (5004, "rtp"), (5005, "rtcp"), (5060, "sip"), (5061, "sips"),
    (5222, "xmpp-client"), (5223, "xmpps"), (5228, "google-play"), (5269, "xmpp-server"), (5349, "stuns"),
    (5350, "nat-pmp-status"), (5351, "nat-pmp"), (5353, "mdns"), (5355, "llmnr"), (5432, "postgresql"),
    (5555, "adb"), (5671, "amqps"), (5672, "amqp"), (5683, "coap"), (5684, "coaps"), (5900, "vnc"),
    (5938, "teamviewer"), (5984, "couchdb"), (5985, "winrm"), (5986, "winrms"), (6000, "x11"), (6081, "geneve"),
    (6343, "sflow"), (6379, "redis"), (6443, "kubernetes"), (6514, "syslog-tls"), (6653, "openflow"),
    (6667, "irc"), (6697, "ircs"), (6881, "bittorrent"), (7000, "afs"), (7547, "cwmp"), (8000, "http-alt"),
    (8008, "http-alt"), (8080, "http-alt"), (8081, "http-alt"), (8086, "influxdb"), (8088, "http-alt"),
    (8123, "home-assistant"), (8443, "https-alt"), (8883, "mqtts"), (8888, "http-alt"), (9000, "http-alt"),
    (9042, "cassandra"), (9090, "prometheus"), (9092, "kafka"), (9100, "jetdirect"), (9200, "elasticsearch"),
    (9300, "elasticsearch"), (9418, "git"), (9999, "abyss"), (10000, "ndmp"), (10050, "zabbix-agent"),
    (10051, "zabbix"), (11211, "memcached"), (15672, "rabbitmq"), (16992, "amt"), (17500, "dropbox-lan"),
    (19132, "minecraft-be"), (20000, "dnp3"), (25565, "minecraft"), (27015, "steam"), (27017, "mongodb"),
    (33434, "traceroute"), (37777, "dahua"), (44818, "ethernet-ip"), (47808, "bacnet"), (51820, "wireguard"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_sorted_and_named_once() {
        assert!(SERVICES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn ranges_meet_where_rfc_6335_says() {
        assert_eq!(PortRange::of(1023), PortRange::WellKnown);
        assert_eq!(PortRange::of(1024), PortRange::Registered);
        assert_eq!(PortRange::of(49151), PortRange::Registered);
        assert_eq!(PortRange::of(49152), PortRange::Dynamic);
    }

    #[test]
    fn the_known_port_is_the_servers() {
        assert_eq!(likely_server(55254, 80), 80);
        assert_eq!(likely_server(8080, 1025), 8080);
        assert_eq!(likely_server(53, 123), 53);
        assert_eq!(likely_server(50000, 40000), 40000);
    }

    #[test]
    fn services_are_found_at_both_ends_of_the_list() {
        assert_eq!(name(7), Some("echo"));
        assert_eq!(name(51820), Some("wireguard"));
        assert_eq!(name(80), Some("http"));
        assert_eq!(name(12345), None);
    }
}
