//! Start tags of tables and their parts.

use super::Stream;
use crate::page::element::{ElementId, Tag};
use crate::page::stack::{Open, Scope, Space, name_hash};
use crate::page::tokenizer::TagName;

impl<'s> Stream<'s> {
    pub(super) fn start_table_part(&mut self, name: TagName<'s>) {
        if name.tag == Tag::Table {
            return self.start_table(name);
        }
        let Some(context) = self.table_context() else { return };
        match name.tag {
            Tag::Caption | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead => self.pop_above(context),
            Tag::Col => {
                self.pop_above(context);
                return;
            }
            Tag::Tr => self.clear_to_body(context),
            _ => self.clear_to_row(context),
        }
        self.open_element(name, Space::Html);
    }

    pub(super) fn start_table(&mut self, name: TagName<'s>) {
        if let Some(at) = self.stack.has(Scope::Table, Tag::Table).filter(|_| self.in_table_structure()) {
            self.pop_to(at);
        }
        if !self.quirks {
            self.close_paragraph();
        }
        self.open_element(name, Space::Html);
    }

    /// The place of the open table or template that a table part belongs to.
    pub(super) fn table_context(&self) -> Option<usize> {
        self.stack.open.iter().rposition(|open| matches!(open.tag, Tag::Table | Tag::Template))
    }

    /// Closes what is open up to the table's section, making one if the table has none.
    pub(super) fn clear_to_body(&mut self, context: usize) {
        let section =
            self.stack.open.iter().rposition(|o| matches!(o.tag, Tag::Tbody | Tag::Tfoot | Tag::Thead));
        if let Some(at) = section.filter(|at| *at > context) {
            return self.pop_above(at);
        }
        self.pop_above(context);
        self.imply(Tag::Tbody, context);
    }

    pub(super) fn clear_to_row(&mut self, context: usize) {
        let row = self.stack.open.iter().rposition(|open| open.tag == Tag::Tr);
        if let Some(at) = row.filter(|at| *at > context) {
            return self.pop_above(at);
        }
        self.clear_to_body(context);
        self.imply(Tag::Tr, context);
    }

    /// Opens a table part whose tag was left out; a template's content has none.
    pub(super) fn imply(&mut self, tag: Tag, context: usize) {
        if self.stack.get(context).is_some_and(|open| open.tag == Tag::Table) {
            let parent = self.stack.top().map_or(ElementId(1), |open| open.id);
            let id = self.builder.element(parent, tag, &[]);
            self.push_open(Open::new(id, tag, name_hash(tag.as_str().as_bytes()), Space::Html));
        }
    }
}
