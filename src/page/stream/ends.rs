//! End tags.

use super::Active;
use super::Stream;
use crate::page::element::{ElementId, Tag};
use crate::page::stack::{Scope, Space, is_formatting, is_heading, is_plain_block, is_special, name_hash};
use crate::page::tokenizer::TagName;

impl<'s> Stream<'s> {
    pub(super) fn end(&mut self, name: TagName<'s>) {
        // an integration point takes text and start tags by HTML's rules, but no end tags
        if self.stack.top().is_some_and(|open| open.space != Space::Html) {
            if !matches!(name.tag, Tag::P | Tag::Br) {
                return self.end_foreign(name);
            }
            self.pop_foreign();
        }
        self.end_html(name);
    }

    pub(super) fn end_html(&mut self, name: TagName<'s>) {
        let tag = name.tag;
        if self.in_head
            && !matches!(tag, Tag::Head | Tag::Body | Tag::Html | Tag::Br | Tag::Noscript | Tag::Template)
        {
            return;
        }
        match tag {
            Tag::Head | Tag::Body | Tag::Html => self.in_head = false,
            Tag::P => self.end_paragraph(),
            Tag::Br => self.start_break(),
            Tag::Li => self.end_in_scope(tag, Scope::ListItem),
            Tag::Form => self.end_form(),
            Tag::Dd | Tag::Dt | Tag::Button | Tag::Select | Tag::Applet | Tag::Marquee | Tag::Object => {
                self.end_in_scope(tag, Scope::Default);
            }
            Tag::Template => self.end_template(),
            Tag::Table
            | Tag::Tbody
            | Tag::Tfoot
            | Tag::Thead
            | Tag::Tr
            | Tag::Td
            | Tag::Th
            | Tag::Caption => {
                self.end_in_scope(tag, Scope::Table);
            }
            _ if is_heading(tag) => self.end_heading(),
            _ if is_plain_block(tag) => self.end_in_scope(tag, Scope::Default),
            _ if is_formatting(tag) => self.end_formatting(name),
            _ => self.end_any(name),
        }
    }

    pub(super) fn end_paragraph(&mut self) {
        match self.stack.has(Scope::Button, Tag::P) {
            Some(at) => self.pop_to(at),
            None => self.builder.boundary(),
        }
    }

    pub(super) fn end_in_scope(&mut self, tag: Tag, scope: Scope) {
        if let Some(at) = self.stack.has(scope, tag) {
            self.pop_to(at);
        }
    }

    pub(super) fn end_heading(&mut self) {
        if let Some(at) = self.stack.in_scope(Scope::Default, |open| is_heading(open.tag)) {
            self.pop_to(at);
        }
    }

    pub(super) fn end_template(&mut self) {
        if let Some(at) = self.stack.open.iter().rposition(|open| open.tag == Tag::Template) {
            self.pop_to(at);
        }
    }

    pub(super) fn end_form(&mut self) {
        if !self.form_open && !self.has_template() {
            return;
        }
        self.form_open = false;
        if let Some(at) = self.stack.has(Scope::Default, Tag::Form) {
            self.imply_ends(None);
            if at + 1 == self.stack.open.len() {
                self.pop();
            } else if at < self.stack.open.len() {
                // What is open inside stays inside, so no block ends here.
                self.stack.open.remove(at);
            }
        }
    }

    pub(super) fn has_template(&self) -> bool {
        self.stack.open.iter().any(|open| open.tag == Tag::Template)
    }

    /// The adoption agency, without its clones: elements opened inside stay open and are opened again.
    pub(super) fn end_formatting(&mut self, name: TagName<'s>) {
        let hash = name_hash(name.name.as_bytes());
        if self.stack.top().is_some_and(|o| o.name == hash && !self.is_active(o.id)) {
            return self.pop();
        }
        let wanted = self
            .active
            .iter()
            .rposition(|entry| !matches!(entry, Active::Element { open, .. } if open.name != hash));
        let Some(Active::Element { open, .. }) = wanted.and_then(|at| self.active.get(at)).copied() else {
            return self.end_any(name);
        };
        let Some(at) = self.stack.open.iter().rposition(|o| o.id == open.id) else {
            return self.deactivate(open.id);
        };
        if self.stack.in_scope(Scope::Default, |o| o.id == open.id).is_none() {
            return;
        }
        self.deactivate(open.id);
        let furthest = self.stack.open.iter().skip(at + 1).position(is_special);
        match furthest {
            None => self.pop_to(at),
            Some(offset) => {
                let above =
                    at.checked_sub(1).and_then(|at| self.stack.get(at)).map_or(ElementId(1), |o| o.id);
                if let Some(block) = self.stack.get(at + 1 + offset).copied() {
                    self.builder.rehang(block.id, above);
                }
                for _ in 0..=offset {
                    self.remove(at);
                }
            }
        }
    }

    pub(super) fn is_active(&self, id: ElementId) -> bool {
        self.active.iter().any(|entry| matches!(entry, Active::Element { open, .. } if open.id == id))
    }

    pub(super) fn deactivate(&mut self, id: ElementId) {
        self.active.retain(|entry| !matches!(entry, Active::Element { open, .. } if open.id == id));
    }

    pub(super) fn end_any(&mut self, name: TagName<'s>) {
        let hash = name_hash(name.name.as_bytes());
        for at in (0..self.stack.open.len()).rev() {
            let Some(open) = self.stack.get(at).copied() else { return };
            if open.space == Space::Html && open.name == hash && at > 1 {
                return self.pop_to(at);
            }
            if is_special(&open) {
                return;
            }
        }
    }
}
