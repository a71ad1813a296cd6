//! One JSON object → a document: which field holds the page, the id and the URL.

use super::fault::Fault;
use super::options::JsonFields;
use super::records::Failed;
use crate::page::{Document, Media};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Names of fields that an error message lists.
const LISTED: usize = 12;

/// The fields of an object that may be wanted, and the names of all.
#[derive(Debug, Default)]
pub(super) struct Object {
    fields: Map<String, Value>,
    names: Vec<String>,
}

impl Object {
    /// The object that a value is; none for any other value.
    pub(super) fn from_value(value: Value) -> Option<Self> {
        let Value::Object(fields) = value else { return None };
        let names = fields.keys().take(LISTED).cloned().collect();
        Some(Self { fields, names })
    }

    /// Makes the document. A JSON string is UTF-8, whatever a `<meta charset>` in it says.
    pub(super) fn into_document(mut self, wanted: &JsonFields) -> Result<Document, Failed> {
        let id = self.first(&wanted.id, identifier);
        let url = self.url(&wanted.url);
        match self.page(wanted) {
            Ok((media, text)) => {
                let document = Document::new(text).with_media(media).with_charset("utf-8");
                Ok(document.with_id(id.unwrap_or_default()).with_url_if(url))
            }
            Err(fault) => Err(Failed { id, url, fault }),
        }
    }

    fn first<T>(&mut self, names: &[String], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| lookup(&mut self.fields, name).and_then(|value| read(value)))
    }

    /// The first value with a scheme; failing that, the first that the main name has. Names such as `source`
    /// hold a URL with one tool and the name of a data set with another.
    fn url(&mut self, names: &[String]) -> Option<String> {
        let with_scheme = self.first(names, |value| identifier(value).filter(|url| url.contains("://")));
        with_scheme.or_else(|| self.first(names.get(..1).unwrap_or_default(), identifier))
    }

    fn page(&mut self, wanted: &JsonFields) -> Result<(Media, String), Fault> {
        let roles =
            [(Media::Html, &wanted.html), (Media::Text, &wanted.text), (Media::Unknown, &wanted.either)];
        let (mut blank, mut wrong) = (None, None);
        for (media, name) in
            roles.iter().flat_map(|(media, names)| names.iter().map(move |name| (*media, name)))
        {
            match lookup(&mut self.fields, name).map(Value::take) {
                None | Some(Value::Null) => {}
                Some(value) => match text_of(value) {
                    Ok(text) if text.is_empty() => blank = blank.or(Some((media, text))),
                    Ok(text) => return Ok((media, text)),
                    Err(found) => wrong = wrong.or(Some((name, found))),
                },
            }
        }
        match (blank, wrong) {
            (Some(page), _) => Ok(page),
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

/// A string, or a list of paragraphs, a line each; what it is instead.
fn text_of(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_null()) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Ok(lines.join("\n"))
        }
        other => Err(type_name(&other)),
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

/// Reads an object and keeps the fields that may be wanted; the others are passed over unread.
pub(super) struct Wanted<'w>(pub(super) &'w JsonFields);

impl Wanted<'_> {
    fn wants(&self, key: &str) -> bool {
        let JsonFields { id, url, html, text, either } = self.0;
        let mut names = [id, url, html, text, either].into_iter().flatten();
        names.any(|name| name.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
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
            if object.names.len() < LISTED {
                object.names.push(key.clone());
            }
            if self.wants(&key) {
                object.fields.insert(key, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(object)
    }
}
