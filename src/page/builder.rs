//! Elements and text, in document order → the blocks of a [`Page`].
//!
//! The front end (`stream`) calls [`Builder::element`], [`Builder::enter`], [`Builder::text`] and [`Builder::leave`]
//! in the order of the source. A block ends where a block-level element starts or ends and
//! at two line breaks in a row.

use super::Page;
use super::block::{BlockData, BlockKind, Inline, Span, SpanKind};
use super::element::{Attr, AttrName, Element, ElementId, Tag, TagSet, tag_set};
use super::entities::{self, Place};
use super::json_ld::state;
use super::limits::{Limit, Limits};
use super::metadata::MetaCollector;
use super::parts::Parts;
use super::tokenizer::RawAttr;
use super::traces::{Notes, Traces};

/// A page that shows fewer bytes of text is a shell.
const BARE: usize = 600;

/// What the blocks inside an element inherit from it.
#[derive(Debug, Clone, Copy, Default)]
struct Inherited {
    /// The nearest block-level element.
    holder: ElementId,
    /// The element itself.
    inner: ElementId,
    kind: BlockKind,
    list_depth: u8,
    preformatted: bool,
    /// The nearest list, table or row, and how many items, rows or cells it had.
    list: ElementId,
    table: u32,
    row: ElementId,
    count: u16,
}

/// White space that waits for the next word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    /// An inline element ended and the next one began with nothing between: a blank if both are words.
    Joint,
    Space,
    Break,
}

#[derive(Debug)]
struct OpenSpan {
    kind: SpanKind,
    element: ElementId,
    start: u32,
}

#[derive(Debug)]
pub(super) struct Builder {
    pub(super) page: Page,
    pub(super) limits: Limits,
    inherited: Vec<Inherited>,
    tables: u32,
    rows: u32,
    pub(super) block: BlockData,
    pub(super) gap: Gap,
    inline_ended: bool,
    open_spans: Vec<OpenSpan>,
    block_spans: Vec<Span>,
    decoded: String,
    collector: MetaCollector,
    ld_texts: Vec<String>,
    /// Scripts that hold the page's state, while no text is shown.
    states: Vec<String>,
    pub(super) notes: Notes,
    pub(super) parts: Parts,
}

impl Builder {
    /// A builder whose page has the elements `html` (0) and `body` (1).
    pub(super) fn new(limits: Limits) -> Self {
        let mut builder = Self {
            page: Page::default(),
            limits,
            inherited: Vec::new(),
            tables: 0,
            rows: 0,
            block: BlockData::default(),
            gap: Gap::None,
            inline_ended: false,
            open_spans: Vec::new(),
            block_spans: Vec::new(),
            decoded: String::new(),
            collector: MetaCollector::default(),
            ld_texts: Vec::new(),
            states: Vec::new(),
            notes: Notes::default(),
            parts: Parts::default(),
        };
        builder.element(ElementId(0), Tag::Html, &[]);
        builder.element(ElementId(0), Tag::Body, &[]);
        builder
    }

    /// Whether a limit was met and nothing more is taken.
    pub(super) fn is_full(&self) -> bool {
        matches!(self.page.source.limit, Some(Limit::Elements | Limit::Blocks))
    }

    /// Notes the first limit that was met.
    pub(super) fn limit(&mut self, limit: Limit) {
        if self.page.source.limit.is_none() || limit != Limit::Depth {
            self.page.source.limit = Some(limit);
        }
    }

    /// Adds an element below `parent`. Past the limit of elements it gives the parent.
    pub(super) fn element(&mut self, parent: ElementId, tag: Tag, attrs: &[RawAttr]) -> ElementId {
        if self.page.elements.len() >= self.limits.elements() {
            self.limit(Limit::Elements);
            return parent;
        }
        let id = ElementId(self.page.elements.len() as u32);
        let depth = self.page.element(parent).map_or(0, |above| above.depth.saturating_add(1));
        let attrs = self.keep(attrs);
        self.page.elements.push(Element { parent, tag, depth, attrs });
        let inherited = self.inherit(id, parent, tag);
        self.inherited.push(inherited);
        id
    }

    /// Gives `html` or `body`, which exist from the start, the attributes of their tag.
    pub(super) fn set_attrs(&mut self, id: ElementId, attrs: &[RawAttr]) {
        let kept = self.keep(attrs);
        if let Some(element) = self.page.elements.get_mut(id.0 as usize).filter(|e| e.attrs.0 == e.attrs.1) {
            element.attrs = kept;
        }
    }

    /// Hangs an element below another parent: misnested formatting was closed around it.
    pub(super) fn rehang(&mut self, id: ElementId, parent: ElementId) {
        if let Some(element) = self.page.elements.get_mut(id.0 as usize) {
            element.parent = parent;
        }
    }

    fn keep(&mut self, attrs: &[RawAttr]) -> (u32, u32) {
        let first = self.page.attr_list.len() as u32;
        for attr in attrs {
            let start = self.page.attrs.len() as u32;
            entities::decode_into(attr.value, Place::Attribute, &mut self.page.attrs);
            self.page.attr_list.push(Attr { name: attr.name, start, end: self.page.attrs.len() as u32 });
        }
        (first, self.page.attr_list.len() as u32)
    }

    fn inherit(&mut self, id: ElementId, parent: ElementId, tag: Tag) -> Inherited {
        let mut own = self.inherited.get(parent.0 as usize).copied().unwrap_or_default();
        own.count = 0;
        if is_block(tag) {
            own.holder = id;
        }
        match tag {
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                own.kind = BlockKind::Heading(tag as u8 - Tag::H1 as u8 + 1);
            }
            Tag::Ul | Tag::Ol | Tag::Menu => {
                own.list = id;
                own.list_depth = own.list_depth.saturating_add(1);
                own.count = self.page.attr(id, AttrName::Start).and_then(|s| s.parse().ok()).unwrap_or(1);
            }
            Tag::Li => own.kind = self.list_item(&own),
            Tag::Table => {
                self.tables += 1;
                own.table = self.tables;
            }
            Tag::Tr => {
                self.rows += 1;
                own.row = id;
                own.kind = BlockKind::Cell { row: self.rows, table: own.table, column: 0, header: false };
            }
            Tag::Td | Tag::Th => own.kind = self.cell(&own, tag == Tag::Th),
            Tag::Pre | Tag::Listing | Tag::Plaintext | Tag::Xmp => {
                own.kind = BlockKind::Code;
                own.preformatted = true;
            }
            Tag::Caption | Tag::Figcaption => own.kind = BlockKind::Caption,
            Tag::Blockquote if own.kind == BlockKind::Paragraph => own.kind = BlockKind::Quote,
            Tag::Button | Tag::Option | Tag::Select | Tag::Label | Tag::Summary => {
                own.kind = BlockKind::Control;
            }
            _ => {}
        }
        own
    }

    fn list_item(&mut self, own: &Inherited) -> BlockKind {
        let ordered = self.page.element(own.list).is_some_and(|list| list.tag == Tag::Ol);
        let list = self.inherited.get_mut(own.list.0 as usize);
        let ordinal = list.filter(|_| ordered).map(|list| {
            list.count = list.count.saturating_add(1);
            list.count - 1
        });
        BlockKind::ListItem { depth: own.list_depth.max(1), ordinal }
    }

    fn cell(&mut self, own: &Inherited, header: bool) -> BlockKind {
        let row = self.inherited.get_mut(own.row.0 as usize);
        let (column, kind) = row.map_or((0, own.kind), |row| {
            row.count = row.count.saturating_add(1);
            (row.count - 1, row.kind)
        });
        match kind {
            BlockKind::Cell { row, table, .. } => BlockKind::Cell { row, table, column, header },
            other => other,
        }
    }

    /// An element starts here.
    pub(super) fn enter(&mut self, id: ElementId, tag: Tag) {
        if is_block(tag) {
            self.boundary();
        } else if std::mem::take(&mut self.inline_ended) {
            self.gap = self.gap.max(Gap::Joint);
        }
        if let Some(kind) = span_kind(tag) {
            self.open_spans.push(OpenSpan { kind, element: id, start: self.page.text.len() as u32 });
        }
        self.enter_part(id, tag);
    }

    /// An element ends here.
    pub(super) fn leave(&mut self, id: ElementId, tag: Tag) {
        let marked = span_kind(tag).and_then(|_| self.open_spans.iter().rposition(|span| span.element == id));
        if let Some(at) = marked {
            let span = self.open_spans.remove(at);
            self.close_span(&span);
        }
        self.leave_part(id);
        if is_block(tag) {
            self.boundary();
        } else {
            self.inline_ended = true;
        }
    }

    fn close_span(&mut self, span: &OpenSpan) {
        let start = span.start.max(self.block.start);
        let end = self.page.text.len() as u32;
        if start < end {
            self.block_spans.push(Span { kind: span.kind, start, end, element: span.element });
        }
    }

    /// An image stands here.
    pub(super) fn image(&mut self) {
        self.block.inline.images = self.block.inline.images.saturating_add(1);
    }

    /// A `br`: a line break; the second one in a row ends the block.
    pub(super) fn line_break(&mut self) {
        if self.gap == Gap::Break {
            self.boundary();
        } else if self.page.text.len() as u32 > self.block.start {
            self.gap = Gap::Break;
            self.block.inline.breaks = self.block.inline.breaks.saturating_add(1);
        }
        self.inline_ended = false;
    }

    /// Text with character references, inside the element `at`.
    pub(super) fn text(&mut self, raw: &str, at: ElementId) {
        if memchr::memchr(b'&', raw.as_bytes()).is_none() {
            return self.plain_text(raw, at);
        }
        let mut decoded = std::mem::take(&mut self.decoded);
        decoded.clear();
        entities::decode_into(raw, Place::Text, &mut decoded);
        self.plain_text(&decoded, at);
        self.decoded = decoded;
    }

    /// Text without character references, inside the element `at`.
    pub(super) fn plain_text(&mut self, text: &str, at: ElementId) {
        let mut inherited = self.inherited.get(at.0 as usize).copied().unwrap_or_default();
        inherited.inner = at;
        if inherited.preformatted {
            self.preformatted(text, &inherited);
        } else {
            self.collapsed(text, &inherited);
        }
    }

    fn collapsed(&mut self, text: &str, inherited: &Inherited) {
        let mut rest = text;
        while !rest.is_empty() {
            let words = rest.trim_start_matches(is_blank);
            if words.len() < rest.len() {
                self.gap = self.gap.max(Gap::Space);
                self.inline_ended = false;
            }
            let (words, behind) = words.split_at_checked(words_end(words)).unwrap_or((words, ""));
            if !words.is_empty() {
                self.words(words, inherited);
            }
            rest = behind;
        }
    }

    fn preformatted(&mut self, text: &str, inherited: &Inherited) {
        let empty = self.page.text.len() as u32 == self.block.start;
        let text = if empty { text.trim_start_matches(['\n', '\r']) } else { text };
        if empty && text.trim().is_empty() {
            return;
        }
        self.begin(inherited);
        if std::mem::replace(&mut self.gap, Gap::None) == Gap::Break {
            self.page.text.push('\n');
        }
        self.page.text.push_str(&with_line_feeds(text));
    }

    fn begin(&mut self, inherited: &Inherited) {
        if self.page.text.len() as u32 == self.block.start {
            self.gap = Gap::None;
            self.block.element = inherited.holder;
            self.block.inner = inherited.inner;
            self.block.kind = inherited.kind;
        }
    }

    /// Adds words that have one space between them.
    fn words(&mut self, words: &str, inherited: &Inherited) {
        self.begin(inherited);
        match std::mem::replace(&mut self.gap, Gap::None) {
            Gap::Joint if joins_words(&self.page.text, words) => self.page.text.push(' '),
            Gap::None | Gap::Joint => {}
            Gap::Space => self.page.text.push(' '),
            Gap::Break => self.page.text.push('\n'),
        }
        self.inline_ended = false;
        self.page.text.push_str(words);
    }

    /// Ends the block.
    pub(super) fn boundary(&mut self) {
        self.gap = Gap::None;
        self.inline_ended = false;
        let start = self.block.start as usize;
        let kept = self.page.text.get(start..).unwrap_or_default().trim_end().len();
        let kept = self.without_permalink(start, kept);
        self.page.text.truncate(start + kept);
        self.close_part();
        if kept == 0 {
            self.block.inline.breaks = 0;
            return;
        }
        if self.page.blocks.len() >= self.limits.blocks() {
            self.page.text.truncate(start);
            return self.limit(Limit::Blocks);
        }
        self.flush_spans();
        let end = self.page.text.len() as u32;
        let next = BlockData { start: end, end, ..BlockData::default() };
        let mut block = std::mem::replace(&mut self.block, next);
        block.end = end;
        self.page.blocks.push(block);
        self.part();
    }

    /// How much of a block is left without a link to itself at its end: `Installation ¶`.
    fn without_permalink(&self, start: usize, kept: usize) -> usize {
        let last = self.block_spans.last().filter(|span| span.kind == SpanKind::Link);
        let from = last.map_or(start, |span| span.start as usize);
        let (before, link) = (self.page.text.get(start..from), self.page.text.get(from..start + kept));
        match (before.map(str::trim_end), link.map(str::trim)) {
            (Some(before), Some(link)) if !before.is_empty() && PERMALINKS.contains(&link) => before.len(),
            _ => kept,
        }
    }

    /// Begins the next block at the end of the text.
    pub(super) fn go_on(&mut self) {
        let end = self.page.text.len() as u32;
        (self.block.start, self.block.end) = (end, end);
        for span in &mut self.open_spans {
            span.start = end;
        }
    }

    fn flush_spans(&mut self) {
        let open = std::mem::take(&mut self.open_spans);
        for span in &open {
            self.close_span(span);
        }
        self.open_spans = open;
        let end = self.page.text.len() as u32;
        let base = self.block.start;
        let first = self.page.spans.len() as u32;
        self.block_spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        for span in self.block_spans.drain(..).filter(|span| span.start < end) {
            let span = Span { start: span.start - base, end: span.end.min(end) - base, ..span };
            count_span(
                &mut self.block.inline,
                &span,
                self.page.text.get(base as usize..).unwrap_or_default(),
            );
            self.page.spans.push(span);
        }
        for span in &mut self.open_spans {
            span.start = end;
        }
        self.block.spans = (first, self.page.spans.len() as u32);
    }

    /// Adds text that the page does not show, a block a line.
    pub(super) fn pseudo(&mut self, kind: BlockKind, text: &str) {
        self.boundary();
        let inherited = Inherited { kind, ..Inherited::default() };
        for line in text.lines() {
            self.collapsed(line, &inherited);
            self.boundary();
        }
    }

    /// The raw text of a `title` element.
    pub(super) fn title(&mut self, raw: &str) {
        let decoded = decoded(raw, Place::Text);
        self.notes.title(raw, &decoded);
        self.collector.title(&decoded);
    }

    /// A `meta` element's name or property, and its content, as they stand in the source.
    pub(super) fn meta(&mut self, name: &str, content: &str) {
        self.collector.meta(name, &decoded(content, Place::Attribute));
    }

    /// A `link` element's relation and target, as they stand in the source.
    pub(super) fn link(&mut self, rel: &str, href: &str) {
        self.collector.link(rel, &decoded(href, Place::Attribute));
    }

    /// A `time` element's `datetime`, and its `itemprop`.
    pub(super) fn time(&mut self, datetime: &str, property: &str) {
        self.collector.time_element(datetime, property);
    }

    /// The source of a JSON-LD script.
    pub(super) fn json_ld(&mut self, source: &str) {
        self.ld_texts.extend(self.collector.json_ld(source));
    }

    /// Whether hardly any text was shown so far.
    fn is_bare(&self) -> bool {
        self.page.text.len() < BARE
    }

    /// The source of another script, of the type `kind`.
    pub(super) fn script(&mut self, kind: &str, source: &str) {
        if self.is_bare() && state::is_state(kind, source) {
            self.states.push(source.to_owned());
        }
    }

    /// Ends the last block, adds the text that the page does not show, and gives the page.
    pub(super) fn finish(mut self) -> Page {
        self.boundary();
        if let Some(lang) = self.page.attr(ElementId(0), AttrName::Lang) {
            self.collector.html_lang(lang);
        }
        let mut texts = std::mem::take(&mut self.ld_texts);
        if self.is_bare() && texts.iter().map(String::len).sum::<usize>() < BARE {
            texts.extend(state::texts(self.states.iter().map(String::as_str)));
        }
        for text in &texts {
            self.pseudo(BlockKind::JsonLd, text);
        }
        self.page.meta = std::mem::take(&mut self.collector).finish();
        if let Some(description) = self.page.meta.description.clone() {
            self.pseudo(BlockKind::Meta, &description);
        }
        self.page.traces = Traces::of(&self.page, self.notes);
        self.page
    }
}

/// What a link of a heading to itself is called, as Sphinx, `MkDocs` and Docusaurus write them.
const PERMALINKS: [&str; 4] = ["¶", "#", "§", "🔗"];

fn decoded(raw: &str, place: Place) -> String {
    let mut text = String::with_capacity(raw.len());
    entities::decode_into(raw, place, &mut text);
    text
}

/// Text with its line ends as the standard normalises them.
fn with_line_feeds(text: &str) -> std::borrow::Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text.into();
    }
    text.replace("\r\n", "\n").replace('\r', "\n").into()
}

pub(super) fn count_span(inline: &mut Inline, span: &Span, block: &str) {
    let text = block.get(span.start as usize..span.end as usize).unwrap_or_default();
    let chars = text.chars().count() as u32;
    match span.kind {
        SpanKind::Link => {
            inline.links = inline.links.saturating_add(1);
            inline.link_chars += chars;
        }
        SpanKind::Strong => inline.bold_chars += chars,
        SpanKind::Emphasis | SpanKind::Code | SpanKind::KeywordLink => {}
    }
}

/// White space that collapses: HTML's own and the no-break space.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{a0}')
}

/// Where a run of words ends that have one space between them.
fn words_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |(at, b): (usize, &u8)| match b {
        b' ' => text.get(at + 1..).and_then(|rest| rest.chars().next()).is_none_or(is_blank),
        b'\t' | b'\n' | b'\r' | b'\x0c' => true,
        // the no-break space is two bytes
        0xc2 => bytes.get(at + 1) == Some(&0xa0),
        _ => false,
    };
    bytes.iter().enumerate().position(ends).unwrap_or(text.len())
}

/// Whether two runs of text would become one word, which an inline boundary without a blank does not mean.
/// Chinese and Japanese need no blank.
fn joins_words(before: &str, after: &str) -> bool {
    let ends = before.chars().next_back().is_some_and(is_spaced);
    ends && after.chars().next().is_some_and(is_spaced)
}

fn is_spaced(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c as u32, 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3134f)
}

fn span_kind(tag: Tag) -> Option<SpanKind> {
    Some(match tag {
        Tag::A => SpanKind::Link,
        Tag::B | Tag::Strong => SpanKind::Strong,
        Tag::I | Tag::Em | Tag::Cite | Tag::Dfn => SpanKind::Emphasis,
        Tag::Code | Tag::Kbd | Tag::Samp | Tag::Tt => SpanKind::Code,
        _ => return None,
    })
}

/// Elements whose start and end are ends of blocks.
pub(super) fn is_block(tag: Tag) -> bool {
    {
        const SET: TagSet = tag_set!(
            Address Article Aside Blockquote Body Button Caption Center Col Colgroup Custom Dd
            Details Dialog Dir Div Dl Dt Fieldset Figcaption Figure Footer Form Frameset H1 H2
            H3 H4 H5 H6 Head Header Hgroup Hr Html Input Label Legend Li Listing Main Menu Nav
            Noscript Ol Optgroup Option P Plaintext Pre Search Section Select Summary Table
            Tbody Td Template Textarea Tfoot Th Thead Tr Ul Xmp
        );
        SET.has(tag)
    }
}
