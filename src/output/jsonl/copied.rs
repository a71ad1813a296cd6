//! A row that was written → the row of a copy.
//!
//! Rows are written where pages are judged, by many threads; whether a page is a copy is only known in the order of the inputs,
//! when its row is there. So the row is read once more, and all values that stay are passed on as they stand.

use super::{FieldsEntry, ReasonField, RowFormat, rounded};
use crate::classify::{Finding, Verdict};
use serde::de::{MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// Of which page another is a copy.
#[derive(Debug, Clone, Copy)]
pub struct Copied<'a> {
    /// The id of the page whose body came first.
    pub of: &'a str,
    /// How alike the bodies are, 0 to 1.
    pub alike: f32,
    /// The finding that stands before all others in the row.
    pub finding: &'a Finding,
}

impl RowFormat {
    /// Appends the row of a page that is a copy, and a line feed: the row `of_page`, which has this format but for how the
    /// record's own fields stand in it, with the verdict `drop`, the finding, `duplicate_of` and `alike`.
    ///
    /// # Errors
    /// `of_page` is no row.
    pub fn append_copy(
        &self,
        out: &mut Vec<u8>,
        of_page: &[u8],
        copied: Copied<'_>,
    ) -> serde_json::Result<()> {
        let Entries(entries) = serde_json::from_slice(of_page)?;
        let start = out.len();
        let row = CopyRow { entries: &entries, fields_as_text: self.fields_as_text, copied };
        serde_json::to_writer(&mut *out, &row).inspect_err(|_| out.truncate(start))?;
        out.push(b'\n');
        Ok(())
    }
}

/// Names and values of an object, in order.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<String, &'de RawValue>()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

struct CopyRow<'a> {
    entries: &'a [(String, &'a RawValue)],
    fields_as_text: bool,
    copied: Copied<'a>,
}

impl Serialize for CopyRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_map(None)?;
        for (name, value) in self.entries {
            match name.as_str() {
                "verdict" => row.serialize_entry(name, &Verdict::Drop)?,
                "reasons" => row.serialize_entry(name, &WithFinding(value, self.copied.finding))?,
                "fields" => row.serialize_entry(name, &self.fields(value))?,
                _ => row.serialize_entry(name, value)?,
            }
            if name == "layout" {
                row.serialize_entry("duplicate_of", self.copied.of)?;
                row.serialize_entry("alike", &rounded(self.copied.alike))?;
            }
        }
        row.end()
    }
}

impl CopyRow<'_> {
    /// The record's own fields as this format has them.
    fn fields<'v>(&self, value: &'v RawValue) -> Fields<'v> {
        let text = serde_json::from_str::<String>(value.get()).ok();
        match (text, self.fields_as_text) {
            (None, true) => Fields::Borrowed(FieldsEntry::Text(value.get())),
            (Some(text), false) => RawValue::from_string(text)
                .map_or(Fields::Borrowed(FieldsEntry::Object(value)), Fields::Owned),
            _ => Fields::Borrowed(FieldsEntry::Object(value)),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Fields<'v> {
    Borrowed(FieldsEntry<'v>),
    Owned(Box<RawValue>),
}

/// An array of findings with another one before them.
struct WithFinding<'a>(&'a RawValue, &'a Finding);

impl Serialize for WithFinding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others: Vec<&RawValue> = serde_json::from_str(self.0.get()).map_err(serde::ser::Error::custom)?;
        let mut all = serializer.serialize_seq(Some(others.len() + 1))?;
        all.serialize_element(&ReasonField::from(self.1))?;
        others.into_iter().try_for_each(|other| all.serialize_element(other))?;
        all.end()
    }
}
