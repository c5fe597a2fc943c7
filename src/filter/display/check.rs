//! Clauses to tests: names are looked up, values read as what they are compared with, and kinds held against
//! each other, once, so that a frame is only asked for its values.

use memchr::memmem::Finder;

use super::eval::{Element, Test};
use super::item::Class;
use super::names;
use super::operand::Operand;
use super::pattern;
use super::resolve::Resolver;
use super::syntax::{Checked, Clause, Expr, Mistake, Node, Quantifier, Relation};
use crate::fields::Past;

/// The test that a clause means, and what it needs to know of what came before in the capture.
pub(super) fn check(clause: &Clause<'_>) -> Checked<(Test, Past)> {
    let mut checker = Checker::default();
    let test = checker.clause(clause)?;
    Ok((test, checker.resolver.past))
}

#[derive(Default)]
struct Checker {
    resolver: Resolver,
}

impl Checker {
    fn clause(&mut self, clause: &Clause<'_>) -> Checked<Test> {
        match clause {
            Clause::Or(parts) => self.clauses(parts).map(Test::Or),
            Clause::Xor(parts) => self.clauses(parts).map(Test::Xor),
            Clause::And(parts) => self.clauses(parts).map(Test::And),
            Clause::Not(part) => Ok(Test::Not(Box::new(self.clause(part)?))),
            Clause::Exists(expr) => self.exists(expr),
            Clause::Compare {
                quantifier,
                first,
                rest,
            } => self.comparisons(*quantifier, first, rest),
            Clause::Matches {
                quantifier,
                left,
                pattern,
            } => self.matches(*quantifier, left, pattern),
            Clause::In {
                quantifier,
                left,
                set,
            } => self.membership(*quantifier, left, set),
        }
    }

    fn clauses(&mut self, parts: &[Clause<'_>]) -> Checked<Vec<Test>> {
        parts.iter().map(|part| self.clause(part)).collect()
    }

    fn exists(&mut self, expr: &Expr<'_>) -> Checked<Test> {
        let (operand, _) = self.resolver.operand(expr, None)?;
        match expr.node {
            Node::Call(..) => Err(Mistake::new(
                expr.span,
                "a function's result can't be there or not",
            )
            .hint("compare it with something: len(tcp.payload) > 0")),
            Node::Slice(..) => Ok(Test::NotEmpty(operand)),
            Node::Arithmetic(..) | Node::Negative(_) => Ok(Test::NotZero(operand)),
            _ => Ok(Test::Exists(operand)),
        }
    }

    /// `a < b < c` is `a < b and b < c`.
    fn comparisons(
        &mut self,
        quantifier: Option<Quantifier>,
        first: &Expr<'_>,
        rest: &[(Relation, Quantifier, Expr<'_>)],
    ) -> Checked<Test> {
        let mut left = first;
        let mut tests = Vec::with_capacity(rest.len());
        for (relation, usual, right) in rest {
            tests.push(self.comparison(quantifier.unwrap_or(*usual), left, *relation, right)?);
            left = right;
        }
        Ok(match tests.len() {
            1 => tests.remove(0),
            _ => Test::And(tests),
        })
    }

    fn comparison(
        &mut self,
        quantifier: Quantifier,
        left: &Expr<'_>,
        relation: Relation,
        right: &Expr<'_>,
    ) -> Checked<Test> {
        if relation == Relation::Contains {
            return self.contains(quantifier, left, right);
        }
        let (subject, class) = self.subject(left)?;
        let value = self.value(right, class)?;
        Ok(Test::Compare(quantifier, subject, relation, value))
    }

    fn contains(
        &mut self,
        quantifier: Quantifier,
        left: &Expr<'_>,
        right: &Expr<'_>,
    ) -> Checked<Test> {
        let (subject, class) = self.searched(left)?;
        // Part of a MAC address is bytes, not a MAC address.
        let wanted = if class == Class::Mac {
            Class::Bytes
        } else {
            class
        };
        Ok(match self.value(right, wanted)? {
            Operand::Constant(needle) => {
                let finder = Finder::new(needle.item().bytes()).into_owned();
                Test::Contains(quantifier, subject, Box::new(finder))
            }
            needle => Test::Compare(quantifier, subject, Relation::Contains, needle),
        })
    }

    fn matches(
        &mut self,
        quantifier: Quantifier,
        left: &Expr<'_>,
        right: &Expr<'_>,
    ) -> Checked<Test> {
        let (subject, _) = self.searched(left)?;
        let Node::Text(text) = &right.node else {
            return Err(Mistake::new(
                right.span,
                "a regular expression stands in double quotes",
            ));
        };
        let regex = pattern::compile(text).map_err(|reason| Mistake::new(right.span, reason))?;
        Ok(Test::Matches(quantifier, subject, Box::new(regex)))
    }

    fn membership(
        &mut self,
        quantifier: Quantifier,
        left: &Expr<'_>,
        set: &[(Expr<'_>, Option<Expr<'_>>)],
    ) -> Checked<Test> {
        let (subject, class) = self.subject(left)?;
        let mut elements = Vec::with_capacity(set.len());
        for (low, high) in set {
            let low = self.value(low, class)?;
            elements.push(match high {
                Some(high) => Element::Range(low, self.value(high, class)?),
                None => Element::One(low),
            });
        }
        Ok(Test::In(quantifier, subject, elements))
    }

    /// The left side of a comparison, whose kind the right side has to follow.
    fn subject(&mut self, expr: &Expr<'_>) -> Checked<(Operand, Class)> {
        if self.resolver.class(expr).is_some() {
            return self.resolver.operand(expr, None);
        }
        match expr.node {
            Node::Word(word) if names::could_be(word) => Err(names::unknown(word, expr.span)),
            Node::Call(..) | Node::Layered(..) | Node::Slice(..) => {
                self.resolver.operand(expr, None)
            }
            _ => Err(
                Mistake::new(expr.span, "a comparison starts with a field, not a value")
                    .hint("such as tcp.port == 80"),
            ),
        }
    }

    /// The left side of a search.
    fn searched(&mut self, expr: &Expr<'_>) -> Checked<(Operand, Class)> {
        let (mut subject, class) = self.subject(expr)?;
        if !class.is_bytes_or_text() {
            let reason = format!(
                "only bytes and text can be searched; this is {}",
                class.name()
            );
            return Err(Mistake::new(expr.span, reason).hint("string(…) makes text of it"));
        }
        if let Operand::Protocol { whole, .. } = &mut subject {
            *whole = true;
        }
        Ok((subject, class))
    }

    /// Something to compare a value of this class with.
    fn value(&mut self, expr: &Expr<'_>, wanted: Class) -> Checked<Operand> {
        let (operand, class) = self.resolver.operand(expr, Some(wanted))?;
        if class.compares_with(wanted) {
            return Ok(operand);
        }
        let reason = format!("this is {}, not {}", class.name(), wanted.name());
        Err(Mistake::new(expr.span, reason))
    }
}
