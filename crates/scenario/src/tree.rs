//! JSON that is made here, and how it is laid out.

/// A JSON value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Tree {
    True,
    False,
    Whole(u64),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// What is not longer than this stands on one line.
const COLUMNS: usize = 98;

impl Tree {
    /// The value as text that people can read, with a line break at its end.
    pub(crate) fn pretty(&self) -> String {
        let mut text = String::new();
        self.write(0, 0, &mut text);
        text.push('\n');
        text
    }

    /// Appends the value, which begins in column `column` of a line that is indented by `indent`.
    fn write(&self, indent: usize, column: usize, text: &mut String) {
        let compact = self.compact();
        if column + compact.chars().count() <= COLUMNS {
            text.push_str(&compact);
            return;
        }
        match self {
            Tree::List(items) => {
                lines('[', ']', indent, items, text, |item, text| {
                    item.write(indent + 2, indent + 2, text);
                });
            }
            Tree::Object(members) => {
                lines('{', '}', indent, members, text, |(key, value), text| {
                    let key = quoted(key);
                    text.push_str(&key);
                    text.push_str(": ");
                    value.write(indent + 2, indent + 4 + key.chars().count(), text);
                });
            }
            _ => text.push_str(&compact),
        }
    }

    /// The value on one line.
    fn compact(&self) -> String {
        match self {
            Tree::True => "true".to_string(),
            Tree::False => "false".to_string(),
            Tree::Whole(number) => number.to_string(),
            Tree::Text(text) => quoted(text),
            Tree::List(items) => {
                let items: Vec<String> = items.iter().map(Tree::compact).collect();
                format!("[{}]", items.join(", "))
            }
            Tree::Object(members) => {
                let member =
                    |(key, value): &(String, Tree)| format!("{}: {}", quoted(key), value.compact());
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

fn lines<T>(
    open: char,
    close: char,
    indent: usize,
    items: &[T],
    text: &mut String,
    write: impl Fn(&T, &mut String),
) {
    text.push(open);
    for (n, item) in items.iter().enumerate() {
        text.push_str(if n == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(indent + 2));
        write(item, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

/// A text of this program, which holds no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl From<&str> for Tree {
    fn from(text: &str) -> Tree {
        Tree::Text(text.to_string())
    }
}

impl From<u64> for Tree {
    fn from(number: u64) -> Tree {
        Tree::Whole(number)
    }
}

impl From<usize> for Tree {
    fn from(number: usize) -> Tree {
        Tree::Whole(number as u64)
    }
}

impl From<Vec<(String, Tree)>> for Tree {
    fn from(members: Vec<(String, Tree)>) -> Tree {
        Tree::Object(members)
    }
}
