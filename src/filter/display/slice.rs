//! Parts of a value, by offset: `[3:2]`, `[3-4]`, `[3]`, `[:2]`, `[3:]`, from the end where negative.

/// One stretch of bytes; or of layers, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub start: i32,
    pub extent: Extent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Len(i32),
    /// Up to this offset, which is part of it.
    Through(i32),
    Rest,
}

impl Range {
    pub(super) fn one(start: i32) -> Self {
        Self {
            start,
            extent: Extent::Len(1),
        }
    }

    /// The bytes it means; none where they are not all there, or there are none.
    pub(super) fn of(self, bytes: &[u8]) -> Option<&[u8]> {
        let from_end = |offset: i32| match usize::try_from(offset) {
            Ok(offset) => Some(offset),
            Err(_) => bytes.len().checked_sub(offset.unsigned_abs() as usize),
        };
        let start = from_end(self.start)?;
        let end = match self.extent {
            Extent::Len(len) => start + usize::try_from(len).ok()?,
            Extent::Through(last) => from_end(last)? + 1,
            Extent::Rest => bytes.len(),
        };
        bytes.get(start..end).filter(|part| !part.is_empty())
    }

    /// Whether it holds this number.
    pub(super) fn holds(self, number: i32) -> bool {
        let last = match self.extent {
            Extent::Len(len) => self.start.saturating_add(len - 1),
            Extent::Through(last) => last,
            Extent::Rest => i32::MAX,
        };
        (self.start..=last).contains(&number)
    }

    pub(super) fn is_from_end(self) -> bool {
        self.start < 0 || matches!(self.extent, Extent::Through(last) if last < 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: &[u8] = &[10, 11, 12, 13];

    fn range(start: i32, extent: Extent) -> Option<&'static [u8]> {
        Range { start, extent }.of(BYTES)
    }

    #[test]
    fn ranges_count_from_either_end() {
        assert_eq!(range(1, Extent::Len(2)), Some(&BYTES[1..3]));
        assert_eq!(range(1, Extent::Through(3)), Some(&BYTES[1..]));
        assert_eq!(range(-3, Extent::Through(-2)), Some(&BYTES[1..3]));
        assert_eq!(range(-1, Extent::Len(1)), Some(&BYTES[3..]));
        assert_eq!(range(0, Extent::Rest), Some(BYTES));
    }

    #[test]
    fn what_is_not_all_there_is_not_there() {
        assert_eq!(range(3, Extent::Len(2)), None);
        assert_eq!(range(-5, Extent::Len(1)), None);
        assert_eq!(range(4, Extent::Rest), None);
        assert_eq!(range(5, Extent::Rest), None);
        assert_eq!(range(i32::MAX, Extent::Len(i32::MAX)), None);
        assert_eq!(range(-1, Extent::Through(-2)), None);
        assert_eq!(range(i32::MIN, Extent::Through(i32::MIN)), None);
    }

    #[test]
    fn layers_are_counted_from_one() {
        let second = Range {
            start: 2,
            extent: Extent::Len(1),
        };
        assert!(second.holds(2) && !second.holds(1) && !second.holds(3));
    }
}
