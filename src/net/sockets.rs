//! Which program on this machine owns a socket, as /proc tells (proc(5): net/tcp, net/udp, PID/fd).

use std::collections::HashMap;
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
        sockets
    }

    /// Nothing could be seen: /proc is out of reach.
    pub fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// The program with a socket from `local` to `remote`, or one that is bound to `local` alone: `curl (1234)`.
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
        let ends = [
            (local, remote),
            bound(local, any),
            to_all(any),
            // A socket for IPv6 takes IPv4 as well, unless told otherwise (ipv6(7), IPV6_V6ONLY).
            to_all(ANY_V6),
        ];
        ends.into_iter().find_map(|(local, remote)| {
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
        // Not accepted yet: only the listener has it.
        let owner = sockets.owner(Transport::Tcp, server, client);
        assert!(owner.is_some_and(|owner| owner.ends_with(&us)), "{owner:?}");
    }
}
