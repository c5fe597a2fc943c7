//! Which program on this machine owns a socket, as /proc tells (proc(5): net/tcp, net/udp, PID/fd).

use std::collections::{HashMap, HashSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    Tcp,
    Udp,
}

/// The sockets of this network namespace at one moment, and who holds them, as far as we may see.
#[derive(Debug, Default)]
pub struct Sockets {
    by_ends: HashMap<(Transport, SocketAddr, SocketAddr), u64>,
    programs: HashMap<u64, String>,
    /// What this machine receives: its addresses, and the broadcasts of its subnets.
    own: HashSet<IpAddr>,
}

impl Sockets {
    /// Looks now. What can't be read is left out: without root, other users' processes hide what they hold.
    pub fn look() -> Self {
        let mut sockets = Self::default();
        let tables = [
            ("/proc/net/tcp", Transport::Tcp),
            ("/proc/net/tcp6", Transport::Tcp),
            ("/proc/net/udp", Transport::Udp),
            ("/proc/net/udp6", Transport::Udp),
        ];
        for (path, transport) in tables {
            let table = fs::read_to_string(path).unwrap_or_default();
            for (local, remote, inode) in table.lines().skip(1).filter_map(row) {
                sockets.by_ends.insert((transport, local, remote), inode);
            }
        }
        sockets.programs = programs();
        let table = |path| fs::read_to_string(path).unwrap_or_default();
        sockets.own.extend(own_v4(&table("/proc/net/fib_trie")));
        sockets.own.extend(own_v6(&table("/proc/net/if_inet6")));
        sockets
    }

    /// Nothing could be seen: /proc is out of reach.
    pub fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// Whether what is sent there arrives at sockets that are bound to no address.
    fn is_received(&self, address: IpAddr) -> bool {
        address.is_loopback()
            || address.is_multicast()
            || address == IpAddr::V4(Ipv4Addr::BROADCAST)
            || self.own.contains(&address)
    }

    /// The program with a socket from `local` to `remote`, or one that is bound to `local` alone, if that is this machine's:
    /// `curl (1234)`.
    pub fn owner(
        &self,
        transport: Transport,
        local: SocketAddr,
        remote: SocketAddr,
    ) -> Option<&str> {
        const ANY_V4: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        const ANY_V6: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        let any = if local.is_ipv4() { ANY_V4 } else { ANY_V6 };
        let bound = |local, any| (local, SocketAddr::new(any, 0));
        let to_all = |any| bound(SocketAddr::new(any, local.port()), any);
        let alone = [
            to_all(any),
            // A socket for IPv6 takes IPv4 as well, unless told otherwise (ipv6(7), IPV6_V6ONLY).
            to_all(ANY_V6),
        ];
        // Without an address, a socket would have any machine's conversations with its port.
        let alone = alone.into_iter().filter(|_| self.is_received(local.ip()));
        let exact = [(local, remote), bound(local, any)];
        exact.into_iter().chain(alone).find_map(|(local, remote)| {
            let inode = self.by_ends.get(&(transport, local, remote))?;
            self.programs.get(inode).map(String::as_str)
        })
    }
}

/// Both ends and the inode of a line. An inode of 0 belongs to nobody any more.
fn row(line: &str) -> Option<(SocketAddr, SocketAddr, u64)> {
    const INODE: usize = 9;
    let columns: Vec<_> = line.split_whitespace().collect();
    let inode = columns
        .get(INODE)?
        .parse()
        .ok()
        .filter(|inode| *inode != 0)?;
    Some((end(columns.get(1)?)?, end(columns.get(2)?)?, inode))
}

/// `0100007F:1F90`: words of the address as this machine stores them, and the port. IPv4 inside IPv6 becomes IPv4.
fn end(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words: Option<Vec<[u8; 4]>> = (0..address.len() / 8)
        .map(|word| {
            let digits = address.get(8 * word..8 * word + 8)?;
            u32::from_str_radix(digits, 16).ok().map(u32::to_ne_bytes)
        })
        .collect();
    let address = match words?.as_slice() {
        [word] => IpAddr::from(*word),
        [a, b, c, d] => {
            let octets: [u8; 16] = [*a, *b, *c, *d].concat().try_into().ok()?;
            Ipv6Addr::from(octets).to_canonical()
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

/// The addresses that /proc/net/fib_trie gives this machine, and those at which it hears a whole subnet: each is a line, and
/// the next says what it is.
fn own_v4(table: &str) -> impl Iterator<Item = IpAddr> {
    let lines = table.lines().zip(table.lines().skip(1));
    let own = lines.filter(|(_, what)| {
        let what = what.trim();
        what == "/32 host LOCAL" || what == "/32 link BROADCAST"
    });
    own.filter_map(|(line, _)| line.trim().strip_prefix("|-- ")?.parse().ok())
}

/// The same of IPv6, of /proc/net/if_inet6: 32 digits, and what does not matter here.
fn own_v6(table: &str) -> impl Iterator<Item = IpAddr> {
    let digits = table.lines().filter_map(|line| line.split(' ').next());
    let bits = digits.filter_map(|digits| u128::from_str_radix(digits, 16).ok());
    bits.map(|bits| Ipv6Addr::from_bits(bits).into())
}

/// Sockets by inode, with the name and number of the process that holds them.
fn programs() -> HashMap<u64, String> {
    let mut found = HashMap::new();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in processes {
        let pid = process.file_name();
        let Some(pid) = pid
            .to_str()
            .filter(|pid| pid.bytes().all(|b| b.is_ascii_digit()))
        else {
            continue;
        };
        let held = fs::read_dir(process.path().join("fd"))
            .into_iter()
            .flatten()
            .flatten();
        let inodes: Vec<u64> = held
            .filter_map(|file| socket_inode(&fs::read_link(file.path()).ok()?.to_string_lossy()))
            .collect();
        if inodes.is_empty() {
            continue;
        }
        let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
        let program = format!("{} ({pid})", name.trim());
        found.extend(inodes.into_iter().map(|inode| (inode, program.clone())));
    }
    found
}

/// The number in `socket:[1234]`.
fn socket_inode(link: &str) -> Option<u64> {
    link.strip_prefix("socket:[")?
        .strip_suffix(']')?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream, UdpSocket};

    #[test]
    fn a_line_of_the_kernels_table() {
        let line = "   1: 0100007F:1F90 0200007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 4711 1 0";
        let (local, remote, inode) = row(line).expect("a row");
        if cfg!(target_endian = "little") {
            assert_eq!(local, "127.0.0.1:8080".parse().expect("an end"));
            assert_eq!(remote, "127.0.0.2:80".parse().expect("an end"));
        }
        assert_eq!(inode, 4711);
        assert_eq!(row("sl local_address rem_address"), None);
    }

    #[test]
    fn what_this_machine_receives_is_in_two_tables() {
        let table = "\
Local:
  +-- 10.9.0.0/24 2 0 2
     |-- 10.9.0.0
        /24 link UNICAST
     |-- 10.9.0.1
        /32 host LOCAL
     |-- 10.9.0.255
        /32 link BROADCAST
";
        let own: Vec<String> = own_v4(table).map(|own| own.to_string()).collect();
        assert_eq!(own, ["10.9.0.1", "10.9.0.255"]);
        let table = "fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n\n";
        let own: Vec<String> = own_v6(table).map(|own| own.to_string()).collect();
        assert_eq!(own, ["fe80::fc:ff:fe00:1"]);
    }

    #[test]
    fn our_own_sockets_are_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = listener.local_addr().expect("an address");
        let stream = TcpStream::connect(server).expect("a connection");
        let client = stream.local_addr().expect("an address");
        let sockets = Sockets::look();
        let us = format!("({})", std::process::id());
        let owner = sockets.owner(Transport::Tcp, client, server);
        assert!(owner.is_some_and(|owner| owner.ends_with(&us)), "{owner:?}");
        // A server for both versions hears IPv4 too.
        let both = UdpSocket::bind("[::]:0").expect("a port");
        let port = both.local_addr().expect("an address").port();
        let sockets = Sockets::look();
        let heard = SocketAddr::new(server.ip(), port);
        let owner = sockets.owner(Transport::Udp, heard, client);
        assert!(owner.is_some_and(|owner| owner.ends_with(&us)), "{owner:?}");
        // What another machine talks on that port is not: neither end is one of this machine's addresses.
        let elsewhere = SocketAddr::new(Ipv4Addr::new(203, 0, 113, 7).into(), port);
        assert_eq!(sockets.owner(Transport::Udp, elsewhere, client), None);
        // Not accepted yet: only the listener has it.
        let owner = sockets.owner(Transport::Tcp, server, client);
        assert!(owner.is_some_and(|owner| owner.ends_with(&us)), "{owner:?}");
    }
}
