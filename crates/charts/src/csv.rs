//! Comma-separated values that no spreadsheet takes for a formula.

/// A table as text.
#[derive(Debug)]
pub(crate) struct Csv {
    text: String,
}

/// A field.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    /// Words, which are quoted.
    Text(String),
    /// A whole number.
    Whole(i128),
    /// A number as it is drawn.
    Number(f64),
    /// Nothing.
    Empty,
}

impl Csv {
    pub(crate) fn new(headings: &[&str]) -> Csv {
        let mut csv = Csv { text: String::new() };
        csv.row(headings.iter().map(|heading| Field::Text((*heading).to_string())));
        csv
    }

    pub(crate) fn row(&mut self, fields: impl IntoIterator<Item = Field>) {
        for (n, field) in fields.into_iter().enumerate() {
            if n > 0 {
                self.text.push(',');
            }
            match field {
                Field::Text(text) => self.words(&text),
                Field::Whole(number) => self.text.push_str(&number.to_string()),
                Field::Number(number) => self.text.push_str(&number.to_string()),
                Field::Empty => {}
            }
        }
        self.text.push_str("\r\n");
    }

    fn words(&mut self, text: &str) {
        self.text.push('"');
        // A spreadsheet would obey what begins like a formula.
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            self.text.push('\'');
        }
        self.text.push_str(&commitsim_report::visible(text).replace('"', "\"\""));
        self.text.push('"');
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl Field {
    /// What people see of it: numbers with at most four digits behind the point.
    pub(crate) fn shown(&self) -> String {
        match self {
            Field::Text(text) => text.clone(),
            Field::Whole(number) => number.to_string(),
            Field::Number(number) => {
                let text = format!("{number:.4}");
                text.trim_end_matches('0').trim_end_matches('.').to_string()
            }
            Field::Empty => String::new(),
        }
    }
}

impl From<Option<u64>> for Field {
    fn from(value: Option<u64>) -> Field {
        value.map_or(Field::Empty, |value| Field::Whole(value.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_formulas_or_fields() {
        let mut csv = Csv::new(&["a"]);
        let hostile = ["=1+1", "+x", "-x", "@x", "\tx", "a\"b,c", "two\nlines"];
        csv.row(hostile.map(|text| Field::Text(text.to_string())));
        csv.row([Field::Whole(-3), Field::Number(0.5), Field::Empty]);
        let wanted = "\"a\"\r\n\"'=1+1\",\"'+x\",\"'-x\",\"'@x\",\"'\\tx\",\"a\"\"b,c\",\
                      \"two\\nlines\"\r\n-3,0.5,\r\n";
        assert_eq!(csv.into_text(), wanted);
    }
}
