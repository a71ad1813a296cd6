//! Tables: cells of one table that follow each other, set in columns.

use super::inline::{Place, render};
use super::link::Targets;
use crate::page::{Block, BlockKind};

/// How many times its cells a table may hold in places, empty ones included, before it is taken for layout.
/// A page with one row of thousands of cells would give a table of millions.
const PLACES_PER_CELL: usize = 8;
/// Places that a table may always have.
const FREE_PLACES: usize = 1000;

/// A row: each cell's column and Markdown.
type Row = Vec<(usize, String)>;

/// The cells of one table at the start of `blocks`, and what stands behind them.
pub(super) fn cells_ahead<'b, 'p>(blocks: &'b [Block<'p>]) -> Option<(&'b [Block<'p>], &'b [Block<'p>])> {
    let (table, ..) = place(*blocks.first()?)?;
    let is_other = |block: &Block<'p>| place(*block).is_none_or(|(other, ..)| other != table);
    let end = blocks.iter().position(is_other).unwrap_or(blocks.len());
    blocks.split_at_checked(end)
}

/// The table, row and column of a cell.
fn place(block: Block<'_>) -> Option<(u32, u32, u16)> {
    match block.kind() {
        BlockKind::Cell { table, row, column, .. } => Some((table, row, column)),
        _ => None,
    }
}

/// The rows of a table; none when it has one column only or is mostly empty.
pub(super) fn rows(cells: &[Block<'_>], targets: &Targets) -> Option<Vec<Row>> {
    let row_of = |block: &Block<'_>| place(*block).map(|(_, row, _)| row);
    let rows = cells.chunk_by(|a, b| row_of(a) == row_of(b));
    let rows: Vec<Row> = rows.map(|row| columns(row, targets)).collect();
    let columns = width(&rows);
    let places = columns * rows.len();
    (columns > 1 && places <= FREE_PLACES.max(PLACES_PER_CELL * cells.len())).then_some(rows)
}

fn width(rows: &[Row]) -> usize {
    rows.iter().filter_map(|row| row.last()).map(|(column, _)| column + 1).max().unwrap_or_default()
}

/// The cells of a row with their columns; blocks of one cell are joined. A cell that does not stand behind the
/// one before it, as in a table inside a cell, goes to the next column.
fn columns(row: &[Block<'_>], targets: &Targets) -> Row {
    let mut cells: Row = Vec::new();
    for cell in row.chunk_by(|a, b| place(*a) == place(*b)) {
        let parts: Vec<String> = cell.iter().map(|block| render(*block, targets, Place::Cell)).collect();
        let column =
            cell.first().and_then(|block| place(*block)).map_or(0, |(_, _, column)| usize::from(column));
        let free = cells.last().map_or(0, |(before, _)| before + 1);
        cells.push((column.max(free), parts.join("<br>")));
    }
    cells
}

/// Writes the table; its first row is the header.
pub(super) fn write(out: &mut String, rows: &[Row]) {
    let columns = width(rows);
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        write_row(out, row, columns);
        if index == 0 {
            out.push_str("\n|");
            out.push_str(&" --- |".repeat(columns));
        }
    }
}

fn write_row(out: &mut String, row: &Row, columns: usize) {
    let mut cells = row.iter().peekable();
    out.push('|');
    for column in 0..columns {
        if let Some((_, text)) = cells.next_if(|(place, _)| *place == column) {
            out.push(' ');
            out.push_str(text);
        }
        out.push_str(" |");
    }
}
