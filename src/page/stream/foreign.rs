//! Islands of SVG and MathML.

use super::Stream;
use crate::page::element::Tag;
use crate::page::stack::{Space, name_hash};
use crate::page::tokenizer::TagName;

impl<'s> Stream<'s> {
    pub(super) fn in_foreign(&self) -> bool {
        self.stack.top().is_some_and(|open| open.space != Space::Html && !open.holds_html)
    }

    pub(super) fn start_island(&mut self, name: TagName<'s>, self_closing: bool) {
        self.reconstruct();
        let space = if name.tag == Tag::Svg { Space::Svg } else { Space::MathMl };
        self.has_formula |= space == Space::MathMl;
        if self.push(name, space).is_some() && self_closing {
            self.pop();
        }
    }

    pub(super) fn start_foreign(&mut self, name: TagName<'s>, self_closing: bool) {
        let space =
            if name.tag == Tag::Svg { Space::Svg } else { self.stack.top().map_or(Space::Svg, |o| o.space) };
        let whole = self.stack.top().copied();
        let sign = self.start_part();
        if let Some(whole) = whole {
            self.write_sign(sign, whole);
        }
        let Some(part) = self.push(name, space) else { return };
        self.group(part, whole);
        if self_closing {
            self.pop();
        }
    }

    /// An end tag in an island closes the nearest element of its name there; if there is none, it is HTML's.
    pub(super) fn end_foreign(&mut self, name: TagName<'s>) {
        let hash = name_hash(name.name.as_bytes());
        for at in (2..self.stack.open.len()).rev() {
            match self.stack.get(at) {
                Some(open) if open.space == Space::Html => break,
                Some(open) if open.name == hash => return self.pop_to(at),
                _ => {}
            }
        }
        self.end_html(name);
    }

    pub(super) fn pop_foreign(&mut self) {
        while self.in_foreign() {
            self.pop();
        }
    }
}
