//! One JSON object → a document: which field holds the page, the id and the URL.

use super::fault::Fault;
use super::json_lines::replace_lone_surrogates;
use super::options::JsonFields;
use super::records::Failed;
use crate::page::{Document, Media, string_length};
use crate::provenance::Fields;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use std::fmt;
#[cfg(feature = "parquet")]
use std::fmt::Write as _;

/// The field that says what a list of pages is.
const FORMAT: &str = "format";

/// Names of fields that an error message lists.
const LISTED: usize = 12;

/// Levels of a field that comes back as it is; one that is deeper comes back as a string of its JSON, as readers of rows
/// refuse what is nested too deep (128 levels are `serde_json`'s bound).
const DEEPEST: usize = 100;

/// The fields of an object that may be wanted, those that are handed back unread, and the names of all.
#[derive(Debug, Default)]
pub(super) struct Object {
    fields: Map<String, Value>,
    /// Fields whose bytes are no UTF-8: pages in the charset that they came in.
    bytes: Vec<(String, Vec<u8>)>,
    own: Vec<(String, Box<RawValue>)>,
    names: Vec<String>,
}

impl Object {
    /// The object that a value is; none for any other value.
    pub(super) fn from_value(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else { return None };
        let names = fields.keys().take(LISTED).cloned().collect();
        Some(Self { fields, names, ..Self::default() })
    }

    /// Whether this is the first line of a list of pages in a WACZ (`pages.jsonl`), which describes the list.
    pub(super) fn heads_page_list(&self) -> bool {
        let format = self.fields.get(FORMAT).and_then(Value::as_str);
        format.is_some_and(|format| format.starts_with("json-pages-"))
    }

    /// Remembers that the object has a field of this name, for an error that lists them.
    fn note(&mut self, name: &str) {
        if self.names.len() < LISTED {
            self.names.push(name.to_owned());
        }
    }

    /// Makes the document, and gives the fields that are not in it.
    pub(super) fn into_document(mut self, wanted: &JsonFields) -> (Fields, Result<Document, Failed>) {
        let id = self.first(&wanted.id, identifier);
        let url = self.url(&wanted.url);
        let page = self.page(wanted);
        let [id_at, id] = split(id);
        let [url_at, url] = split(url);
        // What stands inside an object stays there, or the object would no longer be the user's.
        [id_at, url_at].iter().flatten().for_each(|name| drop(self.fields.remove(name)));
        let outcome = match page {
            Ok(page) => Ok(page.with_id(id.unwrap_or_default()).with_url_if(url)),
            Err(fault) => Err(Failed { id, url, fault }),
        };
        (self.into_fields(wanted), outcome)
    }

    /// The fields that come back: those that nobody looked at, and those that turned out not to be of the page.
    fn into_fields(self, wanted: &JsonFields) -> Fields {
        let kept = self.fields.into_iter().filter(|(name, _)| wanted.kept.keeps(name));
        let kept = kept.filter_map(|(name, value)| Some((name, own(to_raw_value(&value).ok()?))));
        let mut own = self.own;
        own.extend(kept);
        Fields::new(&own)
    }

    /// The first value that can be read, and its name.
    fn first<T>(&mut self, names: &[String], read: impl Fn(&Value) -> Option<T>) -> Option<(String, T)> {
        names.iter().find_map(|name| {
            let value = read(lookup(&mut self.fields, name)?)?;
            Some((name.clone(), value))
        })
    }

    /// The first value with a scheme; failing that, the first that the main name has. Names such as `source`
    /// hold a URL with one tool and the name of a data set with another.
    fn url(&mut self, names: &[String]) -> Option<(String, String)> {
        let with_scheme = self.first(names, |value| identifier(value).filter(|url| url.contains("://")));
        with_scheme.or_else(|| self.first(names.get(..1).unwrap_or_default(), identifier))
    }

    fn page(&mut self, wanted: &JsonFields) -> Result<Document, Fault> {
        let roles =
            [(Media::Html, &wanted.html), (Media::Text, &wanted.text), (Media::Unknown, &wanted.either)];
        let (mut blank, mut wrong) = (None, None);
        for (media, name) in
            roles.iter().flat_map(|(media, names)| names.iter().map(move |name| (*media, name)))
        {
            if let Some(at) = self.bytes.iter().position(|(found, _)| found == name) {
                let (_, bytes) = self.bytes.swap_remove(at);
                return Ok(Document::new(bytes).with_media(media));
            }
            match lookup(&mut self.fields, name).map(text_of) {
                None | Some(Ok(None)) => {}
                Some(Ok(Some(text))) => {
                    if !text.is_empty() {
                        take(&mut self.fields, name);
                        return Ok(page_of(media, text));
                    }
                    blank = blank.or(Some((media, name)));
                }
                Some(Err(found)) => wrong = wrong.or(Some((name, found))),
            }
        }
        match (blank, wrong) {
            (Some((media, name)), _) => {
                take(&mut self.fields, name);
                Ok(page_of(media, String::new()))
            }
            (None, Some((name, found))) => Err(bad_field(name, found)),
            (None, None) => Err(self.missing(wanted)),
        }
    }

    fn missing(&self, wanted: &JsonFields) -> Fault {
        let looked_for: Vec<&str> =
            [&wanted.html, &wanted.text, &wanted.either].into_iter().flatten().map(String::as_str).collect();
        let found = if self.names.is_empty() { "none".to_owned() } else { self.names.join(", ") };
        let looked_for = looked_for.join(", ");
        Fault::new(
            "missing_field",
            format!(
                "no field holds the page: looked for {looked_for}; found {found}; name the field that holds it"
            ),
        )
    }
}

/// A page that was a JSON string, which is UTF-8 whatever a `<meta charset>` in it says.
fn page_of(media: Media, text: String) -> Document {
    Document::new(text).with_media(media).with_charset("utf-8")
}

/// A name and a value apart.
fn split(found: Option<(String, String)>) -> [Option<String>; 2] {
    found.map_or([None, None], |(name, value)| [Some(name), Some(value)])
}

#[cfg(feature = "parquet")]
impl Object {
    /// Adds a field that stands in a column as bytes. A page whose bytes are no UTF-8 is in a charset of its own; any other
    /// field of such bytes comes back as hexadecimal digits.
    pub(super) fn add_bytes(&mut self, wanted: &Wanted<'_>, name: &str, bytes: &[u8]) {
        let JsonFields { html, text, either, .. } = wanted.0;
        match std::str::from_utf8(bytes) {
            Ok(text) => self.add(wanted, name, || Value::String(text.to_owned())),
            Err(_) if [html, text, either].into_iter().flatten().any(|page| page == name) => {
                self.note(name);
                self.bytes.push((name.to_owned(), bytes.to_vec()));
            }
            Err(_) => {
                self.add(wanted, name, || Value::String(hexadecimal(bytes)));
            }
        }
    }

    /// Adds a field of any other column; none is null.
    pub(super) fn add_json(&mut self, wanted: &Wanted<'_>, name: &str, value: Option<Box<RawValue>>) {
        let Some(value) = value else { return self.add(wanted, name, || Value::Null) };
        if wanted.wants(name) {
            self.add(wanted, name, || serde_json::from_str(own(value).get()).unwrap_or_default());
        } else if wanted.0.kept.keeps(name) {
            self.note(name);
            self.own.push((name.to_owned(), own(value)));
        }
    }

    fn add(&mut self, wanted: &Wanted<'_>, name: &str, value: impl FnOnce() -> Value) {
        self.note(name);
        if wanted.wants(name) {
            self.fields.insert(name.to_owned(), value());
        } else if wanted.0.kept.keeps(name)
            && let Ok(value) = to_raw_value(&value())
        {
            self.own.push((name.to_owned(), value));
        }
    }

    /// The object, unless a field of it is over a limit of bytes.
    pub(super) fn bounded(self, limit: usize) -> Result<Self, Fault> {
        let texts = self.fields.values().filter_map(Value::as_str).map(str::len);
        let longest = texts.chain(self.bytes.iter().map(|(_, bytes)| bytes.len())).max();
        if longest.is_some_and(|longest| longest > limit) {
            Err(Fault::too_large("a field of the row", limit))
        } else {
            Ok(self)
        }
    }
}

#[cfg(feature = "parquet")]
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut digits, byte| {
        // Writing into a string fails on nothing.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// A string, which is taken, or a list of paragraphs, a line each; none for null; what it is instead.
fn text_of(value: &mut Value) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(std::mem::take(text))),
        Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_null()) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Ok(Some(lines.join("\n")))
        }
        other => Err(type_name(other)),
    }
}

/// Takes a field out, the last step of its name where dots lead into objects.
fn take(fields: &mut Map<String, Value>, name: &str) {
    if fields.remove(name).is_some() {
        return;
    }
    if let Some((outer, inner)) = name.split_once('.')
        && let Some(Value::Object(fields)) = fields.get_mut(outer)
    {
        take(fields, inner);
    }
}

fn bad_field(name: &str, found: &str) -> Fault {
    Fault::new(
        "bad_field",
        format!("field `{name}` must hold the page as a string or a list of strings, but holds {found}"),
    )
}

/// The value behind a name: the field of that very name, else the dots lead into objects.
fn lookup<'a>(fields: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Value> {
    if fields.contains_key(name) {
        return fields.get_mut(name);
    }
    let (outer, inner) = name.split_once('.')?;
    match fields.get_mut(outer)? {
        Value::Object(fields) => lookup(fields, inner),
        _ => None,
    }
}

/// A string or a number as a string; blank ones are none.
fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list of other things",
        Value::Object(_) => "an object",
    }
}

/// A field as it comes back: on one line, nested no deeper than rows can be, without halves of surrogate pairs, which a
/// reader of the row would refuse. A value that needs none of it stays as it is.
fn own(value: Box<RawValue>) -> Box<RawValue> {
    let text = value.get();
    let is_line = !text.contains(['\n', '\r']);
    if is_line && !text.contains("\\u") && depth(text) <= DEEPEST {
        return value;
    }
    let mut bytes = text.as_bytes().to_vec();
    replace_lone_surrogates(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let mended = if depth(&text) > DEEPEST {
        to_raw_value(&*text)
    } else if is_line {
        RawValue::from_string(text.into_owned())
    } else {
        serde_json::from_str::<Value>(&text).and_then(|value| to_raw_value(&value))
    };
    mended.unwrap_or(value)
}

/// How deep lists and objects are nested in a JSON text.
fn depth(json: &str) -> usize {
    let (mut at, mut level, mut deepest) = (0, 0_usize, 0);
    let bytes = json.as_bytes();
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at += string_length(bytes.get(at..).unwrap_or_default()) + 1,
            b'[' | b'{' => {
                level += 1;
                deepest = deepest.max(level);
            }
            b']' | b'}' => level = level.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Reads an object: the fields that may be wanted, and as they are those that come back; the others are passed over unread.
pub(super) struct Wanted<'w>(pub(super) &'w JsonFields);

impl Wanted<'_> {
    /// Whether anything is to be known of a field.
    #[cfg(feature = "parquet")]
    pub(super) fn needs(&self, key: &str) -> bool {
        self.wants(key) || self.0.kept.keeps(key)
    }

    fn wants(&self, key: &str) -> bool {
        let JsonFields { id, url, html, text, either, .. } = self.0;
        let mut names = [id, url, html, text, either].into_iter().flatten();
        key == FORMAT
            || names.any(|name| {
                name.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
    }
}

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut object = Object::default();
        while let Some(key) = map.next_key::<String>()? {
            object.note(&key);
            if self.wants(&key) {
                object.fields.insert(key, map.next_value()?);
            } else if self.0.kept.keeps(&key) {
                object.own.push((key, own(map.next_value()?)));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(object)
    }
}
