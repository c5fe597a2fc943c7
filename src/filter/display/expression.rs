//! The part of the parser that reads what has values: names, literals, slices, calls, calculations.

use super::lexer::{Sign, Token};
use super::parser::{Parser, Step};
use super::slice::Range;
use super::syntax::{Checked, Expr, Mistake, Node, Operator};

/// Each nests its left side in an expression; a text can't exhaust the stack.
const MOST_OPERATORS: usize = 64;

impl<'a> Parser<'a> {
    pub(super) fn masked(&mut self) -> Checked<Expr<'a>> {
        self.operated(&[Operator::And], Self::sum)
    }

    fn sum(&mut self) -> Checked<Expr<'a>> {
        self.operated(&[Operator::Plus, Operator::Minus], Self::product)
    }

    fn product(&mut self) -> Checked<Expr<'a>> {
        let operators = [Operator::Times, Operator::Divide, Operator::Remainder];
        self.operated(&operators, Self::factor)
    }

    /// One part, or several with one of `operators` between them, from left to right.
    fn operated(&mut self, operators: &[Operator], part: Step<'a, Expr<'a>>) -> Checked<Expr<'a>> {
        let mut left = part(self)?;
        while let Token::Sign(Sign::Operator(operator)) = self.token
            && operators.contains(&operator)
        {
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                return Err(Mistake::new(
                    self.span,
                    format!("a filter holds at most {MOST_OPERATORS} calculations"),
                ));
            }
            self.advance()?;
            let right = part(self)?;
            left = Expr {
                span: left.span.to(right.span),
                node: Node::Arithmetic(Box::new(left), operator, Box::new(right)),
            };
        }
        Ok(left)
    }

    fn factor(&mut self) -> Checked<Expr<'a>> {
        let start = self.span;
        match self.token {
            Token::Sign(Sign::Operator(Operator::Minus)) => {
                self.advance()?;
                let inside = self.deeper(Self::factor)?;
                Ok(Expr {
                    span: start.to(inside.span),
                    node: Node::Negative(Box::new(inside)),
                })
            }
            Token::Sign(Sign::Operator(Operator::Plus)) => {
                self.advance()?;
                self.deeper(Self::factor)
            }
            Token::Sign(Sign::OpenBrace) => {
                self.advance()?;
                let inside = self.deeper(Self::masked)?;
                self.expect(Sign::CloseBrace, "'}' is missing")?;
                Ok(inside)
            }
            _ => self.entity(),
        }
    }

    /// A name, a value or a call, with the layers and the slice that follow it.
    pub(super) fn entity(&mut self) -> Checked<Expr<'a>> {
        let start = self.span;
        let node = match std::mem::replace(&mut self.token, Token::End) {
            Token::Word(word) => {
                self.advance()?;
                match self.token {
                    Token::Sign(Sign::OpenParen) => self.call(word)?,
                    Token::Sign(Sign::Hash) => Node::Layered(word, self.layers()?),
                    _ => Node::Word(word),
                }
            }
            Token::Text(text) => {
                self.advance()?;
                Node::Text(text)
            }
            Token::Char(byte) => {
                self.advance()?;
                Node::Char(byte)
            }
            other => {
                self.token = other;
                return Err(self.unexpected("here goes a field or a value"));
            }
        };
        let mut expr = Expr { span: start, node };
        if self.token == Token::Sign(Sign::OpenBracket) {
            let ranges = self.lexer.ranges()?;
            expr = Expr {
                span: start,
                node: Node::Slice(Box::new(expr), ranges),
            };
            self.advance()?;
        }
        Ok(expr)
    }

    fn call(&mut self, name: &'a str) -> Checked<Node<'a>> {
        self.advance()?;
        let mut arguments = vec![self.deeper(Self::masked)?];
        while self.accept(Sign::Comma)? {
            arguments.push(self.deeper(Self::masked)?);
        }
        self.expect(Sign::CloseParen, "',' or ')' is missing")?;
        Ok(Node::Call(name, arguments))
    }

    /// Behind the `#`: one number, or ranges in brackets.
    fn layers(&mut self) -> Checked<Vec<Range>> {
        self.advance()?;
        let span = self.span;
        let ranges = match self.token {
            Token::Sign(Sign::OpenBracket) => self.lexer.ranges()?,
            Token::Word(word) => match word.parse() {
                Ok(number) => vec![Range::one(number)],
                Err(_) => return Err(self.unexpected("layers are counted: ip.src#2")),
            },
            _ => return Err(self.unexpected("layers are counted: ip.src#2")),
        };
        if ranges.iter().any(|range| range.is_from_end()) {
            return Err(Mistake::new(
                span,
                "layers are counted from the outermost, 1",
            ));
        }
        self.advance()?;
        Ok(ranges)
    }
}
