//! Which services the traffic is for, by port.

use super::ends::Transport;
use super::heaviest::Heaviest;
use super::traffic::Traffic;
use crate::service;

/// A port of a transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    pub transport: Transport,
    pub number: u16,
}

/// Traffic by the port of the service.
#[derive(Debug)]
pub struct Ports {
    pub services: Heaviest<Port, Traffic>,
}

impl Ports {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            services: Heaviest::new(limit),
        }
    }

    pub(super) fn add(&mut self, transport: Transport, ports: (u16, u16), traffic: Traffic) {
        let number = service::likely_server(ports.0, ports.1);
        self.services.add(Port { transport, number }, traffic);
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        self.services.absorb(&mut part.services);
    }
}
