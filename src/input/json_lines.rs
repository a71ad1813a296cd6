//! JSON lines: one object a line, each line on its own, so that a broken one costs no other.
//!
//! A file that starts with `[`, or whose first line is a lone `{`, is no JSON lines but JSON as a person or a
//! database writes it; it is read as a whole.

use super::compression::{Bounded, read_bounded};
use super::fault::{Fault, is_fatal};
use super::json_page::{Object, Wanted};
use super::kind::SNIFF;
use super::options::{InputOptions, JsonFields};
use super::records::{Counts, Row, Source};
use super::stream::{Stream, read_line};
use crate::page::string_length;
use serde::de::DeserializeSeed;
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{self, BufRead};
use std::sync::Arc;

/// The lines of one input.
pub(super) struct JsonLines {
    stream: Stream,
    layout: Layout,
    /// The last line, or the last object of a whole file; from 1. Objects that share a line count like lines.
    position: u64,
    /// The objects behind the first one of a line.
    behind: VecDeque<Result<Object, Fault>>,
    /// Whether the lines name pages that have records elsewhere, in the WARC files of a WACZ.
    lists_pages: bool,
    /// Rows up to this position are not wanted.
    after: u64,
    options: Arc<InputOptions>,
}

enum Layout {
    Unknown,
    Lines,
    Whole(VecDeque<Result<Object, Fault>>),
    Ended,
}

impl JsonLines {
    pub(super) fn new(stream: Stream, after: u64, options: Arc<InputOptions>) -> Self {
        Self {
            stream,
            layout: Layout::Unknown,
            position: 0,
            behind: VecDeque::new(),
            lists_pages: false,
            after,
            options,
        }
    }

    /// Lines of which each is read as soon as it is there: nothing behind the first bytes is looked at to tell
    /// their layout, so a peer may wait for the row of one line before it sends the next.
    pub(super) fn at_once(mut stream: Stream, options: Arc<InputOptions>) -> Self {
        // What is wrong with the first bytes is the first line's row.
        if stream.peek(1).is_ok_and(|head| head == b"\xEF")
            && stream.peek(3).is_ok_and(|head| head == b"\xEF\xBB\xBF")
        {
            stream.consume(3);
        }
        Self { layout: Layout::Lines, ..Self::new(stream, 0, options) }
    }

    /// Decides whether the lines stand on their own.
    fn look(&mut self, counts: &mut Counts) -> io::Result<Layout> {
        if self.stream.peek(3)? == b"\xEF\xBB\xBF" {
            self.stream.consume(3);
        }
        let head = self.stream.peek(SNIFF)?.trim_ascii_start();
        let first = head.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end();
        if !head.starts_with(b"[") && (first != b"{" || first.len() == head.len()) {
            return Ok(Layout::Lines);
        }
        Ok(Layout::Whole(self.read_whole(counts)))
    }

    fn read_whole(&mut self, counts: &mut Counts) -> VecDeque<Result<Object, Fault>> {
        let limit = self.options.line_bytes;
        match read_bounded(&mut self.stream, limit) {
            Bounded::Whole(bytes) => whole(bytes, counts),
            Bounded::TooLarge => {
                let what = "JSON that is not one object a line has to be read as a whole; this input";
                VecDeque::from([Err(Fault::too_large(what, limit))])
            }
            Bounded::Failed(_, error) => VecDeque::from([Err(Fault::read("the JSON input", &error))]),
        }
    }

    fn next_line(&mut self, counts: &mut Counts) -> Option<Row> {
        let (mut line, most) = (Vec::new(), self.options.line_bytes);
        loop {
            self.position += 1;
            let is_wanted = self.position > self.after;
            if let Some(object) = self.behind.pop_front() {
                if is_wanted && let Some(row) = self.row(object, counts) {
                    return Some(row);
                }
                continue;
            }
            match read_line(&mut self.stream, &mut line, most) {
                Ok(0) => return None,
                Ok(_) if !is_wanted => self.pass(&mut line),
                Ok(length) if length > most => return Some(self.too_long()),
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let (first, behind) = line_objects(&mut line, &self.options.json, counts);
                    self.behind = behind;
                    if let Some(row) = self.row(first, counts) {
                        return Some(row);
                    }
                }
                Err(error) => {
                    if is_fatal(&error) {
                        self.layout = Layout::Ended;
                    }
                    if is_wanted {
                        let fault = Fault::read(&format!("line {}", self.position), &error);
                        return Some(Row::fault(self.position, fault));
                    }
                    if is_fatal(&error) {
                        return None;
                    }
                }
            }
        }
    }

    /// Passes over a line; the objects that share it have positions too.
    fn pass(&mut self, line: &mut Vec<u8>) {
        if self.position == 1 {
            let head = object(line, &self.options.json, &mut Counts::default());
            self.lists_pages = head.is_ok_and(|head| head.heads_page_list());
        }
        if may_be_shared(line) {
            (_, self.behind) = line_objects(line, &self.options.json, &mut Counts::default());
        }
    }

    /// The row of an object; none where it lists a page that stands elsewhere, as in the lists of a WACZ.
    fn row(&mut self, object: Result<Object, Fault>, counts: &mut Counts) -> Option<Row> {
        let object = match object {
            Ok(object) => object,
            Err(fault) => return Some(Row::fault(self.position, fault)),
        };
        if object.heads_page_list() {
            self.lists_pages = true;
            counts.skip("tool_record");
            return None;
        }
        let (fields, outcome) = object.into_document(&self.options.json);
        if self.lists_pages && outcome.as_ref().is_err_and(|failed| failed.fault.kind == "missing_field") {
            counts.skip("tool_record");
            return None;
        }
        Some(Row { position: self.position, fields, outcome })
    }

    fn too_long(&self) -> Row {
        let what = format!("line {}", self.position);
        Row::fault(self.position, Fault::too_large(&what, self.options.line_bytes))
    }
}

impl Source for JsonLines {
    fn next_row(&mut self, counts: &mut Counts) -> Option<Row> {
        if matches!(self.layout, Layout::Unknown) {
            // An error in the first bytes is line 1's; what is behind it is read as lines.
            self.layout = Layout::Lines;
            match self.look(counts) {
                Ok(layout) => self.layout = layout,
                Err(error) => {
                    self.position = 1;
                    if self.after == 0 {
                        return Some(Row::fault(1, Fault::read("line 1", &error)));
                    }
                }
            }
        }
        loop {
            let object = match &mut self.layout {
                Layout::Lines => return self.next_line(counts),
                Layout::Whole(objects) => objects.pop_front()?,
                Layout::Unknown | Layout::Ended => return None,
            };
            self.position += 1;
            if self.position > self.after
                && let Some(row) = self.row(object, counts)
            {
                return Some(row);
            }
        }
    }
}

/// The object of a line, and those that stand behind it in the same line or in its array.
fn line_objects(
    line: &mut Vec<u8>,
    fields: &JsonFields,
    counts: &mut Counts,
) -> (Result<Object, Fault>, VecDeque<Result<Object, Fault>>) {
    let first = object(line, fields, counts);
    if first.is_err() && may_be_shared(line) {
        let mut all = objects(line);
        if all.len() > 1
            && all.iter().all(Result::is_ok)
            && let Some(first) = all.pop_front()
        {
            return (first, all);
        }
    }
    (first, VecDeque::new())
}

/// Whether a line may hold more than one object: it is an array, or a `{` stands behind a `}`.
fn may_be_shared(line: &[u8]) -> bool {
    let starts = |rest: &[u8], sign: &[u8]| rest.trim_ascii_start().starts_with(sign);
    starts(line, b"[")
        || memchr::memchr_iter(b'}', line).any(|at| line.get(at + 1..).is_some_and(|rest| starts(rest, b"{")))
}

/// Reads the object of a line, after a repair where that helps.
pub(super) fn object(line: &mut Vec<u8>, fields: &JsonFields, counts: &mut Counts) -> Result<Object, Fault> {
    let error = match parse(line, fields) {
        Ok(object) => return Ok(object),
        Err(error) => error,
    };
    let repaired = repaired(line);
    if repaired.iter().all(|(_, done)| !done) {
        return Err(fault(&error));
    }
    let object = parse(line, fields).map_err(|error| fault(&error))?;
    repaired.iter().filter(|(_, done)| *done).for_each(|(reason, _)| counts.repair(reason));
    Ok(object)
}

/// Mends what tools write that is no JSON: what was mended, and whether it was there.
fn repaired(json: &mut Vec<u8>) -> [(&'static str, bool); 3] {
    [
        ("invalid_utf8", replace_invalid_utf8(json)),
        ("lone_surrogate", replace_lone_surrogates(json)),
        ("not_a_number", replace_not_numbers(json)),
    ]
}

fn parse(line: &[u8], fields: &JsonFields) -> serde_json::Result<Object> {
    let mut deserializer = serde_json::Deserializer::from_slice(line);
    let object = Wanted(fields).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(object)
}

fn fault(error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let kind = if error.is_data() { "not_object" } else { "not_json" };
    Fault::new(kind, format!("expected one JSON object a line; at column {}: {text}", error.column()))
}

/// The objects of a whole file, after repairs where it cannot be read to its end.
fn whole(mut json: Vec<u8>, counts: &mut Counts) -> VecDeque<Result<Object, Fault>> {
    let found = objects(&json);
    if !found.iter().any(|object| object.as_ref().is_err_and(|fault| fault.kind == "not_json")) {
        return found;
    }
    repaired(&mut json).iter().filter(|(_, done)| *done).for_each(|(reason, _)| counts.repair(reason));
    objects(&json)
}

/// The objects of a whole file: an array of them, or one behind the other. Ends at the first error.
fn objects(bytes: &[u8]) -> VecDeque<Result<Object, Fault>> {
    let mut objects = VecDeque::new();
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        match value {
            Ok(Value::Array(values)) => objects.extend(values.into_iter().map(member)),
            Ok(value) => objects.push_back(member(value)),
            Err(error) => {
                let message = format!("expected JSON objects: {error}; what stands behind it was not read");
                objects.push_back(Err(Fault::new("not_json", message)));
                break;
            }
        }
    }
    objects
}

fn member(value: Value) -> Result<Object, Fault> {
    Object::from_value(value)
        .ok_or_else(|| Fault::new("not_object", "expected a JSON object, found another value"))
}

/// Puts U+FFFD in the place of bytes that are no UTF-8; says whether there were any.
fn replace_invalid_utf8(line: &mut Vec<u8>) -> bool {
    if std::str::from_utf8(line).is_ok() {
        return false;
    }
    *line = String::from_utf8_lossy(line).into_owned().into_bytes();
    true
}

/// Puts `\uFFFD` in the place of each `\uD800`…`\uDFFF` that is no half of a pair; says whether there was one.
/// Tools that cut text by UTF-16 units write them, and no Rust string can hold them.
pub(super) fn replace_lone_surrogates(line: &mut [u8]) -> bool {
    let (mut at, mut found) = (0, false);
    while let Some(offset) = line.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += offset;
        let step = match (escaped_unit(line, at), escaped_unit(line, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                if let Some(digits) = line.get_mut(at + 2..at + 6) {
                    digits.copy_from_slice(b"FFFD");
                }
                found = true;
                6
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        at += step;
    }
    found
}

/// Puts `null` in the place of each `NaN`, `Infinity` and the like outside of strings, as Python writes numbers that are none;
/// says whether there was one.
fn replace_not_numbers(line: &mut Vec<u8>) -> bool {
    let (mut mended, mut copied, mut at) = (Vec::new(), 0, 0);
    while let Some(byte) = line.get(at) {
        if *byte == b'"' {
            let text = line.get(at + 1..).unwrap_or_default();
            at += string_length(text) + 2;
            continue;
        }
        let rest = line.get(at..).unwrap_or_default();
        let word =
            rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'+')).count();
        if is_no_number(rest.get(..word).unwrap_or_default()) {
            mended.extend_from_slice(line.get(copied..at).unwrap_or_default());
            mended.extend_from_slice(b"null");
            copied = at + word;
        }
        at += word.max(1);
    }
    if copied > 0 {
        mended.extend_from_slice(line.get(copied..).unwrap_or_default());
        *line = mended;
    }
    copied > 0
}

fn is_no_number(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word);
    ["NaN", "Infinity", "Inf"].iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
}

/// The code unit of a `\uXXXX` at that place.
fn escaped_unit(line: &[u8], at: usize) -> Option<u32> {
    let digits = line.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> (String, bool) {
        let mut line = text.as_bytes().to_vec();
        let found = replace_lone_surrogates(&mut line);
        (String::from_utf8(line).unwrap(), found)
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_stay() {
        assert_eq!(replaced(r#""\ud83d\ude00""#), (r#""\ud83d\ude00""#.into(), false));
        assert_eq!(replaced(r#""a\ud800b""#), (r#""a\uFFFDb""#.into(), true));
        assert_eq!(replaced(r#""\ude00\ud83d""#), (r#""\uFFFD\uFFFD""#.into(), true));
        assert_eq!(replaced(r#""\ud83d\ud83d\ude00""#), (r#""\uFFFD\ud83d\ude00""#.into(), true));
    }

    #[test]
    fn an_escaped_backslash_starts_no_escape() {
        assert_eq!(replaced(r#""\\ud800""#), (r#""\\ud800""#.into(), false));
        assert_eq!(replaced(r#""\"#), (r#""\"#.into(), false));
    }
}
