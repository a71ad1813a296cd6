//! The body as Markdown that a Markdown parser reads back as the same text and structure.
//!
//! In: a report. Out: `CommonMark` with GFM tables. Headings, nested and numbered lists, links, quotations,
//! code, tables, strong and emphasised text are written as such; captions and everything else are
//! paragraphs. Bold and italic on the same text is bold. A table's first row is its header; a table of one
//! column is layout and gives paragraphs.
//! Lines of a plain-text page are written as they stand: Markdown that another tool wrote stays Markdown.
//! Addresses over 2 KB are not written, and all addresses and indents together take at most four times the page's bytes, or
//! 1 MiB; behind that comes text without links and indents.

mod allowance;
mod escape;
mod inline;
mod link;
mod list;
mod table;

#[cfg(test)]
mod round_trip;

use crate::classify::Report;
use crate::page::select::chain;
use crate::page::{AttrName, Block, BlockKind, ElementId, Page, Tag};
use inline::Place;
use link::Targets;
use list::Lists;

/// The body as Markdown.
///
/// ```
/// use pagesieve::{Document, Filter, output::markdown};
/// let report = Filter::builtin().check(&Document::html("<p>Hello"));
/// assert_eq!(markdown(&report).is_empty(), report.body().is_empty());
/// ```
pub fn markdown(report: &Report) -> String {
    let mut writer = Writer::new(report.page());
    let blocks: Vec<Block<'_>> =
        report.body_blocks().filter(|block| !block.text().trim().is_empty()).collect();
    let mut rest = blocks.as_slice();
    while let Some((block, behind)) = rest.split_first() {
        if let Some((cells, behind)) = table::cells_ahead(rest) {
            writer.table(cells);
            rest = behind;
        } else {
            writer.block(*block);
            rest = behind;
        }
    }
    writer.out
}

/// Writes blocks one after another.
struct Writer<'p> {
    out: String,
    targets: Targets,
    lists: Lists,
    /// The page without repairs.
    page: &'p Page,
    /// The block that was written last.
    last: Option<Block<'p>>,
}

impl<'p> Writer<'p> {
    fn new(page: &'p Page) -> Self {
        Self { out: String::new(), targets: Targets::new(page), lists: Lists::default(), page, last: None }
    }

    fn block(&mut self, block: Block<'p>) {
        match block.kind() {
            BlockKind::ListItem { depth, ordinal } => self.item(block, depth, ordinal),
            BlockKind::Line => self.line(block),
            _ => {
                let indent = self.lists.indent_of(block);
                let quoted = block.kind() == BlockKind::Quote;
                let content = self.content(block);
                let prefix = " ".repeat(indent) + if quoted { "> " } else { "" };
                self.separate(if quoted && self.follows_quote() { Gap::InQuote } else { Gap::Blank });
                self.push_lines(&prefix, &prefix, &content);
            }
        }
        self.last = Some(block);
    }

    fn content(&self, block: Block<'_>) -> String {
        match block.kind() {
            BlockKind::Code => fenced(block),
            BlockKind::Heading(level) => {
                let hashes = "#".repeat(usize::from(level.clamp(1, 6)));
                format!("{hashes} {}", inline::render(block, &self.targets, Place::Heading))
            }
            _ => inline::render(block, &self.targets, Place::Flow),
        }
    }

    fn item(&mut self, block: Block<'_>, depth: u8, ordinal: Option<u16>) {
        let text = inline::render(block, &self.targets, Place::Flow);
        if let Some(indent) = self.lists.continues(block) {
            self.separate(Gap::Blank);
            let prefix = " ".repeat(indent);
            return self.push_lines(&prefix, &prefix, &text);
        }
        let follows_item =
            matches!(self.last_kind(), Some(BlockKind::ListItem { .. })) && !self.lists.is_empty();
        let marker = self.lists.open(block, depth, ordinal);
        self.separate(if follows_item && !marker.apart { Gap::Line } else { Gap::Blank });
        let rest = " ".repeat(marker.indent + marker.text.len());
        let first = " ".repeat(marker.indent) + &marker.text;
        self.push_lines(&first, &rest, &text);
    }

    /// A line of a plain-text page: as it stands, lists and tables without blank lines between their lines; the pieces of a
    /// line go on where it stopped.
    fn line(&mut self, block: Block<'_>) {
        self.lists.clear();
        let text = block.text().trim_end();
        if let Some(gap) = self.last.and_then(|last| self.page.gap(last.index(), block.index())) {
            self.out.extend([gap, text]);
            return;
        }
        let first = block.lines().map_or(0, |(first, _)| first);
        let adjacent = self.last.and_then(|last| last.lines()).is_some_and(|(_, last)| last + 1 == first);
        let structured = |line: &str| list::starts_with_mark(line) || line.starts_with('|');
        let before = self.out.rsplit('\n').next().unwrap_or_default().trim_start();
        let tight = adjacent && structured(text) && structured(before);
        let indent = if list::starts_with_mark(text) { indentation(block) } else { "" };
        self.separate(if tight { Gap::Line } else { Gap::Blank });
        self.out.push_str(indent);
        self.out.push_str(text);
    }

    fn table(&mut self, cells: &[Block<'p>]) {
        let Some(rows) = table::rows(cells, &self.targets) else {
            for cell in cells {
                self.block(*cell);
            }
            return;
        };
        self.lists.clear();
        self.separate(Gap::Blank);
        table::write(&mut self.out, &rows);
        self.last = cells.last().copied();
    }

    fn follows_quote(&self) -> bool {
        self.last_kind() == Some(BlockKind::Quote) && self.lists.is_empty()
    }

    fn last_kind(&self) -> Option<BlockKind> {
        self.last.map(|last| last.kind())
    }

    fn separate(&mut self, gap: Gap) {
        if !self.out.is_empty() {
            self.out.push_str(gap.as_str());
        }
    }

    fn push_lines(&mut self, first: &str, rest: &str, content: &str) {
        for (index, line) in content.split('\n').enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            let prefix = if index == 0 { first } else { rest };
            let prefix = if self.targets.allowance.pays(prefix.len()) { prefix } else { "" };
            self.out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
            self.out.push_str(line);
        }
    }
}

/// What stands between two blocks.
#[derive(Debug, Clone, Copy)]
enum Gap {
    Line,
    Blank,
    InQuote,
}

impl Gap {
    fn as_str(self) -> &'static str {
        match self {
            Self::Line => "\n",
            Self::Blank => "\n\n",
            Self::InQuote => "\n>\n",
        }
    }
}

/// Fenced code; the fence is longer than any run of backticks inside.
fn fenced(block: Block<'_>) -> String {
    let text = block.text().replace("\r\n", "\n").replace('\r', "\n");
    let fence = "`".repeat(escape::longest_backtick_run(&text).max(2) + 1);
    let language = language(block).unwrap_or_default();
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// Elements that may name the language of code: the `code`, its `pre`, and up to two around them. Highlighters put a `span`
/// around the first word.
const NEAR_CODE: usize = 5;

/// The language that a class as `language-rust` of the code or the elements above it names.
fn language(block: Block<'_>) -> Option<&str> {
    let near = chain(block.page, block.inner_id()).take(NEAR_CODE);
    let classes =
        near.filter_map(|id| block.page.attr(id, AttrName::Class)).flat_map(str::split_ascii_whitespace);
    let mut names =
        classes.filter_map(|class| class.strip_prefix("language-").or(class.strip_prefix("lang-")));
    names.find(|name| is_language(name))
}

fn is_language(name: &str) -> bool {
    name.len() <= 20 && name.chars().all(|c| c.is_ascii_alphanumeric() || "+-#_.".contains(c))
}

/// The nearest element at or above `id` with this tag.
fn ancestor(page: &Page, id: ElementId, tag: Tag) -> Option<ElementId> {
    chain(page, id).find(|at| page.element(*at).is_some_and(|element| element.tag() == tag))
}

/// The white space between the line's start and the block.
fn indentation(block: Block<'_>) -> &str {
    let start = block.page.blocks.get(block.index).map_or(0, |data| data.start as usize);
    let before = block.page.text.get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.chars().all(|c| c == ' ' || c == '\t') { line } else { "" }
}
