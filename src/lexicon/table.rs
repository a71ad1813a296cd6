//! The text of a table → its rows. A table has a line of headings, then a line an entry, with tabs between cells.

use crate::label::Label;
use rustc_hash::FxHashMap;
use std::fmt::{Debug, Display};

/// A line of a table: its cells, in the order of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row<const N: usize> {
    /// Counted from 1, with the headings.
    pub(super) line: usize,
    pub(super) cells: [&'static str; N],
}

/// What is wrong with a line of a table, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub(super) struct BadLine {
    line: usize,
    problem: String,
}

impl BadLine {
    pub(super) fn new(line: usize, problem: impl Display) -> Self {
        Self { line, problem: problem.to_string() }
    }

    /// A cell that should be a label.
    pub(super) fn label(line: usize, found: &str) -> Self {
        let known: Vec<&str> = Label::ALL.iter().map(|label| label.as_str()).collect();
        Self::unknown(line, "label", found, &known)
    }

    /// A cell that is none of the names that its column knows.
    pub(super) fn unknown(line: usize, column: &str, found: &str, known: &[&str]) -> Self {
        Self::new(line, format_args!("{column} {found:?} is unknown; write one of: {}", known.join(", ")))
    }
}

/// What a cell stands for that has one of the names that its column knows.
pub(super) fn one_of<T: Copy>(
    line: usize,
    column: &str,
    found: &str,
    known: &[(&str, T)],
) -> Result<T, BadLine> {
    let meant = known.iter().find(|(name, _)| *name == found).map(|(_, meant)| *meant);
    let names = || known.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    meant.ok_or_else(|| BadLine::unknown(line, column, found, &names()))
}

/// What a table that stands in the program holds.
pub(super) fn shipped<T, E: Debug>(read: Result<T, E>) -> T {
    #[expect(clippy::expect_used, reason = "tests read every table: no build with a bad one passes")]
    read.expect("the tables of models/lexicon can be read")
}

/// The rows of a table with these columns. The last column says where an entry comes from; no two rows are alike in
/// all others.
pub(super) fn rows<const N: usize>(text: &'static str, columns: [&str; N]) -> Result<Vec<Row<N>>, BadLine> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    let heading = columns.join("\t");
    if lines.next().is_none_or(|(_, first)| first != heading) {
        return Err(BadLine::new(
            1,
            format_args!("write the headings, with tabs between: {}", columns.join(" ")),
        ));
    }
    let rows: Vec<Row<N>> = lines.map(|(line, text)| row(line, text, columns)).collect::<Result<_, _>>()?;
    let mut seen = FxHashMap::default();
    for Row { line, cells } in &rows {
        if let Some(first) = seen.insert(cells.split_last().map(|(_, key)| key), line) {
            return Err(BadLine::new(
                *line,
                format_args!("the same entry as line {first}; take one of them out"),
            ));
        }
    }
    Ok(rows)
}

fn row<const N: usize>(line: usize, text: &'static str, columns: [&str; N]) -> Result<Row<N>, BadLine> {
    let cells: Vec<&str> = text.split('\t').collect();
    let found = cells.len();
    let Ok(cells) = <[&str; N]>::try_from(cells) else {
        let columns = columns.join(", ");
        return Err(BadLine::new(
            line,
            format_args!("{found} cells, expected {N}: {columns}; put one tab between cells"),
        ));
    };
    match cells.iter().zip(columns).find(|(cell, _)| cell.trim().is_empty()) {
        Some((_, column)) => {
            Err(BadLine::new(line, format_args!("{column} is empty; fill it, or take the line out")))
        }
        None => Ok(Row { line, cells }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &'static str) -> String {
        rows(text, ["name", "at", "source"]).unwrap_err().to_string()
    }

    #[test]
    fn rows_have_their_lines_and_cells() {
        let found =
            rows("name\tat\tsource\nby \tstart\thand\nad\tword\tIAB\n", ["name", "at", "source"]).unwrap();
        assert_eq!(found[0], Row { line: 2, cells: ["by ", "start", "hand"] });
        assert_eq!(found[1], Row { line: 3, cells: ["ad", "word", "IAB"] });
    }

    #[test]
    fn a_bad_line_is_named_with_what_to_do() {
        for (text, expected) in [
            ("", "line 1: write the headings, with tabs between: name at source"),
            ("name\tsource\n", "line 1: write the headings, with tabs between: name at source"),
            (
                "name\tat\tsource\nad\tword\n",
                "line 2: 2 cells, expected 3: name, at, source; put one tab between cells",
            ),
            (
                "name\tat\tsource\nad\tword\thand\tmore\n",
                "line 2: 4 cells, expected 3: name, at, source; put one tab between cells",
            ),
            (
                "name\tat\tsource\n\n",
                "line 2: 1 cells, expected 3: name, at, source; put one tab between cells",
            ),
            ("name\tat\tsource\nad\t \thand\n", "line 2: at is empty; fill it, or take the line out"),
            (
                "name\tat\tsource\nad\tword\thand\nad\tword\tIAB\n",
                "line 3: the same entry as line 2; take one of them out",
            ),
        ] {
            assert_eq!(problem(text), expected, "{text:?}");
        }
    }
}
