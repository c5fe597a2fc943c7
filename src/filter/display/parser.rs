//! Words and signs to clauses, by Wireshark's precedence: `not` before `and` before `xor` before `or`.

use super::lexer::{Lexer, Sign, Token};
use super::syntax::{Checked, Clause, Expr, Mistake, Quantifier, Relation, Span};

/// Deeper than anybody nests in earnest; a text can't exhaust the stack.
const MOST_NESTED: usize = 64;

pub(super) fn parse(text: &str) -> Checked<Clause<'_>> {
    let mut lexer = Lexer::new(text);
    let (token, span) = lexer.next()?;
    let mut parser = Parser {
        lexer,
        token,
        span,
        depth: 0,
        operators: 0,
    };
    let clause = parser.clause()?;
    if parser.token == Token::End {
        Ok(clause)
    } else {
        Err(parser.unexpected("'and' or 'or' joins two tests"))
    }
}

pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    /// What comes next, and where it stands.
    pub(super) token: Token<'a>,
    pub(super) span: Span,
    depth: usize,
    /// Arithmetic operators read so far.
    pub(super) operators: usize,
}

pub(super) type Step<'a, T> = fn(&mut Parser<'a>) -> Checked<T>;

impl<'a> Parser<'a> {
    fn clause(&mut self) -> Checked<Clause<'a>> {
        self.deeper(|parser| parser.joined(Sign::Or, Self::exclusive, Clause::Or))
    }

    fn exclusive(&mut self) -> Checked<Clause<'a>> {
        self.joined(Sign::Xor, Self::conjunction, Clause::Xor)
    }

    fn conjunction(&mut self) -> Checked<Clause<'a>> {
        self.joined(Sign::And, Self::negation, Clause::And)
    }

    /// One part, or several with `sign` between them.
    fn joined(
        &mut self,
        sign: Sign,
        part: Step<'a, Clause<'a>>,
        join: fn(Vec<Clause<'a>>) -> Clause<'a>,
    ) -> Checked<Clause<'a>> {
        let first = part(self)?;
        if self.token != Token::Sign(sign) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.accept(sign)? {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn negation(&mut self) -> Checked<Clause<'a>> {
        let mut negated = false;
        while self.accept(Sign::Not)? {
            negated = !negated;
        }
        let clause = if self.accept(Sign::OpenParen)? {
            let clause = self.clause()?;
            self.expect(Sign::CloseParen, "')' is missing")?;
            clause
        } else {
            self.test()?
        };
        Ok(if negated {
            Clause::Not(Box::new(clause))
        } else {
            clause
        })
    }

    fn test(&mut self) -> Checked<Clause<'a>> {
        let quantifier = match self.token {
            Token::Sign(Sign::Quantifier(quantifier)) => {
                self.advance()?;
                Some(quantifier)
            }
            _ => None,
        };
        let left = self.masked()?;
        match self.token {
            Token::Sign(Sign::Compare(..)) => self.comparison(quantifier, left),
            Token::Sign(Sign::Matches) => {
                self.advance()?;
                Ok(Clause::Matches {
                    quantifier: quantifier.unwrap_or(Quantifier::Any),
                    left,
                    pattern: self.entity()?,
                })
            }
            Token::Sign(Sign::In) => self.membership(quantifier, left),
            Token::Sign(Sign::Not) => {
                self.advance()?;
                if self.token != Token::Sign(Sign::In) {
                    return Err(self.unexpected("'not in' asks for what a set lacks"));
                }
                // Wireshark means that none is in it, whatever quantifier stands in front.
                let within = self.membership(None, left)?;
                Ok(Clause::Not(Box::new(within)))
            }
            _ if quantifier.is_some() => {
                Err(self.unexpected("'any' and 'all' stand before a comparison"))
            }
            _ => Ok(Clause::Exists(left)),
        }
    }

    fn comparison(
        &mut self,
        quantifier: Option<Quantifier>,
        first: Expr<'a>,
    ) -> Checked<Clause<'a>> {
        let mut rest: Vec<(Relation, Quantifier, Expr<'a>)> = Vec::new();
        while let Token::Sign(Sign::Compare(relation, usual)) = self.token {
            self.advance()?;
            rest.push((relation, usual, self.masked()?));
        }
        Ok(Clause::Compare {
            quantifier,
            first,
            rest,
        })
    }

    fn membership(
        &mut self,
        quantifier: Option<Quantifier>,
        left: Expr<'a>,
    ) -> Checked<Clause<'a>> {
        self.advance()?;
        self.expect(Sign::OpenBrace, "'{' is missing: a set is {1, 2, 5..9}")?;
        let mut set = Vec::new();
        loop {
            let low = self.masked()?;
            let high = match self.accept(Sign::DotDot)? {
                true => Some(self.masked()?),
                false => None,
            };
            set.push((low, high));
            if !self.accept(Sign::Comma)? {
                break;
            }
        }
        self.expect(Sign::CloseBrace, "',' or '}' is missing")?;
        Ok(Clause::In {
            quantifier: quantifier.unwrap_or(Quantifier::Any),
            left,
            set,
        })
    }

    pub(super) fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> Checked<T>) -> Checked<T> {
        if self.depth == MOST_NESTED {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Mistake {
        let reason = format!("nested more than {MOST_NESTED} deep");
        Mistake::new(self.span, reason)
    }

    pub(super) fn advance(&mut self) -> Checked<()> {
        (self.token, self.span) = self.lexer.next()?;
        Ok(())
    }

    pub(super) fn accept(&mut self, sign: Sign) -> Checked<bool> {
        let found = self.token == Token::Sign(sign);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, sign: Sign, otherwise: &str) -> Checked<()> {
        if self.accept(sign)? {
            Ok(())
        } else {
            Err(Mistake::new(self.span, otherwise))
        }
    }

    pub(super) fn unexpected(&self, hint: &str) -> Mistake {
        let reason = match &self.token {
            Token::End => "something is missing at the end".to_owned(),
            _ => "this was not expected".to_owned(),
        };
        Mistake::new(self.span, reason).hint(hint)
    }
}
