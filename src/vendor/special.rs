//! Addresses whose meaning is in a standard or a product's habits, and not in the name of whoever bought the prefix.

use super::Name;

/// What the group address is for. The groups seen most come first: the list is searched in order.
pub(super) fn group(address: u64) -> Option<Name> {
    find(GROUPS, address)
}

/// Who made the address up. To be asked before the U/L bit and before the registries: about half of these lie in
/// a block that is registered (VRRP's in IANA's, VirtualBox's in that of a firm it never belonged to), the others are local.
pub(super) fn software_made(address: u64) -> Option<Name> {
    redundant_router(address).or_else(|| find(SOFTWARE_MADE, address))
}

/// Which kind of redundant routers share the address: it moves between machines.
pub(super) fn redundant_router(address: u64) -> Option<Name> {
    find(REDUNDANT_ROUTERS, address)
}

#[cfg_attr(test, derive(Debug))]
pub(super) struct Block {
    pub(super) first: u64,
    pub(super) mask: u64,
    pub(super) name: Name,
}

fn find(blocks: &[Block], address: u64) -> Option<Name> {
    blocks
        .iter()
        .find(|block| address & block.mask == block.first)
        .map(|block| block.name)
}

/// The block of all addresses that share the first `bits` bits with `first`.
const fn block(first: u64, bits: u32, short: &'static str, full: &'static str) -> Block {
    let mask = 0xffff_ffff_ffff << (48 - bits) & 0xffff_ffff_ffff;
    assert!(first & !mask == 0, "the address has bits beyond its prefix");
    Block {
        first,
        mask,
        name: Name { full, short },
    }
}

/// A table of `first address / bits of prefix: short name, full name;`.
macro_rules! blocks {
    ($($first:literal / $bits:literal: $short:literal, $full:literal;)*) => {
        &[$(block($first, $bits, $short, $full)),*]
    };
}

pub(super) static GROUPS: &[Block] = blocks! {
    0x3333_0000_0000 / 16: "IPv6mcast", "IPv6 multicast (RFC 2464)";
    0x0100_5e00_0000 / 25: "IPv4mcast", "IPv4 multicast (RFC 1112)";
    // IEEE 802.1Q-2022, tables 8-1 to 8-3: bridges do not forward 01:80:c2:00:00:00 to 0f.
    0x0180_c200_0000 / 48: "STP", "spanning tree (STP, RSTP, MSTP)";
    0x0180_c200_000e / 48: "LLDP", "LLDP or PTP peer delay, nearest bridge (IEEE 802.1AB, 1588)";
    0x0180_c200_0001 / 48: "PAUSE", "PAUSE flow control (IEEE 802.3x)";
    0x0180_c200_0002 / 48: "slow/LACP", "slow protocols: LACP, marker, OAM (IEEE 802.3)";
    0x0180_c200_0003 / 48: "802.1X", "port access (802.1X) or LLDP, nearest non-relay bridge";
    0x0180_c200_0008 / 48: "provider STP", "spanning tree of provider bridges";
    0x0180_c200_000d / 48: "provid. MVRP", "MVRP of provider bridges";
    0x0180_c200_0000 / 44: "802.1", "reserved for IEEE 802.1 protocols, never forwarded";
    0x0180_c200_0014 / 48: "IS-IS L1", "IS-IS level 1 routers (ISO/IEC 10589)";
    0x0180_c200_0015 / 48: "IS-IS L2", "IS-IS level 2 routers (ISO/IEC 10589)";
    0x0180_c200_0020 / 48: "MMRP", "multicast registration (MMRP, GMRP)";
    0x0180_c200_0021 / 48: "MVRP", "VLAN registration (MVRP, GVRP)";
    0x0180_c200_0030 / 44: "CFM", "connectivity fault management (IEEE 802.1ag)";
    0x0100_0ccc_cccc / 48: "CDP/VTP", "Cisco CDP, VTP, DTP, PAgP, UDLD";
    0x0100_0ccc_cccd / 48: "PVST+", "Cisco spanning tree for each VLAN (PVST+)";
    0x0100_0ccd_cdcd / 48: "Cisco STP", "Cisco uplink fast, VLAN bridge spanning tree";
    0x0100_0c00_0000 / 48: "ISL", "Cisco inter-switch link";
    0x011b_1900_0000 / 48: "PTP", "precision time protocol (IEEE 1588)";
    0x0100_5e80_0000 / 28: "MPLSmcast", "MPLS multicast (RFC 5332)";
    0x0900_2b00_0004 / 48: "ES-IS", "all end systems (ISO 9542)";
    0x0900_2b00_0005 / 48: "IS-IS", "all intermediate systems (ISO 9542, IS-IS)";
    0x010e_cf00_0000 / 32: "PROFINET", "PROFINET discovery (DCP)";
    0x0115_4e00_0100 / 40: "HSR/PRP", "HSR and PRP supervision (IEC 62439-3)";
    0x0115_4e00_0000 / 40: "MRP", "media redundancy (IEC 62439-2)";
    0x0101_0500_0000 / 24: "EtherCAT", "EtherCAT (Beckhoff)";
    0x010c_cd01_0000 / 40: "GOOSE", "GOOSE (IEC 61850-8-1)";
    0x010c_cd02_0000 / 40: "GSSE", "GSSE (IEC 61850-8-1)";
    0x010c_cd04_0000 / 40: "sampled val.", "sampled values (IEC 61850-9-2)";
    0x91e0_f000_0000 / 32: "AVTP", "audio and video transport (IEEE 1722)";
    0x91e0_f001_0000 / 40: "AVDECC", "audio and video discovery (IEEE 1722.1)";
    0x0110_1801_0000 / 40: "FCoE", "FCoE initialisation (FIP)";
    0x0119_a700_0000 / 40: "R-APS", "Ethernet ring protection (ITU-T G.8032)";
    0x01e0_5200_0000 / 24: "Foundry", "Foundry discovery and VSRP";
    0x0300_0000_0001 / 48: "NetBEUI", "NetBIOS frames (NetBEUI)";
    0x03bf_0000_0000 / 16: "NLB", "Microsoft network load balancing, multicast mode";
    0x0900_0700_0000 / 24: "AppleTalk", "AppleTalk zones and broadcast";
    0xab00_0001_0000 / 48: "MOP dump", "DEC MOP dump and load";
    0xab00_0002_0000 / 48: "MOP console", "DEC MOP remote console";
    0xab00_0003_0000 / 48: "DECnet", "DECnet phase IV routers";
    0xab00_0004_0000 / 48: "DECnet", "DECnet phase IV end nodes";
    0xcf00_0000_0000 / 48: "loopback", "Ethernet configuration testing (loopback)";
};

pub(super) static REDUNDANT_ROUTERS: &[Block] = blocks! {
    0x0000_5e00_0100 / 40: "VRRP", "VRRP or CARP virtual router, IPv4 (RFC 9568)";
    0x0000_5e00_0200 / 40: "VRRPv6", "VRRP virtual router, IPv6 (RFC 9568)";
    0x0000_0c07_ac00 / 40: "HSRP", "Cisco HSRP virtual router";
    0x0000_0c9f_f000 / 36: "HSRPv2", "Cisco HSRP version 2 virtual router";
    0x0005_73a0_0000 / 36: "HSRP IPv6", "Cisco HSRP virtual router, IPv6";
    // Ten bits of group and eight of forwarder follow (0007.b4xx.xxyy); Cisco's own cards may have the rest of 00:07:b4.
    0x0007_b400_0000 / 30: "GLBP", "Cisco GLBP virtual forwarder";
    0x0009_0f09_0000 / 40: "FortiGate HA", "FortiGate cluster";
    0x001b_1700_0000 / 32: "Palo Alto HA", "Palo Alto Networks cluster";
};

pub(super) static SOFTWARE_MADE: &[Block] = blocks! {
    0x02bf_0000_0000 / 16: "NLB", "Microsoft network load balancing";
    // Virtual machines and containers.
    0x5254_0000_0000 / 24: "QEMU/KVM", "QEMU/KVM virtual machine";
    0xfe54_0000_0000 / 24: "libvirt tap", "host side of a QEMU/KVM virtual machine (libvirt)";
    0x0242_0000_0000 / 16: "Docker", "Docker container";
    0x0050_5600_0000 / 24: "VMware", "VMware virtual machine";
    0x000c_2900_0000 / 24: "VMware", "VMware virtual machine";
    0x0005_6900_0000 / 24: "VMware", "VMware virtual machine";
    0x001c_1400_0000 / 24: "VMware", "VMware virtual machine";
    0x0800_2700_0000 / 24: "VirtualBox", "VirtualBox virtual machine";
    0x0a00_2700_0000 / 24: "VirtualBox", "VirtualBox host-only interface";
    0x0015_5d00_0000 / 24: "Hyper-V", "Microsoft Hyper-V virtual machine";
    0x0016_3e00_0000 / 24: "Xen/LXC", "Xen virtual machine or LXC container";
    0x001c_4200_0000 / 24: "Parallels", "Parallels virtual machine";
    0xbc24_1100_0000 / 24: "Proxmox", "Proxmox virtual machine or container";
    0x589c_fc00_0000 / 24: "bhyve", "FreeBSD bhyve virtual machine";
    0x4201_0000_0000 / 16: "Google Cloud", "Google Cloud virtual machine";
    0xeeee_eeee_eeee / 48: "Calico", "host side of a Calico container";
    // DECnet sets it from the node's number; the registry only names Digital.
    0xaa00_0400_0000 / 32: "DECnet", "DECnet phase IV node";
};
