//! Fields of what stays on the link: LLDP, CDP, 802.1X, MACsec, slow protocols, 802.11.

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::discovery::{self, cdp_kind, lldp_kind};
use crate::decode::{Kind, Layer, Packet, wlan};

const L: Layout = Layout(Kind::Lldp);

#[rustfmt::skip]
pub(super) static LLDP: &[Field] = &[
    L.one("lldp.chassis.id.mac", Type::Mac, |p, l| identifier(p, l, lldp_kind::CHASSIS, &[4]).and_then(mac), "MAC address that the device goes by"),
    L.one("lldp.port.id", Type::Text, |p, l| identifier(p, l, lldp_kind::PORT, &[1, 5, 7]).map(Value::Text), "Name of the device's port"),
    L.one("lldp.port.id.mac", Type::Mac, |p, l| identifier(p, l, lldp_kind::PORT, &[3]).and_then(mac), "MAC address of the device's port"),
    L.one("lldp.time_to_live", Type::Uint, |p, l| {
        let seconds = discovery::lldp_value(p.header(l), lldp_kind::TIME_TO_LIVE)?;
        crate::bytes::be16(seconds, 0).map(|n| Value::Uint(n.into()))
    }, "For how many seconds this holds; 0 takes it back"),
    L.one("lldp.tlv.system.name", Type::Text, |p, l| discovery::lldp_value(p.header(l), lldp_kind::SYSTEM_NAME).map(Value::Text), "The device's name"),
];

/// A chassis or port identifier that is of one of these kinds.
fn identifier<'a>(packet: &Packet<'a>, layer: &Layer, which: u8, kinds: &[u8]) -> Option<&'a [u8]> {
    let (kind, id) = discovery::lldp_value(packet.header(layer), which)?.split_first()?;
    kinds.contains(kind).then_some(id)
}

fn mac(id: &[u8]) -> Option<Value<'static>> {
    id.try_into().ok().map(Value::Mac)
}

const C: Layout = Layout(Kind::Cdp);

#[rustfmt::skip]
pub(super) static CDP: &[Field] = &[
    C.dec("cdp.version", 0, 1, "Version"),
    C.dec("cdp.ttl", 1, 1, "For how many seconds this holds"),
    C.one("cdp.deviceid", Type::Text, |p, l| discovery::cdp_value(p.header(l), cdp_kind::DEVICE).map(Value::Text), "The device's name"),
    C.one("cdp.portid", Type::Text, |p, l| discovery::cdp_value(p.header(l), cdp_kind::PORT).map(Value::Text), "Name of the device's port"),
    C.one("cdp.platform", Type::Text, |p, l| discovery::cdp_value(p.header(l), cdp_kind::PLATFORM).map(Value::Text), "What kind of device it is"),
];

const E: Layout = Layout(Kind::Eapol);

#[rustfmt::skip]
pub(super) static EAPOL: &[Field] = &[
    E.dec("eapol.version", 0, 1, "Version"),
    E.dec("eapol.type", 1, 1, "Kind of message: 0 authentication, 1 start, 3 key"),
    E.dec("eapol.len", 2, 2, "Bytes that follow"),
];

const M: Layout = Layout(Kind::Macsec);

#[rustfmt::skip]
pub(super) static MACSEC: &[Field] = &[
    M.bit("macsec.TCI.ES", 0, 1, 0x40, "The sender is told by the source address"),
    M.bit("macsec.TCI.SC", 0, 1, 0x20, "The sender's channel is named below"),
    M.bit("macsec.TCI.SCB", 0, 1, 0x10, "Sent to everybody at once"),
    M.bit("macsec.TCI.E", 0, 1, 0x08, "Encrypted, not only protected against change"),
    M.bit("macsec.TCI.C", 0, 1, 0x04, "The data was changed: encrypted, or shortened"),
    M.hex_part("macsec.AN", 0, 1, 0x03, 2, "Which of up to four keys"),
    M.dec("macsec.SL", 1, 1, "Length of the data, where it is under 48 bytes"),
    M.dec("macsec.PN", 2, 4, "Number of the packet: none may come twice"),
    M.mac("macsec.SCI.system_identifier", 6, "The sender's MAC address"),
];

const S: Layout = Layout(Kind::Slow);

pub(super) static SLOW: &[Field] = &[S.hex(
    "slow.subtype",
    0,
    1,
    "Which of the slow protocols: 1 link aggregation",
)];

const W: Layout = Layout(Kind::Wlan);

#[rustfmt::skip]
pub(super) static WLAN: &[Field] = &[
    W.one("wlan.fc.type_subtype", Type::Hex(4), |p, l| wlan::kind(p.header(l)).map(|n| Value::Uint(n.into())), "Kind of frame: the type, then the subtype"),
    W.part("wlan.fc.type", 0, 1, 0x0c, "0 management, 1 control, 2 data"),
    W.part("wlan.fc.subtype", 0, 1, 0xf0, "The kind, more closely"),
    W.bit("wlan.fc.protected", 1, 1, 0x40, "The data is encrypted"),
    W.one("wlan.ra", Type::Mac, |p, l| wlan::Addresses::of(p.header(l)).receiver.map(Value::Mac), "Who is to receive it over the air"),
    W.one("wlan.ta", Type::Mac, |p, l| wlan::Addresses::of(p.header(l)).transmitter.map(Value::Mac), "Who sends it over the air"),
    W.one("wlan.da", Type::Mac, |p, l| wlan::Addresses::of(p.header(l)).destination.map(Value::Mac), "Who it is for in the end"),
    W.one("wlan.sa", Type::Mac, |p, l| wlan::Addresses::of(p.header(l)).source.map(Value::Mac), "Who it is from at first"),
    W.one("wlan.bssid", Type::Mac, |p, l| wlan::Addresses::of(p.header(l)).network.map(Value::Mac), "Which network: its access point's address"),
    W.one("wlan.ssid", Type::Bytes, |p, l| wlan::network_name(p.header(l)).filter(|name| !name.is_empty()).map(Value::Bytes), "The network's name"),
];
