//! Sends small frames at a steady rate, or as fast as it can: `flood INTERFACE RATE SECONDS`, RATE in frames a second
//! and 0 for the most. At its end it prints how many the interface took.
//!
//! 60 bytes of UDP from a thousand ports, to a MAC address that nobody has. Many frames a system call, since the cost of
//! calls is what would bound the rate.

use std::env;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::os::fd::AsRawFd;
use std::thread;
use std::time::{Duration, Instant};

use nix::ifaddrs::getifaddrs;
use nix::sys::socket::{
    AddressFamily, LinkAddr, MsgFlags, MultiHeaders, SockFlag, SockType, bind, sendmmsg, socket,
};

/// Frames a system call.
const BURST: usize = 64;
const FLOWS: usize = 1024;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().collect();
    let [_, interface, rate, seconds] = &arguments[..] else {
        return Err(wrong("usage: flood INTERFACE RATE SECONDS"));
    };
    let rate: u64 = rate.parse().map_err(|_| wrong("RATE is a number"))?;
    let seconds: f64 = seconds.parse().map_err(|_| wrong("SECONDS is a number"))?;
    let start = Instant::now();
    let sent = flood(interface, rate, Duration::from_secs_f64(seconds))?;
    println!("{sent} {:.3}", start.elapsed().as_secs_f64());
    Ok(())
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}

fn flood(interface: &str, rate: u64, span: Duration) -> Result<u64> {
    let link = socket(
        AddressFamily::Packet,
        SockType::Raw,
        SockFlag::empty(),
        None,
    )?;
    bind(link.as_raw_fd(), &address(interface)?)?;
    let frames: Vec<_> = (0..FLOWS).map(|flow| frame(flow as u16)).collect();
    let slices: Vec<_> = frames.iter().map(|frame| [IoSlice::new(frame)]).collect();
    let mut headers = MultiHeaders::<LinkAddr>::preallocate(BURST, None);
    let (start, mut sent) = (Instant::now(), 0u64);
    loop {
        let passed = start.elapsed();
        if passed >= span {
            return Ok(sent);
        }
        let due = match rate {
            0 => BURST,
            rate => (passed.as_secs_f64() * rate as f64) as usize - sent as usize,
        };
        if due == 0 {
            thread::sleep(Duration::from_micros(50));
            continue;
        }
        let from = sent as usize % FLOWS;
        let some = &slices[from..FLOWS.min(from + due.min(BURST))];
        let no_address = vec![None; some.len()];
        match sendmmsg(
            link.as_raw_fd(),
            &mut headers,
            some,
            no_address,
            [],
            MsgFlags::empty(),
        ) {
            Ok(results) => sent += results.count() as u64,
            // The queue is full: try again.
            Err(nix::Error::ENOBUFS | nix::Error::EAGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn address(interface: &str) -> Result<LinkAddr> {
    getifaddrs()?
        .filter(|found| found.interface_name == interface)
        .find_map(|found| found.address?.as_link_addr().copied())
        .ok_or_else(|| wrong("there is no such interface"))
}

fn frame(flow: u16) -> [u8; 60] {
    let mut frame = [0; 60];
    frame[..14].copy_from_slice(&[2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2, 8, 0]);
    let ip = [
        0x45, 0, 0, 46, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
    ];
    frame[14..34].copy_from_slice(&ip);
    let sum: u32 = ip
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]))
        .sum();
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    frame[24..26].copy_from_slice(&sum.to_be_bytes());
    frame[34..36].copy_from_slice(&(20_000 + flow).to_be_bytes());
    frame[36..38].copy_from_slice(&9u16.to_be_bytes());
    frame[38..40].copy_from_slice(&26u16.to_be_bytes());
    frame
}
