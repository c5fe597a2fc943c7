//! Every protocol that decoding can name.

/// An OSI layer (ISO/IEC 7498-1), as a course numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Osi {
    Physical = 1,
    DataLink = 2,
    Network = 3,
    Transport = 4,
    Session = 5,
    Presentation = 6,
    Application = 7,
}

macro_rules! kinds {
    ($($kind:ident $osi:ident $short:literal $token:literal $name:literal;)*) => {
        /// A protocol, or the part of one that is a header of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Kind { $($kind,)* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// As a column shows it: at most eight characters.
            pub const fn short(self) -> &'static str {
                match self { $(Kind::$kind => $short,)* }
            }

            /// Wireshark's name for the protocol, as in `frame.protocols` and before the dot of field names.
            pub const fn token(self) -> &'static str {
                match self { $(Kind::$kind => $token,)* }
            }

            /// The protocol's full name.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }

            pub const fn osi(self) -> Osi {
                match self { $(Kind::$kind => Osi::$osi,)* }
            }

            /// Part of an IPv6 packet's header, not of what it carries (RFC 8200, section 4).
            pub const fn is_ipv6_extension(self) -> bool {
                matches!(self, Kind::HopByHop | Kind::Routing | Kind::Fragment | Kind::DestOpts)
            }
        }
    };
}

kinds! {
    Frame      Physical    "frame"    "frame"    "Frame";
    Ethernet   DataLink    "Ethernet" "eth"      "Ethernet II";
    Ieee8023   DataLink    "802.3"    "eth"      "IEEE 802.3 Ethernet";
    Vlan       DataLink    "VLAN"     "vlan"     "802.1Q VLAN tag";
    ServiceTag DataLink    "802.1ad"  "ieee8021ad" "802.1ad service tag";
    Llc        DataLink    "LLC"      "llc"      "802.2 Logical Link Control";
    Sll        DataLink    "SLL"      "sll"      "Linux cooked capture v1";
    Sll2       DataLink    "SLL2"     "sll"      "Linux cooked capture v2";
    Null       DataLink    "null"     "null"     "BSD loopback";
    Ppp        DataLink    "PPP"      "ppp"      "Point-to-Point Protocol";
    Pppoe      DataLink    "PPPoE"    "pppoes"   "PPP over Ethernet session";
    PppoeDisc  DataLink    "PPPoED"   "pppoed"   "PPP over Ethernet discovery";
    Mpls       DataLink    "MPLS"     "mpls"     "Multiprotocol Label Switching";
    Macsec     DataLink    "MACsec"   "macsec"   "802.1AE MAC security";
    Chdlc      DataLink    "cHDLC"    "chdlc"    "Cisco HDLC";
    FrameRelay DataLink    "FR"       "fr"       "Frame Relay";
    Radiotap   Physical    "radiotap" "radiotap" "802.11 radio information (radiotap)";
    Prism      Physical    "Prism"    "prism"    "802.11 radio information (Prism or AVS)";
    Ppi        Physical    "PPI"      "ppi"      "Per-Packet Information";
    Wlan       DataLink    "802.11"   "wlan"     "IEEE 802.11 wireless LAN";
    TokenRing  DataLink    "TokenRng" "tr"       "Token Ring";
    Fddi       DataLink    "FDDI"     "fddi"     "Fiber Distributed Data Interface";
    Arcnet     DataLink    "ARCNET"   "arcnet"   "ARCNET";
    Nflog      DataLink    "NFLOG"    "nflog"    "Linux netfilter log";
    CiscoMetadata DataLink "CMD"      "cmd"      "Cisco metadata";
    VnTag      DataLink    "VN-Tag"   "vntag"    "Cisco VN-Tag";
    Hsr        DataLink    "HSR"      "hsr"      "High-availability Seamless Redundancy";
    ETag       DataLink    "E-Tag"    "etag"     "802.1BR E-Tag";
    Backbone   DataLink    "802.1ah"  "ieee8021ah" "802.1ah provider backbone bridging";
    Arista     DataLink    "Arista"   "avsp"     "Arista vendor header";
    Nsh        Network     "NSH"      "nsh"      "Network Service Header";
    Arp        DataLink    "ARP"      "arp"      "Address Resolution Protocol";
    Stp        DataLink    "STP"      "stp"      "Spanning Tree Protocol";
    Lldp       DataLink    "LLDP"     "lldp"     "Link Layer Discovery Protocol";
    Eapol      DataLink    "EAPOL"    "eapol"    "802.1X authentication";
    Cdp        DataLink    "CDP"      "cdp"      "Cisco Discovery Protocol";
    Slow       DataLink    "Slow"     "slow"     "802.3 slow protocols (LACP)";
    Loop       DataLink    "LOOP"     "loop"     "Configuration Test Protocol (loopback)";
    Ipv4       Network     "IPv4"     "ip"       "Internet Protocol version 4";
    Ipv6       Network     "IPv6"     "ipv6"     "Internet Protocol version 6";
    HopByHop   Network     "HopByHop" "ipv6.hopopts"  "IPv6 hop-by-hop options";
    Routing    Network     "Routing"  "ipv6.routing"  "IPv6 routing header";
    Fragment   Network     "Fragment" "ipv6.fraghdr"  "IPv6 fragment header";
    DestOpts   Network     "DestOpts" "ipv6.dstopts"  "IPv6 destination options";
    Ah         Network     "AH"       "ah"       "IP authentication header";
    Esp        Network     "ESP"      "esp"      "IP encapsulating security payload";
    Gre        Network     "GRE"      "gre"      "Generic Routing Encapsulation";
    Ospf       Network     "OSPF"     "ospf"     "Open Shortest Path First";
    Vrrp       Network     "VRRP"     "vrrp"     "Virtual Router Redundancy Protocol";
    Pim        Network     "PIM"      "pim"      "Protocol Independent Multicast";
    Eigrp      Network     "EIGRP"    "eigrp"    "Enhanced Interior Gateway Routing Protocol";
    Icmp       Network     "ICMP"     "icmp"     "Internet Control Message Protocol";
    Icmpv6     Network     "ICMPv6"   "icmpv6"   "Internet Control Message Protocol version 6";
    Igmp       Network     "IGMP"     "igmp"     "Internet Group Management Protocol";
    Tcp        Transport   "TCP"      "tcp"      "Transmission Control Protocol";
    Udp        Transport   "UDP"      "udp"      "User Datagram Protocol";
    Sctp       Transport   "SCTP"     "sctp"     "Stream Control Transmission Protocol";
    Erspan     DataLink    "ERSPAN"   "erspan"   "Encapsulated Remote Switch Port Analyzer";
    Wccp       Network     "WCCP"     "gre"      "Web Cache Communication redirect header";
    Teredo     Network     "Teredo"   "teredo"   "Teredo: IPv6 over UDP through NATs";
    Vxlan      DataLink    "VXLAN"    "vxlan"    "Virtual Extensible LAN";
    Geneve     DataLink    "Geneve"   "geneve"   "Generic Network Virtualization Encapsulation";
    Gtp        Network     "GTP"      "gtp"      "GPRS tunnelling, user plane";
    Dns        Application "DNS"      "dns"      "Domain Name System";
    Mdns       Application "mDNS"     "mdns"     "Multicast Domain Name System";
    Llmnr      Application "LLMNR"    "llmnr"    "Link-Local Multicast Name Resolution";
    Dhcp       Application "DHCP"     "dhcp"     "Dynamic Host Configuration Protocol";
    Dhcpv6     Application "DHCPv6"   "dhcpv6"   "Dynamic Host Configuration Protocol for IPv6";
    Http       Application "HTTP"     "http"     "Hypertext Transfer Protocol";
    Tls        Presentation "TLS"     "tls"      "Transport Layer Security";
    Ssh        Application "SSH"      "ssh"      "Secure Shell";
    Ftp        Application "FTP"      "ftp"      "File Transfer Protocol";
    Telnet     Application "Telnet"   "telnet"   "Telnet";
    Smtp       Application "SMTP"     "smtp"     "Simple Mail Transfer Protocol";
    Pop3       Application "POP3"     "pop"      "Post Office Protocol";
    Imap       Application "IMAP"     "imap"     "Internet Message Access Protocol";
    Bgp        Application "BGP"      "bgp"      "Border Gateway Protocol";
    Ldap       Application "LDAP"     "ldap"     "Lightweight Directory Access Protocol";
    Smb        Application "SMB"      "smb"      "Server Message Block";
    Rtsp       Application "RTSP"     "rtsp"     "Real-Time Streaming Protocol";
    Mqtt       Application "MQTT"     "mqtt"     "MQ Telemetry Transport";
    Mysql      Application "MySQL"    "mysql"    "MySQL";
    Sip        Application "SIP"      "sip"      "Session Initiation Protocol";
    Postgres   Application "PgSQL"    "pgsql"    "PostgreSQL";
    Redis      Application "Redis"    "resp"     "Redis serialization protocol";
    Ntp        Application "NTP"      "ntp"      "Network Time Protocol";
    Snmp       Application "SNMP"     "snmp"     "Simple Network Management Protocol";
    Quic       Transport   "QUIC"     "quic"     "QUIC";
    Isakmp     Application "ISAKMP"   "isakmp"   "Internet key exchange";
    Syslog     Application "syslog"   "syslog"   "System log";
    Rip        Application "RIP"      "rip"      "Routing Information Protocol";
    Radius     Application "RADIUS"   "radius"   "Remote Authentication Dial-In User Service";
    Ssdp       Application "SSDP"     "ssdp"     "Simple Service Discovery Protocol";
    Stun       Application "STUN"     "stun"     "Session Traversal Utilities for NAT";
    Data       Application "data"     "data"     "Data";
}
