//! Reading integers out of byte slices, in either byte order, and mixing their bits.

/// The byte order a capture file was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Little,
    Big,
}

impl Order {
    pub fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    pub fn u64(self, bytes: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(bytes),
            Self::Big => u64::from_be_bytes(bytes),
        }
    }

    /// Four that stand one behind the other.
    #[inline]
    pub fn u32s(self, bytes: &[u8; 16]) -> [u32; 4] {
        let (words, _) = bytes.as_chunks::<4>();
        [words[0], words[1], words[2], words[3]].map(|word| self.u32(word))
    }

    /// # Panics
    /// Where `data` ends before `at + 2`.
    pub fn u16_at(self, data: &[u8], at: usize) -> u16 {
        self.u16([data[at], data[at + 1]])
    }

    /// # Panics
    /// Where `data` ends before `at + 4`.
    pub fn u32_at(self, data: &[u8], at: usize) -> u32 {
        self.u32([data[at], data[at + 1], data[at + 2], data[at + 3]])
    }
}

/// Big-endian (network order) readings; `None` where the bytes are not there.
pub fn be16(data: &[u8], at: usize) -> Option<u16> {
    chunk(data, at).map(u16::from_be_bytes)
}

pub fn be32(data: &[u8], at: usize) -> Option<u32> {
    chunk(data, at).map(u32::from_be_bytes)
}

/// `N` bytes from `at` on, or none where they are not all there.
pub fn chunk<const N: usize>(data: &[u8], at: usize) -> Option<[u8; N]> {
    data.get(at..)?.first_chunk().copied()
}

/// A number whose highest bits depend on all of `number`'s, in one multiplication (Fibonacci hashing: Knuth, The Art of Computer
/// Programming, 6.4). Others can choose numbers that share these bits.
#[inline]
pub const fn mixed(number: u64) -> u64 {
    /// An odd number without a pattern: 2^64 divided by the golden ratio.
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    number.wrapping_mul(GOLDEN)
}
