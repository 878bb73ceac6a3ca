//! Columns that are aligned.

/// On which side of its column a cell stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells under a row of headings.
#[derive(Debug)]
pub struct Table {
    columns: Vec<(&'static str, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[(&'static str, Side)]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not one cell a column.
    pub fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.columns.len(), "a row has one cell a column");
        self.rows.push(cells);
    }

    /// Appends the table, two blanks before each column, without trailing blanks; as a list of
    /// its rows where it does not fit into `room` columns.
    pub fn write(&self, room: usize, text: &mut String) {
        let headings: Vec<String> =
            self.columns.iter().map(|(heading, _)| (*heading).to_string()).collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|n| self.rows.iter().chain([&headings]).map(|row| width(&row[n])).max())
            .map(|widest| widest.unwrap_or(0))
            .collect();
        if widths.iter().map(|width| width + 2).sum::<usize>() > room {
            self.write_as_list(text);
            return;
        }
        for row in std::iter::once(&headings).chain(&self.rows) {
            let start = text.len();
            for ((cell, width_of), (_, side)) in row.iter().zip(&widths).zip(&self.columns) {
                let blanks = " ".repeat(width_of - width(cell));
                text.push_str("  ");
                match side {
                    Side::Left => text.extend([cell, blanks.as_str()]),
                    Side::Right => text.extend([blanks.as_str(), cell]),
                }
            }
            text.truncate(start + text[start..].trim_end().len());
            text.push('\n');
        }
    }

    fn write_as_list(&self, text: &mut String) {
        let widest = self.columns.iter().map(|(heading, _)| width(heading)).max().unwrap_or(0);
        for row in &self.rows {
            for (n, (cell, (heading, _))) in row.iter().zip(&self.columns).enumerate() {
                let indent = if n == 0 { 2 } else { 4 };
                let label = widest + 6 - indent;
                text.push_str(&format!("{:indent$}{heading:label$}{cell}\n", ""));
            }
        }
    }
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}
