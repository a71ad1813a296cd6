//! Nesting, markers and numbers of list items.

use super::ancestor;
use crate::page::{Block, Element, ElementId, Tag};

/// The list items that are open, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Lists {
    open: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    depth: u8,
    li: Option<ElementId>,
    list: Option<ElementId>,
    sign: Sign,
    /// Columns before the item's text.
    content: usize,
}

/// How an item is marked; two lists that follow each other differ, or they would be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Bullet(char),
    Number(u16, char),
}

/// What stands before an item's text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// Blanks before the marker.
    pub(super) indent: usize,
    /// The marker and the blank behind it.
    pub(super) text: String,
    /// Whether a blank line must stand before it: a new list that does not start with 1 cannot follow a
    /// paragraph directly.
    pub(super) apart: bool,
}

impl Lists {
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.open.clear();
    }

    /// The columns before the text of the open item that this block of a list continues.
    pub(super) fn continues(&self, block: Block<'_>) -> Option<usize> {
        let li = item_of(block)?;
        self.open.last().filter(|item| item.li == Some(li)).map(|item| item.content)
    }

    /// The columns before a block that is no list item; it closes the lists that it does not stand in.
    pub(super) fn indent_of(&mut self, block: Block<'_>) -> usize {
        if self.open.is_empty() {
            return 0;
        }
        let li = item_of(block);
        while self.open.last().is_some_and(|item| item.li.is_none() || item.li != li) {
            self.open.pop();
        }
        self.open.last().map_or(0, |item| item.content)
    }

    /// Opens the item and gives its marker.
    pub(super) fn open(&mut self, block: Block<'_>, depth: u8, ordinal: Option<u16>) -> Marker {
        while self.open.last().is_some_and(|item| item.depth > depth) {
            self.open.pop();
        }
        let li = item_of(block);
        let list = li.and_then(|li| block.page.element(li)).map(Element::parent);
        let sibling = self.open.pop_if(|item| item.depth == depth);
        let sign = sign(ordinal, sibling.as_ref().map(|item| (item.sign, item.list == list)));
        let apart = sign.starts_late(sibling.map(|item| item.sign));
        let indent = self.open.last().map_or(0, |item| item.content);
        let text = sign.to_string();
        self.open.push(Item { depth, li, list, sign, content: indent + text.len() });
        Marker { indent, text, apart }
    }
}

/// The item's sign after a sibling's, of which is known whether it is in the same list.
fn sign(ordinal: Option<u16>, sibling: Option<(Sign, bool)>) -> Sign {
    match (ordinal, sibling) {
        (None, Some((Sign::Bullet(before), true))) => Sign::Bullet(before),
        (None, Some((Sign::Bullet('-'), false))) => Sign::Bullet('*'),
        (None, _) => Sign::Bullet('-'),
        (Some(number), Some((Sign::Number(before, end), same))) => {
            let follows = same && before.checked_add(1) == Some(number);
            Sign::Number(number, if follows == (end == '.') { '.' } else { ')' })
        }
        (Some(number), _) => Sign::Number(number, '.'),
    }
}

impl Sign {
    /// Whether it starts a numbered list with a number over 1.
    fn starts_late(self, sibling: Option<Self>) -> bool {
        match (self, sibling) {
            (Self::Number(_, end), Some(Self::Number(_, before))) if end == before => false,
            (Self::Number(number, _), _) => number != 1,
            (Self::Bullet(_), _) => false,
        }
    }
}

impl std::fmt::Display for Sign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bullet(bullet) => write!(f, "{bullet} "),
            Self::Number(number, end) => write!(f, "{number}{end} "),
        }
    }
}

fn item_of(block: Block<'_>) -> Option<ElementId> {
    ancestor(block.page, block.element_id(), Tag::Li)
}

/// Whether a line of text starts with a mark that Markdown takes for a list item.
pub(super) fn starts_with_mark(line: &str) -> bool {
    let line = line.trim_start();
    let behind = match line.trim_start_matches(|c: char| c.is_ascii_digit()) {
        rest if rest.len() < line.len() => rest.strip_prefix(['.', ')']),
        rest => rest.strip_prefix(['-', '*', '+']),
    };
    behind.is_some_and(|behind| behind.starts_with([' ', '\t']))
}
