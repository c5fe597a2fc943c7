//! A file's words and signs, each with its line; without comments, texts, and what is only there for tests.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Word(String),
    Colons,
    Sign(char),
}

pub fn kind(tokens: &[(Token, usize)], at: usize) -> Option<&Token> {
    tokens.get(at).map(|(token, _)| token)
}

/// Without the items marked `#[cfg(test)]`: up to the end of their braces, or their semicolon.
pub fn shipped(text: &str) -> Vec<(Token, usize)> {
    let tokens = tokens(text);
    let word = |text: &str| Token::Word(text.to_owned());
    let mark = [
        Token::Sign('#'),
        Token::Sign('['),
        word("cfg"),
        Token::Sign('('),
        word("test"),
        Token::Sign(')'),
        Token::Sign(']'),
    ];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..].iter().map(|(token, _)| token);
        if !here.take(mark.len()).eq(mark.iter()) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += mark.len();
        let mut depth = 0;
        while let Some(token) = kind(&tokens, at) {
            at += 1;
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth == 1 => break,
                Token::Sign('}') => depth -= 1,
                Token::Sign(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

fn tokens(text: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let skipped = skip(&chars, at);
        if skipped > at {
            line += chars[at..skipped].iter().filter(|c| **c == '\n').count();
            at = skipped;
        } else if chars[at].is_alphabetic() || chars[at] == '_' {
            let end = (at..chars.len())
                .find(|i| !chars[*i].is_alphanumeric() && chars[*i] != '_')
                .unwrap_or(chars.len());
            found.push((Token::Word(chars[at..end].iter().collect()), line));
            at = end;
        } else if chars[at..].starts_with(&[':', ':']) {
            found.push((Token::Colons, line));
            at += 2;
        } else {
            line += usize::from(chars[at] == '\n');
            if !chars[at].is_whitespace() {
                found.push((Token::Sign(chars[at]), line));
            }
            at += 1;
        }
    }
    found
}

/// Where the comment, text or character that begins at `at` ends; `at` where none does.
fn skip(chars: &[char], at: usize) -> usize {
    let after = |from: usize, end: &[char]| {
        (from..chars.len())
            .find(|i| chars[*i..].starts_with(end))
            .map_or(chars.len(), |i| i + end.len())
    };
    let rest = &chars[at..];
    let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let prefix = rest.iter().take_while(|c| matches!(c, 'b' | 'r')).count();
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    let quoted = rest.get(prefix + hashes) == Some(&'"');
    if rest.starts_with(&['/', '/']) {
        after(at, &['\n']) - usize::from(after(at, &['\n']) < chars.len())
    } else if rest.starts_with(&['/', '*']) {
        after(at + 2, &['*', '/'])
    } else if quoted && !in_word && rest[..prefix].contains(&'r') {
        let end: Vec<char> = std::iter::once('"')
            .chain(std::iter::repeat_n('#', hashes))
            .collect();
        after(at + prefix + hashes + 1, &end)
    } else if quoted && hashes == 0 && (prefix == 0 || !in_word) {
        escaped_end(chars, at + prefix + 1, '"')
    } else if rest.first() == Some(&'\'')
        && (rest.get(1) == Some(&'\\') || rest.get(2) == Some(&'\''))
    {
        escaped_end(chars, at + 1, '\'')
    } else {
        at
    }
}

/// Behind the closing quote, stepping over what a backslash guards.
fn escaped_end(chars: &[char], mut at: usize, quote: char) -> usize {
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}
