//! What the query of a request asks for.

use super::errors::Refusal;
use crate::output::{BodyFormat, RowFormat};

/// The parts of a row that were asked for, and the parameters that an endpoint has besides them.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) format: RowFormat,
    own: Vec<(String, String)>,
}

impl Asked {
    /// Reads a query; `own` are the names of the endpoint's own parameters.
    pub(super) fn of(query: Option<&str>, own: &[&str]) -> Result<Self, Refusal> {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if own.contains(&&*name) {
                asked.own.push((name.into_owned(), value.into_owned()));
            } else {
                asked.format = part(asked.format, &name, &value)?.ok_or_else(|| unknown(&name, own))?;
            }
        }
        Ok(asked)
    }

    /// The value of one of the endpoint's own parameters; blank is none.
    pub(super) fn own(&self, name: &str) -> Option<&str> {
        let found = self.own.iter().find(|(found, value)| found == name && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }
}

/// Every parameter that adds to a row has its line here, and its name in [`PARTS`].
fn part(format: RowFormat, name: &str, value: &str) -> Result<Option<RowFormat>, Refusal> {
    Ok(Some(match name {
        "blocks" if switch(name, value)? => format.with_blocks(),
        "blocks" => format,
        "body" => format.with_body(body(value)?),
        _ => return Ok(None),
    }))
}

const PARTS: [&str; 2] = ["blocks", "body"];

fn switch(name: &str, value: &str) -> Result<bool, Refusal> {
    match value {
        "true" | "1" | "" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Refusal::bad("bad_query", format!("`{name}` must be true or false, but is `{value}`"))),
    }
}

fn body(value: &str) -> Result<BodyFormat, Refusal> {
    match value {
        "text" => Ok(BodyFormat::Text),
        "markdown" => Ok(BodyFormat::Markdown),
        _ => Err(Refusal::bad("bad_query", format!("`body` must be text or markdown, but is `{value}`"))),
    }
}

fn unknown(name: &str, own: &[&str]) -> Refusal {
    let known: Vec<&str> = PARTS.iter().chain(own).copied().collect();
    let known = known.join(", ");
    Refusal::bad("bad_query", format!("there is no parameter `{name}`; this endpoint knows {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_checked_by_name_and_value() {
        for good in ["", "blocks", "blocks=true&body=markdown", "blocks=0&url=x"] {
            assert!(Asked::of(Some(good), &["url"]).is_ok(), "{good}");
        }
        for bad in ["blocks=maybe", "body=html", "block=true", "id=x"] {
            assert!(Asked::of(Some(bad), &["url"]).is_err(), "{bad}");
        }
        for name in PARTS {
            assert!(Asked::of(Some(&format!("{name}=no such value")), &[]).is_err(), "{name}");
        }
        assert_eq!(Asked::of(Some("url=a%20b"), &["url"]).unwrap().own("url"), Some("a b"));
    }
}
