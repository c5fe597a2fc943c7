//! Times as people want them: of day, with date, in UTC, since the epoch, the first frame, or the one before.

use jiff::tz::TimeZone;

use crate::frame::Timestamp;
use crate::text::{
    Buffer, Short, push_epoch, push_padded, push_seconds, push_short, push_spaces, zone,
};

/// The forms of `-t`; the short names are tshark's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// Time of day here.
    #[default]
    Absolute,
    /// Date and time of day here.
    AbsoluteDate,
    Utc,
    UtcDate,
    /// Seconds since 1970-01-01 UTC, nine decimals.
    Epoch,
    /// Seconds since the first frame.
    Relative,
    /// Seconds since the frame before.
    Delta,
}

/// The moments that relative forms count from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reference {
    pub first: Option<Timestamp>,
    pub previous: Option<Timestamp>,
}

/// What a clock here shows now, to the second.
pub fn time_of_day() -> String {
    let now = jiff::Timestamp::now().to_zoned(zone::here());
    now.strftime("%H:%M:%S").to_string()
}

/// Decimals of a second in what people read.
const MICROSECONDS: usize = 6;

/// Writes times in one form. Dates are worked out once a second, since frames come in order.
pub struct TimeWriter {
    form: TimeForm,
    zone: TimeZone,
    /// Where the second starts that was written last, and its text.
    start: Option<Timestamp>,
    text: Short<{ "2026-11-22 05:43:00.".len() }>,
}

impl TimeWriter {
    pub fn new(form: TimeForm) -> Self {
        let zone = match form {
            TimeForm::Utc | TimeForm::UtcDate => TimeZone::UTC,
            _ => zone::here(),
        };
        Self {
            form,
            zone,
            start: None,
            text: Short::new(b""),
        }
    }

    /// Appends a frame's time; blanks where it has none.
    pub fn push(&mut self, out: &mut Buffer, time: Option<Timestamp>, reference: Reference) {
        let Some(time) = time else {
            return push_spaces(out, "00:00:00.000000".len());
        };
        match self.form {
            TimeForm::Epoch => push_epoch(out, time),
            TimeForm::Relative => {
                let first = reference.first.unwrap_or(time);
                push_seconds(out, time.since(first), MICROSECONDS);
            }
            TimeForm::Delta => {
                let previous = reference.previous.unwrap_or(time);
                push_seconds(out, time.since(previous), MICROSECONDS);
            }
            _ => self.push_moment(out, time),
        }
    }

    /// The moment to the minute, with its date.
    pub fn minute(time: Timestamp) -> String {
        Self::date(time, "2026-11-22 05:43".len())
    }

    /// The moment to the second, with its date.
    pub fn second(time: Timestamp) -> String {
        Self::date(time, "2026-11-22 05:43:07".len())
    }

    /// As much of the moment as has so many characters.
    fn date(time: Timestamp, length: usize) -> String {
        let mut out = Buffer::new();
        Self::new(TimeForm::AbsoluteDate).push(&mut out, Some(time), Reference::default());
        out.truncate(length);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn push_moment(&mut self, out: &mut Buffer, time: Timestamp) {
        const SECOND: i64 = 1_000_000_000;
        let since = self.start.map(|start| time.since(start));
        let nanos = match since {
            Some(nanos @ 0..SECOND) => {
                push_short(out, &self.text);
                nanos as u64
            }
            _ => {
                let start = out.len();
                self.push_second(out, time.seconds());
                out.push(b'.');
                self.text = Short::new(&out[start..]);
                let nanos = time.subsec_nanos();
                let start = time.nanos().checked_sub(nanos.into());
                self.start = start.map(Timestamp::from_nanos);
                nanos.into()
            }
        };
        push_padded(out, nanos / 1000, MICROSECONDS);
    }

    fn push_second(&self, out: &mut Buffer, second: i64) {
        // Timestamps reach from 1677 to 2262, well inside what the library takes.
        let Ok(moment) = jiff::Timestamp::from_second(second) else {
            return;
        };
        let local = moment.to_zoned(self.zone.clone());
        let two = |out: &mut Buffer, n: i8| push_padded(out, n.unsigned_abs().into(), 2);
        if matches!(self.form, TimeForm::AbsoluteDate | TimeForm::UtcDate) {
            push_padded(out, local.year().unsigned_abs().into(), 4);
            out.push(b'-');
            two(out, local.month());
            out.push(b'-');
            two(out, local.day());
            out.push(b' ');
        }
        two(out, local.hour());
        out.push(b':');
        two(out, local.minute());
        out.push(b':');
        two(out, local.second());
    }
}

/// RFC 3339 in UTC, to the nanosecond, as other programs read it: `2026-11-22T05:43:00.000000000Z`.
pub fn rfc3339(time: Timestamp) -> String {
    let moment = jiff::Timestamp::from_nanosecond(time.nanos().into()).unwrap_or_default();
    format!("{moment:.9}")
}

/// Reads a moment in RFC 3339, in any time zone that it names itself; none where it is none, or too far away.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let moment: jiff::Timestamp = text.parse().ok()?;
    i64::try_from(moment.as_nanosecond())
        .ok()
        .map(Timestamp::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: TimeForm, nanos: i64, reference: Reference) -> String {
        let mut out = Buffer::new();
        let time = Some(Timestamp::from_nanos(nanos));
        TimeWriter::new(form).push(&mut out, time, reference);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn forms_of_one_moment() {
        let moment = 1_700_000_000_123_456_789;
        let reference = Reference {
            first: Some(Timestamp::from_nanos(moment - 2_000_000_000)),
            previous: Some(Timestamp::from_nanos(moment + 1000)),
        };
        let of = |form| written(form, moment, reference);
        assert_eq!(of(TimeForm::Utc), "22:13:20.123456");
        assert_eq!(of(TimeForm::UtcDate), "2023-11-14 22:13:20.123456");
        assert_eq!(of(TimeForm::Epoch), "1700000000.123456789");
        assert_eq!(of(TimeForm::Relative), "2.000000");
        assert_eq!(of(TimeForm::Delta), "-0.000001");
    }

    #[test]
    fn moments_for_other_programs_read_back() {
        for nanos in [0, -1, 1_700_000_000_123_456_789, i64::MAX, i64::MIN + 1] {
            let time = Timestamp::from_nanos(nanos);
            assert_eq!(
                parse_rfc3339(&rfc3339(time)),
                Some(time),
                "{}",
                rfc3339(time)
            );
        }
        let noon = Some(Timestamp::new(1_700_000_000, 0));
        assert_eq!(parse_rfc3339("2023-11-14T23:13:20+01:00"), noon);
        assert_eq!(parse_rfc3339("yesterday"), None);
    }

    #[test]
    fn moments_before_1970_count_forward_inside_their_second() {
        assert_eq!(
            written(TimeForm::UtcDate, -1, Reference::default()),
            "1969-12-31 23:59:59.999999"
        );
    }
}
