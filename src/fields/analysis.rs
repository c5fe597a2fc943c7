//! Reading what the order of segments told (`tcp.analysis.*`).

use super::value::Value;
use crate::decode::{Analysis, Finding, Layer, Packet};
use crate::frame::Timestamp;

pub(super) fn has<'a>(packet: &Packet<'a>, layer: &Layer, finding: Finding) -> Option<Value<'a>> {
    let analysis = packet.analysis(layer)?;
    analysis.findings.has(finding).then_some(Value::Bool(true))
}

/// Fast and needless retransmissions are retransmissions too.
pub(super) fn sent_again<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let analysis = packet.analysis(layer)?;
    let again = analysis.findings.has_any(&[
        Finding::Retransmission,
        Finding::FastRetransmission,
        Finding::SpuriousRetransmission,
    ]);
    again.then_some(Value::Bool(true))
}

pub(super) fn flags<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let analysis = packet.analysis(layer)?;
    (!analysis.findings.is_empty()).then_some(Value::Bool(true))
}

/// A number that is known, which 0 is not.
pub(super) fn number<'a>(
    packet: &Packet<'a>,
    layer: &Layer,
    read: impl Fn(&Analysis) -> u64,
) -> Option<Value<'a>> {
    let n = read(packet.analysis(layer)?);
    (n != 0).then_some(Value::Uint(n))
}

/// A time that is known, in nanoseconds.
pub(super) fn seconds<'a>(
    packet: &Packet<'a>,
    layer: &Layer,
    read: impl Fn(&Analysis) -> i64,
) -> Option<Value<'a>> {
    let nanos = read(packet.analysis(layer)?);
    (nanos != 0).then_some(Value::Time(Timestamp::from_nanos(nanos)))
}

/// Told where it is known how much is on its way.
pub(super) fn push_bytes<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let analysis = packet.analysis(layer)?;
    (analysis.bytes_in_flight != 0).then_some(Value::Uint(analysis.push_bytes.into()))
}
