//! Sequence numbers, which start over at 2^32 (RFC 9293, 3.4).

/// Whether `a` comes behind `b`.
pub fn after(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

pub fn before(a: u32, b: u32) -> bool {
    after(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_the_wrap() {
        assert!(after(5, 0xffff_fff0));
        assert!(before(0xffff_fff0, 5));
        assert!(!after(7, 7) && !before(7, 7));
    }
}
