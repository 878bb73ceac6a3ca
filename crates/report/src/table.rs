//! Columns that are aligned.

/// On which side of its column a cell stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Rows of cells under a row of headings.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(&'static str, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &[(&'static str, Side)]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.columns.len(), "a row has one cell a column");
        self.rows.push(cells);
    }

    /// Appends the table, two blanks before each column, without trailing blanks.
    pub(crate) fn write(&self, text: &mut String) {
        let headings: Vec<String> =
            self.columns.iter().map(|(heading, _)| (*heading).to_string()).collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|n| self.rows.iter().chain([&headings]).map(|row| width(&row[n])).max())
            .map(|widest| widest.unwrap_or(0))
            .collect();
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
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}
