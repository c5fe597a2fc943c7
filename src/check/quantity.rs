//! Numbers with units, and how they compare.

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Number,
    /// Bytes.
    Size,
    /// Nanoseconds.
    Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Signs, those first that begin with others.
pub(super) const RELATIONS: [(&str, Relation); 6] = [
    ("==", Relation::Equal),
    ("!=", Relation::NotEqual),
    ("<=", Relation::LessOrEqual),
    (">=", Relation::GreaterOrEqual),
    ("<", Relation::Less),
    (">", Relation::Greater),
];

/// `< 50ms`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comparison {
    pub relation: Relation,
    pub value: u64,
}

impl Comparison {
    pub(super) fn holds(self, found: u64) -> bool {
        let Self { relation, value } = self;
        match relation {
            Relation::Equal => found == value,
            Relation::NotEqual => found != value,
            Relation::Less => found < value,
            Relation::LessOrEqual => found <= value,
            Relation::Greater => found > value,
            Relation::GreaterOrEqual => found >= value,
        }
    }

    /// Whether more would change nothing: it holds, or fails, for this number and every greater one.
    pub(super) fn is_settled_upwards(self, found: u64) -> bool {
        let Self { relation, value } = self;
        match relation {
            Relation::Greater | Relation::Equal | Relation::NotEqual => found > value,
            Relation::GreaterOrEqual | Relation::Less => found >= value,
            Relation::LessOrEqual => found > value,
        }
    }

    /// As it reads in a sentence: "at least 3".
    pub(super) fn words(self, unit: Unit) -> String {
        let value = written(self.value, unit);
        match self.relation {
            Relation::Equal => value,
            Relation::NotEqual => format!("anything but {value}"),
            Relation::Less => format!("less than {value}"),
            Relation::LessOrEqual => format!("at most {value}"),
            Relation::Greater => format!("more than {value}"),
            Relation::GreaterOrEqual => format!("at least {value}"),
        }
    }
}

/// Units by what they count, as people write them; sizes as everywhere in netinspect: powers of 1000, with an i of 1024.
const UNITS: [(&str, Unit, u64); 20] = [
    ("ns", Unit::Time, 1),
    ("us", Unit::Time, 1_000),
    ("µs", Unit::Time, 1_000),
    ("ms", Unit::Time, 1_000_000),
    ("s", Unit::Time, 1_000_000_000),
    ("min", Unit::Time, 60_000_000_000),
    ("h", Unit::Time, 3_600_000_000_000),
    ("b", Unit::Size, 1),
    ("kb", Unit::Size, 1_000),
    ("mb", Unit::Size, 1_000_000),
    ("gb", Unit::Size, 1_000_000_000),
    ("k", Unit::Size, 1 << 10),
    ("m", Unit::Size, 1 << 20),
    ("g", Unit::Size, 1 << 30),
    ("kib", Unit::Size, 1 << 10),
    ("mib", Unit::Size, 1 << 20),
    ("gib", Unit::Size, 1 << 30),
    ("sec", Unit::Time, 1_000_000_000),
    ("bytes", Unit::Size, 1),
    ("minutes", Unit::Time, 60_000_000_000),
];

/// A number as `unit` counts it; what is wrong with it otherwise. Decimals are allowed where a unit follows: `1.5s`.
pub(super) fn parse(text: &str, unit: Unit) -> Result<u64, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, name) = text.split_at(digits);
    let name = name.trim();
    let number: f64 = number
        .parse()
        .map_err(|_| format!("'{text}' is no number"))?;
    let factor = if name.is_empty() {
        match unit {
            Unit::Time if number != 0.0 => {
                return Err(format!("'{text}' wants a unit: {text}ms or {text}s"));
            }
            _ => 1,
        }
    } else {
        let known = UNITS.iter().find(|(known, counts, _)| {
            *known == name.to_lowercase()
                && (*counts == unit || *counts == Unit::Size && unit == Unit::Number)
        });
        let Some((_, _, factor)) = known else {
            let wanted = match unit {
                Unit::Time => "ns, us, ms, s, min or h",
                Unit::Size | Unit::Number => "B, KB, MB, GB, KiB, MiB or GiB",
            };
            return Err(format!("'{name}' is no unit here; there are {wanted}"));
        };
        *factor
    };
    let value = number * factor as f64;
    if value.fract() != 0.0 && factor == 1 {
        return Err(format!("'{text}' wants to be a whole number"));
    }
    if value >= u64::MAX as f64 {
        return Err(format!("'{text}' is too large"));
    }
    Ok(value as u64)
}

/// A value with its unit, for people.
pub(super) fn written(value: u64, unit: Unit) -> String {
    match unit {
        Unit::Number => value.to_string(),
        Unit::Size => format!("{value} bytes"),
        Unit::Time => match value {
            0..1_000 => format!("{value} ns"),
            1_000..1_000_000 => format!("{} µs", trimmed(value, 1_000)),
            1_000_000..1_000_000_000 => format!("{} ms", trimmed(value, 1_000_000)),
            _ => format!("{} s", trimmed(value, 1_000_000_000)),
        },
    }
}

/// With up to three decimals.
fn trimmed(value: u64, factor: u64) -> String {
    let text = format!("{:.3}", value as f64 / factor as f64);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_units_of_what_they_count() {
        assert_eq!(parse("3", Unit::Number), Ok(3));
        assert_eq!(parse("50ms", Unit::Time), Ok(50_000_000));
        assert_eq!(parse("1.5s", Unit::Time), Ok(1_500_000_000));
        assert_eq!(parse("2KiB", Unit::Size), Ok(2048));
        assert_eq!(parse("10 MB", Unit::Number), Ok(10_000_000));
        for (wrong, unit) in [
            ("3", Unit::Time),
            ("3ms", Unit::Size),
            ("3ms", Unit::Number),
            ("1.5", Unit::Number),
            ("x", Unit::Number),
            ("", Unit::Number),
            ("1.2.3s", Unit::Time),
            ("99999999999999999999999h", Unit::Time),
        ] {
            assert!(parse(wrong, unit).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_read_well() {
        assert_eq!(written(1_500_000, Unit::Time), "1.5 ms");
        assert_eq!(written(2_000_000_000, Unit::Time), "2 s");
    }
}
