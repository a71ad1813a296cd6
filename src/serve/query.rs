//! What the query of a request asks for.

use super::errors::Refusal;
use crate::output::{BodyFormat, RowFormat};

/// The parts of a row that were asked for, and the parameters that an endpoint has besides them.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) format: RowFormat,
    explained: bool,
    own: Vec<(String, String)>,
}

impl Query {
    /// Reads a query; `own` are the names of the endpoint's own parameters.
    pub(super) fn of(query: Option<&str>, own: &[&str]) -> Result<Self, Refusal> {
        let mut parsed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if own.contains(&&*name) {
                parsed.own.push((name.into_owned(), value.into_owned()));
            } else {
                parsed.format = part(std::mem::take(&mut parsed.format), &name, &value)?
                    .ok_or_else(|| unknown(&name, &PARTS, own))?;
                parsed.explained |= name == "explain" && switch(&name, &value)?;
            }
        }
        if parsed.explained && !parsed.format.explains() {
            let message =
                "`explain` explains blocks, and the row has none; add `blocks=true`, or leave `explain` out";
            return Err(Refusal::bad("bad_query", message));
        }
        Ok(parsed)
    }

    /// Reads a query of an endpoint that answers no row.
    pub(super) fn only(query: Option<&str>, own: &[&str]) -> Result<Self, Refusal> {
        let mut parsed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if !own.contains(&&*name) {
                return Err(unknown(&name, &[], own));
            }
            parsed.own.push((name.into_owned(), value.into_owned()));
        }
        Ok(parsed)
    }

    /// One of the endpoint's own parameters that is on or off; off where it is not there.
    pub(super) fn switch(&self, name: &str) -> Result<bool, Refusal> {
        self.own.iter().find(|(found, _)| found == name).map_or(Ok(false), |(_, value)| switch(name, value))
    }

    /// One of the endpoint's own parameters that is a number.
    pub(super) fn number(&self, name: &str, default: usize) -> Result<usize, Refusal> {
        let Some(value) = self.own(name) else { return Ok(default) };
        value.parse().map_err(|_| {
            Refusal::bad("bad_query", format!("`{name}` must be a number from 0, but is `{value}`"))
        })
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
        "body" => format.with_body(body(value)?),
        "explain" if switch(name, value)? => format.with_explanations(),
        "blocks" | "explain" => format,
        _ => return Ok(None),
    }))
}

const PARTS: [&str; 3] = ["blocks", "body", "explain"];

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

fn unknown(name: &str, parts: &[&str], own: &[&str]) -> Refusal {
    let known: Vec<&str> = parts.iter().chain(own).copied().collect();
    let known = known.join(", ");
    Refusal::bad("bad_query", format!("there is no parameter `{name}`; this endpoint knows {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_checked_by_name_and_value() {
        for good in [
            "",
            "blocks",
            "explain&blocks",
            "explain=0",
            "blocks=true&body=markdown&explain=1",
            "blocks=0&url=x",
        ] {
            assert!(Query::of(Some(good), &["url"]).is_ok(), "{good}");
        }
        for bad in ["explain", "explain&blocks=0", "blocks=maybe", "body=html", "block=true", "id=x"] {
            assert!(Query::of(Some(bad), &["url"]).is_err(), "{bad}");
        }
        for name in PARTS {
            assert!(Query::of(Some(&format!("{name}=no such value")), &[]).is_err(), "{name}");
        }
        let query = Query::only(Some("offset=7&limit=x&document"), &["offset", "limit", "document"]).unwrap();
        assert!(query.number("offset", 0).unwrap() == 7 && query.number("limit", 0).is_err());
        assert!(query.switch("document").unwrap() && !query.switch("other").unwrap());
        assert!(Query::only(Some("blocks"), &["offset"]).is_err());
        assert_eq!(Query::of(Some("url=a%20b"), &["url"]).unwrap().own("url"), Some("a b"));
    }
}
