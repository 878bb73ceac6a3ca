//! Strict JSON (RFC 8259) as a tree in which every value knows its place.
//!
//! Kept parsers either forget places and the text of numbers, or are lenient where a scenario
//! must not be; this one keeps both, refuses the rest, and says what to write instead.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::limits;
use crate::place::{Place, quoted};
use crate::problem::Complaint;

/// A value and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Json<'a> {
    pub(crate) place: Place,
    pub(crate) value: Value<'a>,
}

/// What JSON can say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// The number as it is written: nothing is rounded.
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<Member<'a>>),
}

/// A key of an object with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Member<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) place: Place,
    pub(crate) value: Json<'a>,
}

/// Reads the text from byte `from` on as exactly one value.
pub(crate) fn parse(source: u32, text: &str, from: usize) -> Result<Json<'_>, Complaint> {
    let mut parser = Parser { source, text, at: from, depth: 0 };
    let json = parser.value()?;
    parser.blanks();
    match parser.peek() {
        None => Ok(json),
        Some(_) => Err(parser.here("something follows the end of the JSON value", "nothing", None)),
    }
}

impl<'a> Json<'a> {
    /// Complains of every key that an object of this tree has twice.
    pub(crate) fn duplicate_keys(&self, complaints: &mut Vec<Complaint>) {
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.duplicate_keys(complaints)),
            Value::Object(members) => {
                let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
                for member in members {
                    if seen.insert(&member.key, member.place).is_some()
                        && complaints.len() < limits::COMPLAINTS
                    {
                        complaints.push(Complaint {
                            place: member.place,
                            found: format!("the key {} stands here twice", quoted(&member.key)),
                            allowed: "each key once in an object".to_string(),
                            hint: Some("keep one of the two".to_string()),
                        });
                    }
                    member.value.duplicate_keys(complaints);
                }
            }
            _ => {}
        }
    }

    /// The JSON path of the value, or of the key, at exactly this place.
    pub(crate) fn path_to(&self, place: Place) -> Option<String> {
        if self.place == place {
            return Some(String::new());
        }
        let step = |name: String, value: &Json<'_>| {
            value.path_to(place).map(|rest| match rest.chars().next() {
                Some('[') | None => name + &rest,
                Some(_) => name + "." + &rest,
            })
        };
        match &self.value {
            Value::List(items) => {
                items.iter().zip(0..).find_map(|(item, n): (_, usize)| step(format!("[{n}]"), item))
            }
            Value::Object(members) => members.iter().find_map(|member| {
                let name = path_step(&member.key);
                if member.place == place { Some(name) } else { step(name, &member.value) }
            }),
            _ => None,
        }
    }
}

fn path_step(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-*$".contains(c);
    if !key.is_empty() && key.len() <= limits::NAME && key.chars().all(plain) {
        key.to_string()
    } else {
        quoted(key)
    }
}

struct Parser<'a> {
    source: u32,
    text: &'a str,
    at: usize,
    depth: u32,
}

type Parsed<T> = Result<T, Complaint>;

impl<'a> Parser<'a> {
    fn value(&mut self) -> Parsed<Json<'a>> {
        self.blanks();
        let start = self.at;
        let value = match self.peek() {
            None => return Err(self.ended("a value")),
            Some('{') => self.nested(Parser::object)?,
            Some('[') => self.nested(Parser::list)?,
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            Some(_) => self.word()?,
        };
        Ok(Json { place: self.place(start), value })
    }

    /// The depth is checked before the parser calls itself, so that no text exhausts the stack.
    fn nested(&mut self, read: fn(&mut Parser<'a>) -> Parsed<Value<'a>>) -> Parsed<Value<'a>> {
        if self.depth == limits::DEPTH {
            let found = format!("more than {} levels of lists and objects", limits::DEPTH);
            return Err(self.here(&found, "", Some("no part of a scenario lies deeper than ten")));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Parsed<Value<'a>> {
        let mut members = Vec::new();
        self.at += 1;
        self.blanks();
        if self.eat('}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            let start = self.at;
            let key = match self.peek() {
                Some('"') => self.string()?,
                None => return Err(self.ended("a key, or the end of the object")),
                Some(_) => return Err(self.no_key()),
            };
            let place = self.place(start);
            self.blanks();
            if !self.eat(':') {
                return Err(self.unexpected("a colon after the key"));
            }
            let value = self.value()?;
            members.push(Member { key, place, value });
            if self.closes('}')? {
                return Ok(Value::Object(members));
            }
        }
    }

    fn list(&mut self) -> Parsed<Value<'a>> {
        let mut items = Vec::new();
        self.at += 1;
        self.blanks();
        if self.eat(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.closes(']')? {
                return Ok(Value::List(items));
            }
        }
    }

    /// Reads what stands between two items, or the end.
    fn closes(&mut self, bracket: char) -> Parsed<bool> {
        self.blanks();
        if self.eat(bracket) {
            return Ok(true);
        }
        let comma = self.at;
        if !self.eat(',') {
            return Err(self.unexpected(&format!("a comma or the closing `{bracket}`")));
        }
        self.blanks();
        if self.peek() == Some(bracket) {
            let place = Place::new(self.source, comma, comma + 1);
            let found = format!("a comma stands before the closing `{bracket}`");
            return Err(complaint(place, &found, "commas between items", Some("take it out")));
        }
        Ok(false)
    }

    fn string(&mut self) -> Parsed<Cow<'a, str>> {
        let opening = self.at;
        self.at += 1;
        let mut owned: Option<String> = None;
        let mut run = self.at;
        loop {
            match self.peek() {
                Some('"') => {
                    let rest = &self.text[run..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(start) => Cow::Owned(start + rest),
                    });
                }
                Some('\\') => {
                    let mut text = owned.take().unwrap_or_default();
                    text.push_str(&self.text[run..self.at]);
                    text.push(self.escape()?);
                    run = self.at;
                    owned = Some(text);
                }
                None | Some('\n' | '\r') => {
                    let place = Place::new(self.source, opening, opening + 1);
                    let hint = Some("a line break inside a text is written \\n");
                    let found = "this text has no closing quote on its line";
                    return Err(complaint(place, found, "", hint));
                }
                Some(c) if c < ' ' => {
                    let found = "a control character inside a text";
                    return Err(self.here(found, "", Some("take it out, or write it as \\u00XX")));
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let start = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += letter.map_or(0, char::len_utf8);
        let simple = match letter {
            Some(c @ ('"' | '\\' | '/')) => Some(c),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.unicode(),
            _ => None,
        };
        simple.ok_or_else(|| {
            let found = "this is no escape sequence of JSON";
            let allowed = r#"\" \\ \/ \b \f \n \r \t and \uXXXX, surrogates in pairs"#;
            complaint(self.place(start), found, allowed, None)
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.at = self.text[self.at..].starts_with("\\u").then_some(self.at + 2)?;
        let second = self.four_digits().filter(|low| (0xdc00..0xe000).contains(low))?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let value = digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(digits)?;
        self.at += 4;
        u32::from_str_radix(value, 16).ok()
    }

    fn number(&mut self) -> Parsed<&'a str> {
        let start = self.at;
        let token = self.token();
        if is_number(token) {
            return Ok(token);
        }
        let hint = match token.trim_start_matches('-') {
            "Infinity" | "inf" => "JSON knows no infinity; leave the key out or give a large value",
            digits if digits.starts_with('0') && is_number(digits.trim_start_matches('0')) => {
                "a number does not begin with a superfluous 0"
            }
            word if word.ends_with(|c: char| c.is_ascii_alphabetic()) => {
                "a value with a unit is a text: put it in quotes, as in \"5ms\""
            }
            _ => "write it in digits, as in 12 or 0.5",
        };
        let found = format!("{} is not a number", quoted(token));
        Err(complaint(self.place(start), &found, "", Some(hint)))
    }

    fn word(&mut self) -> Parsed<Value<'a>> {
        let start = self.at;
        let token = self.token();
        let hint = match token {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "null" => return Ok(Value::Null),
            "" => {
                self.at = start;
                return Err(self.unexpected("a value"));
            }
            "NaN" | "nan" | "Infinity" | "inf" => "JSON has only finite numbers",
            "True" | "False" | "TRUE" | "FALSE" => "write true or false",
            "None" | "nil" | "undefined" => "leave the key out instead",
            _ if token.starts_with(['+', '.']) => "a number begins with a digit or with -",
            _ => "a text stands in double quotes",
        };
        let found = format!("{} is not a JSON value", quoted(token));
        Err(complaint(self.place(start), &found, "", Some(hint)))
    }

    /// Everything up to the next character that cannot belong to a number or a word.
    fn token(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let belongs = |c: char| c.is_alphanumeric() || "+-._$%".contains(c);
        let token = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += token.len();
        token
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += if there { wanted.len_utf8() } else { 0 };
        there
    }

    fn place(&self, start: usize) -> Place {
        Place::new(self.source, start, self.at)
    }

    fn here(&self, found: &str, allowed: &str, hint: Option<&str>) -> Complaint {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        complaint(Place::new(self.source, self.at, end), found, allowed, hint)
    }

    fn ended(&self, wanted: &str) -> Complaint {
        let end = self.text.trim_end().len();
        let found = "the text ends too early";
        let hint = Some("is a closing bracket missing?");
        complaint(Place::new(self.source, end, end), found, wanted, hint)
    }

    fn no_key(&self) -> Complaint {
        let hint = match self.peek() {
            Some(c) if c.is_alphabetic() => Some("keys stand in double quotes too"),
            _ => None,
        };
        let mut complaint = self.unexpected("a key in double quotes");
        complaint.hint = complaint.hint.or(hint.map(str::to_string));
        complaint
    }

    fn unexpected(&self, wanted: &str) -> Complaint {
        let hint = match self.peek() {
            None => return self.ended(wanted),
            Some('"') => return self.here("a text does not belong here", wanted, None),
            Some('/' | '#') => Some("JSON has no comments; use the key `notes`"),
            Some('\'' | '`' | '“' | '”') => Some("texts stand in plain double quotes"),
            Some('\u{feff}') => Some("this is a byte-order mark; take it out"),
            Some(_) => None,
        };
        let character: String = self.peek().into_iter().collect();
        self.here(&format!("{} does not belong here", quoted(&character)), wanted, hint)
    }
}

fn complaint(place: Place, found: &str, allowed: &str, hint: Option<&str>) -> Complaint {
    let (found, allowed) = (found.to_string(), allowed.to_string());
    Complaint { place, found, allowed, hint: hint.map(str::to_string) }
}

/// Whether the text is a number by the grammar of JSON.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (units, fraction) = match mantissa.split_once('.') {
        Some((units, fraction)) => (units, Some(fraction)),
        None => (mantissa, None),
    };
    digits(units)
        && (units.len() == 1 || !units.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What this parser accepts is what serde_json accepts, and it reads the same.
    #[test]
    fn agrees_with_an_independent_parser() {
        let texts = [
            "{}",
            "[]",
            "0",
            "-0",
            "-1.5e+3",
            "1E9",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "--1",
            "\"\"",
            "\"a\\u00e9\\ud83d\\ude00\\n\\/\"",
            "\"\\ud83d\"",
            "\"\\ud83d\\u0041\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\t\"",
            "\"é\"",
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "{\"a\":}",
            "[true,false,null]",
            "tru",
            "nullx",
            "NaN",
            "[",
            "]",
            "{\"a\":[{\"b\":{}}]}",
            "\u{a0}1",
            "1 1",
            "",
            " ",
            "\u{feff}1",
            "// x\n1",
            "\"a",
            "\"",
            "\u{b}1",
            "'a'",
            "\"\\\"",
            "1é",
            "[1,2]x",
            "{\"a\":1}{",
            "\"\u{7f}\"",
            "5ms",
        ];
        for text in texts {
            let theirs = serde_json::from_str::<serde_json::Value>(text);
            let ours = parse(0, text, 0);
            assert_eq!(ours.is_ok(), theirs.is_ok(), "{text:?}: {ours:?} {theirs:?}");
            if let (Ok(Json { value: Value::Text(ours), .. }), Ok(theirs)) = (&ours, &theirs) {
                assert_eq!(Some(ours.as_ref()), theirs.as_str());
            }
        }
    }

    #[test]
    fn every_value_has_a_path() {
        let text = r#"{"a": [{"b c": 1}, {"d": {"e": 5}}]}"#;
        let json = parse(0, text, 0).unwrap();
        let path = |wanted: &str| {
            let start = text.find(wanted).unwrap();
            json.path_to(Place::new(0, start, start + wanted.len()))
        };
        assert_eq!(path("5").as_deref(), Some("a[1].d.e"));
        assert_eq!(path("1").as_deref(), Some("a[0].\"b c\""));
        assert_eq!(path("\"d\"").as_deref(), Some("a[1].d"));
        assert_eq!(path("b c"), None);
    }

    #[test]
    fn depth_is_limited() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(parse(0, &nested(64), 0).is_ok());
        assert!(parse(0, &nested(65), 0).is_err());
        assert!(parse(0, &"[".repeat(1 << 20), 0).is_err());
    }
}
