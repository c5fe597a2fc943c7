//! Sending frames, byte for byte, over the link layer.

use std::io;

use pnet::datalink::{self, Channel, Config, DataLinkSender, NetworkInterface};

use super::Link;

/// Sends whole Ethernet frames through one interface.
pub struct Sender {
    channel: Box<dyn DataLinkSender>,
}

impl Sender {
    /// # Errors
    /// The system's: not permitted without CAP_NET_RAW, no such device.
    pub fn open(link: &Link) -> io::Result<Self> {
        let interface = NetworkInterface {
            name: link.name.clone(),
            description: String::new(),
            index: link.index,
            mac: link.mac.map(Into::into),
            ips: Vec::new(),
            flags: 0,
        };
        let config = Config {
            promiscuous: false,
            // Nothing is received here.
            read_buffer_size: 0,
            ..Config::default()
        };
        match datalink::channel(&interface, config)? {
            Channel::Ethernet(channel, _) => Ok(Self { channel }),
            _ => Err(io::Error::other("not an Ethernet channel")),
        }
    }

    /// # Errors
    /// The system's: the link is down, the device is gone, its queue is full.
    pub fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        // None is only said where several frames are built in place.
        self.channel.send_to(frame, None).unwrap_or(Ok(()))
    }
}
