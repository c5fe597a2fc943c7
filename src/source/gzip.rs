//! Reading gzip (RFC 1952) so that whatever was whole before a damage is still given: the ready-made readers throw
//! away what one call had decompressed when the same call meets the damage.

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

/// The largest window a stream may use; more would be refused by every reader.
const WINDOW_BITS: u8 = 15;
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Decompresses one member after the other; what follows the last one and is none is left alone, as gzip does.
pub(super) struct Gzip<R> {
    input: R,
    member: Decompress,
    /// Inside a member, so that the input must not end here.
    inside: bool,
    /// Nothing can be read behind what was read: said whenever somebody asks.
    damaged: bool,
}

impl<R: BufRead> Gzip<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            member: Decompress::new_gzip(WINDOW_BITS),
            inside: true,
            damaged: false,
        }
    }

    /// Fills `out` as far as one step goes, and returns how much came out. Damage behind that is kept.
    fn step(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let input = self.input.fill_buf()?;
        if input.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (before_in, before_out) = (self.member.total_in(), self.member.total_out());
        let status = self.member.decompress(input, out, FlushDecompress::None);
        let consumed = (self.member.total_in() - before_in) as usize;
        let produced = (self.member.total_out() - before_out) as usize;
        self.input.consume(consumed);
        match status {
            Ok(Status::StreamEnd) => {
                self.inside = false;
                self.member = Decompress::new_gzip(WINDOW_BITS);
            }
            Ok(_) => {}
            // What the decoder says depends on the pieces that it was given: our own words don't.
            Err(_) => self.damaged = true,
        }
        Ok(produced)
    }

    /// Whether another member follows the one that ended.
    fn goes_on(&mut self) -> io::Result<bool> {
        let next = self.input.fill_buf()?;
        self.inside = next.first() == Some(&MAGIC[0]);
        Ok(self.inside)
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            if self.damaged {
                let what = "a damaged block or a wrong checksum";
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
            if !self.inside && !self.goes_on()? {
                break;
            }
            match self.step(out)? {
                0 => {}
                produced => return Ok(produced),
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn zipped(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).expect("memory");
        encoder.finish().expect("memory")
    }

    /// What comes out before the end or an error.
    fn unzipped(file: &[u8]) -> (Vec<u8>, io::Result<()>) {
        let mut out = Vec::new();
        let result = Gzip::new(file).read_to_end(&mut out).map(|_| ());
        (out, result)
    }

    fn noise() -> Vec<u8> {
        let mut state = 1u32;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(100_000)
        .collect()
    }

    #[test]
    fn members_are_joined_and_trailing_zeros_left_alone() {
        let mut file = zipped(b"one ");
        file.extend(zipped(b"two"));
        file.extend([0; 16]);
        let (out, result) = unzipped(&file);
        assert_eq!(out, b"one two");
        assert!(result.is_ok());
    }

    #[test]
    fn what_came_before_the_damage_is_given() {
        let data = noise();
        let mut file = zipped(&data);
        let cut = unzipped(&file[..file.len() / 2]);
        assert!(cut.1.is_err());
        assert!(
            cut.0.len() > data.len() / 3,
            "{} bytes of {}",
            cut.0.len(),
            data.len()
        );
        assert!(data.starts_with(&cut.0));
        let at = file.len() - 6;
        file[at] ^= 0xff;
        let (out, result) = unzipped(&file);
        assert!(result.is_err(), "the checksum is wrong");
        assert_eq!(out, data);
    }

    /// Gives one byte at a time.
    struct Crumbs<'a>(&'a [u8]);

    impl Read for Crumbs<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let len = out.len().min(1);
            self.0.read(&mut out[..len])
        }
    }

    #[test]
    fn damage_is_said_in_the_same_words_however_the_file_is_cut_into_reads() {
        let mut file = zipped(&noise());
        file[5000..5040].fill(0x55);
        let say = |reader: &mut dyn Read| {
            let mut out = Vec::new();
            let error = reader.read_to_end(&mut out).expect_err("damage");
            let again = reader.read(&mut [0]).expect_err("damage still");
            assert_eq!(error.to_string(), again.to_string());
            (out, error.to_string())
        };
        let whole = say(&mut Gzip::new(&file[..]));
        let crumbs = say(&mut Gzip::new(io::BufReader::with_capacity(
            1,
            Crumbs(&file),
        )));
        assert_eq!(whole, crumbs);
    }
}
