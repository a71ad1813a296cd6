//! What a formula says by the place of its parts, written as signs: `s/t` for a fraction, which as text alone would read `st`.
//!
//! Names and the order of parts are those of MathML Core (W3C). A part of several elements stands in `(`…`)`.

use super::Stream;
use crate::page::element::AttrName;
use crate::page::stack::{Open, Space, name_hash};
use crate::page::tokenizer::RawAttr;

const MFRAC: u32 = name_hash(b"mfrac");
const MSUP: u32 = name_hash(b"msup");
const MSUB: u32 = name_hash(b"msub");
const MSUBSUP: u32 = name_hash(b"msubsup");
const MUNDER: u32 = name_hash(b"munder");
const MUNDEROVER: u32 = name_hash(b"munderover");
const MSQRT: u32 = name_hash(b"msqrt");
const MROW: u32 = name_hash(b"mrow");
const MTABLE: u32 = name_hash(b"mtable");
const MTR: u32 = name_hash(b"mtr");

/// The element in which `KaTeX` draws a formula that stands before it as MathML.
const DRAWN: &str = "katex-html";

impl Stream<'_> {
    /// Counts a part of the innermost open element of a formula; the sign that stands before it.
    pub(super) fn start_part(&mut self) -> &'static str {
        let Some(whole) = self.stack.open.last_mut().filter(|open| open.space == Space::MathMl) else {
            return "";
        };
        let before = whole.parts;
        whole.parts = before.saturating_add(1);
        match (whole.name, before) {
            (MFRAC, 1) => "/",
            (MSUB | MSUBSUP | MUNDER | MUNDEROVER, 1) => "_",
            (MSUP, 1) | (MSUBSUP | MUNDEROVER, 2) => "^",
            (MTABLE, 1..) => "; ",
            (MTR, 1..) => " ",
            _ => "",
        }
    }

    /// Opens the parentheses that a part needs; `whole` is what it is a part of.
    pub(super) fn group(&mut self, part: Open, whole: Option<Open>) {
        let sign = match part.name {
            MSQRT => "√(",
            MTABLE => "(",
            MROW if whole.is_some_and(|whole| whole.space == Space::MathMl && has_signs(whole.name)) => "(",
            _ => return,
        };
        self.write_sign(sign, part);
        if let Some(open) = self.stack.open.last_mut() {
            open.grouped = true;
        }
    }

    pub(super) fn write_sign(&mut self, sign: &str, at: Open) {
        if self.unseen == 0 && !sign.is_empty() {
            self.builder.plain_text(sign, at.id);
        }
    }

    /// Whether an element is the drawing of a formula that the page has said already.
    pub(super) fn draws_formula(&self, attrs: &[RawAttr<'_>]) -> bool {
        let is_drawing =
            |attr: &RawAttr<'_>| attr.name == AttrName::Class && attr.value.trim_ascii() == DRAWN;
        self.has_formula && attrs.iter().any(is_drawing)
    }
}

fn has_signs(name: u32) -> bool {
    [MFRAC, MSUP, MSUB, MSUBSUP, MUNDER, MUNDEROVER].contains(&name)
}
