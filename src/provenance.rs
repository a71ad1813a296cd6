//! Where a page came from, and what its user's record says beside it: `input` gives it, `output` writes it into the row.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use std::sync::Arc;

/// Where a page came from, so that its row can be joined to what was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The input, as the user named it: a file, a URL, or `-` for standard input.
    pub input: Arc<str>,
    /// The position in the input, from 1: the line of JSON lines, the row of Parquet, the number of the WARC record (records
    /// that are skipped count, and so does each damaged stretch), 1 for a page; 0 for an input that could not be opened. No
    /// two records of an input share one, and they only grow.
    pub position: u64,
    /// The fields of the record that are not the page.
    pub fields: Fields,
}

impl Provenance {
    /// A place in an input, without fields.
    pub fn new(input: impl Into<Arc<str>>, position: u64) -> Self {
        Self { input: input.into(), position, fields: Fields::default() }
    }

    /// The same place with the record's own fields.
    pub fn with_fields(mut self, fields: Fields) -> Self {
        self.fields = fields;
        self
    }
}

/// The fields of a record that its user may want back, as the text of one JSON object; or none.
#[derive(Debug, Clone, Default)]
pub struct Fields(Option<Box<RawValue>>);

impl Fields {
    /// The object of these names and values, in their order; none where there is no name.
    pub fn new<V: Serialize>(fields: &[(String, V)]) -> Self {
        if fields.is_empty() {
            return Self::default();
        }
        // Values that came out of JSON go into it again.
        Self(to_raw_value(&Object(fields)).ok())
    }

    /// The JSON text of an object, on one line; none for any other text.
    pub fn from_json(text: &str) -> Self {
        let is_line = text.trim_start().starts_with('{') && !text.contains(['\n', '\r']);
        Self(is_line.then(|| RawValue::from_string(text.to_owned()).ok()).flatten())
    }

    /// The JSON text of the object; none where there are no fields.
    pub fn json(&self) -> Option<&str> {
        self.0.as_deref().map(RawValue::get)
    }

    /// The bytes that the fields take.
    pub fn len(&self) -> usize {
        self.json().map_or(0, str::len)
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn raw(&self) -> Option<&RawValue> {
        self.0.as_deref()
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Eq for Fields {}

struct Object<'a, V>(&'a [(String, V)]);

impl<V: Serialize> Serialize for Object<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_one_line_of_json_or_none() {
        let fields = Fields::new(&[("b".to_owned(), 1), ("a".to_owned(), 2)]);
        assert_eq!((fields.json(), fields.len()), (Some(r#"{"b":1,"a":2}"#), 13));
        assert_eq!(fields, Fields::from_json(r#"{"b":1,"a":2}"#));
        assert!(Fields::new::<u8>(&[]).is_empty());
        for text in ["", "[1]", "{\"a\":", "{\"a\":\n1}"] {
            assert!(Fields::from_json(text).is_empty(), "{text}");
        }
    }
}
