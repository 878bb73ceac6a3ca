//! One line of a trace: one observation as JSON, written by hand because runs have millions.

use crate::quoted;

/// A line that is being written. Its first fields are the same for every observation; those of its
/// kind follow, and [`Observed::end`] closes it.
#[derive(Debug)]
#[must_use]
pub struct Observed<'a> {
    line: &'a mut String,
}

impl<'a> Observed<'a> {
    /// Begins a line at the end of `line` with what every observation has. An observation that is
    /// about no transaction has `null` for one.
    pub fn begin(
        line: &'a mut String,
        seq: u64,
        t_ns: u64,
        node: &str,
        tx: Option<u32>,
        kind: &str,
    ) -> Observed<'a> {
        line.push_str("{\"seq\":");
        digits(seq, line);
        line.push_str(",\"t_ns\":");
        digits(t_ns, line);
        line.push_str(",\"node\":");
        quoted(node, line);
        line.push_str(",\"tx\":");
        match tx {
            Some(tx) => digits(u64::from(tx), line),
            None => line.push_str("null"),
        }
        line.push_str(",\"kind\":");
        quoted(kind, line);
        Observed { line }
    }

    /// A field that is a number.
    pub fn number(mut self, key: &str, value: u64) -> Observed<'a> {
        self.key(key);
        digits(value, self.line);
        self
    }

    /// A field that is a whole number, below zero too.
    pub fn whole(mut self, key: &str, value: i64) -> Observed<'a> {
        self.key(key);
        if value < 0 {
            self.line.push('-');
        }
        digits(value.unsigned_abs(), self.line);
        self
    }

    /// A field that is text.
    pub fn text(mut self, key: &str, value: &str) -> Observed<'a> {
        self.key(key);
        quoted(value, self.line);
        self
    }

    /// A field that is text, or `null`.
    pub fn maybe(mut self, key: &str, value: Option<&str>) -> Observed<'a> {
        match value {
            Some(value) => self.text(key, value),
            None => {
                self.key(key);
                self.line.push_str("null");
                self
            }
        }
    }

    /// A field that is true or false.
    pub fn truth(mut self, key: &str, value: bool) -> Observed<'a> {
        self.key(key);
        self.line.push_str(if value { "true" } else { "false" });
        self
    }

    /// Closes the line.
    pub fn end(self) {
        self.line.push_str("}\n");
    }

    /// Keys are words of this program, which need no escaping.
    fn key(&mut self, key: &str) {
        debug_assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        self.line.push_str(",\"");
        self.line.push_str(key);
        self.line.push_str("\":");
    }
}

/// Appends a number in decimal.
fn digits(mut number: u64, line: &mut String) {
    let mut reversed = [0; 20];
    let mut count = 0;
    loop {
        reversed[count] = b'0' + (number % 10) as u8;
        number /= 10;
        count += 1;
        if number == 0 {
            break;
        }
    }
    line.extend(reversed[..count].iter().rev().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back() {
        let mut text = String::new();
        Observed::begin(&mut text, 0, u64::MAX, "n\"0", Some(7), "send")
            .number("id", 10)
            .whole("before", i64::MIN)
            .text("message", "Prepare")
            .maybe("means", None)
            .maybe("action", Some("heal"))
            .truth("forced", true)
            .end();
        Observed::begin(&mut text, 1, 90, "é", None, "heal").end();
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["t_ns"], u64::MAX);
        assert_eq!(lines[0]["node"], "n\"0");
        assert_eq!(lines[0]["id"], 10);
        assert_eq!(lines[0]["before"], i64::MIN);
        assert_eq!(lines[0]["means"], serde_json::Value::Null);
        assert_eq!(lines[0]["forced"], true);
        assert_eq!(
            text.lines().nth(1).unwrap(),
            r#"{"seq":1,"t_ns":90,"node":"é","tx":null,"kind":"heal"}"#
        );
    }
}
