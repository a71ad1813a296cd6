//! A block: a run of text between two boundaries, with its place in the page.

use super::{Element, ElementId, Page};

/// What a block is by its markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BlockKind {
    /// Running text.
    #[default]
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A list item; `depth` counts the lists around it from 1, `ordinal` is its number in an ordered list.
    ListItem {
        /// Lists around the item, from 1.
        depth: u8,
        /// Number in an ordered list, from 1.
        ordinal: Option<u16>,
    },
    /// A cell of a table; `row` is the index of the row among the page's rows.
    Cell {
        /// The row's index among all rows of the page; cells of one row share it.
        row: u32,
        /// The table's index among all tables of the page.
        table: u32,
        /// The cell's index in its row; blocks of one cell share it.
        column: u16,
        /// Whether it is a `th`.
        header: bool,
    },
    /// Preformatted text; line breaks stand in it.
    Code,
    /// A caption of a figure or table.
    Caption,
    /// A paragraph of a block quotation.
    Quote,
    /// A button, option, label or another word of a widget.
    Control,
    /// A line or a run of lines of a plain-text page, or a piece of a long line.
    Line,
    /// Text from JSON-LD, or from the state that a page without text hands to its scripts; not shown on the page.
    JsonLd,
    /// A meta description, not shown on the page.
    Meta,
}

impl BlockKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Heading(_) => "heading",
            Self::ListItem { .. } => "list_item",
            Self::Cell { .. } => "cell",
            Self::Code => "code",
            Self::Caption => "caption",
            Self::Quote => "quote",
            Self::Control => "control",
            Self::Line => "line",
            Self::JsonLd => "json_ld",
            Self::Meta => "meta",
        }
    }

    /// Whether both are cells of one table row.
    pub fn shares_row(self, other: Self) -> bool {
        match (self, other) {
            (Self::Cell { table, row, column, .. }, Self::Cell { table: t, row: r, column: c, .. }) => {
                (table, row) == (t, r) && column != c
            }
            _ => false,
        }
    }

    /// The level of a heading, 1 to 6.
    pub fn level(self) -> Option<u8> {
        if let Self::Heading(level) = self { Some(level) } else { None }
    }

    /// Whether the block is text that the page's own display does not have.
    pub fn is_pseudo(self) -> bool {
        matches!(self, Self::JsonLd | Self::Meta)
    }
}

/// What a span inside a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpanKind {
    /// A link; the target is [`Block::href`] of the span.
    Link,
    /// Bold text.
    Strong,
    /// Italic text.
    Emphasis,
    /// Inline code.
    Code,
    /// A link that a program set on a word of a sentence and that is not to be followed. Only a judged page has
    /// it; until then it is a [`SpanKind::Link`].
    KeywordLink,
}

/// An inline span of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// Start in the block's text, bytes.
    pub start: u32,
    /// End in the block's text, bytes.
    pub end: u32,
    /// The `a`, `b`… element.
    pub element: ElementId,
}

/// The stored form of a block.
#[derive(Debug, Clone, Default)]
pub(crate) struct BlockData {
    /// Range in the page's text, bytes.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Range in the page's spans.
    pub(crate) spans: (u32, u32),
    /// The block-level element that holds the block.
    pub(crate) element: ElementId,
    /// The innermost element of the block's first word.
    pub(crate) inner: ElementId,
    pub(crate) kind: BlockKind,
    /// First and last line of a plain-text page, from 1; 0 for HTML.
    pub(crate) lines: (u32, u32),
    /// Inline things seen inside.
    pub(crate) inline: Inline,
}

/// Counts of inline things in a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inline {
    /// Characters inside links.
    pub link_chars: u32,
    /// Links.
    pub links: u16,
    /// Characters in bold text.
    pub bold_chars: u32,
    /// Images.
    pub images: u16,
    /// Line breaks.
    pub breaks: u16,
}

/// A view of one block of a page.
#[derive(Debug, Clone, Copy)]
pub struct Block<'p> {
    pub(crate) page: &'p Page,
    pub(crate) index: usize,
}

impl<'p> Block<'p> {
    fn data(&self) -> &'p BlockData {
        #[expect(clippy::indexing_slicing, reason = "views are made by Page for its own indexes")]
        &self.page.blocks[self.index]
    }

    /// The block's index in the page.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The text: white space collapsed but for line breaks of `br` and preformatted text. A line of a
    /// plain-text page is the input's own, without its indentation and line end.
    pub fn text(&self) -> &'p str {
        let data = self.data();
        self.page.text.get(data.start as usize..data.end as usize).unwrap_or_default()
    }

    /// What the block is by its markup.
    pub fn kind(&self) -> BlockKind {
        self.data().kind
    }

    /// Links, bold text and the like, in order.
    pub fn spans(&self) -> &'p [Span] {
        let (start, end) = self.data().spans;
        self.page.spans.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The target of a link span, as written in the page.
    pub fn href(&self, span: &Span) -> Option<&'p str> {
        self.page.attr(span.element, super::AttrName::Href)
    }

    /// The element that holds the block; none on a plain-text page.
    pub fn element(&self) -> Option<&'p Element> {
        self.page.element(self.data().element)
    }

    /// The id of the element that holds the block.
    pub fn element_id(&self) -> ElementId {
        self.data().element
    }

    /// The innermost element of the block's first word: the element itself or an inline element in it.
    pub fn inner_id(&self) -> ElementId {
        self.data().inner
    }

    /// First and last line of the input, from 1, on a plain-text page; the pieces of a long line have the same.
    pub fn lines(&self) -> Option<(u32, u32)> {
        let (first, last) = self.data().lines;
        (first > 0).then_some((first, last))
    }

    /// Counts of inline things.
    pub fn inline(&self) -> Inline {
        self.data().inline
    }

    /// The chain of elements from `html` down to the block, as `body/div#main/p`.
    pub fn path(&self) -> String {
        self.page.path(self.data().element)
    }
}
