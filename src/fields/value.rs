//! What a field holds, before it is written in any form.

use crate::decode::Layer;
use crate::decode::dns::Name;
use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    Uint(u64),
    Bool(bool),
    Mac([u8; 6]),
    Ipv4([u8; 4]),
    Ipv6([u8; 16]),
    Bytes(&'a [u8]),
    /// Off the wire: escaped wherever it is written.
    Text(&'a [u8]),
    Time(Timestamp),
    /// A domain name, its labels off the wire.
    Name(Name<'a>),
    /// The names of these layers' protocols, joined by colons.
    Protocols(&'a [Layer]),
}
