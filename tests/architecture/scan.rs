//! Reads Rust just well enough to know which paths a file names: tokens, then `a::b::c`, `use` trees unfolded.

use crate::Source;
use crate::tokens::{Token, kind, shipped};

/// A path as written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub parts: Vec<String>,
    pub line: usize,
    /// Inline modules around it (`mod exit { … }`), which `super` climbs first.
    inside: Vec<String>,
}

impl Named {
    pub fn text(&self) -> String {
        self.parts.join("::")
    }

    pub fn starts_with(&self, prefix: &[&str]) -> bool {
        self.parts.len() >= prefix.len() && self.parts.iter().zip(prefix).all(|(a, b)| a == b)
    }

    /// The same path from the crate's root, where it begins with `crate`, `self`, `super` or the crate's name.
    pub fn rooted(&self, source: &Source) -> Option<Vec<String>> {
        let mut base = source.module();
        base.extend(self.inside.iter().cloned());
        let mut rest = self.parts.as_slice();
        match rest.first().map(String::as_str) {
            Some("crate" | "netinspect") => base.clear(),
            Some("self" | "super") => {}
            _ => return None,
        }
        while let Some(word) = rest.first() {
            match word.as_str() {
                "super" => {
                    base.pop();
                }
                "crate" | "netinspect" | "self" => {}
                _ => break,
            }
            rest = &rest[1..];
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }
}

/// Every path of two parts or more, and every `name!`, outside of comments, texts and tests.
pub fn paths(source: &Source) -> Vec<Named> {
    let tokens = shipped(&source.text);
    let mut found = Vec::new();
    let mut modules: Vec<(usize, String)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        let inside: Vec<String> = modules.iter().map(|(_, name)| name.clone()).collect();
        match &tokens[at].0 {
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => {
                depth -= 1;
                modules.retain(|(opened, _)| *opened <= depth);
            }
            Token::Word(word) if word == "mod" => {
                if let (Some(Token::Word(name)), Some(Token::Sign('{'))) =
                    (kind(&tokens, at + 1), kind(&tokens, at + 2))
                {
                    modules.push((depth + 1, name.clone()));
                }
            }
            Token::Word(_) => {
                at = path(&tokens, at, &[], &inside, &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads one path or tree from `at`; returns where it ends.
fn path(
    tokens: &[(Token, usize)],
    mut at: usize,
    prefix: &[String],
    inside: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let line = tokens[at].1;
    let mut parts = prefix.to_vec();
    while let Some(Token::Word(word)) = kind(tokens, at) {
        parts.push(word.clone());
        at += 1;
        if kind(tokens, at) != Some(&Token::Colons) {
            break;
        }
        match kind(tokens, at + 1) {
            Some(Token::Sign('{')) => return tree(tokens, at + 2, &parts, inside, found),
            Some(Token::Sign('*')) => {
                parts.push("*".to_owned());
                at += 2;
                break;
            }
            _ => at += 1,
        }
    }
    if kind(tokens, at) == Some(&Token::Sign('!')) && parts.len() == 1 {
        parts[0].push('!');
    }
    if parts.len() > 1 || parts[0].ends_with('!') {
        found.push(Named {
            parts,
            line,
            inside: inside.to_vec(),
        });
    }
    at
}

/// The members of `{…}` in a `use`, each with what stands before the brace.
fn tree(
    tokens: &[(Token, usize)],
    mut at: usize,
    prefix: &[String],
    inside: &[String],
    found: &mut Vec<Named>,
) -> usize {
    loop {
        match kind(tokens, at) {
            None => return at,
            Some(Token::Sign('}')) => return at + 1,
            // `self as name`: the name is ours.
            Some(Token::Word(word)) if word == "as" => at += 2,
            Some(Token::Word(_)) => at = path(tokens, at, prefix, inside, found),
            Some(Token::Sign('*')) => {
                let mut parts = prefix.to_vec();
                parts.push("*".to_owned());
                found.push(Named {
                    parts,
                    line: tokens[at].1,
                    inside: inside.to_vec(),
                });
                at += 1;
            }
            _ => at += 1,
        }
    }
}

#[test]
fn paths_are_found_and_what_only_looks_like_one_is_not() {
    let source = crate::planted(
        "decode/tcp.rs",
        r##"
        //! [`crate::comment`] /* */
        use crate::{bytes::{be16, be32 as wide}, frame::*, error};
        use super::walk::Walk;
        pub mod inner { use super::super::layer::Layer; }
        fn f<'a>(x: &'a str) -> char {
            let _ = ("crate::text", r#"crate::"raw"#, b"crate::bytes", '"', '\'');
            println!("{}", ::pcap::open::<u8>());
            '\u{2192}'
        }
        #[cfg(test)]
        mod tests { use crate::source::Files; fn g() { if true { crate::save::x() } } }
        /* crate::late */ fn h() { crate::fields::all() }
        "##,
    );
    let found: Vec<String> = paths(&source)
        .iter()
        .map(|named| named.rooted(&source).unwrap_or(named.parts.clone()))
        .map(|parts| parts.join("::"))
        .collect();
    let expected = [
        "bytes::be16",
        "bytes::be32",
        "frame::*",
        "error",
        "decode::walk::Walk",
        "decode::layer::Layer",
        "println!",
        "pcap::open",
        "fields::all",
    ];
    assert_eq!(found, expected);
    assert_eq!(paths(&source).last().map(|named| named.line), Some(13));
}
