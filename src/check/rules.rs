//! Rules from a TOML file: a list of sentences, each with a name.

use serde::Deserialize;

use super::Expectation;
use crate::filter::Span;

/// A sentence and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub name: String,
    pub expect: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Option<String>,
    expect: toml::Spanned<String>,
}

impl Rule {
    /// A sentence without a name is its own.
    pub fn new(expect: &str) -> Self {
        Self {
            name: expect.trim().to_owned(),
            expect: expect.to_owned(),
        }
    }

    /// # Errors
    /// What is wrong with the sentence, pointed at.
    pub fn understand(&self) -> Result<Expectation, String> {
        Expectation::parse(&self.expect).map_err(|mistake| mistake.pointed_at(&self.expect))
    }
}

/// The rules of a file.
///
/// # Errors
/// Where it is no such file, or has no rules; and the line of the first sentence that can't be understood.
pub fn rules(text: &str) -> Result<Vec<Rule>, String> {
    let file: File =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    if file.rule.is_empty() {
        return Err("it has no rules; a rule is\n    [[rule]]\n    name = \"somebody answers\"\n    expect = \"any(arp.opcode == 2)\"".to_owned());
    }
    let mut rules = Vec::new();
    for entry in file.rule {
        let span = entry.expect.span();
        let expect = entry.expect.into_inner();
        let rule = Rule {
            name: entry.name.unwrap_or_else(|| expect.trim().to_owned()),
            expect,
        };
        rule.understand().map_err(|reason| {
            let line = line_of(
                text,
                Span {
                    start: span.start,
                    end: span.end,
                },
            );
            format!("line {line}: {reason}")
        })?;
        rules.push(rule);
    }
    Ok(rules)
}

fn line_of(text: &str, span: Span) -> usize {
    text[..span.start].matches('\n').count() + 1
}
