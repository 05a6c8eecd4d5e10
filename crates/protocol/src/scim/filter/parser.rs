//! From text to [`Filter`] and [`Path`]: recursive descent, as deep as it may go.

use super::{Attribute, Filter, MAX_DEPTH, MAX_LENGTH, MAX_TERMS, Operator, Path};
use serde_json::Value;

type Read<T> = Result<T, &'static str>;

const TOO_LONG: &str = "The filter is longer than 1,000 bytes.";
const TOO_DEEP: &str = "The filter is nested deeper than 8 levels.";
const TOO_MANY: &str = "The filter has more than 50 comparisons.";
const ATTRIBUTE: &str = "The name of an attribute was expected.";
const OPERATOR: &str = "After an attribute comes eq, ne, co, sw, ew, gt, ge, lt, le or pr.";
const VALUE: &str = "A comparison needs a text in quotes, a number, true, false or null.";
const CLOSED: &str = "A parenthesis or bracket is not closed.";
const REST: &str = "Something follows that is no part of it.";

struct Parser<'a> {
    text: &'a str,
    terms: usize,
}

pub fn filter(text: &str) -> Read<Filter> {
    let mut parser = Parser::of(text)?;
    let filter = parser.either(MAX_DEPTH)?;
    parser.end()?;
    Ok(filter)
}

pub fn path(text: &str) -> Read<Path> {
    let mut parser = Parser::of(text)?;
    let mut attribute = parser.attribute()?;
    let mut filter = None;
    if parser.take('[') {
        filter = Some(parser.either(MAX_DEPTH)?);
        parser.close(']')?;
        if parser.text.starts_with('.') {
            parser.text = &parser.text[1..];
            let sub = parser.attribute()?;
            if attribute.sub.is_some() || sub.sub.is_some() || sub.foreign {
                return Err(ATTRIBUTE);
            }
            attribute.sub = Some(sub.name);
        }
    }
    parser.end()?;
    Ok(Path { attribute, filter })
}

impl<'a> Parser<'a> {
    fn of(text: &'a str) -> Read<Self> {
        match text.len() {
            ..=MAX_LENGTH => Ok(Self { text, terms: 0 }),
            _ => Err(TOO_LONG),
        }
    }

    fn skip_spaces(&mut self) {
        self.text = self.text.trim_start_matches(' ');
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip_spaces();
        let rest = self.text.strip_prefix(sign);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    fn close(&mut self, sign: char) -> Read<()> {
        self.take(sign).then_some(()).ok_or(CLOSED)
    }

    fn end(&mut self) -> Read<()> {
        self.skip_spaces();
        self.text.is_empty().then_some(()).ok_or(REST)
    }

    /// A word that means something here, in any case, with something that ends it.
    fn keyword(&mut self, word: &str) -> bool {
        self.skip_spaces();
        let Some((head, rest)) = self.text.split_at_checked(word.len()) else {
            return false;
        };
        let ends = rest.is_empty() || rest.starts_with([' ', '(', '[', ')', ']']);
        let found = ends && head.eq_ignore_ascii_case(word);
        if found {
            self.text = rest;
        }
        found
    }

    fn either(&mut self, depth: usize) -> Read<Filter> {
        let mut filters = vec![self.all(depth)?];
        while self.keyword("or") {
            filters.push(self.all(depth)?);
        }
        Ok(one_or(filters, Filter::Either))
    }

    fn all(&mut self, depth: usize) -> Read<Filter> {
        let mut filters = vec![self.factor(depth)?];
        while self.keyword("and") {
            filters.push(self.factor(depth)?);
        }
        Ok(one_or(filters, Filter::All))
    }

    fn factor(&mut self, depth: usize) -> Read<Filter> {
        let deeper = depth.checked_sub(1);
        if self.keyword("not") {
            let depth = deeper.ok_or(TOO_DEEP)?;
            if !self.take('(') {
                return Err("After not comes a parenthesis.");
            }
            let filter = self.either(depth)?;
            self.close(')')?;
            return Ok(Filter::Not(Box::new(filter)));
        }
        if self.take('(') {
            let filter = self.either(deeper.ok_or(TOO_DEEP)?)?;
            self.close(')')?;
            return Ok(filter);
        }
        let attribute = self.attribute()?;
        if self.text.starts_with('[') {
            self.text = &self.text[1..];
            let filter = self.either(deeper.ok_or(TOO_DEEP)?)?;
            self.close(']')?;
            return Ok(Filter::Any(attribute, Box::new(filter)));
        }
        self.comparison(attribute)
    }

    fn attribute(&mut self) -> Read<Attribute> {
        self.skip_spaces();
        let of_name = |c: char| c.is_ascii_alphanumeric() || "-_$:.".contains(c);
        let end = self.text.find(|c| !of_name(c)).unwrap_or(self.text.len());
        let (name, rest) = self.text.split_at(end);
        self.text = rest;
        Attribute::parse(name).ok_or(ATTRIBUTE)
    }

    fn comparison(&mut self, attribute: Attribute) -> Read<Filter> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(TOO_MANY);
        }
        if self.keyword("pr") {
            return Ok(Filter::Present(attribute));
        }
        let operators = [
            ("eq", Operator::Equal),
            ("ne", Operator::NotEqual),
            ("co", Operator::Contains),
            ("sw", Operator::StartsWith),
            ("ew", Operator::EndsWith),
            ("gt", Operator::Greater),
            ("ge", Operator::GreaterOrEqual),
            ("lt", Operator::Less),
            ("le", Operator::LessOrEqual),
        ];
        let found = operators.iter().find(|(word, _)| self.keyword(word));
        let (_, operator) = found.ok_or(OPERATOR)?;
        let value = self.value()?;
        let has_order = matches!(value, Value::String(_) | Value::Number(_));
        match operator {
            Operator::Equal | Operator::NotEqual => {}
            _ if has_order => {}
            _ => return Err("true, false and null have no order."),
        }
        Ok(Filter::Compare(attribute, *operator, value))
    }

    /// A JSON text, number or literal.
    fn value(&mut self) -> Read<Value> {
        self.skip_spaces();
        let end = match self.text.strip_prefix('"') {
            Some(inside) => closing_quote(inside).ok_or(VALUE)? + 2,
            None => {
                let end = self.text.find([' ', ')', ']']);
                end.unwrap_or(self.text.len())
            }
        };
        let (text, rest) = self.text.split_at(end);
        let value: Value = serde_json::from_str(text).map_err(|_| VALUE)?;
        self.text = rest;
        match value {
            Value::Array(_) | Value::Object(_) => Err(VALUE),
            value => Ok(value),
        }
    }
}

fn one_or(mut filters: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match filters.len() {
        1 => filters.swap_remove(0),
        _ => many(filters),
    }
}

/// Where the text in quotes ends.
fn closing_quote(inside: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at),
            _ => {}
        }
    }
    None
}
