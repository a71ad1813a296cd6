//! The streaming front end: tags → open elements → blocks, without a tree.
//!
//! It follows the WHATWG tree construction rules as far as they change which block a text belongs to and which
//! elements stand above it. Left out on purpose: clones of misnested formatting elements around a furthest
//! block (the block is hung one level up instead), the place of text fostered out of a table (it becomes a
//! block of its own), frames. `tests/front_end.rs` compares the blocks with those of the standard's tree.

mod ends;
mod foreign;
mod math;
mod tables;

use super::Page;
use super::builder::{Builder, is_block};
use super::content::attr_value;
use super::element::{AttrName, ElementId, Tag, TagSet, tag_set};
use super::limits::{Limit, Limits};
use super::stack::{
    ANNOTATION, ANNOTATION_XML, Open, Scope, Space, Stack, breaks_out, is_formatting, is_heading,
    is_implied_end, is_integration_point, is_plain_block, is_special, name_hash,
};
use super::tokenizer::{RawText, TagName, Token, Tokenizer};

/// A formatting element that is still wanted after an element around it was closed.
#[derive(Debug, Clone, Copy)]
enum Active {
    Element {
        open: Open,
        attrs: (u32, u32),
    },
    /// The start of a table cell, caption or object: formatting from outside does not reach in.
    Marker,
}

/// At most so many equal formatting elements are opened again (the standard's Noah's Ark clause).
const EQUAL_FORMATTING: usize = 3;

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the standard's parser, and they are independent"
)]
struct Stream<'s> {
    tokens: Tokenizer<'s>,
    builder: Builder,
    stack: Stack,
    active: Vec<Active>,
    limits: Limits,
    quirks: bool,
    in_head: bool,
    form_open: bool,
    unseen: usize,
    /// SVG and MathML elements that are open.
    islands: usize,
    /// Whether a formula in MathML was read.
    has_formula: bool,
    /// Whether the source has a NUL anywhere.
    has_nul: bool,
}

/// Segments a page.
pub(super) fn segment(source: &str, limits: Limits) -> Page {
    let mut stream = Stream::new(source, limits);
    stream.run();
    stream.builder.finish()
}

impl<'s> Stream<'s> {
    fn new(source: &'s str, limits: Limits) -> Self {
        let mut stream = Self {
            tokens: Tokenizer::new(source),
            builder: Builder::new(limits),
            stack: Stack::default(),
            active: Vec::new(),
            limits,
            quirks: true,
            in_head: true,
            form_open: false,
            unseen: 0,
            islands: 0,
            has_formula: false,
            has_nul: memchr::memchr(0, source.as_bytes()).is_some(),
        };
        for (id, tag) in [(ElementId(0), Tag::Html), (ElementId(1), Tag::Body)] {
            stream.stack.open.push(Open::new(id, tag, 0, Space::Html));
        }
        stream
    }

    /// Reads the whole source.
    fn run(&mut self) {
        while !self.builder.is_full() && self.advance() {}
    }

    /// Reads one token; whether there was one. It looks at each open element and each active formatting element
    /// a bounded number of times, and there are at most as many of both as the depth allows.
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        let was_foreign = self.islands > 0;
        match token {
            Token::Text(text) => self.text(text),
            Token::Cdata(text) => self.cdata(text),
            Token::Start { name, self_closing } => self.start(name, self_closing),
            Token::End(name) => self.end(name),
            Token::Doctype { quirks } => self.quirks = quirks && self.in_head,
        }
        if was_foreign || self.islands > 0 {
            let foreign = self.stack.top().is_some_and(|open| open.space != Space::Html);
            self.tokens.set_foreign(foreign);
        }
        true
    }

    /// Text; a NUL in it is dropped, in SVG and MathML it is replaced.
    fn text(&mut self, text: &str) {
        if !self.has_nul {
            return self.text_run(text);
        }
        for (index, part) in text.split('\0').enumerate() {
            if index > 0 && self.in_foreign() {
                self.text_run("\u{FFFD}");
            }
            if !part.is_empty() {
                self.text_run(part);
            }
        }
    }

    fn text_run(&mut self, text: &str) {
        if self.in_head && !text.trim_ascii().is_empty() {
            self.leave_head();
        }
        if self.unseen > 0 {
            return;
        }
        let blank = text.trim_ascii().is_empty();
        if !blank {
            if self.in_table_structure() {
                return self.fostered_text(text);
            }
            self.reconstruct();
        }
        let at = self.stack.top().map_or(ElementId(1), |open| open.id);
        self.builder.text(text, at);
    }

    fn cdata(&mut self, text: &str) {
        if self.unseen == 0 {
            let at = self.stack.top().map_or(ElementId(1), |open| open.id);
            self.builder.plain_text(text, at);
        }
    }

    /// Whether the current node is a part of a table that may not hold text.
    fn in_table_structure(&self) -> bool {
        matches!(
            self.stack.top_tag(),
            Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr | Tag::Colgroup
        )
    }

    fn table_parent(&self) -> ElementId {
        let table = self.stack.open.iter().rposition(|open| open.tag == Tag::Table);
        table
            .and_then(|at| at.checked_sub(1))
            .and_then(|at| self.stack.get(at))
            .map_or(ElementId(1), |open| open.id)
    }

    fn fostered_text(&mut self, text: &str) {
        self.builder.boundary();
        let at = self.table_parent();
        self.builder.text(text, at);
        self.builder.boundary();
    }

    fn leave_head(&mut self) {
        self.in_head = false;
        if let Some(at) = self.stack.open.iter().position(|open| open.tag == Tag::Noscript) {
            self.pop_to(at);
        }
    }

    fn start(&mut self, name: TagName<'s>, self_closing: bool) {
        if self.in_foreign() {
            if breaks_out(name.tag) || name.tag == Tag::Font && self.tokens.styles_font() {
                self.pop_foreign();
            } else {
                return self.start_foreign(name, self_closing);
            }
        }
        let tag = name.tag;
        if self.in_head && !belongs_in_head(tag) {
            self.leave_head();
        }
        match tag {
            Tag::Html => self.builder.set_attrs(ElementId(0), self.tokens.attrs()),
            Tag::Body => self.builder.set_attrs(ElementId(1), self.tokens.attrs()),
            Tag::Head | Tag::Frame | Tag::Frameset => {}
            Tag::Meta | Tag::Link | Tag::Base | Tag::Basefont | Tag::Bgsound => {
                self.builder.head_data(tag, self.tokens.attrs());
            }
            Tag::Title
            | Tag::Textarea
            | Tag::Script
            | Tag::Style
            | Tag::Xmp
            | Tag::Iframe
            | Tag::Noembed
            | Tag::Noframes => self.start_raw(name),
            Tag::Br => self.start_break(),
            Tag::Svg | Tag::Math => self.start_island(name, self_closing),
            Tag::Table
            | Tag::Caption
            | Tag::Colgroup
            | Tag::Col
            | Tag::Tbody
            | Tag::Tfoot
            | Tag::Thead
            | Tag::Tr
            | Tag::Td
            | Tag::Th => self.start_table_part(name),
            _ if is_void(tag) => self.start_void(name),
            Tag::Time => {
                if let Some(datetime) = self.attr(AttrName::DateTime) {
                    self.builder.time(datetime, self.attr(AttrName::ItemProp).unwrap_or_default());
                }
                self.start_ordinary(name);
            }
            _ => self.start_ordinary(name),
        }
    }

    fn start_ordinary(&mut self, name: TagName<'s>) {
        let tag = name.tag;
        match tag {
            _ if is_plain_block(tag) => self.close_paragraph(),
            _ if is_heading(tag) => {
                self.close_paragraph();
                if is_heading(self.stack.top_tag()) {
                    self.pop();
                }
            }
            Tag::P | Tag::Plaintext => self.close_paragraph(),
            Tag::Form => {
                if self.form_open && !self.has_template() {
                    return;
                }
                self.form_open = true;
                self.close_paragraph();
            }
            Tag::Li | Tag::Dd | Tag::Dt => {
                self.close_item(tag);
                self.close_paragraph();
            }
            Tag::Button => {
                if let Some(at) = self.stack.has(Scope::Default, Tag::Button) {
                    self.imply_ends(None);
                    self.pop_to(at);
                }
                self.reconstruct();
            }
            Tag::A => self.start_link(),
            Tag::Nobr => {
                self.reconstruct();
                if self.stack.has(Scope::Default, Tag::Nobr).is_some() {
                    self.end_formatting(TagName { tag, name: "nobr" });
                    self.reconstruct();
                }
            }
            Tag::Option | Tag::Optgroup => self.start_option(tag),
            Tag::Select => {
                if let Some(at) = self.stack.has(Scope::Default, Tag::Select) {
                    return self.pop_to(at);
                }
                self.reconstruct();
            }
            Tag::Rb | Tag::Rtc | Tag::Rp | Tag::Rt => {
                if self.stack.has(Scope::Default, Tag::Ruby).is_some() {
                    self.imply_ends((tag == Tag::Rp || tag == Tag::Rt).then_some(Tag::Rtc));
                }
            }
            Tag::Template | Tag::Noscript => {}
            _ => self.reconstruct(),
        }
        self.open_element(name, Space::Html);
    }

    fn open_element(&mut self, name: TagName<'s>, space: Space) {
        let Some(open) = self.push(name, space) else { return };
        match name.tag {
            Tag::Applet | Tag::Marquee | Tag::Object | Tag::Template | Tag::Td | Tag::Th | Tag::Caption => {
                self.active.push(Active::Marker);
            }
            tag if is_formatting(tag) => self.activate(open),
            Tag::Plaintext => {
                let text = self.tokens.raw_text("plaintext", RawText::ToEnd);
                self.builder.plain_text(text, open.id);
            }
            _ => {}
        }
    }

    /// Opens an element, unless it would be too deep.
    fn push(&mut self, name: TagName<'s>, space: Space) -> Option<Open> {
        let parent = self.insertion_parent(name.tag);
        let id = if self.unseen > 0 && space != Space::Html {
            parent
        } else {
            self.builder.element(parent, name.tag, self.tokens.attrs())
        };
        let hash = name_hash(name.name.as_bytes());
        let mut open = Open::new(id, name.tag, hash, space);
        open.unseen = is_unseen(name.tag, hash, space)
            || name.tag == Tag::Span && self.draws_formula(self.tokens.attrs());
        open.holds_html =
            is_integration_point(&open) && (hash != ANNOTATION_XML || self.tokens.encodes_html());
        self.push_open(open).then_some(open)
    }

    /// Opens an element; whether it was not too deep.
    fn push_open(&mut self, open: Open) -> bool {
        if self.stack.open.len() >= self.limits.depth() {
            self.builder.limit(Limit::Depth);
            if is_block(open.tag) {
                self.builder.boundary();
            }
            return false;
        }
        if open.space == Space::Html {
            self.builder.enter(open.id, open.tag);
        } else {
            self.islands += 1;
        }
        self.unseen += usize::from(open.unseen);
        self.stack.open.push(open);
        true
    }

    /// The element that a new one hangs below: outside the table when it does not belong in one.
    fn insertion_parent(&self, tag: Tag) -> ElementId {
        let fostered =
            self.in_table_structure() && !is_table_part(tag) && tag != Tag::Form && tag != Tag::Template;
        if fostered {
            return self.table_parent();
        }
        self.stack.top().map_or(ElementId(1), |open| open.id)
    }

    fn activate(&mut self, open: Open) {
        let attrs = self.builder.page.element(open.id).map_or((0, 0), |element| element.attrs);
        let mut equal = 0;
        for at in (0..self.active.len()).rev() {
            match self.active.get(at) {
                Some(Active::Element { open: other, .. })
                    if other.name == open.name && self.same_attrs(other.id, open.id) =>
                {
                    equal += 1;
                    if equal == EQUAL_FORMATTING {
                        self.active.remove(at);
                        break;
                    }
                }
                Some(Active::Element { .. }) => {}
                _ => break,
            }
        }
        self.active.push(Active::Element { open, attrs });
    }

    fn same_attrs(&self, a: ElementId, b: ElementId) -> bool {
        self.builder.page.attributes(a).eq(self.builder.page.attributes(b))
    }

    /// Opens again the formatting elements that were closed by an element around them.
    fn reconstruct(&mut self) {
        let is_open = |entry: &Active, stack: &Stack| match entry {
            Active::Marker => true,
            Active::Element { open, .. } => stack.open.iter().rev().any(|o| o.id == open.id),
        };
        let Some(last) = self.active.last() else { return };
        // At the full depth nothing is opened, and looking for it would cost the depth for every text.
        if self.stack.open.len() >= self.limits.depth() || is_open(last, &self.stack) {
            return;
        }
        let first = self.active.iter().rposition(|entry| is_open(entry, &self.stack)).map_or(0, |at| at + 1);
        for at in first..self.active.len() {
            let Some(Active::Element { open, attrs }) = self.active.get(at).copied() else { continue };
            if self.stack.open.len() >= self.limits.depth() {
                return;
            }
            let parent = self.insertion_parent(open.tag);
            let id = self.builder.element(parent, open.tag, &[]);
            if let Some(element) = self.builder.page.elements.get_mut(id.0 as usize).filter(|_| id != parent)
            {
                element.attrs = attrs;
            }
            let open = Open { id, ..open };
            self.push_open(open);
            if let Some(entry) = self.active.get_mut(at) {
                *entry = Active::Element { open, attrs };
            }
        }
    }

    fn close_paragraph(&mut self) {
        if let Some(at) = self.stack.has(Scope::Button, Tag::P) {
            self.pop_to(at);
        }
    }

    /// Closes the open item that a new `li`, `dd` or `dt` ends.
    fn close_item(&mut self, tag: Tag) {
        for at in (0..self.stack.open.len()).rev() {
            let Some(open) = self.stack.get(at).copied() else { return };
            let same =
                if tag == Tag::Li { open.tag == Tag::Li } else { matches!(open.tag, Tag::Dd | Tag::Dt) };
            if same && open.space == Space::Html {
                return self.pop_to(at);
            }
            if is_special(&open) && !matches!(open.tag, Tag::Address | Tag::Div | Tag::P) {
                return;
            }
        }
    }

    fn start_link(&mut self) {
        let active = self
            .active
            .iter()
            .rposition(|entry| !matches!(entry, Active::Element { open, .. } if open.tag != Tag::A));
        if let Some(Active::Element { open, .. }) = active.and_then(|at| self.active.get(at)).copied() {
            self.end_formatting(TagName { tag: Tag::A, name: "a" });
            self.active
                .retain(|entry| !matches!(entry, Active::Element { open: other, .. } if other.id == open.id));
            if let Some(at) = self.stack.open.iter().rposition(|o| o.id == open.id) {
                self.remove(at);
            }
        }
        self.reconstruct();
    }

    fn start_option(&mut self, tag: Tag) {
        if self.stack.top_tag() == Tag::Option {
            self.pop();
        }
        if tag == Tag::Optgroup && self.stack.top_tag() == Tag::Optgroup {
            self.pop();
        }
        self.reconstruct();
    }

    fn start_void(&mut self, name: TagName<'s>) {
        match name.tag {
            Tag::Hr => self.close_paragraph(),
            Tag::Param | Tag::Source | Tag::Track => {}
            _ => self.reconstruct(),
        }
        if let Some(at) = self.stack.has(Scope::Default, Tag::Select).filter(|_| name.tag == Tag::Input) {
            self.pop_to(at);
        }
        if self.unseen == 0 {
            self.builder.void_element(name.tag);
        }
    }

    fn start_break(&mut self) {
        self.reconstruct();
        if self.unseen == 0 {
            self.builder.line_break();
        }
    }

    fn start_raw(&mut self, name: TagName<'s>) {
        if name.tag == Tag::Xmp {
            self.close_paragraph();
            self.reconstruct();
        }
        let kind = if name.tag == Tag::Script { RawText::Script } else { RawText::Plain };
        let text = self.tokens.raw_text(name.name, kind);
        let seen = self.unseen == 0 || name.tag != Tag::Xmp;
        let at = self.stack.top().map_or(ElementId(1), |open| open.id);
        self.builder.raw_element(at, name.tag, self.tokens.attrs(), seen.then_some(text));
    }

    fn attr(&self, name: AttrName) -> Option<&'s str> {
        attr_value(self.tokens.attrs(), name)
    }

    fn imply_ends(&mut self, but: Option<Tag>) {
        while self.stack.open.len() > 2
            && is_implied_end(self.stack.top_tag())
            && Some(self.stack.top_tag()) != but
        {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if self.stack.open.len() <= 2 {
            return;
        }
        let Some(open) = self.stack.open.pop() else { return };
        self.close(&open);
    }

    fn close(&mut self, open: &Open) {
        if open.grouped {
            self.write_sign(")", *open);
        }
        self.unseen -= usize::from(open.unseen);
        if open.space == Space::Html {
            self.builder.leave(open.id, open.tag);
        } else {
            self.islands -= 1;
        }
        if open.tag == Tag::Form {
            self.form_open = false;
        }
        if {
            const SET: TagSet = tag_set!(
                Applet Marquee Object Template Td Th Caption
            );
            SET.has(open.tag)
        } && open.space == Space::Html
        {
            let marker = self.active.iter().rposition(|entry| matches!(entry, Active::Marker));
            self.active.truncate(marker.unwrap_or(0));
        }
    }

    /// Closes everything down to and with the element at `at`.
    fn pop_to(&mut self, at: usize) {
        while self.stack.open.len() > at.max(2) {
            self.pop();
        }
    }

    /// Closes everything above the element at `at`.
    fn pop_above(&mut self, at: usize) {
        self.pop_to(at + 1);
    }

    /// Closes one element in the middle.
    fn remove(&mut self, at: usize) {
        if at >= 2 && at < self.stack.open.len() {
            let open = self.stack.open.remove(at);
            self.close(&open);
        }
    }
}

/// Elements whose text a reader does not see.
fn is_unseen(tag: Tag, name: u32, space: Space) -> bool {
    match space {
        Space::Svg => tag == Tag::Svg,
        Space::MathMl => name == ANNOTATION || name == ANNOTATION_XML,
        Space::Html => matches!(tag, Tag::Canvas | Tag::Object),
    }
}

fn is_void(tag: Tag) -> bool {
    const SET: TagSet = tag_set!(
        Area Embed Hr Img Image Input Param Source Track Wbr
    );
    SET.has(tag)
}

fn is_table_part(tag: Tag) -> bool {
    const SET: TagSet = tag_set!(
        Table Caption Colgroup Col Tbody Tfoot Thead Tr Td Th
    );
    SET.has(tag)
}

fn belongs_in_head(tag: Tag) -> bool {
    const SET: TagSet = tag_set!(
        Html Head Meta Link Base Basefont Bgsound Title Script Style Noframes Noscript
        Template
    );
    SET.has(tag)
}

#[cfg(test)]
mod tests;
