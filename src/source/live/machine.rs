//! What a capture file says of the machine that captured.

use std::fs;

use crate::about::Section;

pub(super) fn section() -> Section {
    Section {
        hardware: Some(hardware()),
        system: system(),
        comments: Vec::new(),
    }
}

/// Such as "Linux 6.1.0-18-amd64".
pub(super) fn system() -> Option<String> {
    let kernel = |what| word(&format!("/proc/sys/kernel/{what}"));
    Some(format!("{} {}", kernel("ostype")?, kernel("osrelease")?))
}

/// The processor, as dumpcap tells it too.
fn hardware() -> String {
    let architecture = std::env::consts::ARCH;
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim())
    });
    match model {
        Some(model) => format!("{model} ({architecture})"),
        None => architecture.to_owned(),
    }
}

/// What the administrator wrote to an interface (`ip link set eth0 alias …`).
pub(super) fn description(interface: &str) -> Option<String> {
    if interface == super::ANY {
        return Some("every interface, cooked".to_owned());
    }
    word(&format!("/sys/class/net/{interface}/ifalias"))
}

fn word(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
