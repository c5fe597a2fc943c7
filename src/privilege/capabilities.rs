//! Capabilities (capabilities(7)): those this process has, and those it could get.

use rustix::io::{Errno, Result};
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, capability_is_in_bounding_set,
    clear_ambient_capability_set, remove_capability_from_bounding_set, set_capabilities,
};

use super::Dropped;

/// Capabilities are numbered from 0 without gaps; the kernel says which is the first that it doesn't know.
const MOST: u32 = 64;

/// Empties the bounding set, so that no program started from here could have any.
pub(super) fn bound(dropped: &mut Dropped) -> Result<()> {
    for number in 0..MOST {
        let capability = CapabilitySet::from_bits_retain(1 << number);
        match capability_is_in_bounding_set(capability) {
            Ok(false) => continue,
            Ok(true) => {}
            Err(Errno::INVAL) => break,
            Err(error) => return Err(error),
        }
        match remove_capability_from_bounding_set(capability) {
            Ok(()) => {}
            // Of no use to anybody: without new privileges no program gets capabilities from it.
            Err(Errno::PERM) => {
                dropped
                    .kept
                    .push("the capability bounding set (changing it takes CAP_SETPCAP)".to_owned());
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Empties all the other sets.
pub(super) fn clear(dropped: &mut Dropped) -> Result<()> {
    match clear_ambient_capability_set() {
        // A kernel from before 4.3 has no such set.
        Ok(()) | Err(Errno::INVAL) => {}
        Err(error) => return Err(error),
    }
    set_capabilities(
        None,
        CapabilitySets {
            effective: CapabilitySet::empty(),
            permitted: CapabilitySet::empty(),
            inheritable: CapabilitySet::empty(),
        },
    )?;
    // Believe what the kernel says, not that a call returned.
    let left = capabilities(None)?;
    if !(left.effective | left.permitted).is_empty() {
        return Err(Errno::PERM);
    }
    dropped.gone.push("all capabilities".to_owned());
    Ok(())
}
