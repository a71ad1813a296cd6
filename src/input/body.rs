//! Bodies that a service was sent: one page, or JSON lines as they come in.
//!
//! They are read as standard input is: a page without an id is called `-#1`, a line without one `-#7`.

use super::fault::Fault;
use super::json_lines::{JsonLines, object};
use super::media_type::MediaType;
use super::open::{Opened, counted};
use super::options::InputOptions;
use super::records::{Counts, Failed, Name, Records, Single};
use super::{JsonFields, Record};
use crate::page::Document;
use crate::provenance::{Fields, Provenance};
use std::io::Read;
use std::sync::Arc;

/// The name of an input that is no file.
const NAME: &str = "-";

/// The page in one JSON object, which may stand on several lines; fields are found as in a line of JSON lines.
pub fn json_document(mut body: Vec<u8>, fields: &JsonFields) -> Record {
    let (own, outcome) = match object(&mut body, fields, &mut Counts::default()) {
        Ok(object) => object.into_document(fields),
        Err(fault) => (Fields::default(), Err(Failed { id: None, url: None, fault })),
    };
    let outcome = outcome.map(named);
    let outcome =
        outcome.map_err(|Failed { id, url, fault }| fault.into_error(id.unwrap_or_else(first), url));
    Record { provenance: Provenance::new(NAME, 1).with_fields(own), outcome }
}

/// The page of a body whose `Content-Type` says what it is; none for a type that is no page.
pub fn stated_document(content_type: &str, body: Vec<u8>) -> Option<Record> {
    let document = MediaType::parse(content_type).document(body).map(named)?;
    Some(Record { provenance: Provenance::new(NAME, 1), outcome: Ok(document) })
}

/// The records of JSON lines, plain or compressed, each as soon as its line is there.
///
/// An error of the source becomes an error row, as one of a disk would.
pub fn json_lines(source: impl Read + Send + 'static, options: InputOptions) -> Records {
    let name = Name::of(NAME);
    match counted(source) {
        Ok(Opened { stream, read }) => {
            Records::new(name, Box::new(JsonLines::at_once(stream, Arc::new(options))), read)
        }
        Err(error) => {
            let failed = Failed { id: None, url: None, fault: Fault::read("line 1", &error) };
            Records::new(name, Box::new(Single::new(Err(failed))), Arc::default())
        }
    }
}

fn named(document: Document) -> Document {
    if document.id().is_empty() { document.with_id(first()) } else { document }
}

fn first() -> String {
    format!("{NAME}#1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Media;

    #[test]
    fn an_object_may_stand_on_several_lines() {
        let body = b"{\"url\": \"https://a.example/\",\n \"html\":\n \"<p>x\"}".to_vec();
        let record = json_document(body, &JsonFields::default());
        let document = record.outcome.unwrap();
        assert!(record.provenance.fields.is_empty());
        assert_eq!((document.id(), document.media()), ("-#1", Media::Html));
    }

    #[test]
    fn a_body_that_is_no_page_is_an_error_with_its_id() {
        let error = json_document(b"{\"id\": \"a\"}".to_vec(), &JsonFields::default()).outcome.unwrap_err();
        assert_eq!((error.id.as_str(), error.kind), ("a", "missing_field"));
        let error = json_document(b"<p>".to_vec(), &JsonFields::default()).outcome.unwrap_err();
        assert_eq!((error.id.as_str(), error.kind), ("-#1", "not_json"));
    }

    #[test]
    fn a_line_is_given_before_the_next_one_is_read() {
        struct Lines(Vec<&'static [u8]>);
        impl Read for Lines {
            fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                let line = self.0.pop().expect("nobody asked for a line that is not there yet");
                out[..line.len()].copy_from_slice(line);
                Ok(line.len())
            }
        }
        let lines = vec![&b"\xEF\xBB\xBF{\"text\": \"x\"}\n"[..]];
        let first = json_lines(Lines(lines), InputOptions::default()).next().unwrap();
        assert_eq!(first.outcome.unwrap().id(), "-#1");
    }
}
