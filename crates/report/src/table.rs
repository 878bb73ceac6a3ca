//! Columns that are aligned.

use std::ops::Range;

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
        let widths = self.widths();
        if taken(2, &widths) <= room {
            self.write_whole(&widths, text);
        } else {
            self.write_as_list(text);
        }
    }

    /// Appends the table as [`Table::write`] does where it fits. Where it does not, it is made
    /// narrower before it is made a list: if it is `grouped`, what the first column says stands
    /// above the rows that have it in common, and numbers without room go on in a table below,
    /// with the names of the rows again. Words stay with the number before them.
    ///
    /// The first column, or the second if it is `grouped`, names the rows.
    pub fn write_in_parts(&self, grouped: bool, room: usize, text: &mut String) {
        let widths = self.widths();
        if taken(2, &widths) <= room {
            self.write_whole(&widths, text);
            return;
        }
        let name = usize::from(grouped);
        let Some(parts) = self.parts(name, &widths, room) else {
            self.write_as_list(text);
            return;
        };
        for (n, part) in parts.into_iter().enumerate() {
            if n > 0 {
                text.push('\n');
            }
            self.write_part(name, part, &widths, text);
        }
    }

    fn write_whole(&self, widths: &[usize], text: &mut String) {
        let columns: Vec<usize> = (0..self.columns.len()).collect();
        for row in std::iter::once(&self.headings()).chain(&self.rows) {
            self.write_line(2, row, &columns, widths, text);
        }
    }

    /// Some of the columns, with the name of each row before them, and above it what its group is.
    fn write_part(&self, name: usize, part: Range<usize>, widths: &[usize], text: &mut String) {
        let columns: Vec<usize> = std::iter::once(name).chain(part).collect();
        let indent = 2 * (name + 1);
        self.write_line(indent, &self.headings(), &columns, widths, text);
        let mut group = None;
        for row in &self.rows {
            if name > 0 && group.replace(&row[0]) != Some(&row[0]) {
                text.push_str(&format!("  {}\n", row[0]));
            }
            self.write_line(indent, row, &columns, widths, text);
        }
    }

    fn write_line(
        &self,
        indent: usize,
        row: &[String],
        columns: &[usize],
        widths: &[usize],
        text: &mut String,
    ) {
        let start = text.len();
        for (place, column) in columns.iter().enumerate() {
            let cell = &row[*column];
            let blanks = " ".repeat(widths[*column] - width(cell));
            text.push_str(&" ".repeat(if place == 0 { indent } else { 2 }));
            match self.columns[*column].1 {
                Side::Left => text.extend([cell, blanks.as_str()]),
                Side::Right => text.extend([blanks.as_str(), cell]),
            }
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    }

    /// The columns behind the names in as few parts as have room. They are filled from the last
    /// to the first, so that what is left alone is what stands first and matters most.
    fn parts(&self, name: usize, widths: &[usize], room: usize) -> Option<Vec<Range<usize>>> {
        let before = taken(2 * (name + 1), &widths[name..=name]);
        let fits = |part: Range<usize>| before + taken(2, &widths[part]) <= room;
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut end = self.columns.len();
        while end > name + 1 {
            let number = |n: &usize| self.columns[*n].1 == Side::Right;
            let start = (name + 1..end).rev().find(number).unwrap_or(name + 1);
            match parts.last_mut().filter(|part| fits(start..part.end)) {
                Some(part) => part.start = start,
                None if fits(start..end) => parts.push(start..end),
                None => return None,
            }
            end = start;
        }
        parts.reverse();
        Some(parts)
    }

    fn headings(&self) -> Vec<String> {
        self.columns.iter().map(|(heading, _)| (*heading).to_string()).collect()
    }

    fn widths(&self) -> Vec<usize> {
        let headings = self.headings();
        let widest = |n: usize| self.rows.iter().chain([&headings]).map(move |row| width(&row[n]));
        (0..self.columns.len()).map(|n| widest(n).max().unwrap_or(0)).collect()
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

/// How many columns of a screen these take, with so many blanks before each.
fn taken(blanks: usize, widths: &[usize]) -> usize {
    widths.iter().map(|width| width + blanks).sum()
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        use Side::{Left, Right};
        let headings = [("at", Left), ("name", Left), ("mid", Right), ("within", Left)];
        let mut table = Table::new(&[headings.as_slice(), &[("most", Right)]].concat());
        for row in [
            ["loss = 0", "one", "10", "[9, 11]", "12"],
            ["loss = 0", "other", "8", "[7, 9]", "9"],
            ["loss = 5%", "one", "100", "[90, 110]", "120"],
        ] {
            table.row(row.map(str::to_string).to_vec());
        }
        table
    }

    fn written(room: usize) -> String {
        let mut text = String::new();
        sample().write_in_parts(true, room, &mut text);
        text
    }

    #[test]
    fn a_table_that_fits_is_left_alone() {
        let mut plain = String::new();
        sample().write(40, &mut plain);
        assert!(written(40) == plain && plain.starts_with("  at         name"), "{plain}");
    }

    #[test]
    fn what_rows_have_in_common_stands_above_them() {
        let narrow = "    \
    name   mid  within     most
  loss = 0
    one     10  [9, 11]      12
    other    8  [7, 9]        9
  loss = 5%
    one    100  [90, 110]   120
";
        assert_eq!(written(39), narrow);
        assert_eq!(written(31), narrow);
    }

    #[test]
    fn numbers_without_room_go_below_with_their_words() {
        let text = written(30);
        let wanted = "    \
    name   mid  within
  loss = 0
    one     10  [9, 11]
    other    8  [7, 9]
  loss = 5%
    one    100  [90, 110]

    name   most
  loss = 0
    one      12
    other     9
  loss = 5%
    one     120
";
        assert_eq!(text, wanted);
        assert_eq!(written(25), wanted);
    }

    #[test]
    fn what_fits_in_no_way_is_a_list() {
        let mut list = String::new();
        sample().write(24, &mut list);
        assert!(written(24) == list && list.starts_with("  at        loss = 0\n"), "{list}");
        let mut alone = String::new();
        sample().write_in_parts(false, 0, &mut alone);
        assert_eq!(alone, list);
    }
}
