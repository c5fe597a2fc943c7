//! What kinds of IP address take part: private, public, multicast and so on.

use std::net::IpAddr;

use super::traffic::Exchange;
use crate::address::Scope;

/// Traffic by the scope of its source and of its destination. There are a few dozen.
#[derive(Debug, Clone, Default)]
pub struct Scopes(Vec<(&'static str, Exchange)>);

impl Scopes {
    pub(super) fn add(&mut self, address: IpAddr, exchange: Exchange) {
        self.add_named(Scope::of(address).name, exchange);
    }

    fn add_named(&mut self, name: &'static str, exchange: Exchange) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += exchange,
            None => self.0.push((name, exchange)),
        }
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        for (name, exchange) in part.0.drain(..) {
            self.add_named(name, exchange);
        }
    }

    /// Names as in [`Scope::name`].
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Exchange)> {
        self.0.iter().copied()
    }
}
