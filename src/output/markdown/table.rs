//! Tables: cells of one table that follow each other, set in columns.

use super::ancestor;
use super::inline::{Place, render};
use super::link::Targets;
use crate::page::{Block, BlockKind, ElementId, Page, Tag};

/// How many times its cells a table may hold in places, empty ones included, before it is taken for layout.
/// A page with one row of thousands of cells would give a table of millions.
const PLACES_PER_CELL: usize = 8;
/// Places that a table may always have.
const FREE_PLACES: usize = 1000;

/// A row: each cell's column and Markdown.
type Row = Vec<(usize, String)>;

/// The cells of one table at the start of `blocks`, and what stands behind them.
pub(super) fn cells_ahead<'b, 'p>(blocks: &'b [Block<'p>]) -> Option<(&'b [Block<'p>], &'b [Block<'p>])> {
    let (table, _) = place(*blocks.first()?)?;
    let is_other = |block: &Block<'p>| place(*block).is_none_or(|(other, _)| other != table);
    let end = blocks.iter().position(is_other).unwrap_or(blocks.len());
    blocks.split_at_checked(end)
}

/// The table and row of a cell.
fn place(block: Block<'_>) -> Option<(u32, u32)> {
    match block.kind() {
        BlockKind::Cell { table, row, .. } => Some((table, row)),
        _ => None,
    }
}

/// The rows of a table; none when it has one column only or is mostly empty.
pub(super) fn rows(cells: &[Block<'_>], targets: &Targets<'_>) -> Option<Vec<Row>> {
    let same_row = |a: &Block<'_>, b: &Block<'_>| place(*a) == place(*b);
    let rows: Vec<Row> = cells.chunk_by(same_row).map(|row| columns(row, targets)).collect();
    let columns = width(&rows);
    let places = columns * rows.len();
    (columns > 1 && places <= FREE_PLACES.max(PLACES_PER_CELL * cells.len())).then_some(rows)
}

fn width(rows: &[Row]) -> usize {
    rows.iter().filter_map(|row| row.last()).map(|(column, _)| column + 1).max().unwrap_or_default()
}

/// The cells of a row with their columns; blocks of one cell are joined.
fn columns(row: &[Block<'_>], targets: &Targets<'_>) -> Row {
    let cell_of = |block: &Block<'_>| ancestor(block.page, block.element_id(), &[Tag::Td, Tag::Th]);
    let same_cell = |a: &Block<'_>, b: &Block<'_>| cell_of(a).is_some() && cell_of(a) == cell_of(b);
    let cells: Vec<&[Block<'_>]> = row.chunk_by(same_cell).collect();
    let ids: Vec<ElementId> = cells.iter().filter_map(|cell| cell.first().and_then(cell_of)).collect();
    let places = row_places(targets.page, &ids).filter(|places| places.len() == cells.len());
    let text = |cell: &[Block<'_>]| {
        let parts: Vec<String> = cell.iter().map(|block| render(*block, targets, Place::Cell)).collect();
        parts.join("<br>")
    };
    match places {
        Some(places) => places.into_iter().zip(cells.into_iter().map(text)).collect(),
        None => cells.into_iter().map(text).enumerate().collect(),
    }
}

/// The column of each of these cells of one row, empty cells counted.
fn row_places(page: &Page, cells: &[ElementId]) -> Option<Vec<usize>> {
    let row = page.element(*cells.first()?)?.parent();
    let mut wanted = cells.iter().peekable();
    let mut places = Vec::with_capacity(cells.len());
    let mut column = 0;
    for index in row.0 + 1..=cells.last()?.0 {
        let element = page.element(ElementId(index))?;
        if element.parent() == row && matches!(element.tag(), Tag::Td | Tag::Th) {
            if wanted.next_if_eq(&&ElementId(index)).is_some() {
                places.push(column);
            }
            column += 1;
        }
    }
    Some(places)
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
