//! Expressions to operands, each with the kind of value it has.

use super::function::{self, Function};
use super::item::Class;
use super::literal::{self, Constant};
use super::names;
use super::operand::{Layers, Operand};
use super::slice::Range;
use super::syntax::{Checked, Expr, Mistake, Node, Operator, Span};
use crate::fields::Past;

#[derive(Default)]
pub(super) struct Resolver {
    /// What the fields that were named need to know of earlier frames.
    pub past: Past,
}

impl Resolver {
    /// The kind of value that an expression has by itself; none where only a comparison can tell.
    pub(super) fn class(&self, expr: &Expr<'_>) -> Option<Class> {
        match &expr.node {
            Node::Word(word) | Node::Layered(word, _) => match names::field(word).first() {
                Some(row) => Some(Class::of(row.kind)),
                None => (!names::protocol(word).is_empty()).then_some(Class::Bytes),
            },
            Node::Text(_) | Node::Char(_) => None,
            Node::Slice(inside, _) => self.class(inside).map(|_| Class::Bytes),
            Node::Arithmetic(left, _, right) => self.class(left).or_else(|| self.class(right)),
            Node::Negative(inside) => self.class(inside),
            Node::Call(name, arguments) => match *name {
                "len" | "count" => Some(Class::Number),
                "upper" | "lower" | "string" => Some(Class::Text),
                _ => arguments.iter().find_map(|argument| self.class(argument)),
            },
        }
    }

    /// Looks up what an expression names. Values are read as `wanted`; none where a value makes no sense.
    pub(super) fn operand(
        &mut self,
        expr: &Expr<'_>,
        wanted: Option<Class>,
    ) -> Checked<(Operand, Class)> {
        let span = expr.span;
        match &expr.node {
            Node::Word(word) => match (self.named(word, Layers::default()), wanted) {
                (Some(found), _) => Ok(found),
                (None, Some(class)) => {
                    let constant = literal::word(word, class);
                    let value = value(constant, class, span, &format!("'{word}'"));
                    value.map_err(|mistake| match names::suggestion(word) {
                        Some(suggestion) => mistake.hint(suggestion),
                        None => mistake,
                    })
                }
                (None, None) => Err(names::unknown(word, span)),
            },
            Node::Layered(word, layers) => self
                .named(word, Layers(layers.clone()))
                .ok_or_else(|| names::unknown(word, span)),
            Node::Text(text) => {
                let class = wanted.ok_or_else(|| lonely(span))?;
                value(literal::text(text, class), class, span, "quoted text")
            }
            Node::Char(byte) => {
                let class = wanted.ok_or_else(|| lonely(span))?;
                value(literal::char(*byte, class), class, span, "a character")
            }
            Node::Slice(inside, ranges) => self.slice(inside, ranges),
            Node::Arithmetic(left, operator, right) => {
                let class = self.class(expr).or(wanted);
                let class = class.ok_or_else(|| lonely(span))?;
                self.arithmetic(left, *operator, right, class)
            }
            Node::Negative(inside) => {
                let (operand, class) = self.operand(inside, wanted)?;
                match class {
                    Class::Number | Class::Time => Ok((Operand::Negative(operand.into()), class)),
                    _ => Err(Mistake::new(span, format!("{} has no sign", class.name()))),
                }
            }
            Node::Call(name, arguments) => self.call(name, arguments, span),
        }
    }

    fn named(&mut self, name: &str, layers: Layers) -> Option<(Operand, Class)> {
        let rows = names::field(name);
        if let Some(first) = rows.first() {
            let needs = rows.iter().map(|row| row.past);
            self.past = needs.fold(self.past, Past::max);
            let class = Class::of(first.kind);
            return Some((Operand::Field { rows, layers }, class));
        }
        let kinds = names::protocol(name);
        let whole = false;
        let protocol = Operand::Protocol {
            kinds,
            layers,
            whole,
        };
        (!names::protocol(name).is_empty()).then_some((protocol, Class::Bytes))
    }

    fn slice(&mut self, inside: &Expr<'_>, ranges: &[Range]) -> Checked<(Operand, Class)> {
        let (operand, class) = self.operand(inside, None)?;
        let bytes = match class {
            Class::Ipv4 => Operand::Octets(operand.into(), 4),
            Class::Ipv6 => Operand::Octets(operand.into(), 16),
            Class::Mac | Class::Bytes | Class::Text => operand,
            Class::Number | Class::Bool | Class::Time => {
                let reason = format!("{} has no bytes to slice", class.name());
                return Err(Mistake::new(inside.span, reason));
            }
        };
        let slice = Operand::Slice(bytes.into(), ranges.to_vec());
        Ok((slice, Class::Bytes))
    }

    fn arithmetic(
        &mut self,
        left: &Expr<'_>,
        operator: Operator,
        right: &Expr<'_>,
        class: Class,
    ) -> Checked<(Operand, Class)> {
        let calculates = match operator {
            Operator::And => !matches!(class, Class::Text | Class::Time | Class::Bool),
            _ => matches!(class, Class::Number | Class::Time),
        };
        if !calculates {
            let reason = format!("{} can't be calculated with like this", class.name());
            return Err(Mistake::new(left.span.to(right.span), reason));
        }
        let mut side = |expr: &Expr<'_>| {
            let (operand, found) = self.operand(expr, Some(class))?;
            if found.compares_with(class) {
                return Ok(Box::new(operand));
            }
            let reason = format!("this is {}, not {}", found.name(), class.name());
            Err(Mistake::new(expr.span, reason))
        };
        let (left, right) = (side(left)?, side(right)?);
        Ok((Operand::Arithmetic(left, operator, right), class))
    }

    fn call(
        &mut self,
        name: &str,
        arguments: &[Expr<'_>],
        span: Span,
    ) -> Checked<(Operand, Class)> {
        let mut found = Vec::with_capacity(arguments.len());
        for argument in arguments {
            found.push(self.operand(argument, None)?);
        }
        let class = found.first().map_or(Class::Number, |(_, class)| *class);
        let several = matches!(name, "max" | "min");
        if found.len() > 1 && !several {
            return Err(Mistake::new(arguments[1].span, "one argument is enough"));
        }
        if let Some(at) = found.iter().position(|(_, other)| *other != class) {
            return Err(Mistake::new(
                arguments[at].span,
                format!("this is {}, not {}", found[at].1.name(), class.name()),
            ));
        }
        let is_number = matches!(class, Class::Number | Class::Time);
        let (function, result) = match name {
            "len" if class.is_bytes_or_text() => (Function::Len(None), Class::Number),
            "len" if class == Class::Ipv4 => (Function::Len(Some(4)), Class::Number),
            "len" if class == Class::Ipv6 => (Function::Len(Some(16)), Class::Number),
            "count" => (Function::Count, Class::Number),
            "upper" if class == Class::Text => (Function::Upper, Class::Text),
            "lower" if class == Class::Text => (Function::Lower, Class::Text),
            "string" if !matches!(class, Class::Bytes | Class::Text | Class::Time) => {
                (Function::Written(class), Class::Text)
            }
            "max" if is_number => (Function::Max, class),
            "min" if is_number => (Function::Min, class),
            "abs" if is_number => (Function::Abs, class),
            "len" | "upper" | "lower" | "string" | "max" | "min" | "abs" => {
                let reason = format!("{name}() is not for {}", class.name());
                return Err(Mistake::new(arguments[0].span, reason));
            }
            _ => {
                let reason = format!("there is no function '{name}'");
                let hint = format!("there are {}", function::NAMES);
                return Err(Mistake::new(span, reason).hint(hint));
            }
        };
        let operands = found.into_iter().map(|(operand, _)| operand).collect();
        Ok((Operand::Call(function, operands), result))
    }
}

/// A value that was written in the filter, or why it is none.
fn value(
    constant: Option<Constant>,
    class: Class,
    span: Span,
    written: &str,
) -> Checked<(Operand, Class)> {
    match constant {
        Some(constant) => Ok((Operand::Constant(constant), class)),
        None => Err(
            Mistake::new(span, format!("{written} is not {}", class.name()))
                .hint(literal::example(class)),
        ),
    }
}

/// A value with nothing to tell what kind it is of.
fn lonely(span: Span) -> Mistake {
    Mistake::new(span, "a value stands alone").hint("compare a field with it: tcp.port == 80")
}
